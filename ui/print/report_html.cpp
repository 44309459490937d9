#include "ui/print/report_html.h"

#include "core/report/wording.h"
#include "ui/print/bulls_eye.h"
#include "ui/print/cohort_figures.h"
#include "ui/print/html.h"
#include "ui/print/key_image_figure.h"
#include "ui/print/patient_page.h"

namespace gadolin::print {
namespace {

using report::fixed;
using Known = std::optional<double>;

std::vector<std::pair<QString, QString>> pairsOf(const std::vector<report::Fact>& facts) {
  std::vector<std::pair<QString, QString>> pairs;
  for (const report::Fact& fact : facts) pairs.emplace_back(text(fact.name), text(fact.value));
  return pairs;
}

QString footOf(const std::string& version, const std::string& generated_utc) {
  return QStringLiteral("Gadolin ") + text(version) + QStringLiteral("  \u00b7  generated ") +
         text(report::minute(generated_utc)) + QStringLiteral("  \u00b7  Research use only");
}

void addTable(HtmlPage& page, const Table& table) {
  QStringList head;
  int texts = 0;
  for (const Column& column : table.columns) {
    head << column.name;
    if (!column.right && texts + 1 == head.size()) ++texts;
  }
  std::vector<QStringList> rows;
  for (const auto& row : table.rows) rows.emplace_back(row.begin(), row.end());
  page.table(head, rows, table.strong, texts);
}

// ---- a patient

void addResult(HtmlPage& page, const report::PatientReport& report) {
  page.heading(QStringLiteral("Result: ") + text(report.method_title));
  const auto percent = report.measured.scarPercentLvm();
  page.paragraph(percent ? text(fixed(percent, 1)) + QStringLiteral(" %") : QStringLiteral("\u2013"),
                 "large");
  page.paragraph(QStringLiteral("of LV myocardium is scar"));
  QStringList head{QStringLiteral("Whole stack"), text(report.measured_name)};
  if (report.reference) head << text(report.reference_name) << QStringLiteral("Difference");
  std::vector<QStringList> rows;
  const auto row = [&](const char* name, auto value, bool measured_known = true) {
    const Known measured = measured_known ? Known(value(report.measured)) : Known();
    QStringList cells{QString::fromUtf8(name), text(fixed(measured, 1))};
    if (report.reference) {
      const Known reference = value(*report.reference);
      const Known apart = measured && reference ? Known(*measured - *reference) : Known();
      cells << text(fixed(reference, 1))
            << (apart && *apart > 0 ? QStringLiteral("+") : QString()) + text(fixed(apart, 1));
    }
    rows.push_back(cells);
  };
  using V = analysis::TissueVolumes;
  row("LV myocardium, ml", [](const V& v) { return Known(v.myocardium_ml); });
  row("LV myocardium, g", [](const V& v) { return Known(v.myocardium_g()); });
  row("Scar with MVO, ml", [](const V& v) { return Known(v.scar_ml); });
  row("Scar with MVO, g", [](const V& v) { return Known(v.scar_g()); });
  row("Scar, % of LV myocardium", [](const V& v) { return v.scarPercentLvm(); });
  // The networks do not tell MVO from scar: none of it in their mask is not zero.
  if (report.measured.mvo_ml > 0 || (report.reference && report.reference->mvo_ml > 0))
    row("Of it MVO, ml", [](const V& v) { return Known(v.mvo_ml); },
        !report.by_model || report.measured.mvo_ml > 0);
  page.table(head, rows, {false, false, false, false, true});
}

void addKeyImages(HtmlPage& page, const report::PatientReport& report) {
  page.heading(QStringLiteral("Key images, base to apex, all in one window"));
  if (report.images.empty()) {
    page.paragraph(QStringLiteral(
        "No slice holds myocardium in this segmentation, so there is no key image to show."));
    return;
  }
  constexpr double side = 44;
  bool mvo = false, reference = false;
  page.beginRow();
  for (const report::KeyImage& image : report.images) {
    const QString name = QStringLiteral("Slice %1, ").arg(image.number) +
                         (image.scar_ml > 0
                              ? QStringLiteral("scar ") + text(fixed(image.scar_ml, 1)) +
                                    QStringLiteral(" ml")
                              : QStringLiteral("no scar"));
    page.beginFigure(name);
    page.picture(drawn(side, 2 * side + 0.8,
                       [&](Document& document) {
                         drawPlainImage(document, image, 0, 0, side);
                         drawOverlayImage(document, image, 0, side + 0.8, side);
                       }),
                 name + QStringLiteral(": as it is, and with outlines"), 225);
    page.endFigure();
    mvo = mvo || std::find(image.labels.begin(), image.labels.end(), 4) != image.labels.end();
    reference = reference || !image.reference_labels.empty();
  }
  page.endRow();
  page.picture(drawn(120, 4.2,
                     [&](Document& document) { drawLegend(document, 0, 0.3, reference, mvo); }),
               reference ? QStringLiteral("Outlines: endocardium, epicardium, scar; dashed: scar in "
                                          "the reference")
                         : QStringLiteral("Outlines: endocardium, epicardium, scar"),
               520);
  page.paragraph(QStringLiteral("Ruler: 50 mm"), "small");
}

void addSlices(HtmlPage& page, const report::PatientReport& report) {
  page.heading(QStringLiteral("Slice by slice, base first"));
  QStringList head{QStringLiteral("Slice"), QStringLiteral("Reader's label"),
                   QStringLiteral("Myoc., ml"), QStringLiteral("Scar, ml"),
                   QStringLiteral("Scar, %")};
  if (report.reference) head << QStringLiteral("Ref. scar, ml") << QStringLiteral("Ref., %");
  std::vector<QStringList> rows;
  std::vector<bool> strong;
  for (const report::SliceRow& row : report.slices) {
    QStringList cells{QString::number(row.number), labelWord(row.label),
                      text(fixed(row.measured.myocardium_ml, 1)),
                      text(fixed(row.measured.scar_ml, 1)),
                      text(fixed(row.measured.scarPercentLvm(), 0))};
    if (report.reference)
      cells << (row.reference ? text(fixed(row.reference->scar_ml, 1)) : QString())
            << (row.reference ? text(fixed(row.reference->scarPercentLvm(), 0)) : QString());
    rows.push_back(cells);
    strong.push_back(row.measured.scar_ml > 0);
  }
  page.table(head, rows, strong, 2);
}

const analysis::SegmentFigures* segmentOf(const analysis::WallReport* wall, std::size_t k) {
  if (wall == nullptr || !wall->segments) return nullptr;
  const auto& one = wall->segments->segments[k];
  return one.myocardium_ml > 0 ? &one : nullptr;
}

void addEye(HtmlPage& page, const QString& name, const analysis::WallReport& wall) {
  constexpr double side = 74;
  page.beginFigure(name);
  if (wall.segments)
    page.picture(drawn(side, side,
                       [&](Document& document) {
                         document.setStyle(Style::Body);
                         drawBullsEye(document.painter(), document.rect(0.5, 0.5, side - 1, side - 1),
                                      *wall.segments);
                       }),
                 name + QStringLiteral(": transmurality of the 17 segments; the figures are in the "
                                       "table"),
                 360);
  else
    page.paragraph(text(wall.no_segments));
  page.endFigure();
}

void addWall(HtmlPage& page, const report::PatientReport& report) {
  page.heading(QStringLiteral("Transmurality by segment, % of the wall's thickness"));
  const analysis::WallReport* reference =
      report.reference_wall ? &*report.reference_wall : nullptr;
  page.beginRow();
  addEye(page, text(report.measured_name), report.wall);
  if (reference != nullptr) addEye(page, text(report.reference_name), *reference);
  page.endRow();
  QStringList head{QStringLiteral("Segment"), QStringLiteral("Name"), QStringLiteral("Myoc., ml"),
                   QStringLiteral("Scar, %"), QStringLiteral("Transmurality, %"),
                   QStringLiteral("Deepest, %")};
  if (reference != nullptr) head << QStringLiteral("Ref. scar, %") << QStringLiteral("Ref. transm., %");
  std::vector<QStringList> rows;
  std::vector<bool> strong;
  const auto cell = [](const analysis::SegmentFigures* one, int decimals, auto value) {
    return text(fixed(one != nullptr ? Known(value(*one)) : Known(), decimals));
  };
  using S = analysis::SegmentFigures;
  for (std::size_t k = 0; k < analysis::aha_segments; ++k) {
    const S* one = segmentOf(&report.wall, k);
    QStringList cells{QString::number(k + 1),
                      text(std::string(analysis::ahaName(static_cast<int>(k) + 1))),
                      cell(one, 1, [](const S& s) { return s.myocardium_ml; }),
                      cell(one, 0, [](const S& s) { return s.scarPercent(); }),
                      cell(one, 0, [](const S& s) { return s.transmurality_percent; }),
                      cell(one, 0, [](const S& s) { return s.transmurality_max_percent; })};
    if (reference != nullptr) {
      const S* other = segmentOf(reference, k);
      cells << cell(other, 0, [](const S& s) { return s.scarPercent(); })
            << cell(other, 0, [](const S& s) { return s.transmurality_percent; });
    }
    rows.push_back(cells);
    strong.push_back(one != nullptr && one->scar_ml > 0);
  }
  page.table(head, rows, strong, 2);
  std::vector<std::pair<QString, QString>> facts;
  if (report.wall.pattern)
    facts.emplace_back(QStringLiteral("Pattern"), text(analysis::patternName(report.wall)));
  if (report.wall.zones)
    facts.emplace_back(QStringLiteral("Core and grey zone"),
                       text(fixed(report.wall.zones->core_ml, 1)) + QStringLiteral(" ml and ") +
                           text(fixed(report.wall.zones->grey_ml, 1)) + QStringLiteral(" ml"));
  facts.emplace_back(QStringLiteral("RV insertion"), report.wall.insertion_source.empty()
                                                         ? QStringLiteral("not known")
                                                         : text(report.wall.insertion_source));
  page.facts(facts);
  if (report.wall.segments)
    for (const std::string& sentence : report.wall.segments->sentences)
      page.paragraph(text(sentence), "small");
  page.paragraph(
      QStringLiteral("Segments: Cerqueira et al., Circulation 2002;105:539. Transmurality: Kim et al., N "
                     "Engl J Med 2000;343:1445; of the apex the share of scar. Core and grey zone: "
                     "Schmidt et al., Circulation 2007;115:2006."),
      "small");
}

}  // namespace

Result<void> writePatientHtml(const std::filesystem::path& path,
                              const report::PatientReport& report) {
  HtmlPage page(aboutPatient(report));
  page.title(QStringLiteral("LGE scar report"), text(report.patient),
             QStringLiteral("Late gadolinium enhancement, short-axis stack ") + text(report.stack_id) +
                 QStringLiteral(", under a pseudonym"));
  page.banner();
  page.beginRow();
  page.beginFigure({});
  page.heading(QStringLiteral("Images"));
  page.facts(pairsOf(report.study));
  page.endFigure();
  page.beginFigure({});
  page.heading(QStringLiteral("Method"));
  page.facts(pairsOf(report.method));
  page.endFigure();
  page.endRow();
  addResult(page, report);
  addKeyImages(page, report);
  addSlices(page, report);
  page.heading(QStringLiteral("Review and remarks"));
  page.paragraph(text(report.review));
  if (!report.comment.empty())
    page.paragraph(QStringLiteral("\u201c") + text(report.comment) + QStringLiteral("\u201d"));
  if (report.by_model && !report.reference)
    page.paragraph(QStringLiteral("There is no reference mask for this stack to compare with."));
  for (const std::string& note : report.notes) page.paragraph(text(note));
  page.paragraph(massRemark(), "small");
  addWall(page, report);
  return page.save(path, footOf(report.version, report.generated_utc));
}

Result<void> writeCohortHtml(const std::filesystem::path& path, const report::CohortReport& report) {
  constexpr double chart_mm = 88;
  constexpr int chart_px = 460;
  HtmlPage page(aboutCohort(report));
  page.title(QStringLiteral("Cohort report"), text(report.project),
             QStringLiteral("Left ventricular scar on late gadolinium enhancement"));
  page.banner();
  page.heading(QStringLiteral("Images"));
  page.facts(pairsOf(report.data));
  page.heading(QStringLiteral("Model"));
  if (report.model)
    page.facts(pairsOf(modelFactsOf(*report.model)));
  else
    page.paragraph(noModel());
  page.heading(QStringLiteral("Split, by patient"));
  addTable(page, partsTable(report));
  page.heading(QStringLiteral("Image-level labels"));
  if (const Table effort = effortTable(report); effort.rows.empty())
    page.paragraph(noLabels());
  else
    addTable(page, effort);
  const auto chart = [&](const Chart& one, double height) {
    page.picture(drawn(chart_mm, height,
                       [&](Document& document) { one.draw(document, 0, 0, chart_mm - 1, height); }),
                 one.title, chart_px);
  };
  if (report.evaluation) {
    page.heading(evaluationTitle(*report.evaluation));
    addTable(page, evaluationTable(*report.evaluation));
    page.paragraph(evaluationRemark(*report.evaluation), "small");
    if (const auto charts = volumeCharts(*report.evaluation)) {
      page.heading(volumesTitle());
      page.beginRow();
      chart(charts->first, 70);
      chart(charts->second, 70);
      page.endRow();
    }
    if (const Table worst = worstTable(*report.evaluation); !worst.rows.empty()) {
      page.heading(worstTitle());
      addTable(page, worst);
    }
  }
  if (!report.curves.empty()) page.heading(curvesTitle());
  for (const report::StageCurve& curve : report.curves) {
    const CurveCharts charts = curveCharts(curve);
    page.beginRow();
    chart(charts.loss, 54);
    if (charts.score)
      chart(*charts.score, 54);
    else
      page.paragraph(noScore());
    page.endRow();
  }
  if (const auto remarks = remarksOf(report); !remarks.empty()) {
    page.heading(QStringLiteral("Remarks"));
    for (const std::string& one : remarks) page.paragraph(text(one));
  }
  if (!report.methods.empty()) page.heading(QStringLiteral("Methods, as text for a paper"));
  for (const report::MethodsSection& section : report.methods) {
    page.subheading(text(section.title));
    page.paragraph(text(section.text));
  }
  return page.save(path, footOf(report.version, report.generated_utc));
}

}  // namespace gadolin::print
