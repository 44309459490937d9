#include "ui/view/view_plane.h"

#include <algorithm>
#include <utility>

namespace gadolin::view {

ViewPlane::ViewPlane(const Geometry& geometry, const DisplayOrientation& orientation)
    : size_mm_{geometry.size[0] * geometry.spacing_mm[0],
               geometry.size[1] * geometry.spacing_mm[1]},
      spacing_mm_{geometry.spacing_mm[0], geometry.spacing_mm[1]},
      orientation_(orientation) {
  reset();
}

void ViewPlane::refit() {
  const double right_mm = size_mm_[orientation_.transpose ? 1 : 0];
  const double down_mm = size_mm_[orientation_.transpose ? 0 : 1];
  fit_ = std::min(width_ / std::max(right_mm, 1e-6), height_ / std::max(down_mm, 1e-6));
}

void ViewPlane::resize(double width, double height) {
  width_ = std::max(1.0, width);
  height_ = std::max(1.0, height);
  refit();
}

void ViewPlane::reset() {
  zoom_ = 1;
  centre_mm_ = {(size_mm_[0] - spacing_mm_[0]) / 2, (size_mm_[1] - spacing_mm_[1]) / 2};
  refit();
}

Point2 ViewPlane::screenToImage(double right, double down) const {
  if (orientation_.flip_right) right = -right;
  if (orientation_.flip_down) down = -down;
  return orientation_.transpose ? Point2{down, right} : Point2{right, down};
}

void ViewPlane::zoomAt(double x, double y, double factor) {
  const double target = std::clamp(zoom_ * factor, 0.2, 40.0);
  const auto offset = screenToImage(x - width_ / 2, y - height_ / 2);
  const double before = 1 / pixelsPer_mm();
  zoom_ = target;
  const double after = 1 / pixelsPer_mm();
  centre_mm_.x += offset.x * (before - after);
  centre_mm_.y += offset.y * (before - after);
}

void ViewPlane::panBy(double dx, double dy) {
  const auto offset = screenToImage(dx, dy);
  centre_mm_.x -= offset.x / pixelsPer_mm();
  centre_mm_.y -= offset.y / pixelsPer_mm();
}

Point2 ViewPlane::toVoxel(double screen_x, double screen_y) const {
  const auto offset = screenToImage(screen_x - width_ / 2, screen_y - height_ / 2);
  return {(centre_mm_.x + offset.x / pixelsPer_mm()) / spacing_mm_[0],
          (centre_mm_.y + offset.y / pixelsPer_mm()) / spacing_mm_[1]};
}

Point2 ViewPlane::toScreen(double voxel_x, double voxel_y) const {
  double right = (voxel_x * spacing_mm_[0] - centre_mm_.x) * pixelsPer_mm();
  double down = (voxel_y * spacing_mm_[1] - centre_mm_.y) * pixelsPer_mm();
  if (orientation_.transpose) std::swap(right, down);
  if (orientation_.flip_right) right = -right;
  if (orientation_.flip_down) down = -down;
  return {width_ / 2 + right, height_ / 2 + down};
}

double ViewPlane::halfHeight_mm() const {
  return height_ / 2 / pixelsPer_mm();
}

}  // namespace gadolin::view
