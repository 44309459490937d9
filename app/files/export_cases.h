#pragma once
// What the exports of data sets have in common: every stack with its reference mask and its part.

#include <optional>
#include <string>
#include <vector>

#include "core/imaging/stack.h"
#include "database/records.h"
#include "ui/session/evaluation.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

struct ExportCase {
  std::string name;  // of its files; unique
  db::StackRecord stack;
  std::optional<session::ReferenceMask> reference;  // as `evaluate` chooses it
  dataset::Part part = dataset::Part::None;
  int fold = 0;  // 1-based; 0: none
};

/// Every stack in use, by id; `name` is the stack's id. InvalidInput when there is none.
Result<std::vector<ExportCase>> exportCases(session::Project& project);

/// The stack's voxels, and its reference where it has one.
struct CaseData {
  Stack stack;
  std::optional<Mask> mask;
  std::vector<int> undrawn_slices;  // of the mask: it says nothing of them
};
Result<CaseData> readCase(session::Project& project, const ExportCase& one);

/// What must be known of reference masks before anything is trained on them or held against them.
class MaskCaveats {
 public:
  /// `mask` is the reference of `one`.
  void lookAt(const ExportCase& one, const Mask& mask);
  /// Cases whose masks hold scar and no myocardium, and those whose masks began as predictions; a
  /// sentence for each kind that there is.
  [[nodiscard]] std::vector<std::string> sentences() const;

 private:
  std::vector<std::string> scar_alone_, edited_;
};

/// cases.csv: which case is which patient's which stack, who made its mask, and whether that began
/// as a prediction ("yes", "no"; empty without a mask). `place`: the folder of each case's files,
/// empty for those that were left out.
std::string casesTable(const std::vector<ExportCase>& cases, const std::vector<std::string>& place);

/// "a, b, c and 4 more".
std::string listOfNames(const std::vector<std::string>& names, std::size_t most = 5);

/// What an export wrote, for the summary.
struct ExportOutcome {
  std::vector<std::string> files;     // full names
  std::vector<std::string> warnings;  // in sentences: what was left out or cannot be said
};

}  // namespace gadolin::ctl
