#pragma once
// NIfTI-1 files byte by byte, so that tests can make every fault that files have.

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace gadolin::test {

struct NiftiSpec {
  std::array<std::int16_t, 8> dim{3, 4, 3, 2, 1, 1, 1, 1};
  std::array<float, 8> pixdim{1, 1.5F, 1.25F, 8, 1, 1, 1, 1};
  std::int16_t type = 4;  // int16
  std::int16_t qform_code = 0, sform_code = 1;
  std::array<float, 3> quaternion{0, 0, 0}, qoffset{0, 0, 0};
  std::array<std::array<float, 4>, 3> srow{{{-1.5F, 0, 0, 10}, {0, -1.25F, 0, 20}, {0, 0, 8, 30}}};
  float slope = 1, intercept = 0, voxel_offset = 352;
  char units = 2;  // mm
  std::string magic = std::string("n+1\0", 4);
  std::vector<double> voxels;  // stored values; empty: 0, 1, 2, ...

  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(dim[1]) * static_cast<std::size_t>(dim[2]) *
           static_cast<std::size_t>(dim[3]);
  }
};

/// EMIDEC's header: unit columns in the sform, the voxel size in pixdim alone.
inline NiftiSpec emidecSpec() {
  NiftiSpec spec;
  spec.sform_code = 2;
  spec.srow = {{{-1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, 1, 0}}};
  return spec;
}

namespace detail {
template <typename T>
void put(std::string& bytes, std::size_t at, T value, bool swap) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[at + i] = raw[swap ? sizeof(T) - 1 - i : i];
}
template <typename T>
void append(std::string& bytes, double value, bool swap) {
  bytes.resize(bytes.size() + sizeof(T));
  put(bytes, bytes.size() - sizeof(T), static_cast<T>(value), swap);
}
}  // namespace detail

inline void putVoxels(std::string& bytes, const NiftiSpec& spec, bool swap) {
  for (std::size_t i = 0; i < spec.count(); ++i) {
    const double value = spec.voxels.empty() ? static_cast<double>(i) : spec.voxels[i];
    if (spec.type == 2) detail::append<std::uint8_t>(bytes, value, swap);
    if (spec.type == 4) detail::append<std::int16_t>(bytes, value, swap);
    if (spec.type == 16) detail::append<float>(bytes, value, swap);
    if (spec.type == 64) detail::append<double>(bytes, value, swap);
  }
}

/// The same image as NIfTI-2: its voxels begin behind 544 bytes.
inline std::string nifti2Bytes(const NiftiSpec& spec, bool swap = false) {
  std::string bytes(544, '\0');
  detail::put<std::int32_t>(bytes, 0, 540, swap);
  bytes.replace(4, 8, std::string("n+2\0\r\n\032\n", 8));
  detail::put(bytes, 12, spec.type, swap);
  for (std::size_t i = 0; i < 8; ++i) {
    detail::put<std::int64_t>(bytes, 16 + 8 * i, spec.dim[i], swap);
    detail::put<double>(bytes, 104 + 8 * i, double{spec.pixdim[i]}, swap);
  }
  detail::put<std::int64_t>(bytes, 168, 544, swap);
  detail::put<double>(bytes, 176, double{spec.slope}, swap);
  detail::put<double>(bytes, 184, double{spec.intercept}, swap);
  detail::put<std::int32_t>(bytes, 344, spec.qform_code, swap);
  detail::put<std::int32_t>(bytes, 348, spec.sform_code, swap);
  for (std::size_t i = 0; i < 3; ++i) {
    detail::put<double>(bytes, 352 + 8 * i, double{spec.quaternion[i]}, swap);
    detail::put<double>(bytes, 376 + 8 * i, double{spec.qoffset[i]}, swap);
    for (std::size_t column = 0; column < 4; ++column)
      detail::put<double>(bytes, 400 + 32 * i + 8 * column, double{spec.srow[i][column]}, swap);
  }
  detail::put<std::int32_t>(bytes, 500, spec.units, swap);
  putVoxels(bytes, spec, swap);
  return bytes;
}

inline std::string niftiBytes(const NiftiSpec& spec, bool swap = false) {
  std::string bytes(352, '\0');
  detail::put<std::int32_t>(bytes, 0, 348, swap);
  for (std::size_t i = 0; i < 8; ++i) detail::put(bytes, 40 + 2 * i, spec.dim[i], swap);
  detail::put(bytes, 70, spec.type, swap);
  for (std::size_t i = 0; i < 8; ++i) detail::put(bytes, 76 + 4 * i, spec.pixdim[i], swap);
  detail::put(bytes, 108, spec.voxel_offset, swap);
  detail::put(bytes, 112, spec.slope, swap);
  detail::put(bytes, 116, spec.intercept, swap);
  bytes[123] = spec.units;
  detail::put(bytes, 252, spec.qform_code, swap);
  detail::put(bytes, 254, spec.sform_code, swap);
  for (std::size_t i = 0; i < 3; ++i) detail::put(bytes, 256 + 4 * i, spec.quaternion[i], swap);
  for (std::size_t i = 0; i < 3; ++i) detail::put(bytes, 268 + 4 * i, spec.qoffset[i], swap);
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 4; ++column) {
      detail::put(bytes, 280 + 16 * row + 4 * column, spec.srow[row][column], swap);
    }
  }
  bytes.replace(344, spec.magic.size(), spec.magic);
  putVoxels(bytes, spec, swap);
  return bytes;
}

}  // namespace gadolin::test
