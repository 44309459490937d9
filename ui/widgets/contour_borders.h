#pragma once
// The endocardial and the epicardial contour as curves with points to drag.

#include <array>
#include <vector>

#include "core/contour/heart_borders.h"
#include "ui/widgets/contour_tools.h"

namespace gadolin::widgets {

/// Both contours of the slice in front, drawn from the mask. Dragging a point moves the contour, a
/// press on the curve adds a point, Delete over a point takes it away (the mask changes with it).
/// Where the chosen border is not drawn yet, clicks lay its points and Enter closes it.
class BorderTool : public ContourTool {
 public:
  explicit BorderTool(ContourHand& hand) : ContourTool(hand) {}
  void press(const view::Pointer& at) override;
  void drag(const view::Pointer& from, const view::Pointer& to) override;
  void release(const view::Pointer& at) override;
  void hover(const view::Pointer& at) override;
  bool doubleClick(const view::Pointer& at) override;
  void letGo() override;
  void leave() override;
  bool takeBack() override;
  void abandon() override;
  void paint(QPainter& painter, const view::ViewPlane& plane) const override;
  bool key(const QKeyEvent& event) override;
  void reset() override;
  [[nodiscard]] QString hint() const override;
  [[nodiscard]] Qt::CursorShape cursor() const override { return Qt::ArrowCursor; }

  /// Which border the next new curve is.
  void setBorder(contour::Border border);
  [[nodiscard]] contour::Border border() const { return border_; }
  /// Of the slice in front; empty where the mask has no such border.
  [[nodiscard]] const std::vector<contour::Point>& points(contour::Border border) const {
    return points_[static_cast<std::size_t>(border)];
  }

 private:
  struct Handle {
    int border = -1;  // contour::Border; -1: none
    std::size_t point = 0;
  };
  void derive();
  void close();
  void move(const contour::Point& to);
  void rewrite(std::vector<contour::Point> after);
  [[nodiscard]] Handle handleAt(const view::Pointer& at) const;
  [[nodiscard]] double reach_mm() const;

  contour::Border border_ = contour::Border::Epicardium;
  std::array<std::vector<contour::Point>, 2> points_;  // by Border
  std::vector<contour::Point> laid_;                   // of a curve that is not closed yet
  std::vector<contour::Point> at_press_;               // the dragged curve's before
  std::optional<contour::Point> mouse_;
  Handle held_, over_;
  mutable double pixels_per_mm_ = 1;  // of the last painting
};

}  // namespace gadolin::widgets
