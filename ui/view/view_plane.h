#pragma once
// How a slice lies in a view: zoom, pan, and the way between screen pixels and voxels. No Qt, no
// VTK.

#include <array>

#include "core/imaging/geometry.h"
#include "core/imaging/display_orientation.h"

namespace gadolin::view {

struct Point2 {
  double x = 0;
  double y = 0;
};

/// Screen coordinates are pixels of any one kind (the widget's logical pixels), origin at the top
/// left corner, y down. Voxel coordinates are continuous indices: 0 is the centre of the first
/// voxel.
class ViewPlane {
 public:
  ViewPlane() = default;
  ViewPlane(const Geometry& geometry, const DisplayOrientation& orientation);

  [[nodiscard]] const DisplayOrientation& orientation() const { return orientation_; }

  /// Size of the view; the picture keeps its centre and its share of the view.
  void resize(double width, double height);
  /// Fits the whole slice into the view.
  void reset();
  /// factor > 1 enlarges; the point under (x, y) stays where it is. Zoom is kept within 0.2 .. 40
  /// times the fitted size.
  void zoomAt(double x, double y, double factor);
  void panBy(double dx, double dy);

  /// Zoom relative to the fitted size.
  [[nodiscard]] double zoom() const { return zoom_; }
  /// Screen pixels per millimetre.
  [[nodiscard]] double pixelsPer_mm() const { return fit_ * zoom_; }
  [[nodiscard]] Point2 toVoxel(double screen_x, double screen_y) const;
  [[nodiscard]] Point2 toScreen(double voxel_x, double voxel_y) const;
  /// Millimetres along the image's x and y axes (from the centre of voxel 0) at the view's centre.
  [[nodiscard]] Point2 centre_mm() const { return centre_mm_; }
  /// Half of the view's height in millimetres: VTK's parallel scale.
  [[nodiscard]] double halfHeight_mm() const;

 private:
  [[nodiscard]] Point2 screenToImage(double right, double down) const;
  void refit();

  std::array<double, 2> size_mm_{1, 1};  // of the whole slice along x and y, edge to edge
  std::array<double, 2> spacing_mm_{1, 1};
  DisplayOrientation orientation_;
  double width_ = 1;
  double height_ = 1;
  double fit_ = 1;  // pixels per mm that show the whole slice
  double zoom_ = 1;
  Point2 centre_mm_;
};

}  // namespace gadolin::view
