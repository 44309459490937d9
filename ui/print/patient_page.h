#pragma once
// The patient report on one page of A4.

#include <QImage>
#include <filesystem>

#include "core/base/result.h"
#include "core/report/patient_report.h"

namespace gadolin::print {

/// Writes the PDF atomically. Needs a QGuiApplication; any one thread.
Result<void> printPatientReport(const std::filesystem::path& path,
                                const report::PatientReport& report);

/// The same page as a picture, to be looked at before it is saved. Any thread.
QImage patientReportImage(const report::PatientReport& report, double dots_per_inch);

}  // namespace gadolin::print
