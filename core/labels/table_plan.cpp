#include "core/labels/table_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/base/time.h"
#include "core/labels/table_claims.h"
#include "core/labels/table_facts.h"
#include "core/labels/table_rows.h"
#include "core/labels/table_slices.h"
#include "core/labels/table_words.h"

namespace gadolin {
namespace {

class Planner {
 public:
  Planner(const TextTable& table, const KnownCohort& cohort, const TableOptions& options)
      : table_(table), options_(options), matcher_(cohort), view_(table, plan_.columns) {}

  Result<TablePlan> run() {
    if (table_.rows.empty()) {
      return Error{ErrorCode::InvalidInput,
                   "The table has a header line and no row with a value below it."};
    }
    GADOLIN_TRY(plan_.columns, understandColumns(table_, matcher_, options_));
    plan_.notes = table_.notes;
    plan_.rows = static_cast<int>(table_.rows.size());
    checkSubject();
    askAboutTwins();
    if (plan_.questions.empty()) {
      auto found = findRows(view_, matcher_);
      plan_.alike = std::move(found.alike);
      meanings_ = std::move(found.rows);
      first_faults_ = std::move(found.faults);
      std::set<std::string> patients;
      for (const auto& meaning : meanings_) patients.insert(meaning.patient);
      plan_.patients = static_cast<int>(patients.size());
      auto base = findFirstSlice(view_, meanings_, options_);
      plan_.first_slice = base.first;
      plan_.first_slice_reason = std::move(base.reason);
      if (base.question) plan_.questions.push_back(std::move(*base.question));
      // Leaving a row out may leave another one without its counterpart; the first look lists them
      // all.
      readRows();
      const auto all = plan_.contradictions;
      while (!plan_.contradictions.empty()) {
        for (const auto& each : plan_.contradictions)
          left_out_.insert(each.lines.begin(), each.lines.end());
        readRows();
      }
      plan_.contradictions = all;
      for (auto& each : plan_.contradictions) each.file = fileOf(each.lines.back());
      std::ranges::stable_sort(plan_.contradictions, {},
                               [](const auto& each) { return each.lines.front(); });
      plan_.rows_left = static_cast<int>(left_out_.size());
      askAboutNumbers();
      write();
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::string fileOf(int line) const {
    const auto row = std::ranges::find(table_.rows, line, &TextRow::line);
    return row == table_.rows.end() ? std::string() : row->file;
  }

  void contradict(std::vector<int> lines, int column, std::string value, std::string sentence) {
    // The columns of a table differ much in what else is wrong with a row: the first fault is told.
    plan_.contradictions.push_back(
        {std::move(lines), view_.nameOf(column), std::move(value), std::move(sentence), {}});
  }

  FactReader::Contradict contradicting() {
    return [this](std::vector<int> lines, int column, std::string value, std::string sentence) {
      contradict(std::move(lines), column, std::move(value), std::move(sentence));
    };
  }

  TableClaims::Contradict contradictingByName() {
    return [this](std::vector<int> lines, std::string column, std::string value,
                  std::string sentence) {
      plan_.contradictions.push_back(
          {std::move(lines), std::move(column), std::move(value), std::move(sentence), {}});
    };
  }

  void checkSubject() {
    if (view_.columnOf(ColumnRole::Patient) >= 0 || view_.columnOf(ColumnRole::Stack) >= 0) return;
    plan_.questions.push_back(
        {TableQuestion::Subject,
         "No column was understood as the patient or the stack. Say which one is: its name is no "
         "word "
         "for a patient, and few of its values are patients of the project."});
  }

  /// Which of two columns of one name is meant only a person knows: one may be the older reading.
  void askAboutTwins() {
    std::map<std::size_t, std::vector<std::size_t>> groups;
    for (const auto& [twin, first] : table_.twins) groups[first].push_back(twin);
    for (auto& [first, columns] : groups) {
      columns.insert(columns.begin(), first);
      std::erase_if(columns,
                    [this](std::size_t i) { return plan_.columns[i].role == ColumnRole::Ignored; });
      const bool decided =
          std::ranges::all_of(columns, [this](std::size_t i) { return plan_.columns[i].chosen; });
      if (columns.size() < 2 || decided) continue;
      std::string roles;
      for (const std::size_t i : columns)
        roles += (roles.empty() ? "" : ", ") + inQuotes(plan_.columns[i].name) + " would be " +
                 std::string(gadolin::toText(plan_.columns[i].role));
      plan_.questions.push_back(
          {TableQuestion::Column,
           std::to_string(columns.size()) + " columns are called " +
               inQuotes(plan_.columns[first].name) + " and have different values (" + roles +
               "). Which one is meant? Leave the others out, or say what each of them is."});
    }
  }

  // --- rows -----------------------------------------------------------------------------------

  void readRows() {
    plan_.contradictions.clear();
    claims_.clear();
    facts_.clear();
    asks_all_stacks_.clear();
    for (const auto& each : first_faults_) {
      if (!left_out_.contains(each.lines.front())) plan_.contradictions.push_back(each);
    }
    for (const auto& meaning : meanings_) {
      if (left_out_.contains(meaning.row->line)) continue;
      readLabels(meaning);
      facts_.read(meaning, plan_.columns, view_, contradicting());
    }
    claims_.compareWholeStacks(contradictingByName());
  }

  [[nodiscard]] std::string readerOf(const TextRow& row) const {
    const std::string reader = view_.cell(row, view_.columnOf(ColumnRole::Reader));
    return saysNothing(reader) ? options_.default_reader : reader;
  }

  /// Nothing where the row names a time that is none; empty where it names no time.
  std::optional<std::string> timeOf(const TextRow& row) {
    const int column = view_.columnOf(ColumnRole::Time);
    const std::string time = view_.cell(row, column);
    if (saysNothing(time)) return std::string();
    // It goes into a history that is never changed, and decides which of two labels is the later.
    const auto utc = utcFromText(time);
    if (!utc)
      contradict({row.line}, column, time,
                 inQuotes(time) + " is no time in UTC (2026-01-31T12:00:00Z).");
    return utc;
  }

  /// The stacks that a label of a slice is for; asks where the patient has several.
  std::vector<const KnownStack*> labelledStacks(const RowMeaning& meaning) {
    if (meaning.names_stack || meaning.stacks.size() < 2) return meaning.stacks;
    if (!options_.all_stacks) asks_all_stacks_.emplace(meaning.patient, idsOf(meaning.stacks));
    return options_.all_stacks.value_or(false) ? meaning.stacks : std::vector<const KnownStack*>{};
  }

  void readLabels(const RowMeaning& meaning) {
    const TextRow& row = *meaning.row;
    const bool any = std::ranges::any_of(
        plan_.columns, [](const auto& column) { return holdsLabels(column.role); });
    if (!any) return;
    const auto time = timeOf(row);
    if (!time) return;
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      const ColumnRole role = plan_.columns[i].role;
      const int column = static_cast<int>(i);
      const std::string value = view_.cell(row, column);
      if (!holdsLabels(role) || saysNothing(value)) continue;
      if (role == ColumnRole::SliceList) {
        readList(meaning, column, value, *time);
        continue;
      }
      const auto label = labelFromWord(value);
      if (!label) {
        contradict({row.line}, column, value,
                   inQuotes(value) +
                       " is no label (yes, no, unsure, not-diagnostic, in English, German, Dutch "
                       "or French; 1 or 0).");
      } else if (role == ColumnRole::StackLabel) {
        readWholeStack(meaning, column, value, *label, *time);
      } else {
        const int slice_column = view_.columnOf(ColumnRole::Slice);
        const std::string number = role == ColumnRole::OneSlice
                                       ? std::to_string(plan_.columns[i].slice)
                                       : view_.cell(row, slice_column);
        const auto slice = sliceNumber(number);
        if (!slice) {
          contradict({row.line}, slice_column, number,
                     inQuotes(number) + " is no number of a slice.");
        } else {
          claim(meaning, column, value, *slice, *label, *time,
                role == ColumnRole::OneSlice ? column : slice_column);
        }
      }
    }
  }

  void readList(const RowMeaning& meaning, int column, const std::string& value,
                const std::string& time) {
    const auto slices = saysNoSlice(value) ? std::vector<int>{} : slicesOfList(value);
    if (!slices) {
      contradict({meaning.row->line}, column, value,
                 inQuotes(value) + " is no list of slices (3;4;7 or 3-5, or none).");
      return;
    }
    for (const int slice : *slices)
      claim(meaning, column, value, slice, SliceLabel::Fibrosis, time, column);
    if (!options_.negative_others && !slices->empty()) return;
    for (const auto* stack : labelledStacks(meaning))
      claims_.addWhole(
          {.stack = stack,
           .reader = readerOf(*meaning.row),
           .claim = {SliceLabel::None, meaning.row->line, view_.nameOf(column), value, time},
           .others_only = !slices->empty(),
           .of_this_stack = true});
  }

  void readWholeStack(const RowMeaning& meaning, int column, const std::string& value,
                      SliceLabel label, const std::string& time) {
    if (!meaning.names_stack)
      facts_.add({meaning.row->line, meaning.patient, static_cast<std::size_t>(column),
                  std::string(gadolin::toText(label)), std::nullopt},
                 value, contradicting());
    if (label != SliceLabel::None && label != SliceLabel::Fibrosis) return;
    // "No" holds for every stack of the patient; so does "yes", as far as it can contradict.
    for (const auto* stack : meaning.stacks)
      claims_.addWhole({.stack = stack,
                        .reader = readerOf(*meaning.row),
                        .claim = {label, meaning.row->line, view_.nameOf(column), value, time},
                        .of_patient = !meaning.names_stack,
                        .of_this_stack = meaning.names_stack || meaning.stacks.size() == 1 ||
                                         options_.all_stacks.value_or(false)});
  }

  void claim(const RowMeaning& meaning, int column, const std::string& value, int written,
             SliceLabel label, const std::string& time, int number_column) {
    const int first = plan_.first_slice.value_or(0);
    for (const auto* stack : labelledStacks(meaning)) {
      int slice = written - first;
      if (slice < 0 || slice >= stack->slices) {
        contradict({meaning.row->line}, number_column, std::to_string(written),
                   "stack " + stack->id + " has slices " + std::to_string(first) + " to " +
                       std::to_string(stack->slices - 1 + first) + ", not " +
                       std::to_string(written) + ".");
        continue;
      }
      if (options_.base_first && stack->apex_first) slice = stack->slices - 1 - slice;
      claims_.addSlice(stack->id, slice, readerOf(*meaning.row),
                       {label, meaning.row->line, view_.nameOf(column), value, time}, written,
                       contradictingByName());
    }
  }

  // --- what only a person can say ---------------------------------------------------------------

  void askAboutNumbers() {
    for (const auto& column : plan_.columns) {
      if (!column.decimal_open) continue;
      plan_.questions.push_back(
          {TableQuestion::Decimal, "Is the decimal sign a point or a comma? Column " +
                                       inQuotes(column.name) +
                                       " has numbers such as 1.234, which may be a thousand, and "
                                       "nothing in the table tells."});
      break;
    }
    if (!asks_all_stacks_.empty()) {
      const auto& [patient, stacks] = *asks_all_stacks_.begin();
      plan_.questions.push_back(
          {TableQuestion::AllStacks,
           "Do the labels of slices hold for all stacks of a patient? " +
               std::to_string(asks_all_stacks_.size()) +
               (asks_all_stacks_.size() == 1 ? " patient has" : " patients have") +
               " several, such as " + patient + " (" + stacks +
               "), and no column names the stack."});
    }
  }

  // --- the outcome ------------------------------------------------------------------------------

  void write() {
    plan_.labels = claims_.labels();
    plan_.stack_labels = claims_.stackLabels();
    std::set<std::string> stacks;
    for (const auto& label : plan_.labels) stacks.insert(label.stack);
    for (const auto& label : plan_.stack_labels) stacks.insert(label.stack);
    plan_.stacks = static_cast<int>(stacks.size());
    plan_.facts = facts_.facts();
    noteWhatIsMeant();
  }

  void noteWhatIsMeant() {
    if (plan_.first_slice)
      plan_.notes.push_back(
          std::string("Slices are counted ") +
          (options_.base_first ? "from the base" : "in the order in which they are stored") + ".");
    if (view_.columnOf(ColumnRole::SliceList) >= 0) {
      plan_.notes.push_back(
          options_.negative_others
              ? "Slices that a list does not name are labelled as free of fibrosis, as you said."
              : "Slices that a list does not name get no label: the table does not say that they "
                "are free of fibrosis.");
    }
    if (view_.columnOf(ColumnRole::StackLabel) >= 0)
      plan_.notes.push_back("'No' of a whole stack labels all of its slices as free of fibrosis.");
    if (const int unplaced = claims_.unplacedYes(); unplaced > 0)
      plan_.notes.push_back(
          std::to_string(unplaced) + (unplaced == 1 ? " row says" : " rows say") +
          " that a patient has fibrosis, but not in which of several stacks; no stack is labelled "
          "by that.");
    if (!plan_.stack_labels.empty())
      plan_.notes.push_back(
          "'Yes' of a whole stack labels the stack, and none of its slices.");
    const int reader = view_.columnOf(ColumnRole::Reader);
    if ((!plan_.labels.empty() || !plan_.stack_labels.empty()) && reader < 0)
      plan_.notes.push_back("No column names a reader; the labels belong to " +
                            inQuotes(options_.default_reader) + ".");
  }

  const TextTable& table_;
  const TableOptions& options_;
  PatientMatcher matcher_;
  TablePlan plan_;
  TableView view_;  // of the plan's columns
  std::vector<RowMeaning> meanings_;
  std::vector<TableContradiction> first_faults_;  // of rows whose patient is not known
  std::set<int> left_out_;                        // lines
  TableClaims claims_;
  std::map<std::string, std::string> asks_all_stacks_;
  FactReader facts_;
};

}  // namespace

std::string toSentence(const TableContradiction& contradiction) {
  std::string text = contradiction.file;
  if (text.empty())
    text = "Line " + std::to_string(contradiction.lines.empty() ? 0 : contradiction.lines.back());
  if (!contradiction.column.empty()) text += ", column " + inQuotes(contradiction.column);
  return text + ": " + contradiction.sentence;
}

std::string_view toText(TableQuestion question) {
  constexpr std::array<std::string_view, 5> question_names{"first-slice", "decimal", "all-stacks",
                                                           "subject", "column"};
  return question_names[static_cast<std::size_t>(question)];
}

Result<TablePlan> planTable(const TextTable& table, const KnownCohort& cohort,
                            const TableOptions& options) {
  return Planner(table, cohort, options).run();
}

}  // namespace gadolin
