#include "ui/session/importer.h"

#include <QThread>
#include <algorithm>
#include <map>
#include <set>

#include "database/journal.h"
#include "database/stacks.h"
#include "ui/session/account.h"
#include "ui/session/decode_pool.h"
#include "ui/session/identity_leftovers.h"
#include "ui/session/import_identities.h"
#include "ui/session/import_loading.h"
#include "ui/session/import_memory.h"
#include "ui/session/import_scan.h"
#include "ui/session/import_scratch.h"
#include "ui/session/import_tally.h"
#include "ui/session/import_walk.h"
#include "ui/session/key_table.h"
#include "ui/session/series_decisions.h"
#include "ui/session/table_import.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// Nothing changed since the last time: what was said then is said again.
void tellAgain(const ImportSummary& summary, std::size_t files, const ImportTally& tally) {
  tally.on_progress("Nothing changed since the last import", files, files);
  for (const auto& refusal : summary.refused)
    if (tally.on_refusal) tally.on_refusal(refusal);
  for (const auto& series : summary.series)
    if (tally.on_series) tally.on_series(series);
}

/// The fault with what went in before it.
Error partly(Error error, int stacks) {
  error.message += " " + std::to_string(stacks) + (stacks == 1 ? " stack was" : " stacks were") +
                   " complete before that and are in the project; import again for the rest.";
  return error;
}

/// Of the whole project: a question that nobody answered is asked again.
Result<std::vector<std::string>> stacksOfUnknownKind(Project& project) {
  GADOLIN_TRY(const auto stacks, db::allStacks(project.reader()));
  std::vector<std::string> ids;
  for (const auto& stack : stacks)
    if (stack.kind == ImageKind::Unknown) ids.push_back(stack.id);
  return ids;
}

/// A decision about a series that is not there is most often a slip of the pen.
void warnOfUnknownNames(const ImportRequest& request, ImportSummary& summary) {
  std::set<std::string> there;
  for (const auto& series : summary.series) there.insert(series.name);
  std::string listed;
  for (const auto& name : there) listed += (listed.empty() ? "'" : ", '") + name + "'";
  for (const auto* names : {&request.take, &request.leave}) {
    for (const auto& name : *names) {
      if (std::ranges::any_of(there, [&](const auto& one) { return isDecisionOn(name, one); }))
        continue;
      summary.warnings.push_back(
          "No series here is called '" + name + "'" +
          (listed.empty() ? ": there is no DICOM series." : "; there are " + listed + ".") +
          " It will be " + (names == &request.take ? "taken" : "left") + " when one comes.");
    }
  }
}

/// What EMIDEC and ACDC say of their patients beside the images.
void takeCaseSheets(Project& project, const std::vector<WalkedFile>& files, ImportTally& tally) {
  std::vector<fs::path> paths;
  for (const auto& file : files) paths.push_back(file.path);
  const auto told = importCaseSheets(project, paths);
  for (const auto& sentence : told.sentences) tally.warnings.add("", sentence);
  tally.so_far.ignored -= std::min(told.sheets, tally.so_far.ignored);
}

Result<void> noteInAudit(Project& project, const ImportRequest& request,
                         const ImportSummary& so_far, const std::string& who) {
  if (so_far.new_stacks == 0 && so_far.new_masks == 0) return {};
  const std::string detail = std::to_string(so_far.new_stacks) + " stacks and " +
                             std::to_string(so_far.new_masks) + " reference masks came in; " +
                             std::to_string(so_far.refused.size()) + " refused.";
  return project.writeNow<void>([&](db::Database& database) -> Result<void> {
    if (request.identity == Identity::Keep)
      GADOLIN_CHECK(db::setSetting(database, identities_kept_key, "1"));
    return db::addAudit(database, who, "import", detail);
  });
}

/// Reads and stores; what came in before a fault is in the tally.
Result<void> readAndStore(Project& project, const ImportRequest& request, const std::string& who,
                          const Walk& walk, const std::map<std::string, std::string>& places,
                          ImportIdentities& identities, ImportTally& tally) {
  std::map<std::string, std::string> shown;
  for (const auto& file : walk.files) shown[file.path] = file.shown;
  GADOLIN_TRY(const auto scratch, ImportScratch::make(project.paths().scratch()));
  constexpr int most_readers = 4;
  // Ends before the folder that it writes to goes.
  DecodePool pool(request.decoder.isEmpty() ? gadolinctlProgram() : request.decoder,
                  std::clamp(QThread::idealThreadCount(), 1, most_readers));
  GADOLIN_TRY(auto files, scanFiles(walk.files, request, pool, tally));
  if (files.empty() && tally.so_far.refused.empty()) {
    return Error{
        ErrorCode::InvalidInput,
        "There is nothing to import: no DICOM, NIfTI, NRRD or MetaImage file in what was given. "
        "Nothing was changed."};
  }
  identities.learn(files, shown);
  for (const auto& patient : identities.doubtful()) {
    tally.warnings.add(patient,
                       "Its images have different birth dates: one PatientID may be used for two people. Look "
                       "which stacks belong together.");
  }
  // Before any stack: a pseudonym without its way back would be worse than a row too many.
  if (!request.key_table.empty()) GADOLIN_CHECK(addToKeyTable(request.key_table, identities.keys()));
  return loadFiles({project, request, who, files, shown, places, scratch, pool, identities, tally});
}

