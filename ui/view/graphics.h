#pragma once
// What the program must do once, before QApplication is made, so that VTK can draw inside Qt.

namespace gadolin::view {

/// Sets the default surface format (OpenGL 3.2 core, depth 24, stencil 8, no multisampling, no
/// alpha), sends VTK's warnings to Qt's log instead of a pop-up window, and tells glibc's allocator
/// to keep blocks of a window's size. Call it before QApplication is constructed; calling it again
/// does no harm.
void prepareGraphics();

}  // namespace gadolin::view
