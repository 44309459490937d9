#pragma once
// The cohort report on as many pages as it needs.

#include <filesystem>

#include "core/base/result.h"
#include "core/report/cohort_report.h"
#include "ui/print/page.h"

namespace gadolin::print {

/// Writes the PDF atomically. Needs a QGuiApplication; any one thread.
Result<void> printCohortReport(const std::filesystem::path& path,
                               const report::CohortReport& report, Paper paper = Paper::A4);

}  // namespace gadolin::print
