#include "core/imaging/io/nifti_header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/imaging/io/axes.h"

namespace gadolin::io {
namespace {

constexpr std::size_t header_bytes_1 = 348, header_bytes_2 = 540;
constexpr double unit_tolerance = 1e-3;      // a column of length 1 within this is a unit vector
constexpr double spacing_agrees = 1e-3;      // relative
const std::string sform_axes = "The axes of the sform", qform_axes = "The axes of the qform";
constexpr double orientations_agree = 2e-2;  // about one degree

/// Fields at their offsets in nifti1.h, or in nifti2.h: the same, wider and in another order.
class Fields {
 public:
  Fields(std::span<const std::byte> bytes, bool swapped, bool second = false)
      : bytes_(bytes), swapped_(swapped), second_(second) {}
  template <typename T>
  [[nodiscard]] T at(std::size_t offset) const {
    std::array<std::byte, sizeof(T)> raw{};
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), sizeof(T), raw.begin());
    if (swapped_) std::ranges::reverse(raw);
    T value{};
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  [[nodiscard]] std::int64_t dim(std::size_t i) const {
    return second_ ? at<std::int64_t>(16 + 8 * i) : at<std::int16_t>(40 + 2 * i);
  }
  [[nodiscard]] double pixdim(std::size_t i) const { return real(76 + 4 * i, 104 + 8 * i); }
  [[nodiscard]] int type() const { return at<std::int16_t>(second_ ? 12 : 70); }
  [[nodiscard]] int qformCode() const { return second_ ? at<std::int32_t>(344) : at<std::int16_t>(252); }
  [[nodiscard]] int sformCode() const { return second_ ? at<std::int32_t>(348) : at<std::int16_t>(254); }
  /// b, c, d
  [[nodiscard]] double quaternion(std::size_t i) const { return real(256 + 4 * i, 352 + 8 * i); }
  [[nodiscard]] double qoffset(std::size_t i) const { return real(268 + 4 * i, 376 + 8 * i); }
  [[nodiscard]] double srow(std::size_t row, std::size_t column) const {
    return real(280 + 16 * row + 4 * column, 400 + 32 * row + 8 * column);
  }
  [[nodiscard]] int units() const { return second_ ? at<std::int32_t>(500) : at<std::uint8_t>(123); }
  [[nodiscard]] double voxelOffset() const {
    return second_ ? static_cast<double>(at<std::int64_t>(168)) : double{at<float>(108)};
  }
  [[nodiscard]] double slope() const { return real(112, 176); }
  [[nodiscard]] double intercept() const { return real(116, 184); }
  /// Without its end: "n+1", "ni2", ...
  [[nodiscard]] std::string magic() const {
    return {reinterpret_cast<const char*>(bytes_.data()) + (second_ ? 4 : 344), 3};
  }

 private:
  [[nodiscard]] double real(std::size_t first, std::size_t second) const {
    return second_ ? at<double>(second) : double{at<float>(first)};
  }
  std::span<const std::byte> bytes_;
  bool swapped_, second_;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string triple(const Vec3& v) {
  return number(v[0]) + " x " + number(v[1]) + " x " + number(v[2]);
}

Error refuse(std::string why) {
  return {ErrorCode::InvalidInput, std::move(why)};
}
Error unsupported(std::string why) {
  return {ErrorCode::Unsupported, std::move(why)};
}

/// Axes scaled by the voxel size, and the origin, in LPS.
struct Transform {
  std::array<Vec3, 3> columns{};
  Vec3 origin{};
};

Vec3 rasToLps(const Vec3& v) {
  return {-v[0], -v[1], v[2]};
}

bool isFinite(const Transform& t) {
  const auto finite = [](const Vec3& v) {
    return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]);
  };
  return finite(t.origin) && std::ranges::all_of(t.columns, finite);
}

std::optional<Transform> sform(const Fields& f, double mm) {
  if (f.sformCode() <= 0) return std::nullopt;
  Transform t;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 4; ++column) {
      const double value = f.srow(row, column);
      if (column < 3)
        t.columns[column][row] = value;
      else
        t.origin[row] = value * mm;
    }
  }
  for (auto& column : t.columns) column = rasToLps(column);
  t.origin = rasToLps(t.origin);
  if (!isFinite(t)) return std::nullopt;
  if (std::ranges::any_of(t.columns, [](const Vec3& c) { return norm(c) < 1e-6; }))
    return std::nullopt;
  return t;
}

