#include "core/analysis/distance_transform.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace gadolin::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Scratch space of one line, reused for all lines of an axis.
struct Line {
  std::vector<double> values;  // in and out
  std::vector<double> result;
  std::vector<std::size_t> vertex;  // index of each parabola of the lower envelope
  std::vector<double> begin;        // where that parabola starts to be the lowest, in voxels

  explicit Line(std::size_t length)
      : values(length), result(length), vertex(length), begin(length + 1) {}
};

/// values[i] <- min over j of values[j] + (spacing * (i - j))^2
void transform(Line& line, double spacing_mm) {
  const std::size_t length = line.values.size();
  const double weight = spacing_mm * spacing_mm;
  std::size_t count = 0;
  for (std::size_t q = 0; q < length; ++q) {
    if (line.values[q] == infinity) continue;  // a parabola at infinity is never the lowest
    const double position = static_cast<double>(q);
    double start = -infinity;
    while (count > 0) {
      const double other = static_cast<double>(line.vertex[count - 1]);
      start = ((line.values[q] + weight * position * position) -
               (line.values[line.vertex[count - 1]] + weight * other * other)) /
              (2.0 * weight * (position - other));
      if (start > line.begin[count - 1]) break;
      --count;
      start = -infinity;
    }
    line.vertex[count] = q;
    line.begin[count] = start;
    ++count;
  }
  if (count == 0) return;
  line.begin[count] = infinity;
  std::size_t k = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const double position = static_cast<double>(i);
    while (line.begin[k + 1] < position) ++k;
    const double distance = position - static_cast<double>(line.vertex[k]);
    line.result[i] = weight * distance * distance + line.values[line.vertex[k]];
  }
  line.values.swap(line.result);
}

}  // namespace

std::vector<double> squaredDistance_mm2(std::span<const std::uint8_t> set, std::array<int, 3> size,
                                        std::array<double, 3> spacing_mm) {
  std::vector<double> distance(set.size());
  std::transform(set.begin(), set.end(), distance.begin(),
                 [](std::uint8_t value) { return value != 0 ? 0.0 : infinity; });
  std::size_t stride = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto length = static_cast<std::size_t>(size[axis]);
    if (length == 0) return distance;
    Line line(length);
    const std::size_t block = stride * length;
    for (std::size_t outer = 0; outer + block <= distance.size(); outer += block) {
      for (std::size_t inner = 0; inner < stride; ++inner) {
        double* first = distance.data() + outer + inner;
        for (std::size_t i = 0; i < length; ++i) line.values[i] = first[i * stride];
        transform(line, spacing_mm[axis]);
        for (std::size_t i = 0; i < length; ++i) first[i * stride] = line.values[i];
      }
    }
    stride = block;
  }
  return distance;
}

}  // namespace gadolin::analysis
