#include "core/imaging/stack_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "core/base/hash.h"
#include "core/base/safetensors.h"

namespace gadolin {
namespace {

using nlohmann::json;

json gridJson(const Geometry& g) {
  return {
      {"size", g.size}, {"spacing_mm", g.spacing_mm}, {"origin_mm", g.origin_mm}, {"axes", g.axes}};
}

bool isFinite(const Vec3& v) {
  return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]);
}

/// Throws json::exception when a key is missing or of the wrong type.
Geometry geometryFromJson(const json& j) {
  Geometry g;
  j.at("size").get_to(g.size);
  j.at("spacing_mm").get_to(g.spacing_mm);
  j.at("origin_mm").get_to(g.origin_mm);
  j.at("axes").get_to(g.axes);
  return g;
}

Error damaged(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::Corrupt, path.string() + " is damaged: " + why + "."};
}

std::vector<std::int64_t> shapeOf(const Geometry& g) {
  return {g.size[2], g.size[1], g.size[0]};
}

/// The metadata document, with a geometry that fits the tensor.
Result<std::pair<json, Geometry>> readDescription(const SafetensorsFile& file,
                                                  const TensorView* tensor,
                                                  const std::filesystem::path& path,
                                                  std::initializer_list<Dtype> dtypes) {
  const auto found = file.metadata().find("gadolin");
  if (!tensor || std::ranges::find(dtypes, tensor->dtype) == dtypes.end() ||
      found == file.metadata().end()) {
    return damaged(path, "it does not hold what its place says");
  }
  try {
    auto description = json::parse(found->second);
    const Geometry geometry = geometryFromJson(description.at("geometry"));
    const bool plausible = geometry.size[0] > 0 && geometry.size[1] > 0 && geometry.size[2] > 0 &&
                           isFinite(geometry.spacing_mm) && isFinite(geometry.origin_mm) &&
                           std::ranges::all_of(geometry.spacing_mm, [](double s) { return s > 0; });
    if (!plausible || tensor->shape != shapeOf(geometry)) {
      return damaged(path, "its geometry does not fit its voxels");
    }
    return std::pair(std::move(description), geometry);
  } catch (const json::exception&) {
    return damaged(path, "its description cannot be read");
  }
}

void hashGeometry(Sha256& hash, const Geometry& g) {
  hash.update(std::as_bytes(std::span(g.size)));
  const auto add = [&hash](const Vec3& v) {
    for (const double x : v) {
      const auto rounded = static_cast<std::int64_t>(std::llround(x * 1e6));
      hash.update(std::as_bytes(std::span(&rounded, 1)));
    }
  };
  add(g.spacing_mm);
  add(g.origin_mm);
  for (const auto& axis : g.axes) add(axis);
}

/// The voxels as whole numbers of 16 bits; nothing when that would change one (by its bits: -0 is
/// not 0).
std::optional<std::vector<std::int16_t>> asShort(std::span<const float> voxels) {
  std::vector<std::int16_t> whole(voxels.size());
  constexpr std::size_t block = 1 << 14;  // a stack of fractions is known by its first voxels
  for (std::size_t begin = 0; begin < voxels.size(); begin += block) {
    const std::size_t end = std::min(begin + block, voxels.size());
    std::uint32_t differs = 0;
    for (std::size_t i = begin; i < end; ++i) {
      // Added to 1.5 * 2^23, a whole number below 2^22 stands in the lowest bits of the sum. Whatever
      // else they hold is found out by the comparison; a comparison first would cost the vector
      // instructions.
      whole[i] = static_cast<std::int16_t>(std::bit_cast<std::uint32_t>(voxels[i] + 12582912.0F));
      differs |= std::bit_cast<std::uint32_t>(static_cast<float>(whole[i])) ^
                 std::bit_cast<std::uint32_t>(voxels[i]);
    }
    if (differs != 0) return std::nullopt;
  }
  return whole;
}

using VoxelView = std::variant<std::span<const std::int16_t>, std::span<const float>>;

