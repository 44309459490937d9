#include "ui/session/importer.h"

#include <QThread>
#include <algorithm>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <set>

#include "core/base/files.h"
#include "core/imaging/regrid.h"
#include "core/imaging/stack_file.h"
#include "database/journal.h"
#include "ui/session/decode_pool.h"
#include "ui/session/identity_leftovers.h"
#include "ui/session/identity_scrubber.h"
#include "ui/session/import_memory.h"
#include "ui/session/import_scratch.h"
#include "ui/session/import_store.h"
#include "ui/session/import_walk.h"
#include "ui/session/import_warnings.h"
#include "ui/session/key_table.h"
#include "ui/session/segmentation_masks.h"
#include "ui/session/series_decisions.h"
#include "ui/session/table_import.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// Text of a foreign header as UTF-8; what is not UTF-8 is taken as Latin-1.
std::string asUtf8(const std::string& bytes) {
  const auto text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
  if (!text.contains(QChar::ReplacementCharacter)) return text.toStdString();
  return QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())).toStdString();
}

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

/// Largest distance between the corners of two grids of one size.
double cornersApart(const Geometry& a, const Geometry& b) {
  double apart = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const double x = (corner & 1) ? a.size[0] - 1 : 0;
    const double y = (corner & 2) ? a.size[1] - 1 : 0;
    const double z = (corner & 4) ? a.size[2] - 1 : 0;
    apart = std::max(apart, norm(a.toWorld(x, y, z) - b.toWorld(x, y, z)));
  }
  return apart;
}

/// A tenth of a pixel: what rounding in headers explains.
bool maskFits(const Geometry& stack, const Geometry& mask) {
  return stack.size == mask.size &&
         cornersApart(stack, mask) < 0.1 * std::ranges::min(stack.spacing_mm);
}

}  // namespace

/// One call of run().
class ImportRun {
 public:
  ImportRun(Project& project, const ImportRequest& request, const std::atomic<bool>& cancelled)
      : project_(project),
        request_(request),
        cancelled_(cancelled),
        who_(qEnvironmentVariable("USER", QStringLiteral("unknown")).toStdString()) {}

  std::function<void(const std::string&, std::size_t, std::size_t)> on_progress;
  std::function<void(const Refusal&)> on_refusal;
  std::function<void(const JudgedSeries&)> on_series;

  Result<ImportSummary> run() {
    if (!request_.key_table.empty()) GADOLIN_CHECK(checkKeyTablePlace(request_.key_table));
    GADOLIN_TRY(auto walk, walkFiles(request_.paths, [this](std::size_t found) {
                  on_progress("Looking for files", found, 0);
                  return !cancelled_;
                }));
    GADOLIN_CHECK(rememberSeries(project_, request_.take, true, who_));
    GADOLIN_CHECK(rememberSeries(project_, request_.leave, false, who_));
    GADOLIN_TRY(const auto fingerprint, fingerprintOf(project_, request_, walk));
    if (!request_.afresh && request_.key_table.empty()) {  // nothing that is kept says who they are
      GADOLIN_TRY(auto known, recallImport(project_, fingerprint));
      if (known) return tellAgain(std::move(*known), walk.files.size());
    }
    files_ = std::move(walk.files);
    for (auto& refusal : walk.refusals) refuse(std::move(refusal));
    for (const auto& file : files_) shown_[file.path.string()] = file.shown;
    GADOLIN_TRY(auto scratch, ImportScratch::make(project_.paths().scratch()));
    scratch_ = &scratch;
    constexpr int most_readers = 4;
    // Ends before the folder that it writes to goes.
    DecodePool pool(request_.decoder.isEmpty() ? gadolinctlProgram() : request_.decoder,
                    std::clamp(QThread::idealThreadCount(), 1, most_readers));
    pool_ = &pool;
    GADOLIN_CHECK(scanAll());
    GADOLIN_CHECK(learnIdentities());
    if (headers_.empty() && segmentations_.empty() && nifti_.empty() && summary_.refused.empty()) {
      return Error{ErrorCode::InvalidInput,
                   "There is nothing to import: no DICOM, NIfTI, NRRD or MetaImage file in what was given. Nothing "
                   "was changed."};
    }
    auto loaded = loadAll();
    // Also after it was cancelled: what was read is stored.
    if (const auto last = storeBatch(); loaded && !last) loaded = last;
    if (!loaded && summary_.new_stacks > 0) summary_.ended_by = partly(loaded.error());
    // Also when it was cancelled: what is in stays in, and what was refused is said. A disk that
    // took no stack may take no refusal either; the first fault is the one to tell of.
    std::vector<std::string> taken(taken_.begin(), taken_.end());
    for (auto& path : taken) path = identities_.clean(path);
    if (loaded) takeCaseSheets();
    const auto stored = storeRefusals(project_, withoutIdentities(summary_.refused), taken);
    const auto noted = noteInAudit();
    if (!summary_.ended_by) {
      GADOLIN_CHECK(loaded);
      GADOLIN_CHECK(stored);
      GADOLIN_CHECK(noted);
    }
    summary_.patients = static_cast<int>(patients_.size());
    summary_.stacks = static_cast<int>(stacks_.size());
    for (const auto& [id, slices] : stacks_) summary_.slices += slices;
    summary_.masks = static_cast<int>(masked_.size());
    summary_.warnings = warnings_.list();
    if (summary_.stacks > 0) {
      std::vector<std::string> ids;
      for (const auto& [id, slices] : stacks_) ids.push_back(id);
      for (const auto& id : masked_)
        if (!stacks_.contains(id)) ids.push_back(id);
      // Saves time the next time; an import that is whole does not fail for it.
      static_cast<void>(rememberImport(project_, fingerprint, withoutIdentities(summary_), ids));
    }
    if (!request_.key_table.empty()) {
      std::erase_if(keys_, [this](const auto& row) { return !patients_.contains(row.first); });
      GADOLIN_CHECK(addToKeyTable(request_.key_table, keys_));
    }
    return std::move(summary_);
  }

