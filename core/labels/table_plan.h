#pragma once
// What the rows of a foreign table say of slices and patients, with everything that contradicts
// itself or the project, and what only a person can answer.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels/slice_label.h"
#include "core/labels/table_columns.h"

namespace gadolin {

struct PlannedLabel {
  int line = 0;
  std::string stack;
  int slice = 0;  // 0-based, in stored order
  SliceLabel label = SliceLabel::Unlabelled;
  std::string reader;
  std::string time_utc;  // empty: now
};

/// Fibrosis that is said of a whole stack, without a slice.
struct PlannedStackLabel {
  int line = 0;
  std::string stack;
  std::string reader;
  std::string time_utc;  // empty: now
};

struct ClinicalFact {
  int line = 0;
  std::string patient;
  std::size_t column = 0;  // of the readings
  std::string value;  // numbers with a decimal point, days as 2019-12-31 where their order is known
  std::optional<double> number;
};

struct TableContradiction {
  std::vector<int> lines;  // in the file, 1-based; every one of them is left out
  std::string column;
  std::string value;     // as written
  std::string sentence;  // without the line
  std::string file;      // of a table put together from several files
};
/// "Line 3, column 'label': ..."; without a column "Line 3: ..."; with a file "Case P100.txt,
/// column 'Age': ...".
std::string toSentence(const TableContradiction& contradiction);

/// A patient or stack that was found although it is not written as in the project.
struct AlikePatient {
  std::string written;
  std::string found;
  std::string how;
};

enum class TableQuestion { FirstSlice, Decimal, AllStacks, Subject, Column };
std::string_view toText(
    TableQuestion question);  // "first-slice", "decimal", "all-stacks", "subject", "column"
struct OpenQuestion {
  TableQuestion question = TableQuestion::FirstSlice;
  std::string sentence;
};

struct TablePlan {
  std::vector<ColumnReading> columns;
  std::optional<int> first_slice;  // 0 or 1; empty where nothing is counted, or nobody knows
  std::string first_slice_reason;
  std::vector<PlannedLabel> labels;  // by stack, slice and reader
  std::vector<PlannedStackLabel> stack_labels;
  std::vector<ClinicalFact> facts;   // by patient and column
  std::vector<TableContradiction> contradictions;
  std::vector<AlikePatient> alike;
  std::vector<OpenQuestion> questions;  // nothing may be written while there is one
  std::vector<std::string> notes;
  int rows = 0;       // with values
  int rows_left = 0;  // left out for contradictions
  int patients = 0;   // of the project, that the rows name
  int stacks = 0;     // that get labels
};

/// Reads every row. Labels and facts are those of the rows without a contradiction; unless
/// options.skip_contradictions the caller writes nothing while there is one. A label "no" of a
/// whole stack is one for each of its slices; "yes" says nothing of any slice and is a label of the
/// stack, unless the row is of a patient with several stacks and options.all_stacks is not set: then
/// it is a fact of the patient alone. Errors as understandColumns(), and InvalidInput for a table
/// without rows.
Result<TablePlan> planTable(const TextTable& table, const KnownCohort& cohort,
                            const TableOptions& options);

}  // namespace gadolin
