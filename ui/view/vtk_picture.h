#pragma once
// A VTK scene in a widget that the processor puts on the screen.

#include <QImage>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QWidget>

#include "ui/view/scene_surface.h"
#include "ui/view/vtk_window.h"

namespace gadolin::view {

/// Like VtkView, for machines whose OpenGL is the processor's own: VTK renders off the screen, the
/// picture is copied into an image, and the window stays an ordinary one. A QOpenGLWidget would
/// have the whole window put together by OpenGL for every change in it, which in software costs
/// more than the scene does (docs/speed.md). Thread: the GUI thread.
class VtkPicture : public QWidget, public SceneSurface {
  Q_OBJECT
 public:
  explicit VtkPicture(PictureHooks hooks, QWidget* parent = nullptr);
  ~VtkPicture() override;

  QWidget* widget() override { return this; }
  void addRenderer(vtkRenderer* renderer) override { scene_.addRenderer(renderer); }
  void updateScene() override;
  void updateAnnotations() override { update(); }
  QImage picture() override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bool makeContext();
  /// Brings `image_` up to date with scene and size.
  void takePicture();
  void copyPicture(QSize size);

  PictureHooks hooks_;
  VtkWindow scene_;
  QOffscreenSurface surface_;
  QOpenGLContext context_;
  QImage image_;  // of the last rendering, in device pixels
};

}  // namespace gadolin::view
