#include "ui/view/vtk_window.h"

#include <vtkCallbackCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGenericRenderWindowInteractor.h>
#include <vtkNew.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <QOpenGLContext>
#include <algorithm>

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

struct VtkWindow::Impl {
  vtkNew<vtkGenericOpenGLRenderWindow> window;
  vtkSmartPointer<vtkGenericRenderWindowInteractor> interactor = makeInteractor();
  vtkNew<vtkCallbackCommand> observer;
  std::function<QOpenGLContext*()> context;
  std::function<void()> scene_changed;
  bool stale = true;
  bool painting = false;

  /// VTK asks, Qt answers. Never a QOpenGLWidget's makeCurrent(): that re-binds the widget's
  /// framebuffer under VTK's cached state.
  static void onEvent(vtkObject*, unsigned long event, void* self_pointer, void* data) {
    auto* self = static_cast<Impl*>(self_pointer);
    auto* context = self->context();
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
        if (!self->painting) self->scene_changed();
        break;
      default:
        break;
    }
  }
};

VtkWindow::VtkWindow(std::function<QOpenGLContext*()> context, std::function<void()> scene_changed)
    : impl_(std::make_unique<Impl>()) {
  impl_->context = std::move(context);
  impl_->scene_changed = std::move(scene_changed);
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

VtkWindow::~VtkWindow() {
  impl_->window->RemoveObserver(impl_->observer);
  impl_->interactor->RemoveObserver(impl_->observer);
  impl_->window->SetInteractor(nullptr);
}

void VtkWindow::addRenderer(vtkRenderer* renderer) {
  impl_->window->AddRenderer(renderer);
}

vtkGenericOpenGLRenderWindow* VtkWindow::get() const {
  return impl_->window;
}

void VtkWindow::start() {
  auto* window = impl_->window.Get();
  window->SetReadyForRendering(true);
  auto* state = window->GetState();
  state->Reset();
  state->vtkglDepthFunc(GL_LEQUAL);
  window->OpenGLInitContext();
  impl_->stale = true;
}

void VtkWindow::stop() {
  impl_->window->Finalize();
  impl_->window->SetReadyForRendering(false);
}

void VtkWindow::setSize(QSize size) {
  size = size.expandedTo({1, 1});
  const int* now = impl_->window->GetSize();
  if (now[0] == size.width() && now[1] == size.height()) return;
  impl_->window->SetSize(size.width(), size.height());
  impl_->interactor->UpdateSize(size.width(), size.height());
  impl_->stale = true;
}

void VtkWindow::invalidate() {
  impl_->stale = true;
}

bool VtkWindow::isStale() const {
  return impl_->stale;
}

void VtkWindow::beginPicture() {
  impl_->painting = true;
  auto* state = impl_->window->GetState();
  state->Reset();
  state->Push();
}

void VtkWindow::renderIfStale() {
  if (!impl_->stale) return;
  impl_->stale = false;
  impl_->window->Render();
}

void VtkWindow::endPicture() {
  impl_->window->GetState()->Pop();
  impl_->painting = false;
}

}  // namespace gadolin::view
