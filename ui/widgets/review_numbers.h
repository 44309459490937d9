#pragma once
// The figures of one prediction beside those of the reference: ml, g, %LVM, Dice.

#include <QWidget>
#include <optional>

#include "core/analysis/quantification.h"

class QGridLayout;

namespace gadolin::widgets {

struct ReviewFigures {
  analysis::TissueVolumes prediction;
  std::optional<analysis::TissueVolumes> reference;
  std::optional<double> dice_myocardium;  // 3D, against the reference; none when both are empty
  std::optional<double> dice_scar;
};

/// Pure; any thread. The masks must have the stack's size.
Result<ReviewFigures> reviewFigures(const Stack& stack, const Mask& prediction,
                                    const Mask* reference);

class ReviewNumbers : public QWidget {
  Q_OBJECT
 public:
  explicit ReviewNumbers(QWidget* parent = nullptr);
  void clear();
  void setFigures(const ReviewFigures& figures);

 private:
  QGridLayout* grid_;
};

}  // namespace gadolin::widgets
