#pragma once
// Volumes and masses of every stack of a project, by a person's mask, by a model's, or by a
// threshold inside either.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/quantification.h"
#include "core/analysis/wall_report.h"
#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

struct QuantificationRow {
  std::string patient;
  std::string stack;
  std::string source;  // as asked for: "reference", "ai", "5sd", ...
  std::string method;  // what made the mask: a run, an author, a threshold and the contours' origin
  analysis::TissueVolumes volumes;
  analysis::WallReport wall;  // segments, pattern, zones
  bool mvo_known = true;  // thresholds and networks do not tell MVO from scar
  std::int64_t revision = 0;  // of the mask that was measured, or whose myocardium was
};

struct Quantification {
  std::vector<QuantificationRow> rows;  // by patient and stack
  std::vector<std::string> sentences;   // stacks that are left out, and why
};

/// source: "reference" (see chooseReference) or "ai" (the newest prediction of any run), or "2sd"..
/// "6sd", "fwhm", "otsu": those inside the myocardium of the reference, or of the newest prediction
/// where there is no reference, on slices that nobody labelled as free of fibrosis. "all": a row for
/// each of these that there is, so that a person's mask, the model's and every threshold inside the
/// same contours stand side by side.
/// InvalidInput for another word; NotFound when no stack at all could be measured.
Result<Quantification> quantify(const ProjectPaths& paths, db::Database& database,
                                const std::string& source,
                                const std::function<void(int, int)>& progress = {});

/// The row of one stack by one source (not "all"). NotFound, with the reason, where it cannot be
/// measured.
Result<QuantificationRow> quantifyStack(const ProjectPaths& paths, db::Database& database,
                                        const db::StackRecord& stack, const std::string& source);

/// The columns of contract.md, then of the wall (docs/numbers.md); cells without a value are empty.
std::string toCsv(const Quantification& quantification);

}  // namespace gadolin::session
