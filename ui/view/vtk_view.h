#pragma once
// A VTK scene in a widget that the graphics card puts on the screen.

#include <QOpenGLWidget>

#include "ui/view/scene_surface.h"
#include "ui/view/vtk_window.h"

namespace gadolin::view {

/// Thread: the GUI thread. May be made and used without a context, but not shown on a platform
/// without OpenGL ("offscreen"): Qt 6.4 crashes there, see ImageView. Survives re-parenting to
/// another window: the context is then rebuilt. prepareGraphics() must have run before
/// QApplication.
class VtkView : public QOpenGLWidget, public SceneSurface {
  Q_OBJECT
 public:
  explicit VtkView(PictureHooks hooks, QWidget* parent = nullptr);
  ~VtkView() override;

  QWidget* widget() override { return this; }
  void addRenderer(vtkRenderer* renderer) override { scene_.addRenderer(renderer); }
  void updateScene() override;
  void updateAnnotations() override { update(); }
  QImage picture() override { return grabFramebuffer(); }

 protected:
  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;

 private:
  void releaseContext();
  void takeSize();

  void paintScene();
  void paintText();

  PictureHooks hooks_;
  VtkWindow scene_;
  QMetaObject::Connection context_end_;
};

}  // namespace gadolin::view
