#pragma once
// What the left button does in an image view.

#include <QPointF>
#include <Qt>

class QPainter;

namespace gadolin::view {

class ViewPlane;

/// Where the mouse is. Voxels are continuous indices (column, row) of the slice in front.
struct Pointer {
  QPointF voxel;
  QPointF screen;  // logical pixels of the view
  Qt::KeyboardModifiers modifiers;
};

/// A workspace gives one to its view; the view calls it with what the left button does and paints
/// what it has to show over the image. Thread: the GUI thread.
class PointerTool {
 public:
  virtual ~PointerTool() = default;
  virtual void press(const Pointer& at) = 0;
  virtual void drag(const Pointer& /*from*/, const Pointer& /*to*/) {}
  virtual void release(const Pointer& /*at*/) {}
  /// Without a button.
  virtual void hover(const Pointer& /*at*/) {}
  /// False: it is one more click.
  virtual bool doubleClick(const Pointer& /*at*/) { return false; }
  /// The mouse has left the view.
  virtual void leave() {}
  /// The slice, the stack or the tool is about to change while the button is down.
  virtual void letGo() {}
  virtual void paint(QPainter& /*painter*/, const ViewPlane& /*plane*/) const {}
  [[nodiscard]] virtual Qt::CursorShape cursor() const { return Qt::CrossCursor; }
};

}  // namespace gadolin::view
