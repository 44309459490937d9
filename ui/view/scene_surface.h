#pragma once
// What a VTK scene is drawn on: one interface, two ways to the screen.

#include <QImage>
#include <functional>

class QPainter;
class QWidget;
class vtkRenderer;

namespace gadolin::view {

/// What the owner of a surface does around each of its pictures.
struct PictureHooks {
  std::function<void()> prepare;                     // before the scene is rendered
  std::function<void(QPainter&)> paint_over;         // over the scene, in logical pixels
  std::function<void(double milliseconds)> painted;  // a repaint is done; it took so long
};

/// A widget that shows one VTK scene. Thread: the GUI thread.
class SceneSurface {
 public:
  virtual ~SceneSurface() = default;
  [[nodiscard]] virtual QWidget* widget() = 0;
  /// Shares ownership through VTK's reference count.
  virtual void addRenderer(vtkRenderer* renderer) = 0;
  /// Asks for one render of the scene in this turn of the event loop.
  virtual void updateScene() = 0;
  /// Repaints what lies over the scene, which is taken from its last rendering.
  virtual void updateAnnotations() = 0;
  /// What is drawn for the present state, in device pixels; null when OpenGL gives no context.
  [[nodiscard]] virtual QImage picture() = 0;
};

/// A child of `parent` of the kind that drawing() asks for; null for Drawing::None. The parent
/// deletes it unless the caller does so first.
SceneSurface* makeSceneSurface(QWidget* parent, PictureHooks hooks);

}  // namespace gadolin::view
