#include "ui/view/annotations.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <array>

namespace gadolin::view {
namespace {

constexpr QColor ink(235, 235, 235);
constexpr QColor dim(190, 190, 190);
constexpr QColor shade(0, 0, 0, 200);

/// Readable on black, on grey and on white.
void paintText(QPainter& painter, const QRectF& box, int flags, const QString& text,
               QColor colour) {
  painter.setPen(shade);
  for (const QPointF corner : {QPointF(-1, -1), QPointF(1, -1), QPointF(-1, 1), QPointF(1, 1)})
    painter.drawText(box.translated(corner), flags, text);
  painter.setPen(colour);
  painter.drawText(box, flags, text);
}

void paintRuler(QPainter& painter, const QRectF& area, double pixels_per_mm, double line_height) {
  const auto length_mm = rulerLength_mm(pixels_per_mm, area.width() * 0.3);
  if (!length_mm) return;
  const double length = *length_mm * pixels_per_mm;
  const double right = area.right();
  const double base = area.bottom() - 3;
  const int ticks = *length_mm / (*length_mm >= 50 ? 10 : *length_mm >= 10 ? 5 : 1);
  const auto bar = [&](double inflate, QColor colour) {
    const auto box = [&](double x, double y, double width, double height) {
      painter.fillRect(QRectF(x, y, width, height).adjusted(-inflate, -inflate, inflate, inflate),
                       colour);
    };
    box(right - length, base, length, 1.5);
    for (int i = 0; i <= ticks; ++i) {
      const double x = right - length + length * i / ticks - 0.75;
      const double height = i == 0 || i == ticks ? 7 : 4;
      box(x, base - height, 1.5, height);
    }
  };
  bar(1, shade);
  bar(0, ink);
  const QRectF label(right - 120, base - 9 - line_height, 120, line_height);
  paintText(painter, label, Qt::AlignRight | Qt::AlignBottom,
            QCoreApplication::translate("gadolin::view::Annotations", "%1 mm").arg(*length_mm),
            ink);
}

}  // namespace

std::optional<int> rulerLength_mm(double pixels_per_mm, double room) {
  std::optional<int> best;
  for (const int length_mm : {5, 10, 20, 50, 100, 200}) {
    if (length_mm * pixels_per_mm <= room) best = length_mm;
  }
  return best;
}

void paintAnnotations(QPainter& painter, const QRectF& whole, const Annotations& a) {
  const QRectF area = whole.adjusted(8, 6, -8, -6);
  const QFontMetricsF metrics(painter.font());
  const double line = metrics.lineSpacing();

  QRectF row(area.left(), area.top(), area.width(), line);
  if (!a.title.isEmpty()) {
    paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter,
              metrics.elidedText(a.title, Qt::ElideRight, area.width() * 0.45), ink);
    row.translate(0, line);
  }
  paintText(painter, row, Qt::AlignLeft | Qt::AlignVCenter, a.slice, ink);
  row.moveTop(area.top());
  paintText(painter, row, Qt::AlignRight | Qt::AlignVCenter, a.window, dim);
  if (!a.overlay.isEmpty()) {
    row.translate(0, line);
    paintText(painter, row, Qt::AlignRight | Qt::AlignVCenter, a.overlay, dim);
  }
  row = QRectF(area.left(), area.bottom() - 2 * line, area.width(), 2 * line);
  paintText(painter, row, Qt::AlignLeft | Qt::AlignBottom, a.cursor, dim);

  const QFont normal = painter.font();
  QFont bold = normal;
  bold.setBold(true);
  painter.setFont(bold);
  const auto letter = [&](const std::string& text, int flags) {
    paintText(painter, area, flags, QString::fromStdString(text), ink);
  };
  letter(a.letters.left, Qt::AlignLeft | Qt::AlignVCenter);
  letter(a.letters.right, Qt::AlignRight | Qt::AlignVCenter);
  letter(a.letters.top, Qt::AlignHCenter | Qt::AlignTop);
  letter(a.letters.bottom, Qt::AlignHCenter | Qt::AlignBottom);
  painter.setFont(normal);

  if (a.pixels_per_mm > 0) paintRuler(painter, area, a.pixels_per_mm, line);
}

}  // namespace gadolin::view
