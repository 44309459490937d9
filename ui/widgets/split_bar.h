#pragma once
// How the patients are split, as one bar, with the share that has fibrosis in each part.

#include <QWidget>
#include <array>
#include <vector>

#include "ui/session/project_queries.h"

namespace gadolin::widgets {

struct SplitCount {
  int patients = 0;
  int fibrotic = 0;  // patients with at least one stack labelled fibrosis
};

/// Counts by dataset::Part.
std::array<SplitCount, 4> countSplit(const std::vector<db::CohortRow>& rows);

class SplitBar : public QWidget {
  Q_OBJECT
 public:
  explicit SplitBar(QWidget* parent = nullptr);
  void setRows(const std::vector<db::CohortRow>& rows);
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::array<SplitCount, 4> counts_{};
};

}  // namespace gadolin::widgets
