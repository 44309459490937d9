#pragma once
// Scar by a threshold inside the myocardium, seen while it is chosen.

#include <QWidget>
#include <map>
#include <memory>
#include <optional>

#include "core/analysis/thresholds.h"
#include "ui/widgets/contour_tools.h"

class QButtonGroup;
class QLabel;
class QPushButton;

namespace gadolin::widgets {

/// The panel with the rules, its tool for the remote region, and the mask as it would be. Works in
/// a pool thread, one wish at a time and then the last of those that came meanwhile.
class ContourThreshold : public QWidget {
  Q_OBJECT
 public:
  explicit ContourThreshold(ContourHand& hand, QWidget* parent = nullptr);

  /// The places belong to a stack.
  void forgetPlaces();
  /// Shows the preview, or takes it away; the workspace has chosen the tool, or another.
  void setActive(bool active);
  [[nodiscard]] bool active() const { return active_; }
  /// Again: another slice is in front, or the mask changed.
  void refresh();
  /// True when the key chose a rule.
  bool key(const QKeyEvent& event);

  [[nodiscard]] RemoteTool& tool() { return tool_; }
  /// Takes what is chosen over, as soon as it is worked out: taken() follows, or nothing where there
  /// is nothing to take.
  void take(bool whole_stack);
  /// The mask with scar by the rule; what it says of no-reflow stays, and of slices that have no
  /// remote region or are labelled free of fibrosis. Null while there is none.
  [[nodiscard]] std::shared_ptr<const Mask> preview() const { return preview_; }
  /// For the history of drawing: "threshold 5sd".
  [[nodiscard]] std::string name() const;
  [[nodiscard]] bool settled() const { return !working_; }

 Q_SIGNALS:
  void previewChanged();
  /// The person takes it over: on the slice in front, or everywhere.
  void taken(bool whole_stack);

 private:
  enum class Take { Nothing, Slice, Stack };
  struct Found {
    std::shared_ptr<const Mask> mask;
    double scar_ml = 0, myocardium_ml = 0;  // of the slice in front
    std::optional<analysis::RemoteRegion> remote;
    bool placed = false, too_small = false;
    QString fault;
  };
  void place(const contour::Point& point);
  void work();
  void show(const Found& found);

  ContourHand& hand_;
  RemoteTool tool_;
  QButtonGroup* rules_;
  QLabel* said_;
  QPushButton* slice_;
  QPushButton* stack_;
  bool active_ = false;
  bool working_ = false;
  bool again_ = false;     // something else was wished for meanwhile
  bool slice_ok_ = false;  // of the preview: the slice in front has a remote region
  Take wanted_ = Take::Nothing;
  std::shared_ptr<const Mask> preview_;
  struct Place {
    contour::Point point;
    double radius_mm = 0;
  };
  std::map<int, Place> places_;  // by slice
};

}  // namespace gadolin::widgets
