// The figures and the plot of the comparison in front.

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <algorithm>

#include "ui/plots/bland_altman_plot.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/confusion_table.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

void AgreementPage::showComparison() {
  QStringList notes;
  if (const auto* pair = labelPair()) {
    title_->setText(tr("%1 and %2: labels").arg(nameOf(pair->first), nameOf(pair->second)));
    notes << tr("%1 slices labelled by both. Not compared: %2 by %3 alone, %4 by %5 alone.")
                 .arg(QString::number(pair->both), QString::number(pair->only_first),
                      nameOf(pair->first), QString::number(pair->only_second),
                      nameOf(pair->second));
    notes << tr("Unsure (%1) and not diagnostic (%2) are no part of “fibrosis or none”. "
                "Intervals: whole patients drawn.")
                 .arg(pair->unsure)
                 .arg(pair->not_diagnostic);
    fillFigures(session::rowsOf(*pair));
    confusion_->setPair(*pair);
    below_->setCurrentIndex(0);
  } else if (const auto* masks = maskPair()) {
    const auto counted = [](int count) {
      return count == 1 ? tr("1 stack") : tr("%1 stacks").arg(count);
    };
    title_->setText(masks->model
                        ? tr("%1 and %2: masks, %3")
                              .arg(nameOf(masks->first), nameOf(masks->second),
                                   QString::fromStdString(session::partWords(masks->part)))
                        : tr("%1 and %2: masks").arg(nameOf(masks->first), nameOf(masks->second)));
    notes << counted(static_cast<int>(masks->stacks.size())) +
                 tr(". Differences are %1 − %2; a patient counts once.")
                     .arg(nameOf(masks->second), nameOf(masks->first));
    if (masks->other_parts > 0)
      notes << tr("Not compared: %1 of patients of other parts.").arg(counted(masks->other_parts));
    if (masks->learnt > 0)
      notes << tr("%1 of patients from whom the model learnt, or by whom its weights were chosen: "
                  "that flatters it.")
                   .arg(counted(masks->learnt));
    if (!masks->dependent.empty())
      notes
          << (masks->model
                  ? tr("Not compared: %1 whose mask began as a prediction.")
                  : tr("Not compared: %1 where one mask began as the other, or both as the same."))
                 .arg(counted(static_cast<int>(masks->dependent.size())));
    fillFigures(session::rowsOf(*masks));
    below_->setCurrentIndex(1);
    fillPlot();
  } else if (shown_ && labels_) {
    title_->setText(tr("All readers together: labels"));
    notes << tr("Slices that two readers or more have labelled. Intervals: whole patients drawn.");
    fillFigures(session::rowsOfAll(*labels_));
    below_->setCurrentIndex(2);
  }
  notes_->setText(notes.join(u"\n"_s));
  fillCases();
}

void AgreementPage::fillFigures(std::vector<session::AgreementRow> figures) {
  rows_ = std::move(figures);
  const auto& rows = rows_;
  figures_->setRowCount(static_cast<int>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const session::AgreementRow& row = rows[i];
    QString value = QString::fromStdString(session::valueText(row));
    if (row.value && !row.unit.empty()) value += u' ' + QString::fromStdString(row.unit);
    QString name = QString::fromStdString(row.words);
    if (!row.note.empty()) name += u"\n"_s + QString::fromStdString(row.note);
    auto* figure = new QTableWidgetItem(name);
    if (!row.note.empty()) figure->setToolTip(plainTip(QString::fromStdString(row.note)));
    auto* number = new QTableWidgetItem(value);
    number->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* count = new QTableWidgetItem(QString::number(row.n));
    count->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    count->setForeground(colours().muted);
    if (!row.value) {
      figure->setForeground(colours().muted);
      number->setForeground(colours().muted);
    }
    const int at = static_cast<int>(i);
    figures_->setItem(at, 0, figure);
    figures_->setItem(at, 1, number);
    figures_->setItem(at, 2, count);
  }
}

void AgreementPage::fillPlot() {
  const session::MaskPair* pair = maskPair();
  if (pair == nullptr) return;
  const auto wanted = static_cast<session::Measure>(measure_->currentData().toInt());
  const auto& measure =
      *std::ranges::find(pair->measures, wanted, &session::MeasureAgreement::measure);
  plots::BlandAltmanData plotted;
  plotted.what = measure_->currentText();
  plotted.unit = wanted == session::Measure::ScarPercent ? u"%"_s : u"ml"_s;
  plotted.first = nameOf(pair->first);
  plotted.second = nameOf(pair->second);
  for (const session::MeasuredPatient& patient : measure.patients)
    plotted.points.push_back(
        {QString::fromStdString(patient.patient), patient.first, patient.second});
  const auto level = [](const std::optional<double>& value,
                        const std::optional<analysis::Interval>& ci95) {
    std::optional<plots::PlotLevel> result;
    if (value) {
      result = plots::PlotLevel{*value, std::nullopt};
      if (ci95) result->ci95 = std::pair(ci95->low, ci95->high);
    }
    return result;
  };
  if (const auto& a = measure.figures.bland_altman) {
    plotted.bias = level(a->bias, a->bias_ci95);
    plotted.lower = level(a->lower_limit, a->lower_limit_ci95);
    plotted.upper = level(a->upper_limit, a->upper_limit_ci95);
  }
  save_plot_->setEnabled(!plotted.points.empty());
  plot_->setData(std::move(plotted));
  fillCases();
}

}  // namespace gadolin::widgets
