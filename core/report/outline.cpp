#include "core/report/outline.h"

#include <array>
#include <cstddef>
#include <unordered_map>

namespace gadolin::report {
namespace {

// A point between two neighbouring pixel centres is named by its doubled coordinates, which are
// whole numbers.
struct Joint {
  int x = 0;
  int y = 0;
};

std::int64_t key(const Joint& joint) {
  return (static_cast<std::int64_t>(joint.y) << 32) + joint.x;
}

}  // namespace

std::vector<Outline> outlines(std::span<const std::uint8_t> inside, int columns, int rows) {
  const auto in = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < columns && y < rows &&
           inside[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(x)] != 0;
  };
  // Each square of four pixel centres gives up to two directed pieces with the set on their right,
  // so that every joint has exactly one successor.
  std::unordered_map<std::int64_t, Joint> next;
  std::vector<Joint> order;
  for (int y = -1; y < rows; ++y) {
    for (int x = -1; x < columns; ++x) {
      const std::array<bool, 4> corner{in(x, y), in(x + 1, y), in(x + 1, y + 1), in(x, y + 1)};
      // Joints of the square's sides: top, right, bottom, left.
      const std::array<Joint, 4> side{Joint{2 * x + 1, 2 * y}, Joint{2 * x + 2, 2 * y + 1},
                                      Joint{2 * x + 1, 2 * y + 2}, Joint{2 * x, 2 * y + 1}};
      for (std::size_t i = 0; i < 4; ++i) {
        // A run of inside corners begins at corner i: enter through the side before it, leave
        // through the side after the run's last corner. Opposite corners are separate runs.
        if (!corner[i] || corner[(i + 3) % 4]) continue;
        std::size_t last = i;
        while (corner[(last + 1) % 4]) last = (last + 1) % 4;
        const Joint from = side[last];
        const Joint to = side[(i + 3) % 4];
        next.emplace(key(from), to);
        order.push_back(from);
      }
    }
  }
  std::vector<Outline> result;
  for (const Joint& start : order) {
    if (!next.contains(key(start))) continue;
    Outline outline;
    Joint at = start;
    while (true) {
      const auto found = next.find(key(at));
      if (found == next.end()) break;
      outline.push_back({at.x / 2.0, at.y / 2.0});
      at = found->second;
      next.erase(found);
    }
    result.push_back(std::move(outline));
  }
  return result;
}

}  // namespace gadolin::report
