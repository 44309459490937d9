#pragma once
// How the patients are split, and drawing the parts anew: shares, seed, and the question before a
// split is replaced.

#include <QFrame>
#include <array>
#include <optional>
#include <vector>

#include "ui/widgets/split_bar.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace gadolin::widgets {

class Chores;
struct Desk;

/// GUI thread only.
class SplitPanel : public QFrame {
  Q_OBJECT
 public:
  explicit SplitPanel(Chores& chores, QWidget* parent = nullptr);
  /// nullptr: no project. Nothing can be drawn before setRows().
  void setDesk(const Desk* desk);
  /// The cohort as it is: what a new split would replace.
  void setRows(const std::vector<db::CohortRow>& rows);

 private:
  void askFirstThenDraw();
  void draw();
  void refreshSeed();

  Chores& chores_;
  const Desk* desk_ = nullptr;
  std::optional<std::array<SplitCount, 4>> counts_;
  SplitBar* bar_;
  QSpinBox* test_percent_;
  QSpinBox* validation_percent_;
  QSpinBox* seed_;
  QLabel* seed_text_;
  QPushButton* button_;
};

}  // namespace gadolin::widgets
