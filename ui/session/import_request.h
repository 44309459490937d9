#pragma once
// What an import is asked to do, and what it says that it did.

#include <QString>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "ui/session/import_layout.h"

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
  std::chrono::milliseconds scan_limit{20'000};   // for the files asked about together, then for each of them
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
  /// Stacks in use, of this import or of earlier ones, of which nothing tells whether they are
  /// magnitude or PSIR: a person has to say it.
  std::vector<std::string> kind_unknown;
  /// Set when stacks came in and the import then ended early: cancelled, a full disk.
  std::optional<Error> ended_by;
};

}  // namespace gadolin::session
