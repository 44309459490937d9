#include "ui/view/graphics.h"

#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOutputWindow.h>

#include <QSurfaceFormat>
#include <QtDebug>

namespace gadolin::view {
namespace {

class LogWindow : public vtkOutputWindow {
 public:
  static LogWindow* New();
  // clang-format off: the macro needs no semicolon
  vtkTypeMacro(LogWindow, vtkOutputWindow)
      // clang-format on
      void DisplayText(const char* text) override {
    qWarning("VTK: %s", text ? text : "");
  }

 protected:
  LogWindow() = default;
};
vtkStandardNewMacro(LogWindow)

}  // namespace

void prepareGraphics() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setSwapBehavior(QSurfaceFormat::DoubleBuffer);
  format.setDepthBufferSize(24);
  format.setStencilBufferSize(8);
  format.setSamples(0);
  format.setAlphaBufferSize(0);
  QSurfaceFormat::setDefaultFormat(format);
  const vtkNew<LogWindow> log;
  vtkOutputWindow::SetInstance(log);
}

}  // namespace gadolin::view
