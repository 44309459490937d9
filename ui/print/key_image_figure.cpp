#include "ui/print/key_image_figure.h"

#include <QImage>
#include <QPainterPath>
#include <algorithm>
#include <functional>
#include <vector>

#include "core/report/outline.h"

namespace gadolin::print {
namespace {

/// Where a picture lies within its square, in mm.
struct Frame {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  double scale = 1;  // mm on paper per mm in the patient
};

Frame frameOf(const report::KeyImage& image, double x, double y, double side) {
  const double width_mm = image.columns * image.column_mm;
  const double height_mm = image.rows * image.row_mm;
  const double scale = side / std::max(width_mm, height_mm);
  Frame frame;
  frame.scale = scale;
  frame.width = width_mm * scale;
  frame.height = height_mm * scale;
  frame.x = x + (side - frame.width) / 2;
  frame.y = y + (side - frame.height) / 2;
  return frame;
}

void drawPixels(Document& document, const report::KeyImage& image, const Frame& frame) {
  QImage picture(image.columns, image.rows, QImage::Format_Grayscale8);
  for (int row = 0; row < image.rows; ++row) {
    const auto* from = image.gray.data() + static_cast<std::ptrdiff_t>(row) * image.columns;
    std::copy(from, from + image.columns, picture.scanLine(row));
  }
  // Interpolated here: PDF viewers differ in how they enlarge small pictures.
  const int factor = std::clamp(640 / std::max(1, std::max(image.columns, image.rows)), 1, 8);
  const QImage fine = picture.scaled(image.columns * factor, image.rows * factor,
                                     Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
  document.painter().drawImage(document.rect(frame.x, frame.y, frame.width, frame.height),
                               fine.convertToFormat(QImage::Format_Grayscale8));
}

void drawLetters(Document& document, const report::KeyImage& image, const Frame& frame) {
  const double height = document.lineHeight_mm(Style::Small);
  const double pad = 0.5;
  const double middle = frame.y + (frame.height - height) / 2;
  const auto letter = [&](double x, double y, double width, const std::string& letters,
                          Qt::Alignment alignment) {
    const QString shown = text(letters);
    // A dark shadow keeps the letters readable on bright fat.
    document.line(x + 0.15, y + 0.15, width, shown, Style::SmallStrong, Qt::black, alignment);
    document.line(x, y, width, shown, Style::SmallStrong, Qt::white, alignment);
  };
  letter(frame.x + pad, middle, 10, image.letters.left, Qt::AlignLeft);
  letter(frame.x + frame.width - 10 - pad, middle, 10, image.letters.right, Qt::AlignRight);
  letter(frame.x, frame.y + pad, frame.width, image.letters.top, Qt::AlignHCenter);
  letter(frame.x, frame.y + frame.height - height - 2.8,  // above the ruler
         frame.width, image.letters.bottom, Qt::AlignHCenter);
}

/// A bar of 50 mm in the patient with a tick every 10 mm.
void drawRuler(Document& document, const Frame& frame) {
  constexpr int length_mm = 50;
  const double x = frame.x + 1.5;
  const double y = frame.y + frame.height - 1.6;
  const auto bar = [&](const QColor& colour, double thickness) {
    document.rule(x, y, x + length_mm * frame.scale, y, colour, thickness);
    for (int at = 0; at <= length_mm; at += 10) {
      const double tick = at % length_mm == 0 ? 1.5 : 0.9;
      const double left = x + at * frame.scale;
      document.rule(left, y - tick, left, y, colour, thickness);
    }
  };
  bar(Qt::black, 0.5);
  bar(Qt::white, 0.22);
}

using Wanted = std::function<bool(std::uint8_t)>;

QPainterPath pathOf(const Document& document, const report::KeyImage& image, const Frame& frame,
                    const std::vector<std::uint8_t>& labels, const Wanted& wanted) {
  std::vector<std::uint8_t> inside(labels.size());
  std::transform(labels.begin(), labels.end(), inside.begin(),
                 [&](std::uint8_t label) { return wanted(label) ? 1 : 0; });
  QPainterPath path;
  path.setFillRule(Qt::OddEvenFill);
  for (const report::Outline& outline : report::outlines(inside, image.columns, image.rows)) {
    bool first = true;
    for (const report::OutlinePoint& point : outline) {
      const QPointF at(document.px(frame.x + (point.x + 0.5) * image.column_mm * frame.scale),
                       document.px(frame.y + (point.y + 0.5) * image.row_mm * frame.scale));
      first ? path.moveTo(at) : path.lineTo(at);
      first = false;
    }
    path.closeSubpath();
  }
  return path;
}

QPen penOf(const Document& document, const QColor& colour, double thickness,
           Qt::PenStyle style = Qt::SolidLine) {
  return {colour, document.px(thickness), style, Qt::FlatCap, Qt::RoundJoin};
}

}  // namespace

void drawPlainImage(Document& document, const report::KeyImage& image, double x, double y,
                    double side) {
  const Frame frame = frameOf(image, x, y, side);
  document.fill(x, y, side, side, Qt::black);
  drawPixels(document, image, frame);
  drawLetters(document, image, frame);
  drawRuler(document, frame);
}

void drawOverlayImage(Document& document, const report::KeyImage& image, double x, double y,
                      double side) {
  const Frame frame = frameOf(image, x, y, side);
  document.fill(x, y, side, side, Qt::black);
  drawPixels(document, image, frame);
  QPainter& painter = document.painter();
  painter.save();
  painter.setClipRect(document.rect(frame.x, frame.y, frame.width, frame.height));
  const auto path = [&](const std::vector<std::uint8_t>& labels, const Wanted& wanted) {
    return pathOf(document, image, frame, labels, wanted);
  };
  QColor veil = overlay::scar;
  veil.setAlphaF(0.30F);
  const QPainterPath scar = path(image.labels, isFibrosis);
  painter.fillPath(scar, veil);
  painter.strokePath(path(image.labels, [](std::uint8_t label) { return label >= 1; }),
                     penOf(document, overlay::epicardium, 0.22));
  painter.strokePath(path(image.labels, [](std::uint8_t label) { return label == 1; }),
                     penOf(document, overlay::endocardium, 0.22));
  painter.strokePath(scar, penOf(document, overlay::scar, 0.3));
  painter.strokePath(path(image.labels, [](std::uint8_t label) { return label == 4; }),
                     penOf(document, overlay::mvo, 0.3));
  if (!image.reference_labels.empty()) {
    QPen dashed = penOf(document, overlay::reference, 0.2, Qt::CustomDashLine);
    dashed.setDashPattern({3.0, 2.0});
    painter.strokePath(path(image.reference_labels, isFibrosis), dashed);
  }
  painter.restore();
}

double drawLegend(Document& document, double x, double y, bool with_reference, bool with_mvo) {
  struct Entry {
    QString name;
    QColor colour;
    bool filled;
    bool dashed;
  };
  std::vector<Entry> entries{{QStringLiteral("endocardium"), overlay::endocardium, false, false},
                             {QStringLiteral("epicardium"), overlay::epicardium, false, false},
                             {QStringLiteral("scar"), overlay::scar, true, false}};
  if (with_mvo) entries.push_back({QStringLiteral("MVO"), overlay::mvo, false, false});
  if (with_reference) {
    entries.push_back({QStringLiteral("scar in the reference"), overlay::reference, false, true});
  }
  const double height = document.lineHeight_mm(Style::Small);
  const double start = x;
  for (const Entry& entry : entries) {
    // On dark ground, as the colours are seen in the pictures.
    document.fill(x, y + 0.2, 6.0, height - 0.4, QColor(0x40, 0x40, 0x40));
    if (entry.filled) {
      QColor veil = entry.colour;
      veil.setAlphaF(0.30F);
      document.fill(x, y + 0.2, 6.0, height - 0.4, veil);
    }
    QPen pen = penOf(document, entry.colour, 0.4);
    if (entry.dashed) pen.setDashPattern({2.0, 1.4});
    document.painter().setPen(pen);
    const double middle = document.px(y + height / 2);
    document.painter().drawLine(QPointF(document.px(x + 0.6), middle),
                                QPointF(document.px(x + 5.4), middle));
    document.line(x + 7.0, y, 60, entry.name, Style::Small, ink::quiet);
    x += 7.0 + document.textWidth_mm(entry.name, Style::Small) + 4.0;
  }
  return x - start;
}

}  // namespace gadolin::print