 private:
  /// Nothing changed since the last time: what was said then is said again.
  ImportSummary tellAgain(ImportSummary summary, std::size_t files) {
    on_progress("Nothing changed since the last import", files, files);
    for (const auto& refusal : summary.refused)
      if (on_refusal) on_refusal(refusal);
    for (const auto& series : summary.series)
      if (on_series) on_series(series);
    return summary;
  }

  void refuse(Refusal refusal) {
    if (on_refusal) on_refusal(refusal);
    summary_.refused.push_back(std::move(refusal));
  }

  Result<void> checkCancelled() const {
    if (cancelled_) return Error{ErrorCode::Cancelled, "The import was cancelled."};
    return {};
  }

  /// The fault with what went in before it.
  [[nodiscard]] Error partly(Error error) const {
    error.message += " " + std::to_string(summary_.new_stacks) +
                     (summary_.new_stacks == 1 ? " stack was" : " stacks were") +
                     " complete before that and are in the project; import again for the rest.";
    return error;
  }

  /// A fault of the file is a refusal (false); a fault of the machine ends the import (Error).
  Result<bool> accept(const DecodeOutcome& outcome, const std::string& shown) {
    const auto* error = std::get_if<Error>(&outcome.answer);
    if (!error) return true;
    if (error->code == ErrorCode::NoSpace || error->code == ErrorCode::ReadOnly ||
        outcome.code == "reader-missing") {
      return *error;
    }
    refuse({shown, asUtf8(error->message), outcome.code});
    return false;
  }

