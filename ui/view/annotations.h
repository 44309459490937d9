#pragma once
// The text, letters and ruler around an image, painted in logical pixels.

#include <QRectF>
#include <QString>
#include <optional>

#include "core/imaging/display_orientation.h"

class QPainter;

namespace gadolin::view {

struct Annotations {
  QString title;
  QString slice;    // "3/8 (base first)"
  QString window;   // "W 120 L 80"
  QString cursor;   // value and position
  QString overlay;  // "Overlay off", or empty
  EdgeLetters letters;
  double pixels_per_mm = 0;  // 0: no ruler
};

/// The longest of 5, 10, 20, 50, 100, 200 mm that is no longer than `room` pixels; nullopt where
/// even 5 mm is too long.
std::optional<int> rulerLength_mm(double pixels_per_mm, double room);

void paintAnnotations(QPainter& painter, const QRectF& area, const Annotations& annotations);

}  // namespace gadolin::view
