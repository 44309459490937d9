#include "core/labels/table_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "core/base/time.h"
#include "core/labels/table_words.h"

namespace gadolin {
namespace {

std::string inQuotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string listed(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// "3;4;7", "3, 4", "2-5": as the table counts. Nothing for other text.
std::optional<std::vector<int>> slicesOfList(std::string_view cell) {
  std::vector<int> slices;
  std::size_t at = 0;
  const auto blank = [&] {
    return cell[at] == ' ' || cell[at] == ';' || cell[at] == ',' || cell[at] == '/';
  };
  const auto number = [&]() -> std::optional<int> {
    int value = 0;
    const auto [end, code] = std::from_chars(cell.data() + at, cell.data() + cell.size(), value);
    if (code != std::errc() || cell[at] == '-') return std::nullopt;
    at = static_cast<std::size_t>(end - cell.data());
    return value;
  };
  while (at < cell.size()) {
    if (blank()) {
      ++at;
      continue;
    }
    const auto first = number();
    if (!first) return std::nullopt;
    int last = *first;
    while (at < cell.size() && cell[at] == ' ') ++at;
    if (at < cell.size() && cell[at] == '-') {
      ++at;
      while (at < cell.size() && cell[at] == ' ') ++at;
      const auto end = at < cell.size() ? number() : std::nullopt;
      constexpr int most = 1000;
      if (!end || *end < *first || *end - *first > most) return std::nullopt;
      last = *end;
    }
    for (int slice = *first; slice <= last; ++slice) slices.push_back(slice);
  }
  return slices;
}

/// What one row says once its patient and stacks are found.
struct RowMeaning {
  const TextRow* row = nullptr;
  std::string patient;
  std::vector<const KnownStack*> stacks;
  bool names_stack = false;
};

struct SliceClaim {
  SliceLabel label = SliceLabel::Unlabelled;
  int line = 0;
  std::string column;
  std::string value;
  std::string time_utc;
};

using SliceKey = std::tuple<std::string, int, std::string>;  // stack, slice, reader

class Planner {
 public:
  Planner(const TextTable& table, const KnownCohort& cohort, const TableOptions& options)
      : table_(table), options_(options), matcher_(cohort) {}

  Result<TablePlan> run() {
    if (table_.rows.empty()) {
      return Error{ErrorCode::InvalidInput,
                   "The table has a header line and no row with a value below it."};
    }
    GADOLIN_TRY(plan_.columns, understandColumns(table_, matcher_, options_));
    plan_.notes = table_.notes;
    plan_.rows = static_cast<int>(table_.rows.size());
    checkSubject();
    if (plan_.questions.empty()) {
      findRows();
      findFirstSlice();
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
      std::ranges::stable_sort(plan_.contradictions, {},
                               [](const auto& each) { return each.lines.front(); });
      plan_.rows_left = static_cast<int>(left_out_.size());
      askAboutNumbers();
      write();
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] int columnOf(ColumnRole role) const {
    const auto found = std::ranges::find(plan_.columns, role, &ColumnReading::role);
    return found == plan_.columns.end() ? -1 : static_cast<int>(found - plan_.columns.begin());
  }
  [[nodiscard]] std::string cell(const TextRow& row, int column) const {
    return column < 0 ? std::string()
                      : std::string(trimmedText(row.fields[static_cast<std::size_t>(column)]));
  }
  [[nodiscard]] const std::string& nameOf(int column) const {
    return plan_.columns[static_cast<std::size_t>(column)].name;
  }

  void contradict(std::vector<int> lines, int column, std::string value, std::string sentence) {
    // The columns of a table differ much in what else is wrong with a row: the first fault is told.
    plan_.contradictions.push_back({std::move(lines), column < 0 ? std::string() : nameOf(column),
                                    std::move(value), std::move(sentence)});
  }

  void checkSubject() {
    if (columnOf(ColumnRole::Patient) >= 0 || columnOf(ColumnRole::Stack) >= 0) return;
    plan_.questions.push_back(
        {TableQuestion::Subject,
         "No column was understood as the patient or the stack. Say which one is: its name is no "
         "word "
         "for a patient, and few of its values are patients of the project."});
  }

  // --- patients and stacks -------------------------------------------------------------------

  void findRows() {
    for (const TextRow& row : table_.rows) {
      if (!table_.isRagged(row)) {
        noteWritten(row);
      }
    }
    for (const TextRow& row : table_.rows) {
      if (table_.isRagged(row)) {
        first_faults_.push_back({{row.line},
                                 {},
                                 {},
                                 std::to_string(row.found_fields) +
                                     " fields where the header has " +
                                     std::to_string(table_.header.size()) +
                                     ": which value belongs to which column is not known."});
        continue;
      }
      if (auto meaning = meaningOf(row)) meanings_.push_back(std::move(*meaning));
    }
    std::set<std::string> patients;
    for (const auto& meaning : meanings_) patients.insert(meaning.patient);
    plan_.patients = static_cast<int>(patients.size());
  }

  /// Two ways to write one patient in one table are suspicious: 007 and 7 may be two people.
  void noteWritten(const TextRow& row) {
    const int column = columnOf(ColumnRole::Patient);
    const std::string id = cell(row, column);
    if (saysNothing(id)) return;
    const PatientMatch& match = matcher_.match(id);
    if (!match.patient.empty()) written_[match.patient].insert(id);
  }

  std::optional<RowMeaning> fault(const TextRow& row, int column, std::string value,
                                  std::string sentence) {
    first_faults_.push_back({{row.line},
                             column < 0 ? std::string() : nameOf(column),
                             std::move(value),
                             std::move(sentence)});
    return std::nullopt;
  }

  void noteAlike(const std::string& written, const std::string& found, const std::string& how) {
    if (alike_.emplace(written, found).second) plan_.alike.push_back({written, found, how});
  }

  std::optional<RowMeaning> meaningOf(const TextRow& row) {
    RowMeaning meaning;
    meaning.row = &row;
    const int patient_column = columnOf(ColumnRole::Patient),
              stack_column = columnOf(ColumnRole::Stack);
    const std::string id = cell(row, patient_column), stack_id = cell(row, stack_column);
    if (!saysNothing(stack_id)) {
      meaning.names_stack = true;
      const KnownStack* stack = matcher_.stack(stack_id);
      if (stack == nullptr) {
        // Many a lab has one stack a patient and calls it by the patient.
        const PatientMatch& match = matcher_.match(stack_id);
        const auto& own = matcher_.stacksOf(match.patient);
        if (match.patient.empty() || own.empty())
          return fault(row, stack_column, stack_id,
                       "there is no stack " + inQuotes(stack_id) + " in the project.");
        if (own.size() > 1)
          return fault(row, stack_column, stack_id,
                       "it is a patient with " + std::to_string(own.size()) + " stacks (" +
                           idsOf(own) + "); name one of them.");
        stack = own.front();
        noteAlike(stack_id, stack->id, "the only stack of that patient");
      }
      meaning.stacks = {stack};
      meaning.patient = stack->patient;
    }
    if (saysNothing(id)) {
      if (meaning.names_stack) return meaning;
      return fault(row, patient_column >= 0 ? patient_column : stack_column, {},
                   "the row names no patient.");
    }
    const PatientMatch& match = matcher_.match(id);
    if (!match.alike.empty())
      return fault(row, patient_column, id,
                   "several patients of the project are like that (" + listed(match.alike) +
                       "); write it as one of them.");
    if (match.patient.empty())
      return fault(row, patient_column, id,
                   "there is no patient " + inQuotes(id) + " in the project.");
    if (meaning.names_stack && match.patient != meaning.patient)
      return fault(row, patient_column, id,
                   "stack " + meaning.stacks.front()->id + " is of patient " + meaning.patient +
                       ", not of " + inQuotes(id) + ".");
    if (const auto& ways = written_[match.patient]; ways.size() > 1)
      return fault(row, patient_column, id,
                   "the table names patient " + match.patient + " in " +
                       std::to_string(ways.size()) + " ways (" +
                       listed({ways.begin(), ways.end()}) +
                       "); they may be two people. Write one of them.");
    if (!match.exact) noteAlike(id, match.patient, match.how);
    if (!meaning.names_stack) {
      meaning.patient = match.patient;
      meaning.stacks = matcher_.stacksOf(match.patient);
    }
    return meaning;
  }

  static std::string idsOf(const std::vector<const KnownStack*>& stacks) {
    std::vector<std::string> ids;
    for (const auto* stack : stacks) ids.push_back(stack->id);
    return listed(ids);
  }

  // --- where counting begins ------------------------------------------------------------------

  std::optional<int> sliceNumber(const std::string& text) const {
    int value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc() && end == text.data() + text.size()) return value;
    // Spreadsheets write 2 as "2,0" at times.
    const int column = columnOf(ColumnRole::Slice);
    const DecimalSign sign =
        column >= 0 ? plan_.columns[static_cast<std::size_t>(column)].decimal : DecimalSign::Point;
    for (const DecimalSign each : {sign, DecimalSign::Point, DecimalSign::Comma}) {
      const auto number = numberFromText(text, each);
      constexpr double most = 10000;
      if (number && std::floor(*number) == *number && std::abs(*number) < most)
        return static_cast<int>(*number);
    }
    return std::nullopt;
  }

  /// Every number of a slice in the table, with the row.
  template <class Visit>
  void eachSliceNumber(Visit visit) const {
    const int slice_column = columnOf(ColumnRole::Slice),
              list_column = columnOf(ColumnRole::SliceList);
    for (const auto& meaning : meanings_) {
      if (slice_column >= 0) {
        if (const auto slice = sliceNumber(cell(*meaning.row, slice_column)))
          visit(meaning, *slice);
      }
      const std::string list = cell(*meaning.row, list_column);
      // A lone 0 may be the word for "none".
      if (list_column >= 0 && list != "0") {
        if (const auto slices = slicesOfList(list)) {
          for (const int slice : *slices) visit(meaning, slice);
        }
      }
      for (const auto& column : plan_.columns) {
        if (column.role != ColumnRole::OneSlice) continue;
        const auto at = static_cast<std::size_t>(&column - plan_.columns.data());
        if (!saysNothing(meaning.row->fields[at])) visit(meaning, column.slice);
      }
    }
  }

  /// The form that Gadolin itself writes counts from 0: docs/formats.md.
  [[nodiscard]] bool isOwnTable() const {
    const auto named = [&](ColumnRole role, std::string_view name) {
      const int column = columnOf(role);
      return column >= 0 && foldedWord(nameOf(column)) == name;
    };
    if (!named(ColumnRole::Stack, "stack") || !named(ColumnRole::Slice, "slice") ||
        !named(ColumnRole::SliceLabel, "label"))
      return false;
    const auto& words =
        plan_.columns[static_cast<std::size_t>(columnOf(ColumnRole::SliceLabel))].words;
    return std::ranges::any_of(
        words, [](const auto& word) { return sliceLabelFromText(word.first).has_value(); });
  }

  void findFirstSlice() {
    const bool counts = columnOf(ColumnRole::Slice) >= 0 || columnOf(ColumnRole::SliceList) >= 0 ||
                        columnOf(ColumnRole::OneSlice) >= 0;
    if (!counts) return;
    if (options_.first_slice) {
      plan_.first_slice = options_.first_slice;
      plan_.first_slice_reason = "chosen by you";
      return;
    }
    if (isOwnTable()) {
      plan_.first_slice = 0;
      plan_.first_slice_reason =
          "it has the columns and labels of Gadolin's own tables, which count from 0";
      return;
    }
    std::optional<int> zero_line;
    const KnownStack* full = nullptr;
    int full_line = 0;
    bool any = false;
    eachSliceNumber([&](const RowMeaning& meaning, int slice) {
      any = true;
      if (slice == 0 && !zero_line) zero_line = meaning.row->line;
      for (const auto* stack : meaning.stacks) {
        if (full == nullptr && slice == stack->slices) {
          full = stack;
          full_line = meaning.row->line;
        }
      }
    });
    const std::string zero =
        zero_line ? "line " + std::to_string(*zero_line) + " names slice 0" : "";
    const std::string last = full != nullptr
                                 ? "line " + std::to_string(full_line) + " names slice " +
                                       std::to_string(full->slices) + " of " + full->id +
                                       ", which has " + std::to_string(full->slices) + " slices"
                                 : "";
    if (zero_line && full == nullptr) {
      plan_.first_slice = 0;
      plan_.first_slice_reason = zero;
    } else if (full != nullptr && !zero_line) {
      plan_.first_slice = 1;
      plan_.first_slice_reason = last;
    } else if (any) {
      plan_.questions.push_back(
          {TableQuestion::FirstSlice,
           zero_line ? "The table seems to count slices both from 0 and from 1: " + zero +
                           ", and " + last + ". Say which is meant."
                     : "Is the first slice 0 or 1? Neither a slice 0 nor a slice as high as the "
                       "number of slices is named, so the table "
                       "does not tell."});
    }
  }

  // --- rows -----------------------------------------------------------------------------------

  void readRows() {
    plan_.contradictions.clear();
    claims_.clear();
    whole_stacks_.clear();
    facts_.clear();
    yes_stacks_ = 0;
    asks_all_stacks_.clear();
    for (const auto& each : first_faults_) {
      if (!left_out_.contains(each.lines.front())) plan_.contradictions.push_back(each);
    }
    for (const auto& meaning : meanings_) {
      if (left_out_.contains(meaning.row->line)) continue;
      readLabels(meaning);
      readFacts(meaning);
    }
    compareWholeStacks();
  }

  [[nodiscard]] std::string readerOf(const TextRow& row) const {
    const std::string reader = cell(row, columnOf(ColumnRole::Reader));
    return saysNothing(reader) ? options_.default_reader : reader;
  }

  /// Nothing where the row names a time that is none; empty where it names no time.
  std::optional<std::string> timeOf(const TextRow& row) {
    const int column = columnOf(ColumnRole::Time);
    const std::string time = cell(row, column);
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
      const std::string value = cell(row, column);
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
        const int slice_column = columnOf(ColumnRole::Slice);
        const std::string number = role == ColumnRole::OneSlice
                                       ? std::to_string(plan_.columns[i].slice)
                                       : cell(row, slice_column);
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
      whole_stacks_.push_back({stack,
                               readerOf(*meaning.row),
                               {SliceLabel::None, meaning.row->line, nameOf(column), value, time},
                               !slices->empty()});
  }

  void readWholeStack(const RowMeaning& meaning, int column, const std::string& value,
                      SliceLabel label, const std::string& time) {
    if (!meaning.names_stack)
      addFact(meaning, static_cast<std::size_t>(column), std::string(gadolin::toText(label)),
              std::nullopt, value);
    if (label == SliceLabel::Fibrosis) ++yes_stacks_;
    if (label != SliceLabel::None && label != SliceLabel::Fibrosis) return;
    // "No" holds for every stack of the patient; so does "yes", as far as it can contradict.
    for (const auto* stack : meaning.stacks)
      whole_stacks_.push_back({stack,
                               readerOf(*meaning.row),
                               {label, meaning.row->line, nameOf(column), value, time},
                               false});
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
      const std::string reader = readerOf(*meaning.row);
      const SliceClaim made{label, meaning.row->line, nameOf(column), value, time};
      const auto [before, fresh] = claims_.emplace(SliceKey{stack->id, slice, reader}, made);
      if (!fresh && before->second.label != label) {
        contradict({before->second.line, meaning.row->line}, column, value,
                   "slice " + std::to_string(written) + " of stack " + stack->id +
                       " is named twice for reader " + reader + ": " +
                       inQuotes(before->second.value) + " on line " +
                       std::to_string(before->second.line) + ", " + inQuotes(value) + " on line " +
                       std::to_string(meaning.row->line) + ".");
      }
    }
  }

  struct WholeStack {
    const KnownStack* stack = nullptr;
    std::string reader;
    SliceClaim claim;
    bool others_only = false;  // slices that are named stay as they are
  };

  /// "No" beside a slice with fibrosis, "yes" beside none that has it.
  void compareWholeStacks() {
    std::map<std::pair<std::string, std::string>, const WholeStack*> said;  // stack, reader
    for (const auto& whole : whole_stacks_) {
      if (whole.others_only) continue;
      const auto [before, fresh] = said.emplace(std::pair(whole.stack->id, whole.reader), &whole);
      const SliceClaim& earlier = before->second->claim;
      if (!fresh && earlier.label != whole.claim.label && earlier.line != whole.claim.line) {
        contradictNamed({earlier.line, whole.claim.line}, whole.claim.column, whole.claim.value,
                        "stack " + whole.stack->id + " is " + inQuotes(earlier.value) +
                            " on line " + std::to_string(earlier.line) + " and " +
                            inQuotes(whole.claim.value) + " on line " +
                            std::to_string(whole.claim.line) + ".");
      }
      if (fresh) compareSlices(whole);
    }
  }

  void compareSlices(const WholeStack& whole) {
    int none = 0;
    for (int slice = 0; slice < whole.stack->slices; ++slice) {
      const auto found = claims_.find({whole.stack->id, slice, whole.reader});
      if (found == claims_.end()) continue;
      const SliceClaim& named = found->second;
      none += named.label == SliceLabel::None ? 1 : 0;
      const bool positive =
          named.label == SliceLabel::Fibrosis || named.label == SliceLabel::Unsure;
      if (whole.claim.label == SliceLabel::None && positive) {
        std::vector<int> lines{whole.claim.line};
        if (named.line != whole.claim.line) lines.push_back(named.line);
        contradictNamed(std::move(lines), whole.claim.column, whole.claim.value,
                        "stack " + whole.stack->id + " is said to have no fibrosis, but line " +
                            std::to_string(named.line) + ", column " + inQuotes(named.column) +
                            ", says " + inQuotes(named.value) + " of a slice.");
        return;
      }
    }
    if (whole.claim.label == SliceLabel::Fibrosis && none == whole.stack->slices) {
      contradictNamed(
          {whole.claim.line}, whole.claim.column, whole.claim.value,
          "stack " + whole.stack->id +
              " is said to have fibrosis, but every one of its slices is said to have none.");
    }
  }

  void contradictNamed(std::vector<int> lines, const std::string& column, const std::string& value,
                       std::string sentence) {
    plan_.contradictions.push_back({std::move(lines), column, value, std::move(sentence)});
  }

  // --- facts of patients ----------------------------------------------------------------------

  void readFacts(const RowMeaning& meaning) {
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      const ColumnReading& column = plan_.columns[i];
      const std::string value = cell(*meaning.row, static_cast<int>(i));
      if (!isClinical(column.role) || saysNothing(value)) continue;
      std::optional<double> number;
      std::string kept = value;
      if (column.role == ColumnRole::Number) {
        number = numberFromText(value, column.decimal);
        if (number) {
          kept = numberText(*number);
        } else if (!isCensoredNumber(value)) {
          contradict({meaning.row->line}, static_cast<int>(i), value,
                     inQuotes(value) + " is no number with a decimal " +
                         (column.decimal == DecimalSign::Comma ? "comma." : "point."));
          continue;
        }
      } else if (column.role == ColumnRole::Date) {
        if (!column.dates_open) kept = dateFromText(value, column.dates).value_or(value);
        if (dateEvidence(value) == DateEvidence::NoDate) {
          contradict({meaning.row->line}, static_cast<int>(i), value,
                     inQuotes(value) + " is no day.");
          continue;
        }
      }
      addFact(meaning, i, kept, number, value);
    }
  }

