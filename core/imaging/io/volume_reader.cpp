#include "core/imaging/io/volume_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <set>

#include "core/base/files.h"
#include "core/imaging/io/gzip.h"
#include "core/imaging/io/label_meaning.h"
#include "core/imaging/io/metaimage_header.h"
#include "core/imaging/io/nifti_header.h"
#include "core/imaging/io/nrrd_header.h"
#include "core/imaging/series.h"

namespace gadolin::io {
namespace {

constexpr std::size_t limit_bytes = std::size_t{1} << 30;

struct Content {
  VoxelHeader header;
  std::vector<std::byte> voxels;  // exactly header.dataBytes()
};

Error cutOff(const std::string& name, std::size_t needed, std::size_t got) {
  return {ErrorCode::Corrupt, name + " is cut off: its header announces " + std::to_string(needed) +
                                  " bytes of voxels and " + std::to_string(got) +
                                  " are there. Copy it again."};
}

Result<VoxelHeader> parseHeader(std::span<const std::byte> bytes) {
  if (looksLikeNrrd(bytes)) return parseNrrdHeader(bytes);
  if (looksLikeMetaImage(bytes)) return parseMetaImageHeader(bytes);
  return parseNiftiHeader(bytes);
}

/// The file of voxels that belongs to a NIfTI header in a file of its own.
std::filesystem::path imageOfPair(const std::filesystem::path& header) {
  auto stem = header.filename();
  if (stem.extension() == ".gz") stem = stem.stem();
  const std::string ending = stem.extension() == ".HDR" ? ".IMG" : ".img";
  const auto image = stem.replace_extension(ending);
  std::error_code ignored;
  const auto compressed = std::filesystem::path(image.string() + ".gz");
  return std::filesystem::exists(header.parent_path() / compressed, ignored) ? compressed : image;
}

Result<Content> readContent(const std::filesystem::path& path) {
  GADOLIN_TRY(auto file, readMaybeGzip(path, limit_bytes));
  std::string name = path.filename().string();
  if (file.bytes.empty()) return Error{ErrorCode::Corrupt, name + " is empty."};
  auto parsed = parseHeader(file.bytes);
  if (!parsed) return parsed.error().within(name);
  Content content{std::move(*parsed), {}};
  const VoxelHeader& header = content.header;
  // In floating point: sizes that lie may overflow any whole number.
  const auto& [columns, rows, slices] = header.geometry.size;
  const double announced = double{1} * columns * rows * slices * header.layers *
                           static_cast<double>(sizeBytes(header.type));
  if (announced > static_cast<double>(limit_bytes)) {
    std::array<char, 32> mib{};
    std::snprintf(mib.data(), mib.size(), "%.0f", announced / (1 << 20));
    return Error{ErrorCode::Corrupt, name + " is cut off or damaged: its header announces " +
                                         mib.data() + " MiB of voxels, which no LGE stack has."};
  }
  const std::size_t needed = header.dataBytes();
  if (header.in_pair) content.header.data_file = imageOfPair(path);
  if (!header.data_file.empty()) {
    const auto beside = path.parent_path() / header.data_file;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(beside, ignored)))
      return Error{ErrorCode::NotFound, name + ": its voxels, " + header.data_file.string() +
                                            ", are not beside it."};
    if (header.in_pair) {
      GADOLIN_TRY(file, readMaybeGzip(beside, limit_bytes));
    } else {
      GADOLIN_TRY(auto voxels, readFile(beside));
      const auto bytes = std::as_bytes(std::span(voxels));
      file.bytes.assign(bytes.begin(), bytes.end());
    }
    name = header.data_file.string();
  }
  const std::size_t size = file.bytes.size();
  std::size_t begin = header.voxel_offset;
  if (header.at_end) begin = std::max(begin, size - std::min(size, needed));
  if (begin > size) return cutOff(name, needed, 0);
  const auto rest = std::span(file.bytes).subspan(begin);
  if (header.voxels_compressed) {
    GADOLIN_TRY(content.voxels, inflateExactly(rest, needed, name));
    return content;
  }
  if (rest.size() < needed) return cutOff(name, needed, rest.size());
  if (file.trailing_garbage) {
    content.header.notes.emplace_back("Bytes after the end of the compressed data were ignored.");
  }
  content.voxels.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(needed));
  return content;
}

/// Calls use(index, value) for every voxel in stored order.
template <typename T, typename Use>
void eachOf(const Content& content, Use&& use) {
  const auto* data = content.voxels.data();
  const std::size_t count = content.voxels.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) {
    std::array<std::byte, sizeof(T)> raw{};
    std::memcpy(raw.data(), data + i * sizeof(T), sizeof(T));
    if (content.header.swapped) std::ranges::reverse(raw);
    T value{};
    std::memcpy(&value, raw.data(), sizeof(T));
    use(i, static_cast<double>(value));
  }
}

