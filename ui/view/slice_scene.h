#pragma once
// One slice of a stack with what is laid over it, as a VTK scene. Knows nothing of Qt or windows.
// VTK sees the image in plain index space (columns and rows times their spacing); LPS and obliques
// stay in Geometry and DisplayOrientation.

#include <cstdint>
#include <memory>

#include "core/imaging/stack.h"
#include "ui/view/palette.h"
#include "ui/view/view_plane.h"
#include "ui/view/window_level.h"

class vtkRenderer;

namespace gadolin::view {

/// Values 0..255 for 0..1: a probability or a class activation map on a stack's grid.
using HeatMap = Volume<std::uint8_t>;

/// What is shown of the overlays, and how.
struct OverlayStyle {
  bool visible = true;    // all overlays at once
  bool fill = true;       // tissue colours of the mask: myocardium faint, scar and MVO full
  bool outline = true;    // endo, epi, scar and MVO borders of the mask
  bool reference = true;  // borders of the reference mask
  bool heat = true;       // heat map, where it is above 0
  double opacity = 0.4;   // 0..1, of fill and heat map
  PaletteName palette = PaletteName::ColourBlindSafe;

  friend bool operator==(const OverlayStyle&, const OverlayStyle&) = default;
};

/// Thread: the GUI thread. Voxels are not copied; the scene holds the shared pointers.
class SliceScene {
 public:
  SliceScene();
  SliceScene(const SliceScene&) = delete;
  SliceScene& operator=(const SliceScene&) = delete;
  ~SliceScene();

  [[nodiscard]] vtkRenderer* renderer() const;

  /// Null clears. Masks and heat map are dropped with the stack they belong to.
  void setStack(std::shared_ptr<const Stack> stack);
  /// False, and nothing shown, when the size differs from the stack's. Null clears.
  bool setMask(std::shared_ptr<const Mask> mask);
  /// The voxels of the mask were written to.
  void maskChanged();
  bool setReference(std::shared_ptr<const Mask> mask);
  bool setHeatMap(std::shared_ptr<const HeatMap> heat);

  void setSlice(int z);  // clamped to the stack
  void setWindow(const WindowLevel& window);
  void setStyle(const OverlayStyle& style);
  /// Smooth (linear) or voxel by voxel (nearest) grey values. Masks are always voxel by voxel.
  void setSmooth(bool smooth);
  void setPlane(const ViewPlane& plane);
  /// Width of outlines in device pixels.
  void setLineWidth(double pixels);
  void setBackground(Rgb colour);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::view
