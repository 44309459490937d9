#pragma once
// What the left button draws in the Contour workspace: brush, polygon, fill, and the place of remote
// myocardium. The borders of the heart are in contour_borders.h.

#include <QString>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/contour/plane.h"
#include "core/imaging/volume.h"
#include "ui/view/palette.h"
#include "ui/view/pointer_tool.h"

class QKeyEvent;

namespace gadolin::session {
class ContourDesk;
}

namespace gadolin::widgets {

/// What the tools share, and what they need of their workspace.
struct ContourHand {
  session::ContourDesk* desk = nullptr;  // null without a project
  Tissue tissue = Tissue::Scar;
  bool erase = false;
  double radius_mm = 3;  // of the brush
  view::PaletteName palette = view::PaletteName::ColourBlindSafe;

  std::function<int()> slice;                 // in front, as stored
  std::function<bool()> may_draw;             // asks for a reader's name where there is none
  std::function<void()> show_mask;            // it was written to
  /// It is being written to; these pixels of the slice became this label.
  std::function<void(std::span<const std::size_t>, std::uint8_t)> show_pixels;
  std::function<void()> show_tool;            // what the tool paints has changed
  std::function<void(const QString&)> explain;  // why nothing happened
  std::function<void()> border_changed;         // the border that a new curve is
};

class ContourTool : public view::PointerTool {
 public:
  explicit ContourTool(ContourHand& hand) : hand_(hand) {}
  /// True when the key meant something to the tool.
  virtual bool key(const QKeyEvent& /*event*/) { return false; }
  /// Another slice, stack or mask is in front.
  virtual void reset() {}
  /// Another slice of the same mask is in front.
  virtual void otherSlice() { reset(); }
  /// The mask is gone while the hand may be down: nothing of the stroke is kept.
  virtual void abandon() { reset(); }
  /// Ctrl+Z while something is laid out that is not a step yet; false when nothing is.
  virtual bool takeBack() { return false; }
  /// What to do with it, one or two sentences.
  [[nodiscard]] virtual QString hint() const = 0;

 protected:
  /// Draws or erases the hand's tissue where `region` is 1, as one step.
  void fillRegion(const contour::Region& region, const char* tool);
  /// Makes what was written a step; where drawing changed nothing, says why.
  void finish(const char* tool, bool erased);
  [[nodiscard]] std::uint8_t painted(std::uint8_t present, bool erase) const;

  ContourHand& hand_;
};

class BrushTool : public ContourTool {
 public:
  using ContourTool::ContourTool;
  void press(const view::Pointer& at) override;
  void drag(const view::Pointer& from, const view::Pointer& to) override;
  void release(const view::Pointer& at) override;
  void letGo() override;
  void abandon() override { drawing_ = false; }
  [[nodiscard]] QString hint() const override;

 private:
  void stroke(const view::Pointer& from, const view::Pointer& to);
  bool drawing_ = false;
  bool erasing_ = false;
};

/// Corners by clicks, or a free line by dragging.
class PolygonTool : public ContourTool {
 public:
  using ContourTool::ContourTool;
  void press(const view::Pointer& at) override;
  void drag(const view::Pointer& from, const view::Pointer& to) override;
  void release(const view::Pointer& at) override;
  void hover(const view::Pointer& at) override;
  bool doubleClick(const view::Pointer& at) override;
  void letGo() override;
  void paint(QPainter& painter, const view::ViewPlane& plane) const override;
  bool key(const QKeyEvent& event) override;
  void reset() override;
  bool takeBack() override;
  [[nodiscard]] QString hint() const override;

 private:
  void close();
  std::vector<contour::Point> corners_;
  std::optional<contour::Point> mouse_;
  QPointF pressed_at_;  // on the screen
  bool free_line_ = false;
  mutable double pixels_per_mm_ = 1;  // of the last painting
};

class FillTool : public ContourTool {
 public:
  using ContourTool::ContourTool;
  void press(const view::Pointer& at) override;
  [[nodiscard]] QString hint() const override;
};

/// Points at remote myocardium for a threshold.
class RemoteTool : public ContourTool {
 public:
  RemoteTool(ContourHand& hand, std::function<void(const contour::Point&)> placed)
      : ContourTool(hand), placed_(std::move(placed)) {}
  void press(const view::Pointer& at) override;
  void drag(const view::Pointer& from, const view::Pointer& to) override;
  void paint(QPainter& painter, const view::ViewPlane& plane) const override;
  [[nodiscard]] QString hint() const override;
  /// Where it lies on the slice in front, to be painted.
  void setPlace(std::optional<contour::Point> place, double radius_mm);

 private:
  std::function<void(const contour::Point&)> placed_;
  std::optional<contour::Point> place_;
  double radius_mm_ = 0;
};

}  // namespace gadolin::widgets
