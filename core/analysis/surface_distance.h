#pragma once
// Hausdorff distances between the surfaces of two masks.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace gadolin::analysis {

/// In mm. The surface of a mask is every voxel of it that has a face neighbour outside it (or
/// outside the image); distances are between voxel centres, exact, not between sampled contours.
struct SurfaceDistances {
  double hd_mm = 0;  // the larger of the two directed maxima
  double hd95_mm =
      0;  // 95th percentile (linear interpolation) of both directions' distances pooled
};

/// Masks are binary (non-zero = inside), of size columns, rows, slices, column fastest; spacing in
/// the same order. No value when either mask is empty: there is no distance to nothing.
std::optional<SurfaceDistances> surfaceDistances(std::span<const std::uint8_t> reference,
                                                 std::span<const std::uint8_t> prediction,
                                                 std::array<int, 3> size,
                                                 std::array<double, 3> spacing_mm);

/// As the EMIDEC challenge's tool computes it: it hands the spacing over in the order x, y, z for
/// an array ordered z, y, x, so that the slice distance is applied to the columns. Wrong for stacks
/// (1.4 x 1.4 x 10 mm: an error of up to 7 times along x and z); given only to compare with
/// published figures.
std::optional<SurfaceDistances> surfaceDistancesAsEmidec(std::span<const std::uint8_t> reference,
                                                         std::span<const std::uint8_t> prediction,
                                                         std::array<int, 3> size,
                                                         std::array<double, 3> spacing_mm);

}  // namespace gadolin::analysis
