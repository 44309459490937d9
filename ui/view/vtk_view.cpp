#include "ui/view/vtk_view.h"

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <QElapsedTimer>
#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QOpenGLPaintDevice>
#include <QPainter>

namespace gadolin::view {

VtkView::VtkView(PictureHooks hooks, QWidget* parent)
    : QOpenGLWidget(parent),
      hooks_(std::move(hooks)),
      scene_([this] { return context(); }, [this] { updateScene(); }) {
  setUpdateBehavior(QOpenGLWidget::NoPartialUpdate);
}

VtkView::~VtkView() {
  // First the connection: the base class destroys the context when this object is half gone.
  disconnect(context_end_);
  releaseContext();
}

void VtkView::updateScene() {
  scene_.invalidate();
  update();
}

void VtkView::releaseContext() {
  if (!context()) return;
  makeCurrent();
  scene_.stop();
  doneCurrent();
}

void VtkView::initializeGL() {
  // Runs again after every change of the top-level window.
  disconnect(context_end_);
  context_end_ = connect(
      context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { releaseContext(); },
      Qt::DirectConnection);
  scene_.start();
}

void VtkView::takeSize() {
  scene_.setSize((QSizeF(size()) * devicePixelRatioF()).toSize());
}

void VtkView::resizeGL(int, int) {
  takeSize();
}

void VtkView::paintGL() {
  if (!isValid()) return;
  QElapsedTimer timer;
  timer.start();
  hooks_.prepare();
  takeSize();  // the screen's scale may have changed without a resize
  paintScene();
  paintText();
  hooks_.painted(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
}

void VtkView::paintScene() {
  scene_.beginPicture();
  scene_.renderIfStale();
  auto* window = scene_.get();
  auto* state = window->GetState();
  const unsigned int target = defaultFramebufferObject();
  state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, target);
  constexpr GLenum attachment = GL_COLOR_ATTACHMENT0;
  auto* gl = context()->extraFunctions();
  gl->glDrawBuffers(1, &attachment);
  state->vtkglDisable(GL_SCISSOR_TEST);
  if (auto* rendered = window->GetRenderFramebuffer()) {
    const int* drawn = rendered->GetLastSize();
    window->BlitDisplayFramebuffer(0, 0, 0, drawn[0], drawn[1], 0, 0, window->GetSize()[0],
                                   window->GetSize()[1], GL_COLOR_BUFFER_BIT, GL_NEAREST);
  }
  // Without this the window's own background shines through dark parts of the picture.
  state->vtkglBindFramebuffer(GL_FRAMEBUFFER, target);
  state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
  state->vtkglClearColor(0, 0, 0, 1);
  state->vtkglClear(GL_COLOR_BUFFER_BIT);
  state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  scene_.endPicture();
  // That may have bound another framebuffer; the painter draws into the widget's.
  gl->glBindFramebuffer(GL_FRAMEBUFFER, target);
  gl->glDrawBuffers(1, &attachment);
  gl->glUseProgram(0);
  gl->glBindVertexArray(0);
  gl->glBindBuffer(GL_ARRAY_BUFFER, 0);
  gl->glActiveTexture(GL_TEXTURE0);
  gl->glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  gl->glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  gl->glDisable(GL_DEPTH_TEST);
  gl->glDisable(GL_CULL_FACE);
}

void VtkView::paintText() {
  // Not QPainter(this): within QWidget::grab() that would paint into another device.
  const int* size = scene_.get()->GetSize();
  QOpenGLPaintDevice surface(size[0], size[1]);
  surface.setDevicePixelRatio(devicePixelRatioF());
  QPainter painter(&surface);
  painter.setFont(font());
  hooks_.paint_over(painter);
}

}  // namespace gadolin::view
