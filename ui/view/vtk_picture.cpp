#include "ui/view/vtk_picture.h"

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

#include <QElapsedTimer>
#include <QOpenGLFunctions>
#include <QPainter>

namespace gadolin::view {

VtkPicture::VtkPicture(PictureHooks hooks, QWidget* parent)
    : QWidget(parent),
      hooks_(std::move(hooks)),
      scene_([this] { return context_.isValid() ? &context_ : nullptr; },
             [this] { updateScene(); }) {
  setAttribute(Qt::WA_OpaquePaintEvent);
}

VtkPicture::~VtkPicture() {
  if (!context_.isValid() || !context_.makeCurrent(&surface_)) return;
  scene_.stop();
  context_.doneCurrent();
}

void VtkPicture::updateScene() {
  scene_.invalidate();
  update();
}

bool VtkPicture::makeContext() {
  if (context_.isValid()) return context_.makeCurrent(&surface_);
  surface_.create();
  if (!context_.create() || !context_.makeCurrent(&surface_)) return false;
  scene_.start();
  return true;
}

void VtkPicture::takePicture() {
  const QSize size = (QSizeF(this->size()) * devicePixelRatioF()).toSize().expandedTo({1, 1});
  if (!scene_.isStale() && image_.size() == size) return;
  if (!makeContext()) return;
  hooks_.prepare();
  scene_.setSize(size);
  scene_.beginPicture();
  scene_.renderIfStale();
  copyPicture(size);
  scene_.endPicture();
  context_.doneCurrent();
}

void VtkPicture::copyPicture(QSize size) {
  auto* rendered = scene_.get()->GetRenderFramebuffer();
  if (!rendered) return;
  scene_.get()->GetState()->vtkglBindFramebuffer(GL_READ_FRAMEBUFFER, rendered->GetFBOIndex());
  // In the framebuffer's own order of the channels, which Mesa copies as it is.
  QImage upside_down(size, QImage::Format_RGBA8888);
  auto* gl = context_.functions();
  gl->glPixelStorei(GL_PACK_ALIGNMENT, 4);
  gl->glReadPixels(0, 0, size.width(), size.height(), GL_RGBA, GL_UNSIGNED_BYTE,
                   upside_down.bits());
  // RGB32 is the format of the window's backing store; it drops the alpha, which VTK leaves at 0
  // where nothing is.
  image_ = std::move(upside_down).mirrored().convertToFormat(QImage::Format_RGB32);
}

QImage VtkPicture::picture() {
  takePicture();
  if (image_.isNull()) return {};
  QImage whole = image_.copy();
  whole.setDevicePixelRatio(devicePixelRatioF());
  QPainter painter(&whole);
  painter.setFont(font());
  hooks_.paint_over(painter);
  painter.end();
  whole.setDevicePixelRatio(1);
  return whole;
}

void VtkPicture::paintEvent(QPaintEvent*) {
  QElapsedTimer timer;
  timer.start();
  takePicture();
  QPainter painter(this);
  if (image_.isNull()) {
    painter.fillRect(rect(), Qt::black);
  } else {
    image_.setDevicePixelRatio(devicePixelRatioF());
    painter.drawImage(QPointF(0, 0), image_);
  }
  hooks_.paint_over(painter);
  painter.end();
  hooks_.painted(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
}

}  // namespace gadolin::view
