#include "ui/widgets/review_numbers.h"

#include <QGridLayout>
#include <QLabel>

#include "core/analysis/overlap.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString number(double value, int decimals) {
  return QString::number(value, 'f', decimals);
}

QString percent(const analysis::TissueVolumes& volumes) {
  const auto share = volumes.scarPercentLvm();
  return share ? number(*share, 1) : u"–"_s;
}

}  // namespace

Result<ReviewFigures> reviewFigures(const Stack& stack, const Mask& prediction,
                                    const Mask* reference) {
  ReviewFigures figures;
  GADOLIN_TRY(const auto measured, analysis::measureVolumes(stack, prediction));
  figures.prediction = measured.total;
  if (reference == nullptr) return figures;
  GADOLIN_TRY(const auto truth, analysis::measureVolumes(stack, *reference));
  figures.reference = truth.total;
  figures.dice_myocardium = analysis::dice(analysis::countOverlap(
      reference->voxels, prediction.voxels, [](std::uint8_t label) { return label >= 2; }));
  figures.dice_scar = analysis::dice(analysis::countOverlap(
      reference->voxels, prediction.voxels, [](std::uint8_t label) { return label >= 3; }));
  return figures;
}

ReviewNumbers::ReviewNumbers(QWidget* parent) : QWidget(parent) {
  grid_ = new QGridLayout(this);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(12);
  grid_->setVerticalSpacing(5);
  grid_->setColumnStretch(0, 1);
}

void ReviewNumbers::clear() {
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void ReviewNumbers::setFigures(const ReviewFigures& figures) {
  clear();
  int row = 0;
  const bool compared = figures.reference.has_value();
  const auto add = [this, &row, compared](const QString& name, const QString& predicted,
                                          const QString& reference, const char* role = "") {
    grid_->addWidget(makeLabel(name, "muted"), row, 0);
    grid_->addWidget(makeLabel(predicted, role), row, 1, Qt::AlignRight);
    if (compared) grid_->addWidget(makeLabel(reference, "muted"), row, 2, Qt::AlignRight);
    ++row;
  };
  add({}, tr("prediction"), tr("reference"), "caption");
  const analysis::TissueVolumes& p = figures.prediction;
  const analysis::TissueVolumes r = figures.reference.value_or(analysis::TissueVolumes{});
  add(tr("Scar, % of LV"), percent(p), percent(r), "heading");
  add(tr("Scar, ml"), number(p.scar_ml, 1), number(r.scar_ml, 1));
  add(tr("Scar, g"), number(p.scar_g(), 1), number(r.scar_g(), 1));
  add(tr("Myocardium, ml"), number(p.myocardium_ml, 1), number(r.myocardium_ml, 1));
  add(tr("Myocardium, g"), number(p.myocardium_g(), 1), number(r.myocardium_g(), 1));
  if (!compared) return;
  const auto dice = [](const std::optional<double>& value) {
    return value ? number(*value, 2) : u"–"_s;
  };
  add(tr("Dice, scar"), dice(figures.dice_scar), {});
  add(tr("Dice, myocardium"), dice(figures.dice_myocardium), {});
}

}  // namespace gadolin::widgets
