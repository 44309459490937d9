#include "ui/print/cohort_pages.h"

#include <algorithm>
#include <cmath>

#include "core/report/wording.h"
#include "ui/print/cohort_figures.h"
#include "ui/print/page.h"
#include "ui/print/table.h"

namespace gadolin::print {
namespace {

constexpr double half_gap = 6.0;
constexpr double half = (page::inner - half_gap) / 2;

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
      model = factList(x, y_, half, QStringLiteral("Model"), modelFactsOf(*report_.model));
    } else {
      model = document_.heading(x, y_, half, QStringLiteral("Model"));
      model += document_.paragraph(x, model, half,
                                   noModel(),
                                   Style::Body);
    }
    y_ = std::max(data, model) + 3.0;
  }

  void parts() {
    const Table table = partsTable(report_);
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner, QStringLiteral("Split, by patient"));
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  void effort() {
    const Table table = effortTable(report_);
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner, QStringLiteral("Image-level labels"));
    if (table.rows.empty()) {
      y_ += document_.paragraph(page::left, y_, page::inner, noLabels(), Style::Body) + 3.0;
      return;
    }
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  void evaluation() {
    if (!report_.evaluation) return;  // a sentence among the notes says so
    const Table table = evaluationTable(*report_.evaluation);
    ensure(table.height_mm() + 14);
    y_ = document_.heading(page::left, y_, page::inner, evaluationTitle(*report_.evaluation));
    y_ = table.draw(document_, page::left, y_) + 1.0;
    y_ += document_.paragraph(page::left, y_, page::inner, evaluationRemark(*report_.evaluation),
                              Style::Small, ink::quiet) +
          3.0;
  }

  void volumes() {
    if (!report_.evaluation) return;
    const auto charts = volumeCharts(*report_.evaluation);
    if (!charts) return;
    constexpr double height = 70.0;
    ensure(height + 10);
    y_ = document_.heading(page::left, y_, page::inner, volumesTitle());
    charts->first.draw(document_, page::left, y_, half, height);
    charts->second.draw(document_, page::left + half + half_gap, y_, half, height);
    y_ += height + 3.0;
  }

  void worst() {
    if (!report_.evaluation) return;
    const Table table = worstTable(*report_.evaluation);
    if (table.rows.empty()) return;
    ensure(table.height_mm() + 8);
    y_ = document_.heading(page::left, y_, page::inner, worstTitle());
    y_ = table.draw(document_, page::left, y_) + 3.0;
  }

  void curves() {
    if (report_.curves.empty()) return;
    constexpr double height = 54.0;
    bool first = true;
    for (const report::StageCurve& curve : report_.curves) {
      ensure(height + (first ? 8 : 0));
      if (first) y_ = document_.heading(page::left, y_, page::inner, curvesTitle());
      first = false;
      const CurveCharts charts = curveCharts(curve);
      charts.loss.draw(document_, page::left, y_, half, height);
      if (!charts.score) {
        document_.paragraph(page::left + half + half_gap, y_ + 4, half, noScore(), Style::Body,
                            ink::quiet);
      } else {
        charts.score->draw(document_, page::left + half + half_gap, y_, half, height);
      }
      y_ += height + 2.0;
    }
    y_ += 1.0;
  }

  void notes() {
    const std::vector<std::string> all = remarksOf(report_);
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
