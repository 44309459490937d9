#include "ui/session/import_scan.h"

#include <QString>
#include <deque>
#include <future>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "ui/session/foreign_text.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

bool claimsToBeAnImage(const fs::path& path) {
  static const std::set<std::string> endings{".nii", ".dcm", ".ima", ".hdr",  ".img",
                                             ".mha", ".mhd", ".mgz", ".nrrd", ".nhdr"};
  const auto lower = [](const fs::path& ending) {
    return QString::fromStdString(ending.string()).toLower().toStdString();
  };
  const std::string ending = lower(path.extension());
  return endings.contains(ending) || (ending == ".gz" && lower(path.stem().extension()) == ".nii");
}

/// The voxels of a NIfTI image in two files, read with their header.
bool isHalfOfAPair(const fs::path& path) {
  fs::path image = path.extension() == ".gz" ? path.stem() : path.filename();
  if (image.extension() != ".img" && image.extension() != ".IMG") return false;
  std::error_code ignored;
  for (const char* ending : {".hdr", ".HDR", ".hdr.gz"})
    if (fs::exists(path.parent_path() / image.replace_extension(ending), ignored)) return true;
  return false;
}

class Scan {
 public:
  Scan(const ImportRequest& request, ImportTally& tally) : request_(request), tally_(tally) {}

  ScannedFiles found;

  Result<void> take(const WalkedFile& file, DecodeOutcome outcome) {
    const bool claims = file.asked_for || claimsToBeAnImage(file.path);
    const auto* error = std::get_if<Error>(&outcome.answer);
    std::error_code ignored;
    if (error && !claims && fs::file_size(file.path, ignored) == 0) {
      ++tally_.so_far.ignored;
      return {};
    }
    GADOLIN_TRY(const bool accepted, tally_.accept(outcome, file.shown));
    if (!accepted) return {};
    auto* answer = std::get_if<ScanAnswer>(&outcome.answer);
    if (!answer || !isWanted(answer->kind)) {
      ++tally_.so_far.ignored;
    } else if (answer->kind == FileKind::Dicom) {
      for (auto& header : answer->dicom) add(file, std::move(header));
    } else if (answer->kind == FileKind::Volume) {
      found.volumes.push_back(file.path);
    } else if (claims && !isHalfOfAPair(file.path)) {
      tally_.refuse({file.shown,
                     "It is no DICOM, NIfTI, NRRD or MetaImage file; convert it to one of them.",
                     "not-an-image"});
    } else {
      ++tally_.so_far.ignored;
    }
    return {};
  }

 private:
  [[nodiscard]] bool isWanted(FileKind kind) const {
    if (kind == FileKind::Volume) return request_.layout != Layout::Dicom;
    if (kind == FileKind::Dicom)
      return request_.layout == Layout::Auto || request_.layout == Layout::Dicom;
    return true;
  }

  void add(const WalkedFile& file, DicomHeader header) {
    header.path = file.path.string();
    for (auto* text : {&header.series_description, &header.protocol_name, &header.patient_name})
      *text = asUtf8(*text);
    for (auto& other : header.other_identities) other = asUtf8(other);
    (isSegmentation(header) ? found.segmentations : found.images).push_back(std::move(header));
  }

  const ImportRequest& request_;
  ImportTally& tally_;
};

}  // namespace

Result<ScannedFiles> scanFiles(const std::vector<WalkedFile>& files, const ImportRequest& request,
                               DecodePool& pool, ImportTally& tally) {
  Scan scan(request, tally);
  std::deque<std::future<DecodeOutcome>> asked;
  const auto ahead = static_cast<std::size_t>(16 * pool.readers());
  std::size_t next = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    GADOLIN_CHECK(tally.checkCancelled());
    for (; next < files.size() && next < i + ahead; ++next)
      asked.push_back(pool.ask(ScanRequest{files[next].path.string()}, request.scan_limit));
    tally.on_progress("Reading", i, files.size());
    auto outcome = asked.front().get();
    asked.pop_front();
    GADOLIN_CHECK(scan.take(files[i], std::move(outcome)));
  }
  tally.on_progress("Reading", files.size(), files.size());
  return std::move(scan.found);
}

}  // namespace gadolin::session
