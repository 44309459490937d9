#include "ui/view/graphics.h"

#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOutputWindow.h>

#include <QtGui/qopenglcontext_platform.h>
#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QSurfaceFormat>
#include <QtDebug>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace gadolin::view {
namespace {

/// Without a GPU, Qt 6.4 copies the whole window several times a frame. glibc gives such blocks
/// back to the kernel and gets them page by page again: half of a frame's 65 ms (1400 x 900, 2
/// cores). Kept in the heap instead they cost some ten megabytes.
void keepFrameBuffersInTheHeap() {
#ifdef __GLIBC__
  constexpr int mebibyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 128 * mebibyte);
  mallopt(M_TRIM_THRESHOLD, 256 * mebibyte);
  mallopt(M_TOP_PAD, 64 * mebibyte);  // address space; pages come with their first use
#endif
}

class LogWindow : public vtkOutputWindow {
 public:
  static LogWindow* New();
  // clang-format off
  vtkTypeMacro(LogWindow, vtkOutputWindow)
  void DisplayText(const char* text) override { qWarning("VTK: %s", text ? text : ""); }
  // clang-format on

 protected:
  LogWindow() = default;
};
vtkStandardNewMacro(LogWindow)

    bool platformHasOpenGL() {
  // Qt 6.4 ends the program when a QOpenGLWidget is shown on one of these.
  const QString name = QGuiApplication::platformName();
  return name != QLatin1String("offscreen") && name != QLatin1String("minimal") &&
         name != QLatin1String("linuxfb") && name != QLatin1String("vnc");
}

/// The renderers of Mesa that have no hardware below them.
bool drawnByProcessor(const QByteArray& renderer) {
  const QByteArray name = renderer.toLower();
  return name.contains("llvmpipe") || name.contains("softpipe") || name.contains("swrast") ||
         name.contains("software rasterizer");
}

Drawing findDrawing() {
  if (!platformHasOpenGL()) return Drawing::None;
  QOffscreenSurface surface;
  surface.create();
  QOpenGLContext context;
  if (!context.create() || !context.makeCurrent(&surface)) {
    qWarning("OpenGL: no context can be made; images cannot be shown.");
    return Drawing::None;
  }
  // VTK of Debian 12 finds OpenGL's functions through GLX alone and would draw nothing.
  if (!context.nativeInterface<QNativeInterface::QGLXContext>()) {
    qWarning("OpenGL: this display has no GLX; images cannot be shown.");
    return Drawing::None;
  }
  const auto* text = context.functions()->glGetString(GL_RENDERER);
  const QByteArray renderer(reinterpret_cast<const char*>(text));
  context.doneCurrent();
  const QByteArray wish = qgetenv("GADOLIN_VIEW");
  if (wish == "composed") return Drawing::Composed;
  if (wish == "copied") return Drawing::Copied;
  return drawnByProcessor(renderer) ? Drawing::Copied : Drawing::Composed;
}

}  // namespace

void prepareGraphics() {
  keepFrameBuffersInTheHeap();
  // VTK needs GLX (see findDrawing), which a Wayland session has through its X server.
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && qEnvironmentVariableIsSet("DISPLAY"))
    qputenv("QT_QPA_PLATFORM", "xcb");
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

Drawing drawing() {
  static const Drawing found = findDrawing();
  return found;
}

void composeWithOpenGL(QWidget* window) {
  if (drawing() != Drawing::Composed) return;
  auto* surface = new QOpenGLWidget(window);
  surface->setObjectName(QStringLiteral("composer"));
  surface->hide();
}

}  // namespace gadolin::view
