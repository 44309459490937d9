#pragma once
// A key image of a report: the grey picture in its true shape with letters and a ruler, and the
// same with outlines.

#include "core/report/patient_report.h"
#include "ui/print/page.h"

namespace gadolin::print {

/// Colours of outlines: the views' colour-blind-safe palette (ui/view/palette.h, which this room
/// may not see).
namespace overlay {
inline const QColor endocardium{86, 180, 233};
inline const QColor epicardium{0, 190, 140};
inline const QColor scar{240, 140, 0};
inline const QColor mvo{214, 120, 190};
inline const QColor reference{60, 230, 255};
}  // namespace overlay

/// Both pictures side by side fit the given square; x, y, side in mm.
void drawPlainImage(Document& document, const report::KeyImage& image, double x, double y,
                    double side);
void drawOverlayImage(Document& document, const report::KeyImage& image, double x, double y,
                      double side);
/// One line that says what the outlines mean; returns its width in mm.
double drawLegend(Document& document, double x, double y, bool with_reference, bool with_mvo);

}  // namespace gadolin::print
