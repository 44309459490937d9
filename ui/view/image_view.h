#pragma once
// The image view, the same everywhere: one slice of a stack, large, with overlays and its keys.

#include <QHash>
#include <QImage>
#include <QPointF>
#include <QString>
#include <QTimer>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ui/view/slice_scene.h"

namespace gadolin::view {

class PointerTool;
class SceneSurface;
struct Pointer;

/// What lies under the mouse.
struct Hover {
  int x = 0, y = 0, z = 0;  // voxel, stored order
  double value = 0;         // in the image's own units
  Vec3 position_mm{};       // LPS of the voxel's centre
  bool orientation_known = true;
};

/// Mouse: wheel = slice (down = towards the apex), left button = the brush or the tool where a
/// workspace gave it one, Shift+wheel = the size of the brush, right drag = window (right wider, up brighter),
/// middle drag = pan, Ctrl+wheel = zoom at the mouse, double click = maximised().
/// Keys while it has the focus: A automatic window, R reset, T overlays, [ ] opacity, I smooth or
/// voxel by voxel; every other key goes to the parent. Slices are numbered as stored; only the text
/// counts from the base. Where the platform has no OpenGL ("offscreen") a sentence stands in the
/// place of the picture and everything else works. prepareGraphics() must have run before
/// QApplication. Thread: the GUI thread. Switching stacks neither reads files nor copies voxels.
class ImageView : public QWidget {
  Q_OBJECT
 public:
  explicit ImageView(QWidget* parent = nullptr);
  ~ImageView() override;

  /// Shows the stack at the given slice (default: the most basal one) with the remembered window of
  /// its kind, fitted to the view; masks and heat map are dropped. Null shows `placeholder`.
  void setStack(std::shared_ptr<const Stack> stack, std::optional<int> slice = std::nullopt);
  [[nodiscard]] const std::shared_ptr<const Stack>& stack() const { return stack_; }
  /// False, and nothing laid over, when the sizes differ. Null clears.
  bool setMask(std::shared_ptr<const Mask> mask);
  /// The mask is being written to by a hand at work. Pixels (row * columns + column of the present
  /// slice) that became `label` are painted over the picture at once, and the scene, which in
  /// software takes longer than the hand has patience, follows when the hand rests.
  void maskChanging(std::span<const std::size_t> pixels, std::uint8_t label);
  bool setReference(std::shared_ptr<const Mask> mask);
  bool setHeatMap(std::shared_ptr<const HeatMap> heat);

  [[nodiscard]] int slice() const { return slice_; }
  void setSlice(int z);
  /// Steps towards the apex (positive) or the base (negative); stops at the ends.
  void stepTowardsApex(int steps);

  [[nodiscard]] WindowLevel windowLevel() const { return window_; }
  /// For this stack and, as a RelativeWindow, for later ones of its kind.
  void setWindowLevel(const WindowLevel& window);
  /// What was chosen in another view or an earlier session: for the present stack, when it is of
  /// this kind, and for later ones. Not announced by windowChanged().
  void setRememberedWindow(ImageKind kind, const RelativeWindow& window);
  /// The automatic one for a kind that nobody has chosen a window for.
  [[nodiscard]] RelativeWindow rememberedWindow(ImageKind kind) const {
    return remembered_.value(static_cast<int>(kind));
  }

  [[nodiscard]] const OverlayStyle& overlayStyle() const { return style_; }
  void setOverlayStyle(const OverlayStyle& style);

  /// First line at the top left, e.g. the patient's pseudonym.
  void setTitle(const QString& title);
  /// What stands in the middle of an empty view, e.g. "Select a patient".
  void setPlaceholder(const QString& text);
  /// Grey values between the voxels' centres, or every voxel as the rectangle that it is.
  void setSmooth(bool smooth);
  void toggleSmooth() { setSmooth(!smooth_); }
  [[nodiscard]] bool smooth() const { return smooth_; }
  void setAnnotationsVisible(bool visible);
  /// Off where a workspace gives A, R, T, I, [ or ] another meaning.
  void setViewKeysEnabled(bool enabled) { view_keys_enabled_ = enabled; }