VoxelView viewOf(const FiledVoxels& voxels) {
  return std::visit([](const auto& values) { return VoxelView(std::span(values)); }, voxels);
}

/// `whole` where it is there.
VoxelView viewOf(const std::optional<std::vector<std::int16_t>>& whole, const std::vector<float>& voxels) {
  return whole ? VoxelView(std::span(*whole)) : VoxelView(std::span(voxels));
}

constexpr std::string_view hash_kind = "2:";

std::string contentHashOf(const Geometry& geometry, const VoxelView& voxels) {
  Sha256 hash;
  hashGeometry(hash, geometry);
  const auto kind = static_cast<std::byte>(voxels.index());
  hash.update(std::span(&kind, 1));
  std::visit([&hash](const auto& values) { hash.update(std::as_bytes(values)); }, voxels);
  return std::string(hash_kind) + hash.finishHex();
}

std::string formerContentHashOf(const Geometry& geometry, const VoxelView& voxels) {
  Sha256 hash;
  hashGeometry(hash, geometry);
  std::visit(
      [&hash](const auto& values) {
        std::array<float, 4096> block{};
        for (std::size_t at = 0; at < values.size(); at += block.size()) {
          const auto part = values.subspan(at, std::min(block.size(), values.size() - at));
          std::ranges::copy(part, block.begin());
          hash.update(std::as_bytes(std::span(block).first(part.size())));
        }
      },
      voxels);
  return hash.finishHex();
}

Result<void> writeStackFile(const std::filesystem::path& path, const Stack& about,
                            const VoxelView& voxels, Durability durability) {
  json slices = json::array();
  for (const auto& slice : about.slices) {
    json entry{
        {"origin_mm", slice.origin_mm}, {"extent_mm", slice.extent_mm}, {"source", slice.source}};
    if (slice.thickness_mm) entry["thickness_mm"] = *slice.thickness_mm;
    if (slice.inversion_time_ms) entry["inversion_time_ms"] = *slice.inversion_time_ms;
    slices.push_back(std::move(entry));
  }
  const json description{{"format", 1},
                         {"geometry", gridJson(about.image.geometry)},
                         {"kind", toText(about.kind)},
                         {"apex_first", about.apex_first},
                         {"slices", slices},
                         {"notes", about.notes}};
  TensorView image{"image", Dtype::F32, shapeOf(about.image.geometry), {}};
  if (std::holds_alternative<std::span<const std::int16_t>>(voxels)) image.dtype = Dtype::I16;
  std::visit([&image](const auto& values) { image.bytes = std::as_bytes(values); }, voxels);
  return writeSafetensors(
      path, {image},
      {{"gadolin", description.dump(-1, ' ', false, json::error_handler_t::replace)}}, durability);
}

}  // namespace

FiledVoxels filedVoxels(std::vector<float> voxels) {
  if (auto whole = asShort(voxels)) return std::move(*whole);
  return voxels;
}

FiledStack filed(Stack stack) {
  auto voxels = filedVoxels(std::exchange(stack.image.voxels, {}));
  return {std::move(stack), std::move(voxels)};
}

Result<void> writeStack(const std::filesystem::path& path, const Stack& stack,
                        Durability durability) {
  const auto whole = asShort(stack.image.voxels);
  return writeStackFile(path, stack, viewOf(whole, stack.image.voxels), durability);
}

Result<void> writeStack(const std::filesystem::path& path, const FiledStack& stack,
                        Durability durability) {
  return writeStackFile(path, stack.about, viewOf(stack.voxels), durability);
}

