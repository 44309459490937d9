#pragma once
// VTK's render window on an OpenGL context that Qt owns (VTK 9.1 has no Qt 6 module of its own in
// Debian 12).

#include <QSize>
#include <functional>
#include <memory>

class QOpenGLContext;
class vtkGenericOpenGLRenderWindow;
class vtkRenderer;

namespace gadolin::view {

/// Renders into framebuffers of its own; whoever holds it fetches the picture from there.
/// Thread: the GUI thread.
class VtkWindow {
 public:
  /// `context` is asked whenever VTK wants its context and may return null; `scene_changed` is
  /// called when VTK asks for a render outside of one.
  VtkWindow(std::function<QOpenGLContext*()> context, std::function<void()> scene_changed);
  ~VtkWindow();
  VtkWindow(const VtkWindow&) = delete;
  VtkWindow& operator=(const VtkWindow&) = delete;

  /// Shares ownership through VTK's reference count.
  void addRenderer(vtkRenderer* renderer);
  [[nodiscard]] vtkGenericOpenGLRenderWindow* get() const;

  /// After the context was made, and whenever it is another one. It must be current.
  void start();
  /// Frees what VTK made in the context, which must be current and is about to go.
  void stop();

  /// In device pixels.
  void setSize(QSize size);
  void invalidate();
  /// Invalidated, resized or given another context since the last render.
  [[nodiscard]] bool isStale() const;

  /// One picture, with the context current: begin, render what is stale, fetch the picture, end.
  /// Between begin and end VTK's cached OpenGL state is valid, and its wish for another render is
  /// not passed on.
  void beginPicture();
  void renderIfStale();
  void endPicture();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::view