/// Unit columns: the quaternion of nifti1.h, method 2.
std::optional<Transform> qform(const Fields& f, double mm) {
  if (f.qformCode() <= 0) return std::nullopt;
  const double b = f.quaternion(0), c = f.quaternion(1), d = f.quaternion(2);
  const double rest = 1.0 - (b * b + c * c + d * d);
  if (!std::isfinite(rest) || rest < -1e-3) return std::nullopt;
  const double a = std::sqrt(std::max(0.0, rest));
  const double qfac = f.pixdim(0) < 0 ? -1.0 : 1.0;
  Transform t;
  t.columns = {{{a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)},
                {2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)},
                {qfac * 2 * (b * d + a * c), qfac * 2 * (c * d - a * b),
                 qfac * (a * a + d * d - b * b - c * c)}}};
  for (std::size_t i = 0; i < 3; ++i) t.origin[i] = mm * f.qoffset(i);
  for (auto& column : t.columns) column = rasToLps(column);
  t.origin = rasToLps(t.origin);
  if (!isFinite(t)) return std::nullopt;
  return t;
}

Result<VoxelType> typeOf(int code) {
  switch (code) {
    case 2: return VoxelType::Uint8;
    case 4: return VoxelType::Int16;
    case 8: return VoxelType::Int32;
    case 16: return VoxelType::Float32;
    case 64: return VoxelType::Float64;
    case 256: return VoxelType::Int8;
    case 512: return VoxelType::Uint16;
    case 768: return VoxelType::Uint32;
    case 1024: return VoxelType::Int64;
    case 1280: return VoxelType::Uint64;
    case 32:
    case 1792:
    case 2048:
      return unsupported("The voxels are complex numbers; export magnitudes.");
    case 128:
    case 2304:
      return unsupported("The voxels are colours; an LGE image has one value a voxel.");
    default:
      return unsupported("The voxel type " + std::to_string(code) +
                         " is not supported; use int16 or float32.");
  }
}

Result<double> millimetresPerUnit(const Fields& f, std::vector<std::string>& notes) {
  switch (f.units() & 0x07) {
    case 0:
    case 2:
      return 1.0;
    case 1:
      notes.push_back("Lengths were in metres and were converted.");
      return 1000.0;
    case 3:
      notes.push_back("Lengths were in micrometres and were converted.");
      return 0.001;
    default:
      return refuse("The header's unit of length is unknown.");
  }
}

Result<void> readGrid(const Fields& f, double mm, VoxelHeader& header) {
  const std::int64_t dimensions = f.dim(0);
  if (dimensions < 2)
    return refuse("The header says that the image has " + std::to_string(dimensions) +
                  " dimensions.");
  if (dimensions > 7) return refuse("The header says that the image has more than seven dimensions.");
  constexpr std::int64_t most = 1 << 30;
  for (std::size_t i = 1; i <= static_cast<std::size_t>(dimensions); ++i) {
    if (f.dim(i) > most)
      return Error{ErrorCode::Corrupt, "The header is damaged: dimension " + std::to_string(i) +
                                           " has the size " + std::to_string(f.dim(i)) + "."};
    if (f.dim(i) < 1)
      return refuse("Dimension " + std::to_string(i) + " has the size " + std::to_string(f.dim(i)) +
                    ".");
    if (i == 4 && f.dim(i) > 1) {
      return unsupported("It holds " + std::to_string(f.dim(i)) +
                         " volumes (a time series): give one volume a file.");
    }
    if (i > 4 && f.dim(i) > 1) return unsupported("It has more than four dimensions.");
  }
  const auto size = [&](std::size_t i) { return static_cast<int>(f.dim(i)); };
  header.geometry.size = {size(1), size(2), dimensions >= 3 ? size(3) : 1};
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = f.pixdim(i + 1) * mm;
    if (!std::isfinite(value) || value <= 0) {
      return refuse("The voxel size along axis " + std::to_string(i + 1) + " is " + number(value) +
                    " mm: without it nothing can be measured. Correct pixdim in the header.");
    }
    header.geometry.spacing_mm[i] = value;
  }
  return {};
}