template <typename Use>
void eachVoxel(const Content& content, Use&& use) {
  switch (content.header.type) {
    case VoxelType::Uint8:
      return eachOf<std::uint8_t>(content, use);
    case VoxelType::Int8:
      return eachOf<std::int8_t>(content, use);
    case VoxelType::Int16:
      return eachOf<std::int16_t>(content, use);
    case VoxelType::Uint16:
      return eachOf<std::uint16_t>(content, use);
    case VoxelType::Int32:
      return eachOf<std::int32_t>(content, use);
    case VoxelType::Uint32:
      return eachOf<std::uint32_t>(content, use);
    case VoxelType::Float32:
      return eachOf<float>(content, use);
    case VoxelType::Float64:
      return eachOf<double>(content, use);
    case VoxelType::Int64:
      return eachOf<std::int64_t>(content, use);
    case VoxelType::Uint64:
      return eachOf<std::uint64_t>(content, use);
  }
}

}  // namespace

Result<Stack> readVolumeStack(const std::filesystem::path& path, std::optional<bool> apex_first) {
  GADOLIN_TRY(auto content, readContent(path));
  const auto& header = content.header;
  const std::string name = path.filename().string();
  if (header.layers != 1)
    return Error{ErrorCode::Unsupported, name + " has " + std::to_string(header.layers) +
                                             " values a voxel; an LGE image has one."};
  if (header.bad_scale)
    return Error{ErrorCode::InvalidInput,
                 name + ": its scale (scl_slope, scl_inter) is no number."};
  const auto& [columns, rows, slices] = header.geometry.size;
  if (columns == 1 || rows == 1)
    return Error{ErrorCode::Unsupported, name + " is no image: its slices have " +
                                             std::to_string(columns) + " x " +
                                             std::to_string(rows) + " pixels."};
  Stack stack;
  stack.image = Volume<float>(header.geometry);
  stack.notes = header.notes;
  if (slices > columns || slices > rows) {
    stack.notes.push_back("It has " + std::to_string(slices) + " slices of " +
                          std::to_string(columns) + " x " + std::to_string(rows) +
                          " pixels: is the third axis of the file the one across its slices?");
  }
  std::size_t not_numbers = 0;
  const double slope = header.scaled ? header.slope : 1.0;
  const double intercept = header.scaled ? header.intercept : 0.0;
  eachVoxel(content, [&](std::size_t i, double value) {
    const auto scaled = static_cast<float>(value * slope + intercept);
    if (!std::isfinite(scaled))
      ++not_numbers;
    else
      stack.image.voxels[i] = scaled;
  });
  if (not_numbers == stack.image.voxels.size())
    return Error{ErrorCode::InvalidInput, name + ": no voxel is a number."};
  if (not_numbers > 0) {
    stack.notes.push_back(std::to_string(not_numbers) +
                          " voxels were not numbers (NaN or infinite) and were set to 0.");
  }
  const auto& g = stack.image.geometry;
  stack.apex_first = apex_first.value_or(dot(g.axes[2], towardsApex()) < 0);
  for (int z = 0; z < g.size[2]; ++z) {
    SliceInfo slice;
    slice.origin_mm = g.toWorld(0, 0, z);
    slice.source = name;
    stack.slices.push_back(std::move(slice));
  }
  setExtentsFromPositions(stack);
  return stack;
}

Result<ReadMask> readVolumeMask(const std::filesystem::path& path, LabelTable labels) {
  GADOLIN_TRY(auto content, readContent(path));
  const VoxelHeader& header = content.header;
  ReadMask result{Mask(header.geometry), header.notes};
  const std::string name = path.filename().string();
  auto meaning = LabelMeaning::of(header, labels);
  if (!meaning) return meaning.error().within(name);
  const auto layers = static_cast<std::size_t>(header.layers);
  std::optional<double> stranger;
  std::set<std::uint8_t> seen;
  bool rounded = false, right_ventricle = false;
  eachVoxel(content, [&](std::size_t i, double value) {
    const double label = std::round(value);
    const auto tissue = std::abs(value - label) < 0.01
                            ? meaning->tissue(static_cast<int>(i % layers), label)
                            : std::nullopt;
    if (!tissue) {
      if (!stranger) stranger = value;
      return;
    }
    rounded = rounded || label != value;
    right_ventricle = right_ventricle || (labels == LabelTable::Acdc && label == 1);
    // Of overlapping layers the inner structure counts: scar lies in myocardium, MVO in scar.
    auto& voxel = result.mask.voxels[i / layers];
    voxel = std::max(voxel, *tissue);
    seen.insert(*tissue);
  });
  if (stranger) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", *stranger);
    return Error{ErrorCode::InvalidInput, name + " holds the value " + text +
                                              ", which is no label (" + meaning->inWords() + ")."};
  }
  if (header.scaled)
    result.notes.push_back(name + " has a scale, which was not applied: labels are not scaled.");
  if (rounded)
    result.notes.push_back(name +
                           " holds labels that are almost whole numbers; they were rounded.");
  if (right_ventricle)
    result.notes.push_back(name + ": the right ventricle (label 1) was left out.");
  seen.erase(0);
  if (labels == LabelTable::Tissue && header.segments.empty() && seen == std::set<std::uint8_t>{1}) {
    result.notes.push_back(name +
                           " holds label 1 alone, which means cavity here: if it is meant as "
                           "myocardium, store it as 2.");
  }
  return result;
}

}  // namespace gadolin::io
