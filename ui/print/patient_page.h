#pragma once
// The patient report on two pages of A4: figures and pictures; the wall by segments.

#include <QImage>
#include <filesystem>

#include "core/base/result.h"
#include "core/report/patient_report.h"

namespace gadolin::print {

/// Writes the PDF atomically. Needs a QGuiApplication; any one thread.
Result<void> printPatientReport(const std::filesystem::path& path,
                                const report::PatientReport& report);

/// The same pages as a picture, one below the other with nothing (transparent) between them, to be
/// looked at before they are saved. Any thread.
QImage patientReportImage(const report::PatientReport& report, double dots_per_inch);

}  // namespace gadolin::print
