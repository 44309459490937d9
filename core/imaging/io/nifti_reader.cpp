#include "core/imaging/io/nifti_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>

#include "core/imaging/io/gzip.h"
#include "core/imaging/series.h"

namespace gadolin::io {
namespace {

constexpr std::size_t limit_bytes = std::size_t{1} << 30;

struct Content {
  NiftiHeader header;
  std::vector<std::byte> bytes;
};

Result<Content> readContent(const std::filesystem::path& path) {
  GADOLIN_TRY(auto file, readMaybeGzip(path, limit_bytes));
  const std::string name = path.filename().string();
  if (file.bytes.empty()) return Error{ErrorCode::Corrupt, name + " is empty."};
  auto parsed = parseNiftiHeader(file.bytes);
  if (!parsed) return parsed.error().within(name);
  Content content{std::move(*parsed), {}};
  const std::size_t needed = content.header.dataBytes();
  if (file.bytes.size() < content.header.voxel_offset ||
      file.bytes.size() - content.header.voxel_offset < needed) {
    const std::size_t got = file.bytes.size() > content.header.voxel_offset
                                ? file.bytes.size() - content.header.voxel_offset
                                : 0;
    return Error{ErrorCode::Corrupt, name + " is cut off: its header announces " +
                                         std::to_string(needed) + " bytes of voxels and " +
                                         std::to_string(got) + " are there. Copy it again."};
  }
  if (file.trailing_garbage) {
    content.header.notes.emplace_back("Bytes after the end of the compressed data were ignored.");
  }
  content.bytes = std::move(file.bytes);
  return content;
}

/// Calls use(index, value) for every voxel in stored order.
template <typename T, typename Use>
void eachOf(const Content& content, Use&& use) {
  const auto* data = content.bytes.data() + content.header.voxel_offset;
  const std::size_t count = content.header.geometry.voxels();
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
    case NiftiType::Uint8:
      return eachOf<std::uint8_t>(content, use);
    case NiftiType::Int8:
      return eachOf<std::int8_t>(content, use);
    case NiftiType::Int16:
      return eachOf<std::int16_t>(content, use);
    case NiftiType::Uint16:
      return eachOf<std::uint16_t>(content, use);
    case NiftiType::Int32:
      return eachOf<std::int32_t>(content, use);
    case NiftiType::Uint32:
      return eachOf<std::uint32_t>(content, use);
    case NiftiType::Float32:
      return eachOf<float>(content, use);
    case NiftiType::Float64:
      return eachOf<double>(content, use);
    case NiftiType::Int64:
      return eachOf<std::int64_t>(content, use);
    case NiftiType::Uint64:
      return eachOf<std::uint64_t>(content, use);
  }
}

/// What a stored label means; nothing when the table has no such label.
std::optional<std::uint8_t> translate(LabelTable table, double label) {
  switch (table) {
    case LabelTable::Tissue:
      if (label >= 0 && label <= 4) return static_cast<std::uint8_t>(label);
      break;
    case LabelTable::Acdc:
      if (label == 0 || label == 1) return std::uint8_t{0};  // the right ventricle is not ours
      if (label == 2) return std::uint8_t{2};
      if (label == 3) return std::uint8_t{1};
      break;
    case LabelTable::Myocardium:
      if (label == 0) return std::uint8_t{0};
      if (label == 1) return std::uint8_t{2};
      break;
  }
  return std::nullopt;
}

std::string_view tableSays(LabelTable table) {
  switch (table) {
    case LabelTable::Acdc:
      return "0 background, 1 right ventricle, 2 myocardium, 3 left cavity";
    case LabelTable::Myocardium:
      return "0 background, 1 myocardium";
    case LabelTable::Tissue:
      break;
  }
  return "0 background, 1 cavity, 2 myocardium, 3 scar, 4 MVO";
}

}  // namespace

Result<NiftiHeader> readNiftiHeader(const std::filesystem::path& path) {
  GADOLIN_TRY(const auto start, readStartMaybeGzip(path, 348));
  auto header = parseNiftiHeader(start.bytes);
  if (!header) return header.error().within(path.filename().string());
  return header;
}

Result<Stack> readNiftiStack(const std::filesystem::path& path, std::optional<bool> apex_first) {
  GADOLIN_TRY(auto content, readContent(path));
  const auto& header = content.header;
  const std::string name = path.filename().string();
  if (header.bad_scale)
    return Error{ErrorCode::InvalidInput,
                 name + ": its scale (scl_slope, scl_inter) is no number."};
  Stack stack;
  stack.image = Volume<float>(header.geometry);
  stack.notes = header.notes;
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

Result<ReadMask> readNiftiMask(const std::filesystem::path& path, LabelTable labels) {
  GADOLIN_TRY(auto content, readContent(path));
  ReadMask result{Mask(content.header.geometry), content.header.notes};
  const std::string name = path.filename().string();
  std::optional<double> stranger;
  std::set<std::uint8_t> seen;
  bool rounded = false, right_ventricle = false;
  eachVoxel(content, [&](std::size_t i, double value) {
    const double label = std::round(value);
    const auto tissue = std::abs(value - label) < 0.01 ? translate(labels, label) : std::nullopt;
    if (!tissue) {
      if (!stranger) stranger = value;
      return;
    }
    rounded = rounded || label != value;
    right_ventricle = right_ventricle || (labels == LabelTable::Acdc && label == 1);
    result.mask.voxels[i] = *tissue;
    seen.insert(*tissue);
  });
  if (stranger) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", *stranger);
    return Error{ErrorCode::InvalidInput, name + " holds the value " + text +
                                              ", which is no label (" +
                                              std::string(tableSays(labels)) + ")."};
  }
  if (content.header.scaled)
    result.notes.push_back(name + " has a scale, which was not applied: labels are not scaled.");
  if (rounded)
    result.notes.push_back(name +
                           " holds labels that are almost whole numbers; they were rounded.");
  if (right_ventricle)
    result.notes.push_back(name + ": the right ventricle (label 1) was left out.");
  seen.erase(0);
  if (labels == LabelTable::Tissue && seen == std::set<std::uint8_t>{1}) {
    result.notes.push_back(name +
                           " holds label 1 alone, which means cavity here: if it is meant as "
                           "myocardium, store it as 2.");
  }
  return result;
}

}  // namespace gadolin::io
