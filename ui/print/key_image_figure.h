#pragma once
// A key image of a report: the grey picture in its true shape with letters and a ruler, and the
// same with outlines.

#include "core/report/patient_report.h"
#include "ui/print/page.h"

namespace gadolin::print {

/// Colours of outlines (Okabe and Ito, 2008): told apart without red and green, and on grey.
namespace overlay {
inline const QColor endocardium{0x56, 0xb4, 0xe9};
inline const QColor epicardium{0xf0, 0xe4, 0x42};
inline const QColor scar{0xe6, 0x6a, 0x00};
inline const QColor mvo{0xcc, 0x79, 0xa7};
inline const QColor reference{0xff, 0xff, 0xff};
}  // namespace overlay

/// Both pictures side by side fit the given square; x, y, side in mm.
void drawPlainImage(Document& document, const report::KeyImage& image, double x, double y,
                    double side);
void drawOverlayImage(Document& document, const report::KeyImage& image, double x, double y,
                      double side);
/// One line that says what the outlines mean; returns its width in mm.
double drawLegend(Document& document, double x, double y, bool with_reference, bool with_mvo);

}  // namespace gadolin::print
