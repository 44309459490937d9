#include "core/contour/mask_delta.h"

#include <algorithm>
#include <optional>

namespace gadolin::contour {
namespace {

constexpr std::uint8_t highest_label = static_cast<std::uint8_t>(Tissue::Mvo);

void putNumber(std::string& bytes, std::uint64_t value) {
  do {
    const auto low = static_cast<unsigned char>(value & 0x7fu);
    value >>= 7;
    bytes.push_back(static_cast<char>(value != 0 ? low | 0x80u : low));
  } while (value != 0);
}

/// Takes a number off the front; nothing when it is cut off or longer than 32 bits.
std::optional<std::uint64_t> takeNumber(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (bytes.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fu) << shift;
    if ((byte & 0x80u) == 0) return value;
  }
  return std::nullopt;
}

}  // namespace

std::size_t MaskDelta::voxels() const {
  std::size_t count = 0;
  for (const DeltaRun& run : runs) count += run.length;
  return count;
}

MaskDelta deltaBetween(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after,
                       std::size_t offset) {
  MaskDelta delta;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    const auto at = static_cast<std::uint32_t>(offset + i);
    if (!delta.runs.empty()) {
      DeltaRun& last = delta.runs.back();
      if (last.start + last.length == at && last.from == before[i] && last.to == after[i]) {
        ++last.length;
        continue;
      }
    }
    delta.runs.push_back({at, 1, before[i], after[i]});
  }
  return delta;
}

MaskDelta inverse(MaskDelta delta) {
  for (DeltaRun& run : delta.runs) std::swap(run.from, run.to);
  return delta;
}

Result<void> apply(const MaskDelta& delta, Mask& mask) {
  for (const DeltaRun& run : delta.runs) {
    const bool inside = std::size_t{run.start} + run.length <= mask.voxels.size();
    const auto first = mask.voxels.begin() + run.start;
    if (!inside || !std::all_of(first, first + run.length,
                                [&](std::uint8_t label) { return label == run.from; }))
      return Error{ErrorCode::Conflict,
                   "A step of drawing does not fit the mask that it is to be applied to."};
  }
  for (const DeltaRun& run : delta.runs)
    std::fill_n(mask.voxels.begin() + run.start, run.length, run.to);
  return {};
}

std::string toBytes(const MaskDelta& delta) {
  std::string bytes;
  std::uint64_t end = 0;
  for (const DeltaRun& run : delta.runs) {
    putNumber(bytes, run.start - end);
    putNumber(bytes, run.length);
    bytes.push_back(static_cast<char>(run.from << 4 | run.to));
    end = std::uint64_t{run.start} + run.length;
  }
  return bytes;
}

Result<MaskDelta> deltaFromBytes(std::string_view bytes, std::size_t voxels) {
  const Error corrupt{ErrorCode::Corrupt, "A step of drawing in the project is damaged."};
  MaskDelta delta;
  std::uint64_t end = 0;
  while (!bytes.empty()) {
    const auto gap = takeNumber(bytes);
    const auto length = takeNumber(bytes);
    if (!gap || !length || *length == 0 || bytes.empty()) return corrupt;
    const auto labels = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    const auto from = static_cast<std::uint8_t>(labels >> 4);
    const auto to = static_cast<std::uint8_t>(labels & 0x0fu);
    const std::uint64_t start = end + *gap;
    end = start + *length;
    if (from > highest_label || to > highest_label || from == to || end > voxels) return corrupt;
    delta.runs.push_back(
        {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(*length), from, to});
  }
  return delta;
}

}  // namespace gadolin::contour
