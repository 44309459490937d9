#include "ui/session/import_scan.h"

#include <QString>
#include <algorithm>
#include <deque>
#include <future>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "ui/session/foreign_text.h"
#include "ui/session/import_layout.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

bool claimsToBeAnImage(const fs::path& path) {
  const QString ending = QString::fromStdString(path.extension().string()).toLower();
  return !volumeEndingOf(path.filename().string()).empty() || ending == u".dcm" ||
         ending == u".ima" || ending == u".img";
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

  Result<void> take(const WalkedFile& file, std::variant<Error, ScanAnswer> what) {
    if (const auto* error = std::get_if<Error>(&what))
      return lost(file, {*error, std::string(codeName(error->code))});
    auto& answer = std::get<ScanAnswer>(what);
    if (!isWanted(answer.kind)) {
      ++tally_.so_far.ignored;
    } else if (answer.kind == FileKind::Dicom) {
      for (auto& header : answer.dicom) add(file, std::move(header));
    } else if (answer.kind == FileKind::Volume) {
      found.volumes.push_back(file.path);
    } else if (claims(file) && !isHalfOfAPair(file.path)) {
      tally_.refuse({file.shown,
                     "It is no DICOM, NIfTI, NRRD or MetaImage file; convert it to one of them.",
                     "not-an-image"});
    } else {
      ++tally_.so_far.ignored;
    }
    return {};
  }

  /// A file that could not be read; an empty one that nobody asked for is passed over.
  Result<void> lost(const WalkedFile& file, const DecodeOutcome& outcome) {
    std::error_code ignored;
    if (!claims(file) && fs::file_size(file.path, ignored) == 0) {
      ++tally_.so_far.ignored;
      return {};
    }
    GADOLIN_TRY(const bool accepted, tally_.accept(outcome, file.shown));
    if (accepted) ++tally_.so_far.ignored;  // another answer than was asked for
    return {};
  }

 private:
  static bool claims(const WalkedFile& file) {
    return file.asked_for || claimsToBeAnImage(file.path);
  }

  [[nodiscard]] bool isWanted(FileKind kind) const {
    if (kind == FileKind::Volume) return request_.layout != Layout::Dicom;
    if (kind == FileKind::Dicom)
      return request_.layout == Layout::Auto || request_.layout == Layout::Dicom;
    return true;
  }

  void add(const WalkedFile& file, DicomHeader header) {
    header.path = file.path;
    for (auto* text : {&header.series_description, &header.protocol_name, &header.patient_name})
      *text = asUtf8(*text);
    for (auto& other : header.other_identities) other = asUtf8(other);
    (isSegmentation(header) ? found.segmentations : found.images).push_back(std::move(header));
  }

  const ImportRequest& request_;
  ImportTally& tally_;
};

/// Files that are asked about together; they are few, so that Cancel is heard soon.
constexpr std::size_t together = 16;

struct Asked {
  std::size_t first, count;
  std::future<DecodeOutcome> outcome;
};

}  // namespace

Result<ScannedFiles> scanFiles(const std::vector<WalkedFile>& files, const ImportRequest& request,
                               DecodePool& pool, ImportTally& tally) {
  Scan scan(request, tally);
  const auto ask = [&](std::size_t first, std::size_t count) {
    ScanRequest asked;
    for (std::size_t i = first; i < first + count; ++i) asked.paths.push_back(files[i].path);
    return Asked{first, count, pool.ask(std::move(asked), request.scan_limit)};
  };
  std::deque<Asked> asked;
  const auto ahead = static_cast<std::size_t>(3 * pool.readers());
  std::size_t next = 0;
  while (next < files.size() || !asked.empty()) {
    GADOLIN_CHECK(tally.checkCancelled());
    while (next < files.size() && asked.size() < ahead) {
      const std::size_t count = std::min(together, files.size() - next);
      asked.push_back(ask(next, count));
      next += count;
    }
    const std::size_t first = asked.front().first, count = asked.front().count;
    tally.on_progress("Reading", first, files.size());
    auto outcome = asked.front().outcome.get();
    asked.pop_front();
    if (auto* answers = std::get_if<ScanAnswers>(&outcome.answer);
        answers && answers->files.size() == count) {
      for (std::size_t i = 0; i < count; ++i)
        GADOLIN_CHECK(scan.take(files[first + i], std::move(answers->files[i])));
    } else if (count > 1 && outcome.code != "reader-missing") {
      // One of them ended its reader, or they took too long together: each for itself.
      std::vector<Asked> alone;
      for (std::size_t i = 0; i < count; ++i) alone.push_back(ask(first + i, 1));
      asked.insert(asked.begin(), std::make_move_iterator(alone.begin()),
                   std::make_move_iterator(alone.end()));
    } else {
      GADOLIN_CHECK(scan.lost(files[first], std::move(outcome)));
    }
  }
  tally.on_progress("Reading", files.size(), files.size());
  return std::move(scan.found);
}

}  // namespace gadolin::session
