// How long a patient's report takes: from the stack and masks in memory to the PDF on disk.

#include <QGuiApplication>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <vector>

#include "core/phantom/subject.h"
#include "tests/support/temp_folder.h"
#include "ui/print/patient_page.h"

int main(int argc, char** argv) {
  QGuiApplication application(argc, argv);
  const auto subject = gadolin::phantom::makeSubject(1, 0);
  gadolin::report::PatientReportInput input;
  input.patient = subject.name;
  input.stack_id = subject.name + "-s1";
  input.stack = &subject.shown();
  input.measured = {subject.truth, gadolin::report::Origin::Prediction, "run",
                    "2026-01-01T00:00:00.000Z", 1};
  input.reference = gadolin::report::Segmentation{subject.truth, gadolin::report::Origin::Reference,
                                                  "phantom", "2026-01-01T00:00:00.000Z", 2};
  input.generated_utc = "2026-01-01T00:00:00.000Z";
  input.version = "bench";
  const gadolin::test::TempFolder folder;

  std::vector<double> seconds;
  for (int run = 0; run < 7; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    const auto report = gadolin::report::buildPatientReport(input);
    if (!report || !gadolin::print::printPatientReport(folder.path() / "report.pdf", *report)) {
      std::fputs("bench_report: the report could not be made.\n", stderr);
      return 1;
    }
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  const double first = seconds.front();  // loads the fonts
  std::sort(seconds.begin(), seconds.end());
  const bool json = argc > 1 && std::string_view(argv[1]) == "--json";
  std::printf(json ? "{\"patient_s\": %.4f, \"first_s\": %.4f}\n"
                   : "A patient's report: %.3f s (median of 7), the first %.3f s\n",
              seconds[seconds.size() / 2], first);
  return 0;
}
