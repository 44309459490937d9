#pragma once
// When a repaint of an image view has reached the screen.

#include <xcb/xcb.h>

#include <QGuiApplication>
#include <QOpenGLWidget>
#include <cstdlib>

#include "ui/view/image_view.h"

namespace gadolin::bench {

/// Waits until the X server has done all that this program asked of it.
inline void waitForServer() {
  const auto* x11 = qApp->nativeInterface<QNativeInterface::QX11Application>();
  if (!x11) return;
  auto* connection = x11->connection();
  std::free(xcb_get_input_focus_reply(connection, xcb_get_input_focus(connection), nullptr));
}

/// Calls `on_screen` in the life of `context` after each frame of `view`: after the swap of the
/// buffers where OpenGL puts the window together, else when the server has taken the window's new
/// pixels. False without OpenGL.
template <typename OnScreen>
bool watchFrames(view::ImageView& view, QObject* context, OnScreen on_screen) {
  if (view.findChildren<QWidget*>(Qt::FindDirectChildrenOnly).isEmpty()) return false;
  if (auto* surface = view.findChild<QOpenGLWidget*>()) {
    QObject::connect(surface, &QOpenGLWidget::frameSwapped, context, on_screen);
    return true;
  }
  QObject::connect(&view, &view::ImageView::painted, context, [context, on_screen] {
    // Qt flushes the window in this turn of the event loop, after the paint events.
    QMetaObject::invokeMethod(
        context,
        [on_screen] {
          waitForServer();
          on_screen();
        },
        Qt::QueuedConnection);
  });
  return true;
}

}  // namespace gadolin::bench
