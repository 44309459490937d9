#include "ui/print/patient_page.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/report/wording.h"
#include "ui/print/key_image_figure.h"
#include "ui/print/page.h"
#include "ui/print/table.h"
#include "ui/print/wall_page.h"

namespace gadolin::print {
namespace {

using report::fixed;

double drawHeader(Document& document, const report::PatientReport& report) {
  double y = 11.0;
  const QString patient = text(report.patient);
  const double patient_width = std::min(document.textWidth_mm(patient, Style::Title) + 1, 90.0);
  document.line(page::left, y, page::inner - patient_width - 4, QStringLiteral("LGE scar report"),
                Style::Title, ink::accent);
  document.line(page::left + page::inner - patient_width, y, patient_width, patient, Style::Title,
                ink::text, Qt::AlignRight);
  y += document.lineHeight_mm(Style::Title);
  document.line(page::left, y, page::inner / 2,
                QStringLiteral("Late gadolinium enhancement, short-axis stack"), Style::Body,
                ink::quiet);
  document.line(page::left + page::inner / 2, y, page::inner / 2,
                QStringLiteral("pseudonym  \u00b7  stack ") + text(report.stack_id), Style::Body,
                ink::quiet, Qt::AlignRight);
  y += document.lineHeight_mm(Style::Body) + 1.2;
  document.rule(page::left, y, page::left + page::inner, y, ink::accent, 0.5);
  return drawBanner(document, y + 1.6) + 3.0;
}

double drawFacts(Document& document, double x, double y, double width, const QString& title,
                 const std::vector<report::Fact>& facts) {
  y = document.heading(x, y, width, title);
  constexpr double name_width = 27.0;
  for (const report::Fact& fact : facts) {
    document.line(x, y, name_width - 1, text(fact.name), Style::Body, ink::quiet);
    y += document.paragraph(x + name_width, y, width - name_width, text(fact.value), Style::Body,
                            ink::text, 2) +
         0.4;
  }
  return y;
}

QString difference(std::optional<double> measured, std::optional<double> reference, int decimals) {
  if (!measured || !reference) return QStringLiteral("\u2013");
  const double value = *measured - *reference;
  return (value > 0 ? QStringLiteral("+") : QString()) + text(fixed(value, decimals));
}

double drawResult(Document& document, double y, const report::PatientReport& report) {
  y = document.heading(page::left, y, page::inner,
                       QStringLiteral("Result: ") + text(report.method_title));
  const double top = y;
  constexpr double tile = 50.0;
  const auto percent = report.measured.scarPercentLvm();
  double tile_y = y + 1.0;
  document.line(page::left, tile_y, tile,
                percent ? text(fixed(percent, 1)) + QStringLiteral(" %") : QStringLiteral("\u2013"),
                Style::Large);
  tile_y += document.lineHeight_mm(Style::Large);
  document.line(page::left, tile_y, tile, QStringLiteral("of LV myocardium is scar"), Style::Body);
  tile_y += document.lineHeight_mm(Style::Body) + 1.5;
  const auto small = [&](const QString& what) {
    document.line(page::left, tile_y, tile, what, Style::Body, ink::quiet);
    tile_y += document.lineHeight_mm(Style::Body);
  };
  small(text(fixed(report.measured.scar_g(), 1)) + QStringLiteral(" g of ") +
        text(fixed(report.measured.myocardium_g(), 1)) + QStringLiteral(" g (") +
        text(report.measured_name) + QStringLiteral(")"));
  if (report.reference) {
    small(text(report.reference_name) + QStringLiteral(": ") +
          text(fixed(report.reference->scarPercentLvm(), 1)) + QStringLiteral(" %"));
  }

  Table table;
  table.row_mm = 4.2;
  const double name_width = report.reference ? 52.0 : 80.0;
  table.columns = {{QStringLiteral("Whole stack"), name_width, false},
                   {text(report.measured_name), 27, true}};
  if (report.reference) {
    table.columns.push_back({text(report.reference_name), 25, true});
    table.columns.push_back({QStringLiteral("Difference"), 24, true});
  }
  const auto row = [&](const char* name, auto value, int decimals, bool strong) {
    const std::optional<double> measured = value(report.measured);
    std::vector<QString> cells{QString::fromUtf8(name), text(fixed(measured, decimals))};
    if (report.reference) {
      const std::optional<double> reference = value(*report.reference);
      cells.push_back(text(fixed(reference, decimals)));
      cells.push_back(difference(measured, reference, decimals));
    }
    table.rows.push_back(std::move(cells));
    table.strong.push_back(strong);
  };
  using V = analysis::TissueVolumes;
  using O = std::optional<double>;
  row(
      "LV myocardium, ml", [](const V& v) { return O(v.myocardium_ml); }, 1, false);
  row(
      "LV myocardium, g", [](const V& v) { return O(v.myocardium_g()); }, 1, false);
  row(
      "Scar with MVO, ml", [](const V& v) { return O(v.scar_ml); }, 1, false);
  row(
      "Scar with MVO, g", [](const V& v) { return O(v.scar_g()); }, 1, false);
  row(
      "Scar, % of LV myocardium", [](const V& v) { return v.scarPercentLvm(); }, 1, true);
  const bool any_mvo =
      report.measured.mvo_ml > 0 || (report.reference && report.reference->mvo_ml > 0);
  // The networks do not tell MVO from scar: none of it in their mask is not zero.
  const bool measured_known = !report.by_model || report.measured.mvo_ml > 0;
  if (any_mvo)
    row(
        "Of it MVO, ml",
        [&](const V& v) { return &v == &report.measured && !measured_known ? O() : O(v.mvo_ml); },
        1, false);
  const double table_y = table.draw(document, page::left + page::inner - table.width_mm(), top);
  return std::max(tile_y, table_y) + 2.0;
}

double drawImages(Document& document, double y, const report::PatientReport& report) {
  y = document.heading(page::left, y, page::inner,
                       QStringLiteral("Key images, base to apex, all in one window"));
  if (report.images.empty()) {
    return y +
           document.paragraph(page::left, y, page::inner,
                              QStringLiteral("No slice holds myocardium in this segmentation, so "
                                             "there is no key image to show."),
                              Style::Body) +
           2.0;
  }
  constexpr double gap = 2.0;
  constexpr double largest = 44.0;
  const auto count = static_cast<double>(report.images.size());
  const double side = std::min(largest, (page::inner - gap * (count - 1)) / count);
  double x = page::left;
  bool mvo = false;
  bool reference = false;
  for (const report::KeyImage& image : report.images) {
    document.line(x, y, side, QStringLiteral("Slice %1").arg(image.number), Style::SmallStrong);
    document.line(x, y, side,
                  image.scar_ml > 0 ? QStringLiteral("scar ") + text(fixed(image.scar_ml, 1)) +
                                          QStringLiteral(" ml")
                                    : QStringLiteral("no scar"),
                  Style::Small, ink::quiet, Qt::AlignRight);
    const double below = y + document.lineHeight_mm(Style::Small) + 0.4;
    drawPlainImage(document, image, x, below, side);
    drawOverlayImage(document, image, x, below + side + 0.8, side);
    mvo = mvo || std::find(image.labels.begin(), image.labels.end(), 4) != image.labels.end();
    reference = reference || !image.reference_labels.empty();
    x += side + gap;
  }
  y += document.lineHeight_mm(Style::Small) + 0.4 + 2 * side + 0.8 + 1.0;
  const double legend_width = drawLegend(document, page::left, y, reference, mvo);
  document.line(page::left + legend_width, y, page::inner - legend_width,
                QStringLiteral("Ruler: 50 mm"), Style::Small, ink::quiet, Qt::AlignRight);
  return y + document.lineHeight_mm(Style::Small) + 2.0;
}

/// The slices to print: all, or those with myocardium where space is short, or those with most
/// scar.
std::vector<const report::SliceRow*> rowsThatFit(const report::PatientReport& report,
                                                 std::size_t room, QString& remark) {
  std::vector<const report::SliceRow*> rows;
  for (const report::SliceRow& row : report.slices) rows.push_back(&row);
  if (rows.size() <= room) return rows;
  std::erase_if(rows, [](const report::SliceRow* row) {
    return row->measured.myocardium_ml <= 0 &&
           !(row->reference && row->reference->myocardium_ml > 0);
  });
  remark = QStringLiteral("Slices without myocardium are left out of the table.");
  if (rows.size() <= room) return rows;
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->measured.scar_ml > b->measured.scar_ml;
  });
  rows.resize(room);
  std::sort(rows.begin(), rows.end(),
            [](const auto* a, const auto* b) { return a->number < b->number; });
  remark =
      QStringLiteral("The table holds the %1 slices with most scar; the sums above are of all.")
          .arg(room);
  return rows;
}

