#pragma once
// A VTK render window inside a Qt 6 widget (VTK 9.1 has no Qt 6 module of its own in Debian 12).

#include <QOpenGLWidget>
#include <memory>

class QPainter;
class vtkGenericOpenGLRenderWindow;
class vtkRenderer;

namespace gadolin::view {

/// Thread: the GUI thread. May be made and used without a context, but not shown on a platform
/// without OpenGL ("offscreen"): Qt 6.4 crashes there, see ImageView. Survives re-parenting to
/// another window: the context is then rebuilt. prepareGraphics() must have run before
/// QApplication.
class VtkView : public QOpenGLWidget {
  Q_OBJECT
 public:
  explicit VtkView(QWidget* parent = nullptr);
  ~VtkView() override;

  /// Shares ownership through VTK's reference count.
  void addRenderer(vtkRenderer* renderer);
  [[nodiscard]] vtkGenericOpenGLRenderWindow* renderWindow() const;

  /// Asks for one render of the scene in this turn of the event loop.
  void updateScene();
  /// Repaints what paintOver() draws; the scene is taken from its last rendering.
  void updateAnnotations() { update(); }

 protected:
  /// Drawn over the scene in logical pixels.
  virtual void paintOver(QPainter& painter);

  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;

 private:
  void releaseContext();
  void takeSize();

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::view
