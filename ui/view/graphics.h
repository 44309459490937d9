#pragma once
// What the program must do once, before QApplication is made, so that VTK can draw inside Qt.

class QWidget;

namespace gadolin::view {

/// Sets the default surface format (OpenGL 3.2 core, depth 24, stencil 8, no multisampling, no
/// alpha), sends VTK's warnings to Qt's log instead of a pop-up window, and tells glibc's allocator
/// to keep blocks of a window's size. Call it before QApplication is constructed; calling it again
/// does no harm.
void prepareGraphics();

/// False on platforms such as "offscreen", where Qt 6.4 ends the program when a QOpenGLWidget is
/// shown. Needs a QApplication.
bool platformHasOpenGL();

/// Makes `window` one that is composed by OpenGL from the start. Qt 6.4 replaces the native window
/// when the first OpenGL surface comes into a window that is already on the screen: it flickers and
/// loses the keyboard. Call it in the window's constructor; nothing without OpenGL.
void composeWithOpenGL(QWidget* window);

}  // namespace gadolin::view
