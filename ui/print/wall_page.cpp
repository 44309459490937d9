#include "ui/print/wall_page.h"

#include <algorithm>

#include "core/report/wording.h"
#include "ui/print/bulls_eye.h"
#include "ui/print/table.h"

namespace gadolin::print {
namespace {

using analysis::TransmuralityBand;
using report::fixed;

constexpr double eye_mm = 74;

double drawLegend(Document& document, double x, double y) {
  constexpr double swatch = 5;
  for (const auto band : {TransmuralityBand::None, TransmuralityBand::To25, TransmuralityBand::To50,
                          TransmuralityBand::To75, TransmuralityBand::To100}) {
    document.fill(x, y + 0.4, swatch, document.lineHeight_mm(Style::Small) - 0.8, bandColour(band));
    const QString words = text(std::string(analysis::toText(band))) + QStringLiteral(" %");
    const double width = document.textWidth_mm(words, Style::Small) + 1;
    document.line(x + swatch + 1.5, y, width, words, Style::Small, ink::quiet);
    x += swatch + width + 5;
  }
  return y + document.lineHeight_mm(Style::Small);
}

void drawEye(Document& document, double x, double y, const QString& title,
             const analysis::WallReport& wall) {
  document.line(x, y, eye_mm, title, Style::Strong, ink::text, Qt::AlignHCenter);
  y += document.lineHeight_mm(Style::Strong) + 1;
  if (!wall.segments) {
    document.paragraph(x, y + 4, eye_mm, text(wall.no_segments), Style::Body, ink::warning);
    return;
  }
  document.setStyle(Style::Body);
  drawBullsEye(document.painter(), document.rect(x, y, eye_mm, eye_mm), *wall.segments);
}

const analysis::SegmentFigures* figuresOf(const analysis::WallReport* wall, std::size_t segment) {
  if (wall == nullptr || !wall->segments) return nullptr;
  const auto& figures = wall->segments->segments[segment];
  return figures.myocardium_ml > 0 ? &figures : nullptr;
}

QString depthOf(const analysis::SegmentFigures* figures) {
  return text(fixed(figures != nullptr ? figures->transmurality_percent : std::nullopt, 0));
}

double drawTable(Document& document, double y, const report::PatientReport& report) {
  const analysis::WallReport* reference =
      report.reference_wall ? &*report.reference_wall : nullptr;
  Table table;
  table.style = Style::Small;
  table.row_mm = 4.0;
  table.columns = {{QStringLiteral("Segment"), 14, true},
                   {QStringLiteral(""), 46, false},
                   {QStringLiteral("Myoc., ml"), 22, true},
                   {QStringLiteral("Scar, %"), 18, true},
                   {QStringLiteral("Transmurality, %"), 28, true},
                   {QStringLiteral("Deepest, %"), 22, true}};
  if (reference != nullptr) {
    table.columns[1].width_mm = 34;
    table.columns.push_back({QStringLiteral("Ref. scar, %"), 20, true});
    table.columns.push_back({QStringLiteral("Ref. transm., %"), 24, true});
  }
  for (std::size_t k = 0; k < analysis::aha_segments; ++k) {
    const auto* figures = figuresOf(&report.wall, k);
    using O = std::optional<double>;
    std::vector<QString> cells{
        QString::number(k + 1), text(std::string(analysis::ahaName(static_cast<int>(k) + 1))),
        text(fixed(figures != nullptr ? O(figures->myocardium_ml) : O(), 1)),
        text(fixed(figures != nullptr ? figures->scarPercent() : O(), 0)), depthOf(figures),
        text(fixed(figures != nullptr ? figures->transmurality_max_percent : O(), 0))};
    if (reference != nullptr) {
      const auto* other = figuresOf(reference, k);
      cells.push_back(text(fixed(other != nullptr ? other->scarPercent() : O(), 0)));
      cells.push_back(depthOf(other));
    }
    table.rows.push_back(std::move(cells));
    table.strong.push_back(figures != nullptr && figures->scar_ml > 0);
  }
  return table.draw(document, page::left, y);
}

QString patternWords(const analysis::WallReport& wall) {
  if (!wall.pattern) return QStringLiteral("no scar in a slice that shows the cavity");
  QStringList shares;
  for (std::size_t i = 0; i < wall.pattern->shares.size(); ++i) {
    if (wall.pattern->shares[i] < 0.005) continue;
    shares << text(std::string(analysis::toText(static_cast<analysis::ScarPattern>(i)))) +
                  QStringLiteral(" ") + text(fixed(100 * wall.pattern->shares[i], 0)) +
                  QStringLiteral(" %");
  }
  return text(analysis::patternName(wall)) + QStringLiteral(" (") +
         shares.join(QStringLiteral(", ")) + QStringLiteral(" of the scarred wall)");
}

double drawFacts(Document& document, double y, const report::PatientReport& report) {
  constexpr double name_width = 40;
  const auto fact = [&](const char* name, const QString& value) {
    document.line(page::left, y, name_width - 1, QString::fromUtf8(name), Style::Body, ink::quiet);
    y += document.paragraph(page::left + name_width, y, page::inner - name_width, value, Style::Body) +
         0.4;
  };
  fact("Pattern", patternWords(report.wall));
  if (report.wall.zones) {
    fact("Core and grey zone",
         text(fixed(report.wall.zones->core_ml, 1)) + QStringLiteral(" ml and ") +
             text(fixed(report.wall.zones->grey_ml, 1)) +
             (report.wall.zones->skipped_slices == 0
                  ? QStringLiteral(" ml, by intensity, in the slices with scar")
                  : QStringLiteral(" ml, by intensity; %1 of %2 slices with scar show no remote "
                                   "myocardium and are not in it")
                        .arg(report.wall.zones->skipped_slices)
                        .arg(report.wall.zones->skipped_slices + report.wall.zones->slices)));
  } else {
    fact("Core and grey zone", report.wall.no_zones.empty() ? QStringLiteral("no scar")
                                                            : text(report.wall.no_zones));
  }
  fact("RV insertion", report.wall.insertion_source.empty()
                           ? QStringLiteral("not known")
                           : text(report.wall.insertion_source));
  return y;
}

}  // namespace

void drawWall(Document& document, double y, const report::PatientReport& report) {
  y = document.heading(page::left, y, page::inner,
                       QStringLiteral("Transmurality by segment, % of the wall's thickness"));
  y += 1;
  const bool both = report.reference_wall.has_value();
  const double x = both ? page::left + page::inner / 4 - eye_mm / 2
                        : page::left + page::inner / 2 - eye_mm / 2;
  drawEye(document, x, y, text(report.measured_name), report.wall);
  if (both) {
    drawEye(document, x + page::inner / 2, y, text(report.reference_name), *report.reference_wall);
  }
  y += document.lineHeight_mm(Style::Strong) + 1 + eye_mm + 3;
  y = drawLegend(document, page::left, y) + 3;
  y = document.heading(page::left, y, page::inner, QStringLiteral("Segments"));
  y = drawTable(document, y, report) + 3;
  y = document.heading(page::left, y, page::inner, QStringLiteral("The scar in the wall"));
  y = drawFacts(document, y, report) + 1;
  const auto say = [&](const QString& sentence) {
    const int lines =
        static_cast<int>((document.foot_mm() - y) / document.lineHeight_mm(Style::Small));
    if (lines < 1) return;
    y += document.paragraph(page::left, y, page::inner, sentence, Style::Small, ink::quiet, lines) +
         0.8;
  };
  if (report.wall.segments) {
    for (const std::string& sentence : report.wall.segments->sentences) say(text(sentence));
  }
  say(QStringLiteral(
      "Segments: Cerqueira et al., Circulation 2002;105:539, counted from the anterior insertion of "
      "the right ventricle; basal, mid and apical are thirds of the slices that show the cavity. "
      "Transmurality: scar over wall along 360 rays a slice from the cavity's centre, mean of the "
      "segment (bands: Kim et al., N Engl J Med 2000;343:1445); of the apex the share of scar. Core: "
      "above half way from remote to the brightest myocardium, and MVO; grey zone: above remote + 2 "
      "SD and connected with core (Schmidt et al., Circulation 2007;115:2006)."));
}

}  // namespace gadolin::print
