#pragma once
// From folders of foreign files to rows, stacks and masks of the open project. What is known
// already is recognised by its content and left alone; what cannot be read is a row with a reason.

#include <QObject>
#include <QString>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "ui/session/import_layout.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// Names of patients: as the files say, or pseudonyms made from them with the project's secret
/// salt.
enum class Identity {
  Usual,  // pseudonyms for DICOM, folder and file names for NIfTI
  Keep,
  Pseudonym,
};

struct ImportRequest {
  std::vector<std::filesystem::path> paths;  // folders or files
  Layout layout = Layout::Auto;
  Identity identity = Identity::Usual;
  /// Names of series (seriesName()) that are taken or left whatever their points say; remembered.
  std::vector<std::string> take, leave;
  /// Where the table from pseudonyms to patients goes, outside every project; empty: nowhere.
  std::filesystem::path key_table;
  /// Read every file again, also where nothing changed since the last import of these paths.
  bool afresh = false;
  QString decoder;                                // program; empty: gadolinctlProgram()
  std::chrono::milliseconds scan_limit{20'000};   // for one file
  std::chrono::milliseconds load_limit{120'000};  // for one stack or mask
};

/// One DICOM series and whether it came in as late enhancement.
struct JudgedSeries {
  std::string description;
  std::string name;  // what a decision about it names: seriesName()
  std::string path;  // of its first image, below the imported folder
  int slices = 0;
  ImageKind kind = ImageKind::Unknown;
  SeriesJudgement judgement;
  std::string repeat;  // a sentence, when slices of it were acquired again; else empty
  int rank = 0;        // of such stacks: 0 has the latest images
  bool taken = false;
  bool decided = false;  // by a person, now or earlier; else by the judgement
};

/// Counts are of what the paths hold, new or known.
struct ImportSummary {
  int patients = 0;
  int stacks = 0;
  int slices = 0;
  int masks = 0;
  int new_stacks = 0;
  int new_masks = 0;
  int ignored = 0;  // files that are no images and do not claim to be
  std::vector<Refusal> refused;
  std::vector<JudgedSeries> series;
  std::vector<std::string> warnings;  // each once
  /// Set when stacks came in and the import then ended early: cancelled, a full disk.
  std::optional<Error> ended_by;
};

/// Thread: run() blocks its caller and emits the signals in that thread; never the GUI thread (the
/// window starts `gadolinctl import`). cancel() from any thread.
class Importer : public QObject {
  Q_OBJECT
 public:
  explicit Importer(Project& project, QObject* parent = nullptr);

  /// NotFound (no such path), InvalidInput (nothing in them that could be imported), Cancelled,
  /// ReadOnly, NoSpace, WorkerLost (no decoder): no stack came in. Each stack with its mask is one
  /// transaction; what came in before a fault stays in, and the summary says what ended it.
  Result<ImportSummary> run(const ImportRequest& request);
  /// Ends run() after the file it is at.
  void cancel() { cancelled_ = true; }

 Q_SIGNALS:
  void progress(const QString& what, qint64 done, qint64 total);
  void fileRefused(const QString& path, const QString& reason, const QString& code);
  void seriesJudged(const gadolin::session::JudgedSeries& series);
  void finished(const gadolin::session::ImportSummary& summary);

 private:
  Project& project_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace gadolin::session
