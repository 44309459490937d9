#pragma once
// Smooth random fields without state: hashed lattice values, linearly interpolated.

#include <cmath>
#include <cstdint>

namespace gadolin::phantom {

/// Value noise in -1..1 with correlation length 1; the same salt and point give the same value.
class Lattice {
 public:
  explicit Lattice(std::uint64_t salt = 0) : salt_(salt) {}

  [[nodiscard]] double at(double x, double y, double z) const {
    const double fx = std::floor(x), fy = std::floor(y), fz = std::floor(z);
    const auto i = static_cast<std::int64_t>(fx), j = static_cast<std::int64_t>(fy),
               k = static_cast<std::int64_t>(fz);
    const double u = smooth(x - fx), v = smooth(y - fy), w = smooth(z - fz);
    return mix(mix(mix(node(i, j, k), node(i + 1, j, k), u),
                   mix(node(i, j + 1, k), node(i + 1, j + 1, k), u), v),
               mix(mix(node(i, j, k + 1), node(i + 1, j, k + 1), u),
                   mix(node(i, j + 1, k + 1), node(i + 1, j + 1, k + 1), u), v),
               w);
  }
  [[nodiscard]] double at(double x, double y) const {
    const double fx = std::floor(x), fy = std::floor(y);
    const auto i = static_cast<std::int64_t>(fx), j = static_cast<std::int64_t>(fy);
    const double u = smooth(x - fx), v = smooth(y - fy);
    return mix(mix(node(i, j, 0), node(i + 1, j, 0), u),
               mix(node(i, j + 1, 0), node(i + 1, j + 1, 0), u), v);
  }

 private:
  static double mix(double a, double b, double t) { return a + (b - a) * t; }
  static double smooth(double t) { return t * t * (3.0 - 2.0 * t); }
  [[nodiscard]] double node(std::int64_t i, std::int64_t j, std::int64_t k) const {
    std::uint64_t z = salt_ + static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15ULL +
                      static_cast<std::uint64_t>(j) * 0xc2b2ae3d27d4eb4fULL +
                      static_cast<std::uint64_t>(k) * 0x165667b19e3779f9ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<double>(static_cast<std::int64_t>(z ^ (z >> 31)) >> 11) * 0x1.0p-52;
  }

  std::uint64_t salt_;
};

}  // namespace gadolin::phantom
