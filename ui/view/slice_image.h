#pragma once
// A slice as a QImage, without OpenGL: for thumbnails and key images.

#include <QImage>
#include <QSize>

#include "core/imaging/stack.h"
#include "ui/view/window_level.h"

namespace gadolin::view {

/// Size in pixels of slice pictures of this stack that fit into `box`, in true aspect and in the
/// stack's display orientation.
QSize fittedSize(const Stack& stack, QSize box);

/// Slice z (stored order) as 8-bit grey of exactly `size` pixels, windowed, in the stack's display
/// orientation; each pixel averages the voxels it covers, or interpolates where it is smaller.
/// Thread: any.
QImage sliceImage(const Stack& stack, int z, const WindowLevel& window, QSize size);

}  // namespace gadolin::view
