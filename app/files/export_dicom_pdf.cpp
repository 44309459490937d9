#include <algorithm>
#include <iterator>

#include "app/files/dicom_images.h"
#include "app/files/export_dicom.h"
#include "app/files/export_folder.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/imaging/io/dicom_document_writer.h"
#include "core/imaging/stack_file.h"
#include "database/stacks.h"
#include "ui/print/patient_page.h"
#include "ui/session/report_builder.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

Result<void> writePage(session::Project& project, ExportFolder& folder, ReferredImages& referred,
                       const report::PatientReport& report) {
  GADOLIN_TRY(const db::StackRecord record, db::stackById(project.reader(), report.stack_id));
  GADOLIN_TRY(const Stack stack, readStack(project.paths().stack(record.id)));
  GADOLIN_TRY(const auto images, referred.of(folder, record, stack));
  GADOLIN_TRY(const fs::path pdf, folder.file(record.id + "/report.pdf"));
  GADOLIN_CHECK(print::printPatientReport(pdf, report));
  GADOLIN_TRY(const std::string document, readFile(pdf));
  io::MaskFacts facts;
  facts.made_utc = report.generated_utc;
  facts.description = report.method_title;
  facts.software_version = GADOLIN_VERSION;
  facts.key = images.front().study_uid + " " + record.content_hash + " " + sha256Hex(document);
  GADOLIN_TRY(const fs::path file, folder.file(record.id + "/report-pdf.dcm"));
  GADOLIN_CHECK(io::writeEncapsulatedPdf(file, pdf, images.front(), facts, "LGE report"));
  GADOLIN_TRY(const std::string back, io::readEncapsulatedPdf(file));
  return back == document ? Result<void>() : differsFromWritten(file);
}

}  // namespace

Result<ExportOutcome> exportDicomPdf(session::Project& project, const fs::path& out,
                                     const DicomWishes& wishes, Output& output) {
  GADOLIN_TRY(const auto patients, db::patients(project.reader()));
  GADOLIN_TRY(auto referred, ReferredImages::find(project, wishes.images));
  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  std::vector<std::string> without;
  std::int64_t done = 0;
  const auto total = static_cast<std::int64_t>(patients.size());
  for (const std::string& patient : patients) {
    output.progress("Writing", done++, total);
    GADOLIN_CHECK(folder.interrupted());
    const auto report =
        session::collectPatientReport(project.paths(), project.reader(), patient, GADOLIN_VERSION);
    if (!report && report.error().code == ErrorCode::NotFound) {
      without.push_back(patient);
      continue;
    }
    if (!report) return report.error();
    GADOLIN_CHECK(writePage(project, folder, referred, *report));
  }
  output.progress("Writing", total, total);
  if (without.size() == patients.size())
    return Error{ErrorCode::InvalidInput,
                 "There is nothing to report on yet: no stack has a mask."};
  ExportOutcome outcome;
  if (!without.empty())
    outcome.warnings.push_back(
        "Left out, because nothing of them is segmented: " + listOfNames(without) + ".");
  std::ranges::move(referred.sentences(), std::back_inserter(outcome.warnings));
  GADOLIN_TRY(outcome.files, folder.commit());
  return outcome;
}

}  // namespace gadolin::ctl