void drawSlices(Document& document, double y, const report::PatientReport& report) {
  constexpr double table_width = 122.0;
  constexpr double gap = 6.0;
  const double notes_x = page::left + table_width + gap;
  const double notes_width = page::inner - table_width - gap;
  const double top =
      document.heading(page::left, y, table_width, QStringLiteral("Slice by slice, base first"));
  document.heading(notes_x, y, notes_width, QStringLiteral("Review and remarks"));

  Table table;
  table.style = Style::Small;
  const double available = document.foot_mm() - top - 1.0;
  constexpr double smallest_row = 3.3;
  const auto room = static_cast<std::size_t>(std::max(1.0, available / smallest_row - 1.0));
  QString remark;
  const auto rows = rowsThatFit(report, room, remark);
  table.row_mm = std::clamp(available / static_cast<double>(rows.size() + 1), smallest_row, 4.6);
  if (table.row_mm > 4.2) table.style = Style::Body;
  table.columns = {{QStringLiteral("Slice"), 11, true},
                   {QStringLiteral("Reader's label"), 24, false},
                   {QStringLiteral("Myoc., ml"), 17, true},
                   {QStringLiteral("Scar, ml"), 15, true},
                   {QStringLiteral("Scar, %"), 15, true}};
  const bool reference = report.reference.has_value();
  if (reference) {
    table.columns.push_back({QStringLiteral("Ref. scar, ml"), 21, true});
    table.columns.push_back({QStringLiteral("Ref., %"), 19, true});
  } else {
    table.columns[1].width_mm = 44;
    for (std::size_t c = 2; c < 5; ++c) table.columns[c].width_mm += 6.5;
  }
  for (const report::SliceRow* row : rows) {
    std::vector<QString> cells{QString::number(row->number), labelWord(row->label),
                               text(fixed(row->measured.myocardium_ml, 1)),
                               text(fixed(row->measured.scar_ml, 1)),
                               text(fixed(row->measured.scarPercentLvm(), 0))};
    if (reference) {
      cells.push_back(row->reference ? text(fixed(row->reference->scar_ml, 1)) : QString());
      cells.push_back(row->reference ? text(fixed(row->reference->scarPercentLvm(), 0))
                                     : QString());
    }
    table.rows.push_back(std::move(cells));
    table.strong.push_back(row->measured.scar_ml > 0);
  }
  table.draw(document, page::left, top);

  double notes_y = top;
  const auto say = [&](const QString& sentence, Style style, const QColor& colour) {
    if (sentence.isEmpty()) return;
    const double line = document.lineHeight_mm(style);
    const int lines = static_cast<int>((document.foot_mm() - notes_y) / line);
    if (lines < 1) return;
    notes_y +=
        document.paragraph(notes_x, notes_y, notes_width, sentence, style, colour, lines) + 1.2;
  };
  say(text(report.review), Style::Body, ink::text);
  if (!report.comment.empty()) {
    say(QStringLiteral("\u201c") + text(report.comment) + QStringLiteral("\u201d"), Style::Body,
        ink::text);
  }
  if (report.by_model && !report.reference) {
    say(QStringLiteral("There is no reference mask for this stack to compare with."), Style::Small,
        ink::quiet);
  }
  for (const std::string& note : report.notes) say(text(note), Style::Small, ink::quiet);
  say(remark, Style::Small, ink::quiet);
  say(massRemark(), Style::Small, ink::quiet);
}