Result<ImportSummary> runImport(Project& project, const ImportRequest& request,
                                ImportTally& tally) {
  const std::string who = accountName();
  if (!request.key_table.empty()) GADOLIN_CHECK(checkKeyTablePlace(request.key_table));
  GADOLIN_TRY(const auto walk, walkFiles(request.paths, [&tally](std::size_t found) {
                tally.on_progress("Looking for files", found, 0);
                return tally.checkCancelled().ok();
              }));
  GADOLIN_CHECK(rememberSeries(project, request.take, true, who));
  GADOLIN_CHECK(rememberSeries(project, request.leave, false, who));
  GADOLIN_TRY(const auto fingerprint, fingerprintOf(project, request, walk));
  if (!request.afresh && request.key_table.empty()) {  // nothing that is kept says who they are
    GADOLIN_TRY(auto known, recallImport(project, fingerprint));
    if (known) {
      tellAgain(*known, walk.files.size(), tally);
      return std::move(*known);
    }
  }
  for (const auto& refusal : walk.refusals) tally.refuse(refusal);
  const auto places = placesOf(walk);
  GADOLIN_TRY(auto identities, ImportIdentities::make(project, request));
  const auto loaded = readAndStore(project, request, who, walk, places, identities, tally);
  if (!loaded && loaded.error().code == ErrorCode::InvalidInput) return loaded.error();
  if (!loaded && tally.so_far.new_stacks > 0)
    tally.so_far.ended_by = partly(loaded.error(), tally.so_far.new_stacks);
  if (loaded) takeCaseSheets(project, walk.files, tally);
  // Also when it was cancelled: what is in stays in, and what was refused is said. A disk that
  // took no stack may take no refusal either; the first fault is the one to tell of.
  std::vector<PlacedFile> refused, taken = tally.placed;
  for (const auto& refusal : tally.so_far.refused)
    refused.push_back({identities.clean(refusal.path),
                       refusal.place.empty() ? identities.placeOf(refusal.path, places)
                                             : refusal.place});
  for (const auto& path : tally.taken)
    taken.push_back({identities.clean(path), identities.placeOf(path, places)});
  const auto stored =
      storeRefusals(project, identities.clean(tally.so_far.refused), refused, taken);
  const auto noted = noteInAudit(project, request, tally.so_far, who);
  if (!tally.so_far.ended_by) {
    GADOLIN_CHECK(loaded);
    GADOLIN_CHECK(stored);
    GADOLIN_CHECK(noted);
  }
  auto summary = tally.summary();
  // Saves time the next time; an import that is whole does not fail for it.
  if (summary.stacks > 0) {
    static_cast<void>(
        rememberImport(project, fingerprint, identities.clean(summary), tally.touchedStacks()));
  }
  if (!request.key_table.empty())
    GADOLIN_CHECK(addToKeyTable(request.key_table, identities.keysOf(tally.patients)));  // files by their names
  return summary;
}

}  // namespace

Importer::Importer(Project& project, QObject* parent) : QObject(parent), project_(project) {}

Result<ImportSummary> Importer::run(const ImportRequest& request) {
  cancelled_ = false;
  ImportTally tally(cancelled_);
  tally.on_progress = [this](const std::string& what, std::size_t done, std::size_t total) {
    Q_EMIT progress(QString::fromStdString(what), static_cast<qint64>(done),
                    static_cast<qint64>(total));
  };
  tally.on_refusal = [this](const Refusal& refusal) {
    Q_EMIT fileRefused(QString::fromStdString(refusal.path), QString::fromStdString(refusal.reason),
                       QString::fromStdString(refusal.code));
  };
  tally.on_series = [this](const JudgedSeries& series) { Q_EMIT seriesJudged(series); };
  auto summary = runImport(project_, request, tally);
  if (!summary) return summary;
  warnOfUnknownNames(request, *summary);
  if (auto unknown = stacksOfUnknownKind(project_))
    summary->kind_unknown = std::move(*unknown);
  else  // the import itself is whole
    summary->warnings.push_back(unknown.error().message);
  Q_EMIT finished(*summary);
  return summary;
}

}  // namespace gadolin::session
