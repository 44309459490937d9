#pragma once
// Reports as one file of HTML that needs nothing else: pictures and charts are in it. What they say is
// what the pages say; the list of slices is never cut.

#include <filesystem>

#include "core/base/result.h"
#include "core/report/cohort_report.h"
#include "core/report/patient_report.h"

namespace gadolin::print {

/// Writes the file atomically. Needs a QGuiApplication; any one thread.
Result<void> writePatientHtml(const std::filesystem::path& path,
                              const report::PatientReport& report);
Result<void> writeCohortHtml(const std::filesystem::path& path, const report::CohortReport& report);

}  // namespace gadolin::print
