#include "ui/view/slice_image.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/imaging/display_orientation.h"

namespace gadolin::view {
namespace {

/// For each pixel along one screen axis: which voxels it mixes, with which weights (a triangle as
/// wide as the larger of a pixel and a voxel).
struct Taps {
  std::vector<int> first;
  std::vector<std::vector<float>> weights;

  Taps(int pixels, int voxels, bool flip) {
    const double scale = static_cast<double>(voxels) / pixels;
    const double radius = std::max(1.0, scale);
    for (int pixel = 0; pixel < pixels; ++pixel) {
      double centre = (pixel + 0.5) * scale - 0.5;
      if (flip) centre = voxels - 1 - centre;
      const int begin = std::clamp(static_cast<int>(std::ceil(centre - radius)), 0, voxels - 1);
      const int end = std::clamp(static_cast<int>(std::floor(centre + radius)), begin, voxels - 1);
      std::vector<float> row;
      double sum = 0;
      for (int voxel = begin; voxel <= end; ++voxel) {
        const double weight = std::max(1e-6, 1 - std::abs(voxel - centre) / radius);
        row.push_back(static_cast<float>(weight));
        sum += weight;
      }
      for (auto& weight : row) weight /= static_cast<float>(sum);
      first.push_back(begin);
      weights.push_back(std::move(row));
    }
  }
};

}  // namespace

QSize fittedSize(const Stack& stack, QSize box) {
  const auto& g = stack.image.geometry;
  double right_mm = g.size[0] * g.spacing_mm[0];
  double down_mm = g.size[1] * g.spacing_mm[1];
  if (displayOrientation(g).transpose) std::swap(right_mm, down_mm);
  const double scale = std::min(box.width() / right_mm, box.height() / down_mm);
  return {std::max(1, static_cast<int>(std::lround(right_mm * scale))),
          std::max(1, static_cast<int>(std::lround(down_mm * scale)))};
}

QImage sliceImage(const Stack& stack, int z, const WindowLevel& window, QSize size) {
  const auto& g = stack.image.geometry;
  const auto orientation = displayOrientation(g);
  const int columns = g.size[0];
  const int rows = g.size[1];
  const auto slice = stack.image.slice(z);
  // Taps along the image's own axes; the transposition is undone when pixels are written.
  const int pixels_x = orientation.transpose ? size.height() : size.width();
  const int pixels_y = orientation.transpose ? size.width() : size.height();
  const Taps along_x(pixels_x, columns,
                     orientation.transpose ? orientation.flip_down : orientation.flip_right);
  const Taps along_y(pixels_y, rows,
                     orientation.transpose ? orientation.flip_right : orientation.flip_down);

  std::vector<float> narrowed(static_cast<std::size_t>(pixels_x) * static_cast<std::size_t>(rows));
  for (int y = 0; y < rows; ++y) {
    const float* row = slice.data() + static_cast<std::ptrdiff_t>(y) * columns;
    for (int px = 0; px < pixels_x; ++px) {
      const auto p = static_cast<std::size_t>(px);
      const float* voxel = row + along_x.first[p];
      float sum = 0;
      for (const float weight : along_x.weights[p]) sum += weight * *voxel++;
      narrowed[static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels_x) + p] = sum;
    }
  }
  QImage image(size, QImage::Format_Grayscale8);
  const auto low = static_cast<float>(window.low());
  const auto scale = static_cast<float>(255 / window.width);
  std::vector<float> line(static_cast<std::size_t>(pixels_x));
  for (int py = 0; py < pixels_y; ++py) {
    std::ranges::fill(line, 0.0F);
    int y = along_y.first[static_cast<std::size_t>(py)];
    for (const float weight : along_y.weights[static_cast<std::size_t>(py)]) {
      const float* source = narrowed.data() + static_cast<std::ptrdiff_t>(y++) * pixels_x;
      for (std::size_t px = 0; px < line.size(); ++px) line[px] += weight * source[px];
    }
    for (int px = 0; px < pixels_x; ++px) {
      const float grey = (line[static_cast<std::size_t>(px)] - low) * scale;
      // NaN fails both comparisons and becomes black.
      const auto value = static_cast<uchar>(grey >= 255 ? 255 : grey > 0 ? grey : 0);
      if (orientation.transpose) {
        image.scanLine(px)[py] = value;
      } else {
        image.scanLine(py)[px] = value;
      }
    }
  }
  return image;
}

}  // namespace gadolin::view
