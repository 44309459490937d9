#pragma once
// The insertions of the right ventricle, from which the segments of the left are counted: two points
// to set and to drag, and the segments as they follow.

#include <optional>

#include "core/analysis/aha_segments.h"
#include "ui/widgets/contour_tools.h"

namespace gadolin::session {
class InsertionDesk;
}

namespace gadolin::widgets {

/// A press near a point takes it; elsewhere it sets the anterior point, then the inferior one, then
/// moves the nearer one. On a
/// slice without points of its own those of the nearest slice are seen (hollow), and dragging one
/// gives this slice its own. Enter confirms what the program found; Delete over a point takes it away.
class InsertionTool : public ContourTool {
 public:
  explicit InsertionTool(ContourHand& hand) : ContourTool(hand) {}
  void setDesk(session::InsertionDesk* desk) { desk_ = desk; }
  /// The mask, the points or the slice have changed.
  void refresh();

  void press(const view::Pointer& at) override;
  void drag(const view::Pointer& from, const view::Pointer& to) override;
  void release(const view::Pointer& at) override;
  void hover(const view::Pointer& at) override;
  void leave() override { mouse_.reset(); }
  void letGo() override {
    held_.reset();
    dragged_to_.reset();
  }
  void reset() override;
  /// Frames and levels are of the whole stack: nothing to work out again.
  void otherSlice() override;
  bool takeBack() override;
  void paint(QPainter& painter, const view::ViewPlane& plane) const override;
  bool key(const QKeyEvent& event) override;
  [[nodiscard]] QString hint() const override;

 private:
  struct Marker {
    analysis::InsertionKind kind = analysis::InsertionKind::Anterior;
    contour::Point place;
    bool own = false;  // of this slice, set by a reader
  };
  [[nodiscard]] std::optional<Marker> marker(analysis::InsertionKind kind) const;
  [[nodiscard]] std::optional<analysis::InsertionKind> markerAt(const view::Pointer& at) const;
  void paintSegments(QPainter& painter, const view::ViewPlane& plane) const;
  void paintMarker(QPainter& painter, const view::ViewPlane& plane, const Marker& one) const;

  session::InsertionDesk* desk_ = nullptr;
  std::optional<analysis::ShortAxisFrame> frame_;
  std::vector<analysis::ShortAxisLevel> levels_;
  QString missing_;  // why there is no frame
  std::optional<analysis::InsertionKind> held_;
  std::optional<contour::Point> dragged_to_;
  std::optional<view::Pointer> mouse_;
  mutable double pixels_per_mm_ = 1;  // of the last painting
};

}  // namespace gadolin::widgets