  /// A round brush of so many millimetres under the mouse, whose way with the left button down is
  /// announced by brushed(); nothing takes it away.
  void setBrush(std::optional<double> radius_mm);
  [[nodiscard]] std::optional<double> brush() const { return brush_mm_; }
  /// Ends what the left button has begun, as letting it go would. So does another slice or stack,
  /// before it is shown: a stroke is of one slice.
  void liftBrush();

  /// What the left button does instead, until nullptr is given; it must outlive that.
  void setTool(PointerTool* tool);
  /// What the tool paints has changed.
  void updateTool() { updateAnnotations(); }

  void useAutoWindow();
  void resetView();  // zoom, pan and window
  /// Puts a place, in continuous voxel indices (column, row), into the middle of the view, and so many
  /// millimetres around it into the view's shorter side.
  void lookAt(QPointF voxel, double side_mm);
  void toggleOverlays();
  void changeOpacity(double by);

  /// Where voxels are on the screen, in logical pixels.
  [[nodiscard]] const ViewPlane& plane() const { return plane_; }
  /// Milliseconds that the last rendering took; 0 before the first.
  [[nodiscard]] double lastPaint_ms() const { return last_paint_ms_; }
  /// What is drawn for the present state, in device pixels; null without OpenGL.
  [[nodiscard]] QImage picture();

 Q_SIGNALS:
  void sliceChanged(int z);
  /// A piece of the brush's way over the present slice, in continuous voxel indices (column, row).
  void brushed(const QPointF& from, const QPointF& to);
  /// The end of what began with the last press.
  void brushLifted();
  /// Shift and the wheel over the view: larger (positive) or smaller, in notches.
  void brushScaled(int notches);
  /// nullptr when the mouse is outside the image.
  void hovered(const gadolin::view::Hover* hover);
  /// By the reader's hand: keep it for the kind.
  void windowChanged(gadolin::ImageKind kind, const gadolin::view::RelativeWindow& window);
  void overlayStyleChanged(const gadolin::view::OverlayStyle& style);
  /// A double click: the view wants the whole workspace, or its old place again.
  void maximised();
  /// After a repaint that shows the present stack, slice and overlays.
  void painted();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void paintOver(QPainter& painter);
  void updateScene();
  void updateAnnotations();
  void planeChanged();
  void applyWindow(const WindowLevel& window);
  void rememberWindow();
  void setHover(std::optional<QPointF> position);
  void brushTo(QPointF position);
  [[nodiscard]] Pointer pointerAt(QPointF position, Qt::KeyboardModifiers modifiers) const;
  void paintBrush(QPainter& painter) const;
  void paintFresh(QPainter& painter) const;
  void catchUp();

  SliceScene scene_;
  SceneSurface* canvas_ = nullptr;  // a child of this widget; null without OpenGL
  double last_paint_ms_ = 0;
  std::shared_ptr<const Stack> stack_;
  ViewPlane plane_;
  int slice_ = 0;
  WindowLevel automatic_;
  WindowLevel window_;
  QHash<int, RelativeWindow> remembered_;  // by ImageKind
  OverlayStyle style_;
  QString title_;
  QString placeholder_;
  bool smooth_ = true;
  bool annotations_visible_ = true;
  bool view_keys_enabled_ = true;
  Qt::MouseButton drag_ = Qt::NoButton;
  QPointF last_position_;
  int wheel_rest_ = 0;  // eighths of a degree not yet turned into a slice
  std::optional<QPointF> mouse_;
  std::optional<double> brush_mm_;
  PointerTool* tool_ = nullptr;
  struct FreshPixel {
    int x = 0, y = 0;
    std::uint8_t label = 0;
  };
  std::vector<FreshPixel> fresh_;  // of the mask, not in the scene yet
  QTimer rest_;
  std::optional<Hover> hover_;
};

}  // namespace gadolin::view
