#include "ui/print/cohort_figures.h"

#include <algorithm>
#include <cmath>

#include "core/report/wording.h"

namespace gadolin::print {
namespace {

using report::fixed;

QString stageName(const std::string& stage) {
  if (stage == "myocardium") return QStringLiteral("Myocardium segmentation");
  if (stage == "classifier") return QStringLiteral("Slice classifier");
  if (stage == "fibrosis") return QStringLiteral("Fibrosis segmentation");
  return text(stage);
}

QString withRange(const std::optional<double>& value,
                         const std::optional<analysis::Interval>& range) {
  if (!value) return QStringLiteral("\u2013");
  QString result = text(fixed(value, 3));
  if (range)
    result +=
        QStringLiteral("  [%1, %2]").arg(text(fixed(range->low, 2)), text(fixed(range->high, 2)));
  return result;
}

}  // namespace

About aboutCohort(const report::CohortReport& report) {
  About about{QStringLiteral("Cohort report, ") + text(report.project), text(report.version),
              text(report.generated_utc),
              {QStringLiteral("late gadolinium enhancement"), QStringLiteral("scar"),
               QStringLiteral("cohort")}};
  if (report.model) about.keywords << QStringLiteral("run ") + text(report.model->run);
  about.keywords << QStringLiteral("research use only");
  return about;
}

std::vector<report::Fact> modelFactsOf(const report::ModelFacts& facts) {
  return {{"Run", facts.run},
          {"Training", facts.supervision + " supervision, preset " + facts.preset},
          {"Trained on",
           facts.cohort.empty() ? "not known: the run's dataset is missing" : facts.cohort},
          {"Made with", "Gadolin " + facts.gadolin_version + ", " + report::day(facts.trained_utc)}};
}

QString noModel() {
  return QStringLiteral("No model has been trained in this project yet.");
}

QString noLabels() {
  return QStringLiteral("No slice has been labelled yet.");
}

Table partsTable(const report::CohortReport& report) {
  Table table;
  table.columns = {{QStringLiteral("Part"), 28, false},
                   {QStringLiteral("Patients"), 18, true},
                   {QStringLiteral("Stacks"), 16, true},
                   {QStringLiteral("Slices"), 16, true},
                   {QStringLiteral("Slices labelled"), 27, true},
                   {QStringLiteral("with fibrosis"), 24, true},
                   {QStringLiteral("Stacks with fibrosis"), 31, true},
                   {QStringLiteral("Masks"), 22, true}};
  const auto add = [&](const report::PartRow& row, bool strong) {
    table.rows.push_back({text(row.name), QString::number(row.patients),
                          QString::number(row.stacks), QString::number(row.slices),
                          QString::number(row.labelled_slices),
                          QString::number(row.positive_slices),
                          QString::number(row.positive_stacks), QString::number(row.references)});
    table.strong.push_back(strong);
  };
  for (const report::PartRow& row : report.parts) add(row, false);
  add(report.total, true);
  return table;
}

Table effortTable(const report::CohortReport& report) {
  Table table;
  table.columns = {{QStringLiteral("Reader"), 52, false},
                   {QStringLiteral("Stacks"), 24, true},
                   {QStringLiteral("Slices"), 24, true},
                   {QStringLiteral("Decisions"), 24, true},
                   {QStringLiteral("Minutes"), 28, true},
                   {QStringLiteral("Seconds a slice"), 30, true}};
  for (const report::EffortRow& row : report.effort) {
    const bool timed = row.label_minutes > 0 && row.slices > 0;
    table.rows.push_back(
        {text(row.reader), QString::number(row.stacks), QString::number(row.slices),
         QString::number(row.decisions),
         row.minutes > 0 ? text(fixed(row.minutes, 1)) : QStringLiteral("not timed"),
         timed ? text(fixed(60.0 * row.label_minutes / row.slices, 1))
               : QStringLiteral("\u2013")});
  }
  return table;
}

QString evaluationTitle(const analysis::Evaluation& evaluation) {
  const analysis::TargetMetrics& any = evaluation.targets[0];
  return QStringLiteral("Segmentation against the reference, split \u201c%1\u201d: ")
             .arg(text(evaluation.split)) +
         text(report::counted(any.patients, "patient", "patients")) + QStringLiteral(", ") +
         text(report::counted(any.slices, "slice", "slices"));
}

Table evaluationTable(const analysis::Evaluation& evaluation) {
  using M = analysis::TargetMetrics;
  Table table;
  table.columns = {{QStringLiteral("Mean [95 % bootstrap interval]"), 62, false},
                   {QStringLiteral("Myocardium"), 40, true},
                   {QStringLiteral("Fibrosis (infarct + MVO)"), 40, true},
                   {QStringLiteral("Infarct alone"), 40, true}};
  const auto row = [&](const char* name, auto&& cell, bool strong = false) {
    std::vector<QString> cells{QString::fromUtf8(name)};
    for (const M& metrics : evaluation.targets) cells.push_back(cell(metrics));
    table.rows.push_back(std::move(cells));
    table.strong.push_back(strong);
  };
  const auto number = [&](const char* name, std::optional<double> M::*member, int decimals) {
    row(name, [&](const M& m) { return text(fixed(m.*member, decimals)); });
  };
  row(
      "Dice per patient (3D)",
      [](const M& m) { return withRange(m.dice_patient_mean, m.dice_patient_ci95); }, true);
  row("  standard deviation, median", [](const M& m) {
    return m.dice_patient_sd
               ? text(fixed(m.dice_patient_sd, 3) + ", " + fixed(m.dice_patient_median, 3))
               : QStringLiteral("\u2013");
  });
  row("Dice per slice that holds it",
      [](const M& m) { return withRange(m.dice_slice_mean, m.dice_slice_ci95); });
  row("Dice per slice, smoothed, all",
      [](const M& m) { return withRange(m.dice_slice_smoothed, m.dice_slice_smoothed_ci95); });
  number("HD95, mm", &M::hd95_mm_mean, 1);
  row("Volume bias [limits of agreement], ml", [](const M& m) {
    if (!m.volume_bias_ml) return QStringLiteral("\u2013");
    QString result = text(fixed(m.volume_bias_ml, 1));
    if (m.volume_limit_low_ml) {
      result +=
          QStringLiteral("  [%1, %2]")
              .arg(text(fixed(m.volume_limit_low_ml, 1)), text(fixed(m.volume_limit_high_ml, 1)));
    }
    return result;
  });
  number("Volume, Pearson's r", &M::volume_pearson, 3);
  row("Patients without it, found to have it", [](const M& m) {
    return m.negative_patients > 0
               ? QStringLiteral("%1 of %2").arg(m.fp_patients).arg(m.negative_patients)
               : QStringLiteral("none without");
  });
  number("AUROC, slices", &M::auroc_slice, 3);
  number("AUROC, stacks", &M::auroc_stack, 3);
  return table;
}

QString evaluationRemark(const analysis::Evaluation& evaluation) {
  QString remark = QStringLiteral(
      "Dice over patients whose reference is not empty; volumes over all. A dash: not computable.");
  if (evaluation.slice_score == "classifier")
    remark += QStringLiteral(" AUROC of fibrosis from the slice classifier.");
  if (evaluation.slice_score == "max-probability")
    remark += QStringLiteral(" AUROC from the highest probability in a slice.");
  return remark;
}

QString volumesTitle() {
  return QStringLiteral("Fibrosis volume, one dot a patient");
}

std::optional<std::pair<Chart, Chart>> volumeCharts(const analysis::Evaluation& evaluation) {
  const auto& fibrosis = evaluation.of(analysis::Target::Fibrosis);
  if (fibrosis.per_patient.empty()) return std::nullopt;
  Series scatter;
  Series difference;
  scatter.dots = difference.dots = true;
  for (const auto& patient : fibrosis.per_patient) {
    scatter.points.emplace_back(patient.reference_ml, patient.prediction_ml);
    difference.points.emplace_back((patient.reference_ml + patient.prediction_ml) / 2,
                                   patient.prediction_ml - patient.reference_ml);
  }
  Chart left_chart;
  left_chart.title = fibrosis.volume_pearson
                         ? QStringLiteral("Prediction against reference, r = ") +
                               text(fixed(fibrosis.volume_pearson, 2))
                         : QStringLiteral("Prediction against reference");
  left_chart.x_name = QStringLiteral("reference, ml");
  left_chart.y_name = QStringLiteral("prediction, ml");
  left_chart.diagonal = true;
  left_chart.series = {scatter};
  Chart right_chart;
  right_chart.title = QStringLiteral("Bland-Altman");
  right_chart.x_name = QStringLiteral("mean of prediction and reference, ml");
  right_chart.y_name = QStringLiteral("prediction \u2212 reference, ml");
  right_chart.series = {difference};
  if (fibrosis.volume_bias_ml) {
    right_chart.lines.push_back(
        {*fibrosis.volume_bias_ml,
         QStringLiteral("bias ") + text(fixed(fibrosis.volume_bias_ml, 1)), false});
  }
  if (fibrosis.volume_limit_low_ml) {
    right_chart.lines.push_back(
        {*fibrosis.volume_limit_high_ml,
         QStringLiteral("+1.96 sd ") + text(fixed(fibrosis.volume_limit_high_ml, 1)), true});
    right_chart.lines.push_back(
        {*fibrosis.volume_limit_low_ml,
         QStringLiteral("\u22121.96 sd ") + text(fixed(fibrosis.volume_limit_low_ml, 1)), true});
  }
  return std::pair(std::move(left_chart), std::move(right_chart));
}

QString worstTitle() {
  return QStringLiteral("Patients to look at first: fibrosis, lowest Dice");
}

Table worstTable(const analysis::Evaluation& evaluation) {
  const auto& all = evaluation.of(analysis::Target::Fibrosis).per_patient;
  Table table;
  table.columns = {{QStringLiteral("Patient"), 62, false},
                   {QStringLiteral("Dice"), 22, true},
                   {QStringLiteral("Reference, ml"), 32, true},
                   {QStringLiteral("Prediction, ml"), 32, true},
                   {QStringLiteral("HD95, mm"), 34, true}};
  for (const auto& patient : all) {
    if (!patient.dice || table.rows.size() == 10) break;
    table.rows.push_back({text(patient.patient), text(fixed(patient.dice, 2)),
                          text(fixed(patient.reference_ml, 1)),
                          text(fixed(patient.prediction_ml, 1)),
                          text(fixed(patient.hd95_mm, 1))});
  }
  return table;
}

QString curvesTitle() {
  return QStringLiteral("Training, one point an epoch");
}

QString noScore() {
  return QStringLiteral("This stage was trained without a validation score.");
}

CurveCharts curveCharts(const report::StageCurve& curve) {
  const auto line = [&](const QString& name, const QColor& colour, Qt::PenStyle style,
                        auto&& value) {
    Series series;
    series.name = name;
    series.colour = colour;
    series.style = style;
    // Not every epoch is validated: the line goes on to the next one that was.
    for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
      if (const std::optional<double> number = value(i))
        series.points.emplace_back(curve.epoch[i], *number);
    }
    return series;
  };
  const auto present = [](const std::vector<std::optional<double>>& values) {
    return std::any_of(values.begin(), values.end(),
                       [](const auto& v) { return v.has_value(); });
  };
  const QColor second(0xb3, 0x52, 0x00);
  Chart loss;
  loss.title = stageName(curve.stage) + QStringLiteral(": loss");
  loss.x_name = QStringLiteral("epoch");
  loss.y_name = QStringLiteral("loss");
  loss.whole_x = true;
  loss.series.push_back(
      line(QStringLiteral("training"), ink::accent, Qt::SolidLine,
           [&](std::size_t i) { return std::optional<double>(curve.train_loss[i]); }));
  if (present(curve.val_loss)) {
    loss.series.push_back(line(QStringLiteral("validation"), second, Qt::DashLine,
                               [&](std::size_t i) { return curve.val_loss[i]; }));
  }
  Chart score;
  score.title = stageName(curve.stage) + QStringLiteral(": validation");
  score.x_name = QStringLiteral("epoch");
  score.y_name = QStringLiteral("Dice or AUROC");
  score.whole_x = true;
  score.y_range = {0.0, 1.0};
  if (present(curve.val_dice)) {
    score.series.push_back(line(QStringLiteral("Dice"), ink::accent, Qt::SolidLine,
                                [&](std::size_t i) { return curve.val_dice[i]; }));
  }
  if (present(curve.val_auroc)) {
    score.series.push_back(line(QStringLiteral("AUROC"), second, Qt::DashLine,
                                [&](std::size_t i) { return curve.val_auroc[i]; }));
  }
  CurveCharts charts{stageName(curve.stage), std::move(loss), std::nullopt};
  if (!score.series.empty()) charts.score = std::move(score);
  return charts;
}

std::vector<std::string> remarksOf(const report::CohortReport& report) {
  std::vector<std::string> all = report.notes;
  if (report.evaluation) {
    all.insert(all.end(), report.evaluation->warnings.begin(), report.evaluation->warnings.end());
  }
  return all;
}

}  // namespace gadolin::print