  static std::string numberText(double value) {
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, value);
    return code == std::errc() ? std::string(text, end) : std::string();
  }

  void addFact(const RowMeaning& meaning, std::size_t column, std::string value,
               std::optional<double> number, const std::string& written) {
    const auto [before, fresh] = facts_.emplace(
        std::pair(meaning.patient, column),
        std::pair(ClinicalFact{meaning.row->line, meaning.patient, column, value, number},
                  written));
    const auto& [earlier, earlier_written] = before->second;
    if (fresh || foldedWord(earlier.value) == foldedWord(value)) return;
    contradict({earlier.line, meaning.row->line}, static_cast<int>(column), written,
               "patient " + meaning.patient + " has " + inQuotes(earlier_written) + " on line " +
                   std::to_string(earlier.line) + " and " + inQuotes(written) + " on line " +
                   std::to_string(meaning.row->line) + ".");
  }

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
    for (const auto& whole : whole_stacks_) {
      if (whole.claim.label != SliceLabel::None) continue;
      for (int slice = 0; slice < whole.stack->slices; ++slice) {
        // What is said of the slice itself stays, such as "not diagnostic".
        claims_.emplace(SliceKey{whole.stack->id, slice, whole.reader}, whole.claim);
      }
    }
    std::set<std::string> stacks;
    for (const auto& [key, claim] : claims_) {
      const auto& [stack, slice, reader] = key;
      stacks.insert(stack);
      plan_.labels.push_back({claim.line, stack, slice, claim.label, reader, claim.time_utc});
    }
    plan_.stacks = static_cast<int>(stacks.size());
    for (const auto& [key, fact] : facts_) plan_.facts.push_back(fact.first);
    noteWhatIsMeant();
  }

  void noteWhatIsMeant() {
    if (plan_.first_slice)
      plan_.notes.push_back(
          std::string("Slices are counted ") +
          (options_.base_first ? "from the base" : "in the order in which they are stored") + ".");
    if (columnOf(ColumnRole::SliceList) >= 0) {
      plan_.notes.push_back(
          options_.negative_others
              ? "Slices that a list does not name are labelled as free of fibrosis, as you said."
              : "Slices that a list does not name get no label: the table does not say that they "
                "are free of fibrosis.");
    }
    if (columnOf(ColumnRole::StackLabel) >= 0)
      plan_.notes.push_back("'No' of a whole stack labels all of its slices as free of fibrosis.");
    if (yes_stacks_ > 0)
      plan_.notes.push_back(
          std::to_string(yes_stacks_) + (yes_stacks_ == 1 ? " row says" : " rows say") +
          " that there is fibrosis, but not on which slices; no slice is labelled by that.");
    const int reader = columnOf(ColumnRole::Reader);
    if (!plan_.labels.empty() && reader < 0)
      plan_.notes.push_back("No column names a reader; the labels belong to " +
                            inQuotes(options_.default_reader) + ".");
  }

  const TextTable& table_;
  const TableOptions& options_;
  PatientMatcher matcher_;
  TablePlan plan_;
  std::vector<RowMeaning> meanings_;
  std::vector<TableContradiction> first_faults_;  // of rows whose patient is not known
  std::map<std::string, std::set<std::string>> written_;
  std::map<std::string, std::string> alike_;
  std::set<int> left_out_;  // lines
  std::map<SliceKey, SliceClaim> claims_;
  std::vector<WholeStack> whole_stacks_;
  std::map<std::string, std::string> asks_all_stacks_;
  std::map<std::pair<std::string, std::size_t>, std::pair<ClinicalFact, std::string>> facts_;
  int yes_stacks_ = 0;
};

}  // namespace

std::string toSentence(const TableContradiction& contradiction) {
  std::string text =
      "Line " + std::to_string(contradiction.lines.empty() ? 0 : contradiction.lines.back());
  if (!contradiction.column.empty()) text += ", column " + inQuotes(contradiction.column);
  return text + ": " + contradiction.sentence;
}

std::string_view toText(TableQuestion question) {
  constexpr std::array<std::string_view, 4> question_names{"first-slice", "decimal", "all-stacks",
                                                  "subject"};
  return question_names[static_cast<std::size_t>(question)];
}

Result<TablePlan> planTable(const TextTable& table, const KnownCohort& cohort,
                            const TableOptions& options) {
  return Planner(table, cohort, options).run();
}

}  // namespace gadolin
