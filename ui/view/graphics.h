#pragma once
// What the program must do once, before QApplication is made, so that VTK can draw inside Qt.

class QWidget;

namespace gadolin::view {

/// Sets the default surface format (OpenGL 3.2 core, depth 24, stencil 8, no multisampling, no
/// alpha), chooses Qt's X11 platform where there is an X server (VTK needs GLX), sends VTK's
/// warnings to Qt's log instead of a pop-up window, and tells glibc's allocator to keep blocks of a
/// window's size. Call it before QApplication is constructed; calling it again does no harm.
void prepareGraphics();

/// How pictures of VTK come to the screen.
enum class Drawing {
  None,      // no GLX here (platform "offscreen"): a sentence stands in the place of the picture
  Composed,  // a graphics card: QOpenGLWidget, the window is put together by OpenGL
  Copied,    // OpenGL by the processor (llvmpipe): rendered off the screen, then copied
};

/// Found out by the first call, which makes a context to ask who draws. The environment variable
/// GADOLIN_VIEW (composed, copied) overrules it where there is OpenGL at all. Needs a QApplication.
/// Thread: the GUI thread.
Drawing drawing();

/// Makes `window` one that is composed by OpenGL from the start. Qt 6.4 replaces the native window
/// when the first OpenGL surface comes into a window that is already on the screen: it flickers and
/// loses the keyboard. Call it in the window's constructor; does nothing unless Drawing::Composed.
void composeWithOpenGL(QWidget* window);

}  // namespace gadolin::view
