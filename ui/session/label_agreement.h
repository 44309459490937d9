#pragma once
// How far readers agree on labels of slices and stacks.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/reader_agreement.h"
#include "core/base/result.h"
#include "core/labels/slice_label.h"
#include "database/database.h"

namespace gadolin::session {

/// Rows and columns of a confusion table of labels, in the order in which weights count them.
inline constexpr std::array<SliceLabel, 4> compared_labels{
    SliceLabel::None, SliceLabel::Unsure, SliceLabel::Fibrosis, SliceLabel::NotDiagnostic};

struct LabelReader {
  std::string name;  // "reference": derived from imported masks
  int stacks = 0;    // with a label
  int slices = 0;    // with a label
  int unsure = 0;
  int not_diagnostic = 0;
};

struct LabelPair {
  std::string first;
  std::string second;
  int both = 0;        // slices that both have labelled
  int only_first = 0;  // labelled by one alone: no part of any figure
  int only_second = 0;
  int unsure = 0;                       // of both: called unsure by one at least
  int not_diagnostic = 0;               // of both: called not diagnostic by one at least
  analysis::ConfusionTable table;       // of both, by compared_labels
  analysis::CategoryAgreement decided;  // fibrosis or none said by both
  analysis::CategoryAgreement ordered;  // none, unsure, fibrosis; linear weights
  analysis::CategoryAgreement nominal;  // all four labels
  analysis::CategoryAgreement stacks;   // whole stacks that both called fibrosis or none
};

/// A slice that two readers or more have labelled.
struct Disagreement {
  std::string patient;
  std::string stack;
  int slice = 0;      // 0-based, in stored order
  int from_base = 0;  // the same as a person counts: 1-based, base first
  std::vector<std::pair<std::string, SliceLabel>> said;  // by reader
  SliceLabel decided = SliceLabel::Unlabelled;           // the decision that stands on it
  std::string decided_by;
};

struct LabelAgreement {
  std::vector<LabelReader> readers;         // sorted by name
  std::vector<LabelPair> pairs;             // that share a slice or stack
  analysis::CategoryAgreement all_decided;  // Fleiss, fibrosis or none by two readers or more
  analysis::CategoryAgreement all_nominal;  // the same of all four labels
  analysis::CategoryAgreement all_stacks;
  std::vector<Disagreement> disagreements;  // by patient, stack, slice; decided ones too
  std::vector<Disagreement> alike;          // slices on which all readers of them say the same
  std::vector<std::string> sentences;       // why something is absent
};

/// Present labels of stacks in use. Patients are what is drawn for intervals. A whole stack is what
/// a reader's own slices come to (stackLabel), or where those leave it open what that reader said
/// of the whole. Thread: the connection's.
Result<LabelAgreement> labelAgreement(db::Database& database);

/// The slices of one stack that readers labelled differently, in stored order. NotFound: no such
/// stack. Thread: the connection's.
Result<std::vector<Disagreement>> disagreementsOf(db::Database& database, const std::string& stack);

}  // namespace gadolin::session