Result<void> readOrientation(const Fields& f, double mm, VoxelHeader& header) {
  auto& g = header.geometry;
  const auto s = sform(f, mm);
  const auto q = qform(f, mm);
  if (!s && !q) {
    if (f.sformCode() > 0 || f.qformCode() > 0) {
      return refuse(
          "The header announces an orientation, but its sform or qform is empty or no rotation.");
    }
    header.oriented = false;
    header.notes.emplace_back(
        "The header has no orientation (qform and sform code 0): left, right, front and back are "
        "assumed.");
    g.axes = {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};
    return {};
  }
  if (!s) {
    g.origin_mm = q->origin;
    GADOLIN_TRY(g.axes, orthonormalAxes(q->columns, qform_axes, header.notes));
    return {};
  }
  g.origin_mm = s->origin;
  GADOLIN_TRY(g.axes, orthonormalAxes(s->columns, sform_axes, header.notes));
  const Vec3 lengths{norm(s->columns[0]) * mm, norm(s->columns[1]) * mm, norm(s->columns[2]) * mm};
  bool unit = true, agrees = true;
  for (std::size_t i = 0; i < 3; ++i) {
    unit = unit && std::abs(norm(s->columns[i]) - 1.0) < unit_tolerance;
    agrees = agrees && std::abs(lengths[i] / g.spacing_mm[i] - 1.0) < spacing_agrees;
  }
  if (!agrees && !unit) {
    return refuse("The sform says " + triple(lengths) + " mm a voxel, pixdim says " +
                  triple(g.spacing_mm) + ": one of them is wrong. Correct the header.");
  }
  if (!agrees) {
    // EMIDEC and ACDC are distributed so.
    header.oriented = false;
    header.notes.push_back("The sform has unit columns; the voxel size " + triple(g.spacing_mm) +
                           " mm was taken from pixdim.");
  }
  if (q) {
    GADOLIN_TRY(const auto other, orthonormalAxes(q->columns, qform_axes, header.notes));
    double turned = 0;
    for (std::size_t i = 0; i < 3; ++i) turned = std::max(turned, norm(other[i] - g.axes[i]));
    if (turned > orientations_agree) {
      return refuse(
          "The qform and the sform point in different directions: which side is left cannot be "
          "known. Correct the header.");
    }
    const double apart_mm = norm(q->origin - s->origin);
    if (apart_mm > 0.5 * std::ranges::min(g.spacing_mm)) {
      header.notes.push_back("The qform puts the image " + number(apart_mm) +
                             " mm from where the sform puts it; the sform was used.");
    }
  }
  return {};
}

}  // namespace

bool looksLikeNifti(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) return false;
  for (const bool swapped : {false, true}) {
    const auto size = Fields(bytes, swapped).at<std::int32_t>(0);
    if (size == 348 || size == 540) return true;
  }
  return false;
}

Result<VoxelHeader> parseNiftiHeader(std::span<const std::byte> bytes) {
  VoxelHeader header;
  bool second = false;
  std::size_t header_bytes = 0;
  for (const bool swapped : {false, true}) {
    const auto size = bytes.size() < 4 ? 0 : Fields(bytes, swapped).at<std::int32_t>(0);
    if (size != static_cast<int>(header_bytes_1) && size != static_cast<int>(header_bytes_2)) continue;
    header_bytes = static_cast<std::size_t>(size);
    second = size == static_cast<int>(header_bytes_2);
    header.swapped = swapped;
  }
  if (header_bytes == 0) return refuse("It is not a NIfTI file.");
  if (bytes.size() < header_bytes) {
    return Error{ErrorCode::Corrupt, "It ends within its header (" + std::to_string(bytes.size()) +
                                         " of " + std::to_string(header_bytes) + " bytes)."};
  }
  const Fields f(bytes, header.swapped, second);
  const std::string magic = f.magic();
  header.in_pair = magic == (second ? "ni2" : "ni1");
  if (!header.in_pair && magic != (second ? "n+2" : "n+1"))
    return unsupported(
        "It is an Analyze 7.5 header without NIfTI's mark: its orientation is unknown. Save it as "
        "NIfTI-1.");

  GADOLIN_TRY(header.type, typeOf(f.type()));
  GADOLIN_TRY(const double mm, millimetresPerUnit(f, header.notes));
  GADOLIN_CHECK(readGrid(f, mm, header));
  GADOLIN_CHECK(readOrientation(f, mm, header));

  const double offset = f.voxelOffset();
  if (!std::isfinite(offset) || offset < 0 || offset > 1e9)
    return refuse("The offset of its voxels is impossible.");
  // Behind the header and four bytes for extensions at least; an .img has no header.
  const std::size_t earliest = header.in_pair ? 0 : header_bytes + 4;
  header.voxel_offset = std::max(earliest, static_cast<std::size_t>(offset));
  header.slope = f.slope();
  header.intercept = f.intercept();
  // Slope 0 means "not scaled" by the standard; NaN is what nibabel writes for the same.
  header.scaled = header.slope != 0 && !std::isnan(header.slope) &&
                  (header.slope != 1 || header.intercept != 0);
  header.bad_scale =
      header.scaled && (!std::isfinite(header.slope) || !std::isfinite(header.intercept));
  return header;
}

}  // namespace gadolin::io
