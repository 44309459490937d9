#include "ui/print/cohort_pages.h"

#include <algorithm>
#include <cmath>

#include "core/report/wording.h"
#include "ui/print/chart.h"
#include "ui/print/page.h"
#include "ui/print/table.h"

namespace gadolin::print {
namespace {

using report::fixed;

constexpr double half_gap = 6.0;
constexpr double half = (page::inner - half_gap) / 2;

QString stageName(const std::string& stage) {
  if (stage == "myocardium") return QStringLiteral("Myocardium segmentation");
  if (stage == "classifier") return QStringLiteral("Slice classifier");
  if (stage == "fibrosis") return QStringLiteral("Fibrosis segmentation");
  return text(stage);
}

About aboutCohort(const report::CohortReport& report) {
  About about{QStringLiteral("Cohort report, ") + text(report.project), text(report.version),
              text(report.generated_utc),
              {QStringLiteral("late gadolinium enhancement"), QStringLiteral("scar"),
               QStringLiteral("cohort")}};
  if (report.model) about.keywords << QStringLiteral("run ") + text(report.model->run);
  about.keywords << QStringLiteral("research use only");
  return about;
}

/// Lays sections one under the other and turns the page where one does not fit.
class CohortPages {
 public:
  CohortPages(const report::CohortReport& report, Paper paper)
      : report_(report), document_(aboutCohort(report), paper) {}

  Result<void> print(const std::filesystem::path& path) {
    header();
    facts();
    parts();
    effort();
    evaluation();
    volumes();
    worst();
    curves();
    notes();
    methods();
    footer();
    return document_.save(path);
  }

 private:
  void header() {
    y_ = 11.0;
    const QString project = text(report_.project);
    const double width = std::min(document_.textWidth_mm(project, Style::Title) + 1, 100.0);
    document_.line(page::left, y_, page::inner - width - 4, QStringLiteral("Cohort report"),
                   Style::Title, ink::accent);
    document_.line(page::left + page::inner - width, y_, width, project, Style::Title, ink::text,
                   Qt::AlignRight);
    y_ += document_.lineHeight_mm(Style::Title);
    document_.line(page::left, y_, page::inner,
                   QStringLiteral("Left ventricular scar on late gadolinium enhancement"),
                   Style::Body, ink::quiet);
    y_ += document_.lineHeight_mm(Style::Body) + 1.2;
    document_.rule(page::left, y_, page::left + page::inner, y_, ink::accent, 0.5);
    y_ = drawBanner(document_, y_ + 1.6) + 3.0;
  }

  void footer() {
    drawFooter(document_,
               QStringLiteral("Gadolin ") + text(report_.version) +
                   QStringLiteral("  \u00b7  generated ") +
                   text(report::minute(report_.generated_utc)) + QStringLiteral("  \u00b7  ") +
                   text(report_.project),
               QStringLiteral("Research use only  \u00b7  page %1").arg(document_.pages()));
  }

  void ensure(double height) {
    if (y_ + height <= document_.foot_mm()) return;
    footer();
    document_.newPage();
    y_ = 13.0;
  }

  double factList(double x, double y, double width, const QString& title,
                  const std::vector<report::Fact>& list) {
    y = document_.heading(x, y, width, title);
    constexpr double name_width = 27.0;
    for (const report::Fact& fact : list) {
      document_.line(x, y, name_width - 1, text(fact.name), Style::Body, ink::quiet);
      y += document_.paragraph(x + name_width, y, width - name_width, text(fact.value), Style::Body,
                               ink::text, 3) +
           0.4;
    }
    return y;
  }

  void facts() {
    const double data = factList(page::left, y_, half, QStringLiteral("Images"), report_.data);
    double model = y_;
    const double x = page::left + half + half_gap;
    if (report_.model) {
      const report::ModelFacts& facts = *report_.model;
      std::vector<report::Fact> list{
          {"Run", facts.run},
          {"Training", facts.supervision + " supervision, preset " + facts.preset},
          {"Trained on",
           facts.cohort.empty() ? "not known: the run's dataset is missing" : facts.cohort},
          {"Made with",
           "Gadolin " + facts.gadolin_version + ", " + report::day(facts.trained_utc)}};
      model = factList(x, y_, half, QStringLiteral("Model"), list);
    } else {
      model = document_.heading(x, y_, half, QStringLiteral("Model"));
      model += document_.paragraph(x, model, half,
                                   QStringLiteral("No model has been trained in this project yet."),
                                   Style::Body);
    }
    y_ = std::max(data, model) + 3.0;
  }

