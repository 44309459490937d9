#include "ui/session/table_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/base/time.h"
#include "core/labels/label_csv.h"
#include "database/clinical.h"
#include "database/consensus.h"
#include "database/journal.h"
#include "database/labels.h"
#include "database/stack_labels.h"
#include "database/stacks.h"
#include "ui/session/import_layout.h"
#include "ui/session/import_store.h"
#include "ui/session/table_source.h"

namespace gadolin::session {
namespace {

db::ClinicalColumnRecord recordOf(const ColumnReading& column) {
  // A label of a whole stack that is kept as a fact is a word.
  const ColumnRole role =
      column.role == ColumnRole::StackLabel ? ColumnRole::Category : column.role;
  return {column.title, column.unit, std::string(toText(role))};
}

/// Facts need a column of their own each: "weight" and "weight [kg]" in one table are one name.
Result<void> askAboutColumns(db::Database& database, TablePlan& plan) {
  GADOLIN_TRY(const auto known, db::clinicalColumns(database));
  std::map<std::string, std::string> units;
  for (const auto& column : known) units.emplace(column.name, column.unit);
  std::set<std::string> mine;
  for (const auto& column : plan.columns) {
    if (!isClinical(column.role)) continue;
    const auto unit = [](const std::string& text) {
      return text.empty() ? "without a unit" : "in " + text;
    };
    if (!mine.insert(column.title).second) {
      plan.questions.push_back(
          {TableQuestion::Column, "Two columns of the table are called '" + column.title +
                                      "'. Which one is meant? Leave the other out."});
    } else if (const auto found = units.find(column.title);
               found != units.end() && found->second != column.unit) {
      plan.questions.push_back(
          {TableQuestion::Column, "Is '" + column.name + "' the '" + column.title +
                                      "' of the project? That is " + unit(found->second) +
                                      ", this one is " + unit(column.unit) +
                                      ". Rename the column in the table, or leave it out."});
    }
  }
  return {};
}

/// The newest label counts, so an import may silently outvote a reader: it is not silent.
Result<void> noteOutvoted(db::Database& database, TablePlan& plan) {
  if (plan.labels.empty()) return {};
  GADOLIN_TRY(const auto present, db::allConsensusLabels(database));
  GADOLIN_TRY(const auto decisions, db::consensusDecisions(database));
  std::set<std::pair<std::string, int>> decided;
  for (const auto& one : decisions) decided.emplace(one.stack, one.slice);
  int other = 0;
  for (const auto& label : plan.labels) {
    const auto found = present.find(label.stack);
    if (found == present.end()) continue;
    // A decision stands against any reader's label, and yields to another decision alone.
    if (decided.contains({label.stack, label.slice}) && !consensusAuthor(label.reader)) continue;
    const SliceLabel before = found->second[static_cast<std::size_t>(label.slice)];
    other += before != SliceLabel::Unlabelled && before != label.label ? 1 : 0;
  }
  if (other > 0) {
    plan.notes.push_back(std::to_string(other) + (other == 1 ? " slice has" : " slices have") +
                         " another label in the project. The newest label counts; the earlier ones "
                         "stay in the history.");
  }
  return {};
}

Result<int> writeLabels(db::Database& database, const TablePlan& plan) {
  // Grouped so that each stack's labels of one reader and moment are one call.
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<db::SliceChange>> groups;
  const std::string now = utcNow();
  for (const auto& label : plan.labels) {
    groups[{label.time_utc.empty() ? now : label.time_utc, label.stack, label.reader}].push_back(
        {label.slice, label.label});
  }
  int changed = 0;
  // In the order of time: the later label is the later event.
  for (const auto& [key, changes] : groups) {
    const auto& [time, stack, reader] = key;
    if (const auto author = consensusAuthor(reader)) {
      for (const auto& change : changes) {
        GADOLIN_TRY(const auto event, db::decideConsensus(database, stack, change.slice,
                                                          change.label, *author, 0, "import", time));
        changed += event.id != 0 ? 1 : 0;
      }
      continue;
    }
    GADOLIN_TRY(const auto events,
                db::setSliceLabels(database, stack, changes, reader, 0, "import", time));
    changed += static_cast<int>(events.size());
  }
  for (const auto& label : plan.stack_labels) {
    GADOLIN_TRY(const bool new_label,
                db::setStackLabel(database, label.stack, SliceLabel::Fibrosis, label.reader,
                                  "import", label.time_utc.empty() ? now : label.time_utc));
    changed += new_label ? 1 : 0;
  }
  return changed;
}

Result<int> writeFacts(db::Database& database, const TablePlan& plan, const std::string& name) {
  std::vector<db::ClinicalColumnRecord> columns;
  std::vector<db::ClinicalValueRecord> values;
  std::set<std::size_t> used;
  for (const auto& fact : plan.facts) {
    used.insert(fact.column);
    values.push_back({fact.patient, plan.columns[fact.column].title, fact.value, fact.number});
  }
  for (const std::size_t column : used) columns.push_back(recordOf(plan.columns[column]));
  return db::setClinicalValues(database, columns, values, name);
}

/// The first of many, and how many more there are.
std::string firstOf(const std::vector<std::string>& sentences) {
  std::string text = sentences.front();
  if (sentences.size() > 1) text += " (And " + std::to_string(sentences.size() - 1) + " more.)";
  return text;
}

Result<void> mayBeWritten(const TablePlan& plan, const TableOptions& options) {
  std::vector<std::string> sentences;
  if (!options.skip_contradictions) {
    for (const auto& each : plan.contradictions) sentences.push_back(toSentence(each));
  }
  for (const auto& each : plan.questions) sentences.push_back(each.sentence);
  if (!sentences.empty())
    return Error{ErrorCode::InvalidInput, firstOf(sentences) + " Nothing was changed."};
  if (!plan.labels.empty() || !plan.stack_labels.empty() || !plan.facts.empty()) return {};
  std::string why =
      "The table says nothing that the project could take: no label and no fact of a patient that "
      "it knows.";
  if (plan.rows_left > 0)
    why += " " + std::to_string(plan.rows_left) + " rows contradict themselves or the project.";
  return Error{ErrorCode::InvalidInput, why + " Nothing was changed."};
}

}  // namespace

Result<KnownCohort> knownCohort(db::Database& database) {
  KnownCohort cohort;
  GADOLIN_TRY(cohort.patients, db::patients(database));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  for (const auto& stack : stacks)
    cohort.stacks.push_back({stack.id, stack.patient, stack.size[2], stack.apex_first});
  cohort.safe_name = safePatient;
  GADOLIN_TRY(const auto salt, knownSalt(database));
  if (salt)
    cohort.pseudonym = [salt = *salt](const std::string& identity) {
      return pseudonym(salt, identity);
    };
  return cohort;
}

Result<TablePlan> planTable(db::Database& database, const TextTable& table,
                            const TableOptions& options) {
  GADOLIN_TRY(const auto cohort, knownCohort(database));
  GADOLIN_TRY(auto plan, planTable(table, cohort, options));
  GADOLIN_CHECK(askAboutColumns(database, plan));
  GADOLIN_CHECK(noteOutvoted(database, plan));
  return plan;
}

Result<TableImport> writePlan(db::Database& database, const TablePlan& plan,
                              const TableOptions& options, const std::string& name) {
  if (auto allowed = mayBeWritten(plan, options); !allowed) return allowed.error().within(name);
  TableImport summary;
  summary.rows = plan.rows;
  summary.rows_left = plan.rows_left;
  summary.stacks = plan.stacks;
  summary.labels = static_cast<int>(plan.labels.size() + plan.stack_labels.size());
  summary.facts = static_cast<int>(plan.facts.size());
  std::set<std::string> patients;
  for (const auto& fact : plan.facts) patients.insert(fact.patient);
  summary.patients = static_cast<int>(patients.size());
  auto written = database.transaction([&]() -> Result<void> {
    GADOLIN_TRY(summary.changed, writeLabels(database, plan));
    GADOLIN_TRY(summary.facts_changed, writeFacts(database, plan, name));
    return {};
  });
  if (!written) return written.error().within(name);
  return summary;
}

CaseSheets importCaseSheets(Project& project, const std::vector<std::filesystem::path>& files) {
  CaseSheets told;
  const auto sheets = findCaseSheets(files);
  told.sheets = static_cast<int>(sheets.size());
  if (sheets.empty()) return told;
  TableOptions options;
  options.skip_contradictions = true;
  TablePlan plan;
  const auto done =
      project.writeNow<TableImport>([&](db::Database& database) -> Result<TableImport> {
        GADOLIN_TRY(plan, planTable(database, tableOfSheets(sheets), options));
        if (plan.facts.empty() && plan.questions.empty())
          return TableImport{};  // of patients that are not here
        return writePlan(database, plan, options, "case sheets");
      });
  if (!done) {
    told.sentences.push_back("The clinical text files beside the images were not taken: " +
                             done.error().message);
    return told;
  }
  if (done->facts > 0)
    told.sentences.push_back(std::to_string(done->facts) + " clinical values of " +
                             std::to_string(done->patients) +
                             (done->patients == 1 ? " patient" : " patients") +
                             " came from the text files beside the images.");
  for (const auto& each : plan.contradictions)
    told.sentences.push_back("Left out: " + toSentence(each));
  return told;
}

Result<TableImport> importTable(db::Database& database, std::string_view bytes,
                                const std::string& name, const TableOptions& options) {
  auto table = readTextTable(bytes);
  if (!table) return table.error().within(name);
  auto plan = planTable(database, *table, options);
  if (!plan) return plan.error().within(name);
  return writePlan(database, *plan, options, name);
}

}  // namespace gadolin::session
