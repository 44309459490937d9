#pragma once
// The patient report on two pages: figures and pictures; the wall by segments.

#include <QImage>
#include <filesystem>

#include "core/base/result.h"
#include "core/report/patient_report.h"
#include "ui/print/page.h"

namespace gadolin::print {

About aboutPatient(const report::PatientReport& report);
/// Of a slice, for a table; a dash where nobody has labelled it.
QString labelWord(SliceLabel label);
/// How volumes and masses are made.
QString massRemark();

/// Writes the PDF atomically. Needs a QGuiApplication; any one thread.
Result<void> printPatientReport(const std::filesystem::path& path,
                                const report::PatientReport& report, Paper paper = Paper::A4);

/// The same pages as a picture, one below the other with nothing (transparent) between them, to be
/// looked at before they are saved. Any thread.
QImage patientReportImage(const report::PatientReport& report, double dots_per_inch,
                          Paper paper = Paper::A4);

}  // namespace gadolin::print