Result<Stack> readStack(const std::filesystem::path& path) {
  GADOLIN_TRY(const auto file, SafetensorsFile::open(path));
  const auto* tensor = file.find("image");
  GADOLIN_TRY(const auto description,
              readDescription(file, tensor, path, {Dtype::I16, Dtype::F32}));
  const auto& [document, geometry] = description;
  Stack stack;
  stack.image.geometry = geometry;
  if (tensor->dtype == Dtype::I16) {
    const auto values = tensor->as<std::int16_t>();
    stack.image.voxels.assign(values.begin(), values.end());
  } else {
    const auto values = tensor->as<float>();
    stack.image.voxels.assign(values.begin(), values.end());
  }
  try {
    stack.kind = imageKindFromText(document.at("kind").get<std::string>());
    stack.apex_first = document.at("apex_first").get<bool>();
    document.at("notes").get_to(stack.notes);
    for (const auto& entry : document.at("slices")) {
      SliceInfo slice;
      entry.at("origin_mm").get_to(slice.origin_mm);
      entry.at("extent_mm").get_to(slice.extent_mm);
      entry.at("source").get_to(slice.source);
      if (entry.contains("thickness_mm")) slice.thickness_mm = entry["thickness_mm"].get<double>();
      if (entry.contains("inversion_time_ms")) {
        slice.inversion_time_ms = entry["inversion_time_ms"].get<double>();
      }
      stack.slices.push_back(std::move(slice));
    }
  } catch (const json::exception&) {
    return damaged(path, "its description cannot be read");
  }
  if (static_cast<int>(stack.slices.size()) != stack.sliceCount()) {
    return damaged(path, "it describes another number of slices than it holds");
  }
  return stack;
}

Result<void> writeMask(const std::filesystem::path& path, const Mask& mask, Durability durability) {
  if (std::ranges::any_of(mask.voxels, [](std::uint8_t v) { return v > 4; })) {
    return Error{ErrorCode::InvalidInput, "A mask holds values other than 0 to 4."};
  }
  const json description{{"format", 1}, {"geometry", gridJson(mask.geometry)}};
  return writeSafetensors(
      path, {tensorView<std::uint8_t>("mask", Dtype::U8, shapeOf(mask.geometry), mask.voxels)},
      {{"gadolin", description.dump()}}, durability);
}

Result<Mask> readMask(const std::filesystem::path& path) {
  GADOLIN_TRY(const auto file, SafetensorsFile::open(path));
  const auto* tensor = file.find("mask");
  GADOLIN_TRY(const auto description, readDescription(file, tensor, path, {Dtype::U8}));
  Mask mask;
  mask.geometry = description.second;
  const auto values = tensor->as<std::uint8_t>();
  mask.voxels.assign(values.begin(), values.end());
  if (std::ranges::any_of(mask.voxels, [](std::uint8_t v) { return v > 4; })) {
    return damaged(path, "it holds values other than 0 to 4");
  }
  return mask;
}

Result<Mask> readMaskOn(const std::filesystem::path& path, const Geometry& grid) {
  GADOLIN_TRY(Mask mask, readMask(path));
  if (mask.geometry.size != grid.size) {
    return Error{ErrorCode::Corrupt, "Mask " + path.string() +
                                         " has another size than its stack. Run `gadolinctl "
                                         "check` on the project."};
  }
  mask.geometry = grid;
  return mask;
}

std::string contentHash(const Mask& mask) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(mask.geometry.size)));
  hash.update(std::as_bytes(std::span(mask.voxels)));
  return hash.finishHex();
}

std::string contentHash(const Stack& stack) {
  const auto whole = asShort(stack.image.voxels);
  return contentHashOf(stack.image.geometry, viewOf(whole, stack.image.voxels));
}

std::string contentHash(const FiledStack& stack) {
  return contentHashOf(stack.about.image.geometry, viewOf(stack.voxels));
}

std::string formerContentHash(const FiledStack& stack) {
  return formerContentHashOf(stack.about.image.geometry, viewOf(stack.voxels));
}

bool isFormerContentHash(std::string_view hash) {
  return !hash.starts_with(hash_kind);
}

bool hasContent(const Stack& stack, std::string_view hash) {
  return hash == (isFormerContentHash(hash)
                      ? formerContentHashOf(stack.image.geometry, std::span(stack.image.voxels))
                      : contentHash(stack));
}

}  // namespace gadolin
