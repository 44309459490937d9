#pragma once
// The page of a patient report that says where in the wall the scar lies.

#include "core/report/patient_report.h"
#include "ui/print/page.h"

namespace gadolin::print {

/// From y downward: bull's-eye(s), table of segments, pattern, core and grey zone, and how these were
/// measured. What is not known is a sentence.
void drawWall(Document& document, double y, const report::PatientReport& report);

}  // namespace gadolin::print