  Result<void> scanAll() {
    std::deque<std::future<DecodeOutcome>> asked;
    const auto ahead = static_cast<std::size_t>(16 * pool_->readers());
    std::size_t next = 0;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      GADOLIN_CHECK(checkCancelled());
      for (; next < files_.size() && next < i + ahead; ++next)
        asked.push_back(pool_->ask(ScanRequest{files_[next].path.string()}, request_.scan_limit));
      on_progress("Reading", i, files_.size());
      auto outcome = asked.front().get();
      asked.pop_front();
      GADOLIN_CHECK(takeScan(files_[i], std::move(outcome)));
    }
    on_progress("Reading", files_.size(), files_.size());
    return {};
  }

  Result<void> takeScan(const WalkedFile& file, DecodeOutcome outcome) {
    const bool claims = file.asked_for || claimsToBeAnImage(file.path);
    const auto* error = std::get_if<Error>(&outcome.answer);
    std::error_code ignored;
    if (error && !claims && fs::file_size(file.path, ignored) == 0) {
      ++summary_.ignored;
      return {};
    }
    GADOLIN_TRY(const bool accepted, accept(outcome, file.shown));
    if (!accepted) return {};
    auto* answer = std::get_if<ScanAnswer>(&outcome.answer);
    const bool wanted = answer &&
                        (request_.layout != Layout::Dicom || answer->kind != FileKind::Volume) &&
                        (request_.layout == Layout::Auto || request_.layout == Layout::Dicom ||
                         answer->kind != FileKind::Dicom);
    if (!wanted) {
      ++summary_.ignored;
    } else if (answer->kind == FileKind::Dicom) {
      for (auto& header : answer->dicom) {
        header.path = file.path.string();
        header.series_description = asUtf8(header.series_description);
        header.protocol_name = asUtf8(header.protocol_name);
        header.patient_name = asUtf8(header.patient_name);
        for (auto& other : header.other_identities) other = asUtf8(other);
        (isSegmentation(header) ? segmentations_ : headers_).push_back(std::move(header));
      }
    } else if (answer->kind == FileKind::Volume) {
      nifti_.push_back(file.path);
    } else if (claims && !isHalfOfAPair(file.path)) {
      refuse({file.shown, "It is no DICOM, NIfTI, NRRD or MetaImage file; convert it to one of them.",
              "not-an-image"});
    } else {
      ++summary_.ignored;
    }
    return {};
  }

  /// What nothing that stays may say, and the rows of the key table.
  Result<void> learnIdentities() {
    if (request_.identity == Identity::Keep) return {};
    for (const auto* headers : {&headers_, &segmentations_}) {
      for (const auto& header : *headers)
        if (header.frame == 0) GADOLIN_CHECK(learnIdentity(header));  // the same for all of a file
    }
    for (auto& header : headers_) {
      header.series_description = identities_.clean(header.series_description);
      header.protocol_name = identities_.clean(header.protocol_name);
    }
    return {};
  }

  Result<void> learnIdentity(const DicomHeader& header) {
    GADOLIN_CHECK(needSalt());
    const std::string name = pseudonym(salt_, identityOf(header.patient_id, header.study_uid));
    DicomHeader readable = header;
    readable.patient_id = asUtf8(header.patient_id);
    identities_.learn(readable, name);
    keys_.try_emplace(name, KeyRow{readable.patient_id, header.patient_name, header.birth_date,
                                   shown_[header.path]});
    return {};
  }

  static std::string identityOf(const std::string& patient_id, const std::string& study_uid) {
    return patient_id.empty() ? "study " + study_uid : patient_id;
  }

  [[nodiscard]] std::vector<Refusal> withoutIdentities(std::vector<Refusal> refusals) const {
    for (auto& refusal : refusals) {
      refusal.path = identities_.clean(refusal.path);
      refusal.reason = identities_.clean(refusal.reason);
    }
    return refusals;
  }

  [[nodiscard]] ImportSummary withoutIdentities(ImportSummary summary) const {
    summary.refused = withoutIdentities(std::move(summary.refused));
    for (auto& series : summary.series) series.path = identities_.clean(series.path);
    for (auto& warning : summary.warnings) warning = identities_.clean(warning);
    return summary;
  }

  Result<void> loadAll() {
    auto series = sortSeries(headers_);
    for (auto& refusal : series.refusals) {
      refusal.path = shown_[refusal.path];
      refuse(std::move(refusal));
    }
    for (const auto& warning : series.warnings) warnings_.add("", warning);
    const auto nifti = sortNifti(nifti_, request_.layout);
    for (const auto i : nifti.orphans) {
      refuse({shown_[nifti_[i].string()],
              "It looks like a mask by its name, but its image is not there.",
              "mask-without-image"});
    }
    for (const auto i : nifti.strangers) {
      refuse({shown_[nifti_[i].string()], "It does not fit the layout that was asked for.",
              "other-layout"});
    }
    if (request_.identity == Identity::Pseudonym && !nifti.cases.empty()) {
      GADOLIN_CHECK(needSalt());
      for (const auto& found : nifti.cases) {
        const std::string name = pseudonym(salt_, found.patient);
        identities_.learnPhrase(found.patient, name);
        keys_.try_emplace(name, KeyRow{found.patient, "", "", shown_[nifti_[found.image].string()]});
      }
    }
    for (const auto& header : headers_) header_of_[{header.path, header.frame}] = &header;
    total_ = series.plans.size() + nifti.cases.size() + segmentations_.size();
    stored_ = 0;
    on_progress("Importing", 0, total_);
    for (auto& plan : series.plans) {
      GADOLIN_CHECK(beginSeries(plan));
      GADOLIN_CHECK(storePending(readAhead()));
    }
    for (const auto& found : nifti.cases) {
      GADOLIN_CHECK(beginCase(found));
      GADOLIN_CHECK(storePending(readAhead()));
    }
    for (const auto& header : segmentations_) {
      GADOLIN_CHECK(beginSegmentation(header));
      GADOLIN_CHECK(storePending(readAhead()));
    }
    GADOLIN_CHECK(storePending(0));
    GADOLIN_CHECK(storeBatch());
    return storeSegmentations();
  }

  /// Stacks that may lie in the scratch folder while others are stored.
  [[nodiscard]] std::size_t readAhead() const { return static_cast<std::size_t>(2 * pool_->readers()); }

  /// Stores in order what was read, until at most `left` are pending.
  Result<void> storePending(std::size_t left) {
    while (pending_.size() > left) {
      GADOLIN_CHECK(checkCancelled());
      const auto finish = std::move(pending_.front());
      pending_.pop_front();
      GADOLIN_CHECK(finish());
      on_progress("Importing", ++stored_, total_);
    }
    return {};
  }

  /// A file of the scratch folder for the next stack or mask; removed once it is stored.
  fs::path scratchFile(const char* what) {
    return scratch_->file(what + std::to_string(++scratch_files_) + ".safetensors");
  }

  Result<std::string> patientOf(const std::string& identity, bool pseudonymous) {
    if (!pseudonymous) return safePatient(identity);
    GADOLIN_CHECK(needSalt());
    return pseudonym(salt_, identity);
  }

  Result<ImageMarks> marksOf(const SeriesPlan& plan) {
    GADOLIN_CHECK(needSalt());
    ImageMarks marks;
    const auto add = [this](std::vector<std::string>& list, const std::string& uid) {
      const std::string mark = markOf(salt_, uid);
      if (!mark.empty() && std::ranges::find(list, mark) == list.end()) list.push_back(mark);
    };
    for (const auto& slice : plan.slices) {
      for (const auto& source : slice.sources) {
        const auto found = header_of_.find({source.path, source.frame});
        if (found == header_of_.end()) continue;
        marks.space = markOf(salt_, found->second->frame_of_reference_uid);
        add(marks.series, found->second->series_uid);
        add(marks.images, found->second->sop_uid);
      }
    }
    return marks;
  }

  Result<void> needSalt() {
    if (salt_.empty()) {
      GADOLIN_TRY(salt_, projectSalt(project_));
    }
    return {};
  }

  /// Whether the series comes in: as a person decided, else by its points. Of the stacks that repeated
  /// slices make, the one with the latest images.
  Result<bool> choose(const SeriesPlan& plan, const std::string& path) {
    GADOLIN_CHECK(needSalt());
    const bool earlier = plan.repeat && plan.repeat->rank > 0;
    JudgedSeries series;
    series.description = plan.description;
    series.name = seriesName(plan, salt_);
    series.path = path;
    series.slices = static_cast<int>(plan.slices.size());
    series.kind = plan.kind;
    series.judgement = plan.judgement;
    if (plan.repeat) {
      series.repeat = plan.repeat->note;
      series.rank = plan.repeat->rank;
    }
    GADOLIN_TRY(auto decision, decisionOn(project_, series.name));
    GADOLIN_TRY(const auto kind_decision, decisionOn(project_, plan.description));
    if (!decision && (!earlier || kind_decision == false)) decision = kind_decision;
    series.decided = decision.has_value();
    series.taken = decision.value_or(!earlier && plan.judgement.verdict != SeriesVerdict::Leave);
    if (on_series) on_series(series);
    summary_.series.push_back(series);
    const std::string name = plan.description.empty() ? "A series without description"
                                                      : "Series '" + plan.description + "'";
    const std::string why = name + " (" + std::to_string(series.slices) + " slices): ";
    if (!series.taken && earlier && !series.decided) {
      refuse({path, why + series.repeat + " It was not taken.", "earlier-images", series.name});
    } else if (!series.taken) {
      refuse({path,
              why + (series.decided ? "It was decided to leave such series."
                                    : toSentence(plan.judgement)),
              "not-lge", series.name});
    } else if (!series.decided && plan.judgement.verdict == SeriesVerdict::Check) {
      warnings_.add(path, why + toSentence(plan.judgement) + " It was taken.");
    }
    return series.taken;
  }

  Result<void> beginSeries(SeriesPlan& plan) {
    GADOLIN_TRY(const bool wanted, choose(plan, shown_[plan.slices.front().sources.front().path]));
    if (!wanted) {
      pending_.push_back([] { return Result<void>(); });  // counts in its turn
      return {};
    }
    std::vector<std::string> sources;
    for (auto& slice : plan.slices) {
      slice.info.source =
          identities_.clean(asUtf8(fs::path(slice.sources.front().path).filename().string()));
      for (const auto& source : slice.sources) {
        if (sources.empty() || sources.back() != shown_[source.path])
          sources.push_back(shown_[source.path]);
      }
    }
    const fs::path stack_file = scratchFile("stack");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(
        pool_->ask(LoadSeriesRequest{plan, stack_file.string()}, request_.load_limit));
    pending_.push_back([this, asked, stack_file, &plan, sources = std::move(sources)] {
      return finishSeries(plan, asked->get(), stack_file, sources);
    });
    return {};
  }

  Result<void> finishSeries(const SeriesPlan& plan, const DecodeOutcome& outcome,
                            const fs::path& stack_file, const std::vector<std::string>& sources) {
    DecodedStack decoded;
    decoded.stack_file = stack_file;
    GADOLIN_TRY(const bool accepted, accept(outcome, guiltySource(outcome, sources)));
    if (!accepted) return {};
    const auto* answer = std::get_if<StackAnswer>(&outcome.answer);
    if (!answer)
      return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
    decoded.stack = *answer;
    decoded.description = plan.description;
    if (plan.repeat && plan.repeat->rank > 0) decoded.description += " (earlier images)";
    if (plan.patient_id.empty())
      warnings_.add("", "A study has no PatientID; it became a patient of its own.");
    GADOLIN_TRY(decoded.patient, patientOf(identityOf(plan.patient_id, plan.study_uid),
                                           request_.identity != Identity::Keep));
    GADOLIN_TRY(decoded.marks, marksOf(plan));
    return store(std::move(decoded), sources);
  }

  Result<void> beginSegmentation(const DicomHeader& header) {
    const fs::path file = scratchFile("planes");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(
        pool_->ask(LoadSegmentationRequest{header.path, file.string()}, request_.load_limit));
    pending_.push_back(
        [this, asked, file, &header] { return finishSegmentation(header, asked->get(), file); });
    return {};
  }

  Result<void> finishSegmentation(const DicomHeader& header, const DecodeOutcome& outcome,
                                  const fs::path& file) {
    const std::string& shown = shown_[header.path];
    GADOLIN_TRY(const bool accepted, accept(outcome, shown));
    if (!accepted) return {};
    const auto* answer = std::get_if<SegmentationAnswer>(&outcome.answer);
    if (!answer)
      return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
    FoundSegmentation found{identities_.clean(shown), {}, {}, *answer, file};  // it may have to wait
    for (auto& note : found.answer.notes) note = asUtf8(note);
    GADOLIN_TRY(found.patient, patientOf(identityOf(header.patient_id, header.study_uid),
                                         request_.identity != Identity::Keep));
    GADOLIN_CHECK(needSalt());
    found.marks.space = markOf(salt_, header.frame_of_reference_uid);
    for (const auto& uid : answer->source.series) found.marks.series.push_back(markOf(salt_, uid));
    for (const auto& uid : answer->source.images) found.marks.images.push_back(markOf(salt_, uid));
    found_segmentations_.push_back(std::move(found));
    return {};
  }

  /// Once all stacks are in; also those that waited for one of them.
  Result<void> storeSegmentations() {
    GADOLIN_TRY(auto outcome, placeSegmentations(project_, std::move(found_segmentations_), who_));
    for (auto& refusal : outcome.refused) refuse(std::move(refusal));
    for (const auto& [who, sentence] : outcome.warnings) warnings_.add(who, sentence);
    masked_.insert(outcome.masked.begin(), outcome.masked.end());
    taken_.insert(outcome.taken.begin(), outcome.taken.end());
    summary_.new_masks += outcome.new_masks;
    return {};
  }

  Result<void> beginCase(const NiftiCase& found) {
    const auto& image = nifti_[found.image];
    const fs::path stack_file = scratchFile("stack"), mask_file = scratchFile("mask");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(pool_->ask(
        LoadImageRequest{image.string(), stack_file.string(), found.apex_first}, request_.load_limit));
    auto mask = std::make_shared<std::future<DecodeOutcome>>();
    if (found.mask) {
      *mask = pool_->ask(
          LoadMaskRequest{nifti_[*found.mask].string(), mask_file.string(), found.labels},
          request_.load_limit);
    }
    pending_.push_back([this, &found, asked, mask, stack_file, mask_file] {
      const DecodeOutcome outcome = asked->get();
      const auto mask_outcome = found.mask ? std::optional(mask->get()) : std::nullopt;
      return finishCase(found, outcome, mask_outcome, stack_file, mask_file);
    });
    return {};
  }

  Result<void> finishCase(const NiftiCase& found, const DecodeOutcome& outcome,
                          const std::optional<DecodeOutcome>& mask, const fs::path& stack_file,
                          const fs::path& mask_file) {
    std::vector<std::string> sources{shown_[nifti_[found.image].string()]};
    DecodedStack decoded;
    decoded.stack_file = stack_file;
    decoded.mask_file = mask_file;
    GADOLIN_TRY(const bool accepted, accept(outcome, sources.front()));
    if (!accepted) return {};
    const auto* answer = std::get_if<StackAnswer>(&outcome.answer);
    if (!answer)
      return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
    decoded.stack = *answer;
    decoded.description = asUtf8(found.description);
    GADOLIN_TRY(decoded.patient,
                patientOf(found.patient, request_.identity == Identity::Pseudonym));
    if (request_.identity == Identity::Pseudonym) decoded.description.clear();
    if (mask) GADOLIN_CHECK(takeMask(shown_[nifti_[*found.mask].string()], *mask, decoded, sources));
    return store(std::move(decoded), sources);
  }

  /// The file that the reader's sentence begins with; the first when it names none.
  static const std::string& guiltySource(const DecodeOutcome& outcome,
                                         const std::vector<std::string>& sources) {
    if (const auto* error = std::get_if<Error>(&outcome.answer)) {
      for (const auto& source : sources) {
        if (error->message.starts_with(fs::path(source).filename().string() + " ")) return source;
      }
    }
    return sources.front();
  }

  /// Adds the mask to `decoded`, or a refusal.
  Result<void> takeMask(const std::string& shown, const DecodeOutcome& outcome,
                        DecodedStack& decoded, std::vector<std::string>& sources) {
    GADOLIN_TRY(const bool accepted, accept(outcome, shown));
    if (!accepted) return {};
    const auto* answer = std::get_if<MaskAnswer>(&outcome.answer);
    if (!answer)
      return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
    decoded.mask = *answer;
    if (!maskFits(decoded.stack.geometry, answer->geometry)) {
      GADOLIN_TRY(const Mask read, readMask(decoded.mask_file));
      const auto moved = onGrid(read, decoded.stack.geometry);
      if (!moved) {
        decoded.mask.reset();
        refuse({shown, moved.error().message, "mask-grid"});
        return {};
      }
      GADOLIN_CHECK(writeMask(decoded.mask_file, *moved, Durability::Later));
      decoded.mask->sha256 = contentHash(*moved);
      decoded.mask->geometry = moved->geometry;
      decoded.notes.push_back(coversAll(read.geometry, moved->geometry)
                                  ? "The mask has its axes in another order than its image; it was "
                                    "turned onto it."
                                  : "The mask covers a part of its image; the rest is background.");
    }
    for (const auto& note : answer->notes) {
      if (std::ranges::find(decoded.stack.notes, note) == decoded.stack.notes.end())
        decoded.notes.push_back(note);
    }
    sources.push_back(shown);
    return {};
  }

  /// To be stored with the next few.
  Result<void> store(DecodedStack decoded, std::vector<std::string> sources) {
    constexpr std::size_t stored_at_once = 16;
    batch_.push_back(std::move(decoded));
    batch_sources_.push_back(std::move(sources));
    return batch_.size() < stored_at_once ? Result<void>() : storeBatch();
  }

  Result<void> storeBatch() {
    const auto batch = std::exchange(batch_, {});
    const auto sources = std::exchange(batch_sources_, {});
    if (batch.empty()) return {};
    const auto all = storeStacks(project_, batch, who_);
    if (all) {
      for (std::size_t i = 0; i < batch.size(); ++i) noteStored(batch[i], (*all)[i], sources[i]);
      return {};
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {  // those before the one that is at fault
      GADOLIN_TRY(const auto one, storeStacks(project_, std::span(&batch[i], 1), who_));
      noteStored(batch[i], one.front(), sources[i]);
    }
    return {};
  }

  void noteStored(const DecodedStack& decoded, const StoredStack& stored,
                  const std::vector<std::string>& sources) {
    std::error_code ignored;  // what was known already is left over
    fs::remove(decoded.stack_file, ignored);
    if (decoded.mask) fs::remove(decoded.mask_file, ignored);
    if (stored.patient != decoded.patient) {
      warnings_.add(sources.front(),
                    "These images are in the project already, as patient " + stored.patient + ".");
    }
    for (const auto& note : decoded.stack.notes) warnings_.add(stored.id, note);
    for (const auto& note : decoded.notes) warnings_.add(stored.id, note);
    patients_.insert(stored.patient);
    stacks_[stored.id] = decoded.stack.geometry.size[2];
    if (decoded.mask) masked_.insert(stored.id);
    summary_.new_stacks += stored.new_stack ? 1 : 0;
    summary_.new_masks += stored.new_mask ? 1 : 0;
    taken_.insert(sources.begin(), sources.end());
  }

  /// What EMIDEC and ACDC say of their patients beside the images.
  void takeCaseSheets() {
    std::vector<fs::path> paths;
    for (const auto& file : files_) paths.push_back(file.path);
    const auto told = importCaseSheets(project_, paths);
    for (const auto& sentence : told.sentences) warnings_.add("", sentence);
    summary_.ignored -= std::min(told.sheets, summary_.ignored);
  }

  Result<void> noteInAudit() {
    if (summary_.new_stacks == 0 && summary_.new_masks == 0) return {};
    const std::string detail = std::to_string(summary_.new_stacks) + " stacks and " +
                               std::to_string(summary_.new_masks) + " reference masks came in; " +
                               std::to_string(summary_.refused.size()) + " refused.";
    return project_.writeNow<void>([&](db::Database& database) -> Result<void> {
      if (request_.identity == Identity::Keep)
        GADOLIN_CHECK(db::setSetting(database, identities_kept_key, "1"));
      return db::addAudit(database, who_, "import", detail);
    });
  }

  Project& project_;
  const ImportRequest& request_;
  const std::atomic<bool>& cancelled_;
  /// What is being read and not stored yet: in the order in which it will be stored.
  std::deque<std::function<Result<void>()>> pending_;
  std::vector<DecodedStack> batch_;  // read, not stored yet
  std::vector<std::vector<std::string>> batch_sources_;
  DecodePool* pool_ = nullptr;
  std::string who_;
  std::string salt_;
  const ImportScratch* scratch_ = nullptr;
  int scratch_files_ = 0;
  std::size_t stored_ = 0, total_ = 0;
  std::vector<WalkedFile> files_;
  std::map<std::string, std::string> shown_;  // by path
  IdentityScrubber identities_;
  KeyTable keys_;
  std::vector<DicomHeader> headers_, segmentations_;
  std::map<std::pair<std::string, int>, const DicomHeader*> header_of_;  // by path and frame
  std::vector<FoundSegmentation> found_segmentations_;
  std::vector<fs::path> nifti_;
  std::set<std::string> patients_, masked_, taken_;
  std::map<std::string, int> stacks_;  // slices by id
  ImportWarnings warnings_;
  ImportSummary summary_;
};

Importer::Importer(Project& project, QObject* parent) : QObject(parent), project_(project) {}

Result<ImportSummary> Importer::run(const ImportRequest& request) {
  cancelled_ = false;
  ImportRun run(project_, request, cancelled_);
  run.on_progress = [this](const std::string& what, std::size_t done, std::size_t total) {
    Q_EMIT progress(QString::fromStdString(what), static_cast<qint64>(done),
                    static_cast<qint64>(total));
  };
  run.on_refusal = [this](const Refusal& refusal) {
    Q_EMIT fileRefused(QString::fromStdString(refusal.path), QString::fromStdString(refusal.reason),
                       QString::fromStdString(refusal.code));
  };
  run.on_series = [this](const JudgedSeries& series) { Q_EMIT seriesJudged(series); };
  auto summary = run.run();
  if (summary) Q_EMIT finished(*summary);
  return summary;
}

}  // namespace gadolin::session