  void parts() {
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
    for (const report::PartRow& row : report_.parts) add(row, false);
    add(report_.total, true);
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner, QStringLiteral("Split, by patient"));
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  void effort() {
    Table table;
    table.columns = {{QStringLiteral("Reader"), 60, false},
                     {QStringLiteral("Stacks"), 24, true},
                     {QStringLiteral("Slices"), 24, true},
                     {QStringLiteral("Minutes"), 28, true},
                     {QStringLiteral("Seconds a slice"), 46, true}};
    for (const report::EffortRow& row : report_.effort) {
      const bool timed = row.minutes > 0 && row.slices > 0;
      table.rows.push_back(
          {text(row.reader), QString::number(row.stacks), QString::number(row.slices),
           timed ? text(fixed(row.minutes, 1)) : QStringLiteral("not timed"),
           timed ? text(fixed(60.0 * row.minutes / row.slices, 1)) : QStringLiteral("\u2013")});
    }
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner, QStringLiteral("Image-level labels"));
    if (table.rows.empty()) {
      y_ += document_.paragraph(page::left, y_, page::inner,
                                QStringLiteral("No slice has been labelled yet."), Style::Body) +
            3.0;
      return;
    }
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  static QString withRange(const std::optional<double>& value,
                           const std::optional<analysis::Interval>& range) {
    if (!value) return QStringLiteral("\u2013");
    QString result = text(fixed(value, 3));
    if (range)
      result +=
          QStringLiteral("  [%1, %2]").arg(text(fixed(range->low, 2)), text(fixed(range->high, 2)));
    return result;
  }

  void evaluation() {
    if (!report_.evaluation) return;  // a sentence among the notes says so
    const analysis::Evaluation& evaluation = *report_.evaluation;
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
    ensure(table.height_mm() + 14);
    const M& any = evaluation.targets[0];
    y_ = document_.heading(
        page::left, y_, page::inner,
        QStringLiteral("Segmentation against the reference, split \u201c%1\u201d: ")
                .arg(text(evaluation.split)) +
            text(report::counted(any.patients, "patient", "patients")) + QStringLiteral(", ") +
            text(report::counted(any.slices, "slice", "slices")));
    y_ = table.draw(document_, page::left, y_) + 1.0;
    QString remark = QStringLiteral(
        "Dice over patients whose reference is not empty; volumes over all. A dash: not "
        "computable.");
    if (evaluation.slice_score == "classifier")
      remark += QStringLiteral(" AUROC of fibrosis from the slice classifier.");
    if (evaluation.slice_score == "max-probability")
      remark += QStringLiteral(" AUROC from the highest probability in a slice.");
    y_ += document_.paragraph(page::left, y_, page::inner, remark, Style::Small, ink::quiet) + 3.0;
  }

  void volumes() {
    if (!report_.evaluation) return;
    const auto& fibrosis = report_.evaluation->of(analysis::Target::Fibrosis);
    if (fibrosis.per_patient.empty()) return;
    constexpr double height = 70.0;
    ensure(height + 10);
    y_ = document_.heading(page::left, y_, page::inner,
                           QStringLiteral("Fibrosis volume, one dot a patient"));
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
    left_chart.draw(document_, page::left, y_, half, height);
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
    right_chart.draw(document_, page::left + half + half_gap, y_, half, height);
    y_ += height + 3.0;
  }

  void worst() {
    if (!report_.evaluation) return;
    const auto& all = report_.evaluation->of(analysis::Target::Fibrosis).per_patient;
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
    if (table.rows.empty()) return;
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner,
                           QStringLiteral("Patients to look at first: fibrosis, lowest Dice"));
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  void curves() {
    if (report_.curves.empty()) return;
    constexpr double height = 54.0;
    bool first = true;
    for (const report::StageCurve& curve : report_.curves) {
      ensure(height + (first ? 8 : 0));
      if (first)
        y_ = document_.heading(page::left, y_, page::inner,
                               QStringLiteral("Training, one point an epoch"));
      first = false;
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
      loss.draw(document_, page::left, y_, half, height);
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
      if (score.series.empty()) {
        document_.paragraph(page::left + half + half_gap, y_ + 4, half,
                            QStringLiteral("This stage was trained without a validation score."),
                            Style::Body, ink::quiet);
      } else {
        score.draw(document_, page::left + half + half_gap, y_, half, height);
      }
      y_ += height + 2.0;
    }
    y_ += 1.0;
  }

  void notes() {
    std::vector<std::string> all = report_.notes;
    if (report_.evaluation) {
      all.insert(all.end(), report_.evaluation->warnings.begin(),
                 report_.evaluation->warnings.end());
    }
    if (all.empty()) return;
    ensure(8.0 + 4.0 * static_cast<double>(all.size()));
    y_ = document_.heading(page::left, y_, page::inner, QStringLiteral("Remarks"));
    for (const std::string& note : all) {
      ensure(8.0);
      y_ += document_.paragraph(page::left, y_, page::inner, text(note), Style::Body) + 0.8;
    }
  }

  /// For a paper: paragraphs, each with its name.
  void methods() {
    if (report_.methods.empty()) return;
    ensure(24.0);
    y_ += 2.0;
    y_ = document_.heading(page::left, y_, page::inner,
                           QStringLiteral("Methods, as text for a paper"));
    for (const report::MethodsSection& section : report_.methods) {
      const QString words = text(section.text);
      const double height = document_.paragraphHeight_mm(page::inner, words, Style::Body);
      ensure(document_.lineHeight_mm(Style::Strong) + height + 1.5);
      document_.line(page::left, y_, page::inner, text(section.title), Style::Strong);
      y_ += document_.lineHeight_mm(Style::Strong);
      y_ += document_.paragraph(page::left, y_, page::inner, words, Style::Body) + 1.5;
    }
  }

  const report::CohortReport& report_;
  Document document_;
  double y_ = 0;
};

}  // namespace

Result<void> printCohortReport(const std::filesystem::path& path,
                               const report::CohortReport& report, Paper paper) {
  return CohortPages(report, paper).print(path);
}

}  // namespace gadolin::print