void drawEnd(Document& document, const report::PatientReport& report, int number) {
  drawFooter(document,
             QStringLiteral("Gadolin ") + text(report.version) +
                 QStringLiteral("  \u00b7  generated ") +
                 text(report::minute(report.generated_utc)) + QStringLiteral("  \u00b7  patient ") +
                 text(report.patient),
             QStringLiteral("Research use only  \u00b7  page %1 of 2").arg(number));
}

void drawFirstPage(Document& document, const report::PatientReport& report) {
  double y = drawHeader(document, report);
  constexpr double column_gap = 8.0;
  const double column = (page::inner - column_gap) / 2;
  const double study_y =
      drawFacts(document, page::left, y, column, QStringLiteral("Images"), report.study);
  const double method_y = drawFacts(document, page::left + column + column_gap, y, column,
                                    QStringLiteral("Method"), report.method);
  y = drawResult(document, std::max(study_y, method_y) + 1.8, report);
  y = drawImages(document, y, report);
  drawSlices(document, y, report);
  drawEnd(document, report, 1);
}

void drawSecondPage(Document& document, const report::PatientReport& report) {
  drawWall(document, drawHeader(document, report), report);
  drawEnd(document, report, 2);
}

}  // namespace

About aboutPatient(const report::PatientReport& report) {
  About about{QStringLiteral("LGE scar report, ") + text(report.patient), text(report.version),
              text(report.generated_utc),
              {QStringLiteral("late gadolinium enhancement"), QStringLiteral("scar"),
               QStringLiteral("stack ") + text(report.stack_id),
               QStringLiteral("mask revision %1").arg(report.provenance.revision)}};
  if (!report.provenance.run.empty())
    about.keywords << QStringLiteral("run ") + text(report.provenance.run);
  about.keywords << QStringLiteral("research use only");
  return about;
}

