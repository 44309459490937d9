#pragma once
// The 17 segments as rings: base outside, apex in the middle, anterior on top, septum on the left, as
// they are seen from the apex (Cerqueira et al., Circulation 2002;105:539).

#include <QColor>
#include <QPainterPath>
#include <QRectF>

#include "core/analysis/aha_segments.h"

class QPainter;

namespace gadolin::print {

/// The area of a segment (1..17) in a bull's-eye that fills the square.
QPainterPath segmentPath(int segment, const QRectF& square);

/// Of a band of transmurality, light to dark; readable without colour as well.
QColor bandColour(analysis::TransmuralityBand band);

/// Every segment in the colour of its band with its transmurality in per cent. A segment outside the
/// stack is hatched and has a dash; the apex, which has no transmurality, is coloured by its share of
/// scar, which its number is then. Uses the painter's font, smaller where rings are narrow.
void drawBullsEye(QPainter& painter, const QRectF& square, const analysis::SegmentReport& report);

}  // namespace gadolin::print
