#include "core/report/key_images.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gadolin::report {
namespace {

constexpr std::size_t image_count = 4;  // as many as stay large enough to judge on one page
constexpr double margin_mm = 20.0;
constexpr double smallest_side_mm = 80.0;

struct Crop {
  int x = 0;
  int y = 0;
  int columns = 0;
  int rows = 0;
};

std::vector<int> chooseSlices(const analysis::StackVolumes& volumes) {
  std::vector<int> with_myocardium;
  std::vector<int> with_scar;
  for (std::size_t z = 0; z < volumes.slices.size(); ++z) {
    if (volumes.slices[z].myocardium_ml > 0) with_myocardium.push_back(static_cast<int>(z));
    if (volumes.slices[z].scar_ml > 0) with_scar.push_back(static_cast<int>(z));
  }
  const auto scar_ml = [&](int z) { return volumes.slices[static_cast<std::size_t>(z)].scar_ml; };
  std::stable_sort(with_scar.begin(), with_scar.end(),
                   [&](int a, int b) { return scar_ml(a) > scar_ml(b); });
  std::vector<int> chosen(
      with_scar.begin(),
      with_scar.begin() + static_cast<std::ptrdiff_t>(std::min(with_scar.size(), image_count)));
  const std::size_t wanted = std::min(image_count, with_myocardium.size());
  // The middle of each of `wanted` equal parts first, then whatever is left.
  for (std::size_t i = 0; i < wanted && chosen.size() < wanted; ++i) {
    const int z = with_myocardium[(2 * i + 1) * with_myocardium.size() / (2 * wanted)];
    if (std::find(chosen.begin(), chosen.end(), z) == chosen.end()) chosen.push_back(z);
  }
  for (const int z : with_myocardium) {
    if (chosen.size() >= wanted) break;
    if (std::find(chosen.begin(), chosen.end(), z) == chosen.end()) chosen.push_back(z);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// A square in millimetres around everything that either mask calls heart, inside the image.
Crop chooseCrop(const Mask& measured, const Mask* reference) {
  const Geometry& grid = measured.geometry;
  int low_x = grid.size[0], low_y = grid.size[1], high_x = -1, high_y = -1;
  const auto include = [&](const Mask& mask) {
    for (int z = 0; z < grid.size[2]; ++z) {
      for (int y = 0; y < grid.size[1]; ++y) {
        for (int x = 0; x < grid.size[0]; ++x) {
          if (mask.at(x, y, z) == 0) continue;
          low_x = std::min(low_x, x);
          high_x = std::max(high_x, x);
          low_y = std::min(low_y, y);
          high_y = std::max(high_y, y);
        }
      }
    }
  };
  include(measured);
  if (reference != nullptr) include(*reference);
  if (high_x < 0) return {0, 0, grid.size[0], grid.size[1]};
  const double dx = grid.spacing_mm[0];
  const double dy = grid.spacing_mm[1];
  const double side_mm = std::max({smallest_side_mm, (high_x - low_x + 1) * dx + 2 * margin_mm,
                                   (high_y - low_y + 1) * dy + 2 * margin_mm});
  const auto place = [side_mm](int low, int high, double pixel_mm, int size) {
    const int length = std::min(size, static_cast<int>(std::lround(side_mm / pixel_mm)));
    const int start = std::clamp((low + high + 1 - length) / 2, 0, size - length);
    return std::pair(start, length);
  };
  const auto [x, columns] = place(low_x, high_x, dx, grid.size[0]);
  const auto [y, rows] = place(low_y, high_y, dy, grid.size[1]);
  return {x, y, columns, rows};
}

template <typename T>
std::vector<T> cut(const Volume<T>& volume, const Crop& crop, int z) {
  std::vector<T> result;
  result.reserve(static_cast<std::size_t>(crop.columns) * static_cast<std::size_t>(crop.rows));
  for (int y = crop.y; y < crop.y + crop.rows; ++y) {
    for (int x = crop.x; x < crop.x + crop.columns; ++x) result.push_back(volume.at(x, y, z));
  }
  return result;
}

/// The crop as it lies on the screen.
template <typename T>
std::vector<T> laidOut(const std::vector<T>& stored, const Crop& crop,
                       const DisplayOrientation& orientation) {
  const int columns = orientation.transpose ? crop.rows : crop.columns;
  const int rows = orientation.transpose ? crop.columns : crop.rows;
  std::vector<T> result;
  result.reserve(stored.size());
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int right = orientation.flip_right ? columns - 1 - column : column;
      const int down = orientation.flip_down ? rows - 1 - row : row;
      const int x = orientation.transpose ? down : right;
      const int y = orientation.transpose ? right : down;
      result.push_back(stored[static_cast<std::size_t>(y) * static_cast<std::size_t>(crop.columns) +
                              static_cast<std::size_t>(x)]);
    }
  }
  return result;
}

std::pair<float, float> chooseWindow(std::vector<float> values) {
  if (values.empty()) return {0.F, 1.F};
  const auto pick = [&values](double share) {
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
  };
  const float low = pick(0.01);
  const float high = pick(0.997);
  return {low, high > low ? high : low + 1.F};
}

}  // namespace

std::vector<KeyImage> keyImages(const Stack& stack, const Mask& measured, const Mask* reference,
                                const analysis::StackVolumes& volumes) {
  std::vector<int> chosen = chooseSlices(volumes);
  if (stack.apex_first) std::reverse(chosen.begin(), chosen.end());
  const Crop crop = chooseCrop(measured, reference);
  const Geometry& grid = stack.image.geometry;
  const DisplayOrientation orientation = displayOrientation(grid);
  std::vector<std::vector<float>> values;
  std::vector<float> all;
  for (const int z : chosen) {
    values.push_back(laidOut(cut(stack.image, crop, z), crop, orientation));
    all.insert(all.end(), values.back().begin(), values.back().end());
  }
  const auto [low, high] = chooseWindow(std::move(all));

  std::vector<KeyImage> images;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const int z = chosen[i];
    KeyImage image;
    image.number = (stack.apex_first ? stack.sliceCount() - 1 - z : z) + 1;
    image.scar_ml = volumes.slices[static_cast<std::size_t>(z)].scar_ml;
    image.columns = crop.columns;
    image.rows = crop.rows;
    image.column_mm = grid.spacing_mm[0];
    image.row_mm = grid.spacing_mm[1];
    if (orientation.transpose) {
      std::swap(image.columns, image.rows);
      std::swap(image.column_mm, image.row_mm);
    }
    for (const float value : values[i]) {
      const float scaled = std::clamp((value - low) / (high - low), 0.F, 1.F);
      image.gray.push_back(static_cast<std::uint8_t>(std::lround(scaled * 255.F)));
    }
    image.labels = laidOut(cut(measured, crop, z), crop, orientation);
    if (reference != nullptr) {
      image.reference_labels = laidOut(cut(*reference, crop, z), crop, orientation);
    }
    image.letters = edgeLetters(grid, orientation);
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace gadolin::report
