#include "ui/view/vtk_view.h"

#include <vtkCallbackCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGenericRenderWindowInteractor.h>
#include <vtkNew.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <QOpenGLPaintDevice>
#include <QPainter>
#include <QScopedValueRollback>
#include <algorithm>
#include <cmath>

namespace gadolin::view {
namespace {

/// VTK warns of every interactor that it finds no default style for. We want none: the module that
/// holds the styles would bring MPI into the build.
vtkSmartPointer<vtkGenericRenderWindowInteractor> makeInteractor() {
  const int shown = vtkObject::GetGlobalWarningDisplay();
  vtkObject::GlobalWarningDisplayOff();
  auto interactor = vtkSmartPointer<vtkGenericRenderWindowInteractor>::New();
  interactor->SetInteractorStyle(nullptr);  // Qt's events are handled by the views
  vtkObject::SetGlobalWarningDisplay(shown);
  return interactor;
}

}  // namespace

struct VtkView::Impl {
  vtkNew<vtkGenericOpenGLRenderWindow> window;
  vtkSmartPointer<vtkGenericRenderWindowInteractor> interactor = makeInteractor();
  vtkNew<vtkCallbackCommand> observer;
  VtkView* view = nullptr;
  QMetaObject::Connection context_end;
  bool scene_changed = true;
  bool painting = false;

  /// VTK asks, Qt answers. Never the widget's makeCurrent(): that re-binds the widget's framebuffer
  /// under VTK's cached state.
  static void onEvent(vtkObject*, unsigned long event, void* self_pointer, void* data) {
    auto* self = static_cast<Impl*>(self_pointer);
    auto* context = self->view->context();
    switch (event) {
      case vtkCommand::WindowMakeCurrentEvent:
        if (context && context != QOpenGLContext::currentContext()) {
          context->makeCurrent(context->surface());
        }
        break;
      case vtkCommand::WindowIsCurrentEvent:
        *static_cast<bool*>(data) = context && context == QOpenGLContext::currentContext();
        break;
      case vtkCommand::WindowSupportsOpenGLEvent:
        *static_cast<int*>(data) = 1;
        break;
      case vtkCommand::WindowFrameEvent:
      case vtkCommand::RenderEvent:
        if (!self->painting) self->view->updateScene();
        break;
      default:
        break;
    }
  }
};

VtkView::VtkView(QWidget* parent) : QOpenGLWidget(parent), impl_(std::make_unique<Impl>()) {
  setUpdateBehavior(QOpenGLWidget::NoPartialUpdate);
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  impl_->view = this;
  impl_->observer->SetClientData(impl_.get());
  impl_->observer->SetCallback(&Impl::onEvent);
  auto* window = impl_->window.Get();
  window->SetReadyForRendering(false);
  window->SetFrameBlitModeToNoBlit();
  window->SetOwnContext(0);
  window->SetMultiSamples(0);
  window->SetInteractor(impl_->interactor);
  for (const auto event : {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
                           vtkCommand::WindowFrameEvent, vtkCommand::WindowSupportsOpenGLEvent}) {
    window->AddObserver(event, impl_->observer);
  }
  impl_->interactor->EnableRenderOff();
  impl_->interactor->AddObserver(vtkCommand::RenderEvent, impl_->observer);
}

VtkView::~VtkView() {
  // First the connection: the base class destroys the context when this object is half gone.
  disconnect(impl_->context_end);
  releaseContext();
  impl_->window->RemoveObserver(impl_->observer);
  impl_->interactor->RemoveObserver(impl_->observer);
  impl_->window->SetInteractor(nullptr);
}

void VtkView::addRenderer(vtkRenderer* renderer) {
  impl_->window->AddRenderer(renderer);
}

vtkGenericOpenGLRenderWindow* VtkView::renderWindow() const {
  return impl_->window;
}

void VtkView::updateScene() {
  impl_->scene_changed = true;
  if (!impl_->painting) update();
}

void VtkView::paintOver(QPainter&) {}

void VtkView::releaseContext() {
  if (!context()) return;
  makeCurrent();
  impl_->window->Finalize();
  impl_->window->SetReadyForRendering(false);
  doneCurrent();
}

void VtkView::initializeGL() {
  // Runs again after every change of the top-level window.
  disconnect(impl_->context_end);
  impl_->context_end = connect(
      context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { releaseContext(); },
      Qt::DirectConnection);
  auto* window = impl_->window.Get();
  window->SetReadyForRendering(true);
  auto* state = window->GetState();
  state->Reset();
  state->vtkglDepthFunc(GL_LEQUAL);
  window->OpenGLInitContext();
  impl_->scene_changed = true;
}

void VtkView::takeSize() {
  const double ratio = devicePixelRatioF();
  const int width = std::max(1, static_cast<int>(std::lround(this->width() * ratio)));
  const int height = std::max(1, static_cast<int>(std::lround(this->height() * ratio)));
  const int* now = impl_->window->GetSize();
  if (now[0] == width && now[1] == height) return;
  impl_->window->SetSize(width, height);
  impl_->interactor->UpdateSize(width, height);
  impl_->scene_changed = true;
}

void VtkView::resizeGL(int, int) {
  takeSize();
}

void VtkView::paintGL() {
  if (!isValid()) return;
  const QScopedValueRollback<bool> guard(impl_->painting, true);
  takeSize();  // the screen's scale may have changed without a resize
  auto* window = impl_->window.Get();
  auto* state = window->GetState();
  state->Reset();
  state->Push();
  if (impl_->scene_changed) {
    impl_->scene_changed = false;
    window->Render();
  }
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
  state->Pop();
  // Pop() may have bound another framebuffer; the painter draws into the widget's.
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
  // Not QPainter(this): within QWidget::grab() that would paint into another device.
  const int* size = window->GetSize();
  QOpenGLPaintDevice surface(size[0], size[1]);
  surface.setDevicePixelRatio(devicePixelRatioF());
  QPainter painter(&surface);
  painter.setFont(font());
  paintOver(painter);
}

}  // namespace gadolin::view
