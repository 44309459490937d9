#pragma once
// The left ventricle in space as a VTK scene: a glassy wall, the cavity, scar and MVO within. Knows
// nothing of Qt or windows.

#include <array>
#include <memory>
#include <optional>

#include "ui/view/heart_mesh.h"
#include "ui/view/palette.h"

class vtkRenderer;

namespace gadolin::view {

/// Thread: the GUI thread.
class HeartScene {
 public:
  HeartScene();
  HeartScene(const HeartScene&) = delete;
  HeartScene& operator=(const HeartScene&) = delete;
  ~HeartScene();

  [[nodiscard]] vtkRenderer* renderer() const;
  /// Null clears. The way it is looked at stays while `keep_camera`.
  void setHeart(const HeartMeshes* heart, bool keep_camera);
  /// The plane of this slice, as a frame; none hides it.
  void setSlice(std::optional<int> z);
  void setPalette(PaletteName palette);
  void setBackground(Rgb colour);
  void setAspect(double width, double height);

  /// Turns the heart about the screen's axes, degrees.
  void turn(double right, double down);
  void zoom(double factor);
  /// From the front, base on top.
  void resetCamera();
  /// Where a unit LPS vector points on the screen: right, up; and toward the eye.
  [[nodiscard]] std::array<double, 3> onScreen(const Vec3& direction) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::view
