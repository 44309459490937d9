#pragma once
// Foreign tables into the project: labels of slices, facts of patients. What is understood is shown
// before anything is written; contradictions and open questions keep everything out.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels/table_plan.h"
#include "database/database.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// Patients and stacks, and how this project spells identities.
Result<KnownCohort> knownCohort(db::Database& database);

/// planTable() against the project. Beyond it: a column that the project has with another unit is
/// an open question, and labels that stand against those of other readers are noted. Reads only.
Result<TablePlan> planTable(db::Database& database, const TextTable& table,
                            const TableOptions& options);

struct TableImport {
  int rows = 0;           // in the file
  int rows_left = 0;      // left out for contradictions
  int stacks = 0;         // that the labels are of
  int labels = 0;         // that the table says
  int changed = 0;        // labels that are not as they were
  int patients = 0;       // that the facts are of
  int facts = 0;          // that the table says
  int facts_changed = 0;  // that are not as they were
};

/// Writes labels (origin "import") and facts. InvalidInput names what is open or contradicts
/// (unless options.skip_contradictions), and a table that says nothing; nothing is written then.
/// Runs within the caller's transaction or its own. `name`: the file's, for messages and the source
/// of facts.
Result<TableImport> writePlan(db::Database& database, const TablePlan& plan,
                              const TableOptions& options, const std::string& name);

struct CaseSheets {
  int sheets = 0;                      // that were read
  std::vector<std::string> sentences;  // what came in, and what did not
};
/// The case sheets among the files of an image import: facts of patients that are in the project.
/// Never fails it. Blocks.
CaseSheets importCaseSheets(Project& project, const std::vector<std::filesystem::path>& files);

/// Both for a text table.
Result<TableImport> importTable(db::Database& database, std::string_view bytes,
                                const std::string& name, const TableOptions& options);

}  // namespace gadolin::session