QString massRemark() {
  return QStringLiteral(
             "Mass = volume \u00d7 %1 g/ml. Volume of a slice = its pixels \u00d7 the part of "
             "the stack's axis that it stands for.")
      .arg(analysis::myocardium_g_per_ml, 0, 'f', 2);
}

QString labelWord(SliceLabel label) {
  switch (label) {
    case SliceLabel::Unlabelled:
      return QStringLiteral("\u2013");
    case SliceLabel::None:
      return QStringLiteral("none");
    case SliceLabel::Fibrosis:
      return QStringLiteral("fibrosis");
    case SliceLabel::Unsure:
      return QStringLiteral("unsure");
    case SliceLabel::NotDiagnostic:
      return QStringLiteral("not diagnostic");
  }
  return {};
}

Result<void> printPatientReport(const std::filesystem::path& path,
                                const report::PatientReport& report, Paper paper) {
  Document document(aboutPatient(report), paper);
  drawFirstPage(document, report);
  document.newPage();
  drawSecondPage(document, report);
  return document.save(path);
}

QImage patientReportImage(const report::PatientReport& report, double dots_per_inch, Paper paper) {
  QImage first, second;
  {
    Document document(first, dots_per_inch, paper);
    drawFirstPage(document, report);
  }
  {
    Document document(second, dots_per_inch, paper);
    drawSecondPage(document, report);
  }
  constexpr double gap_mm = 5;
  const int gap = qRound(gap_mm * dots_per_inch / 25.4);
  QImage both(first.width(), first.height() + gap + second.height(), QImage::Format_ARGB32);
  both.fill(Qt::transparent);
  QPainter painter(&both);
  painter.drawImage(0, 0, first);
  painter.drawImage(0, first.height() + gap, second);
  return both;
}

}  // namespace gadolin::print
