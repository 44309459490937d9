#include "core/labels/table_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/labels/table_words.h"

namespace gadolin {
namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

class RowFinder {
 public:
  RowFinder(const TableView& view, PatientMatcher& matcher) : view_(view), matcher_(matcher) {}

  FoundRows run() {
    for (const TextRow& row : view_.table().rows) {
      if (!view_.table().isRagged(row)) {
        noteWritten(row);
      }
    }
    for (const TextRow& row : view_.table().rows) {
      if (view_.table().isRagged(row)) {
        found_.faults.push_back({{row.line},
                                 {},
                                 {},
                                 std::to_string(row.found_fields) +
                                     " fields where the header has " +
                                     std::to_string(view_.table().header.size()) +
                                     ": which value belongs to which column is not known.",
                                 {}});
        continue;
      }
      if (auto meaning = meaningOf(row)) found_.rows.push_back(std::move(*meaning));
    }
    return std::move(found_);
  }

 private:
  /// Two ways to write one patient in one table are suspicious: 007 and 7 may be two people.
  void noteWritten(const TextRow& row) {
    const int column = view_.columnOf(ColumnRole::Patient);
    const std::string id = view_.cell(row, column);
    if (saysNothing(id)) return;
    const PatientMatch& match = matcher_.match(id);
    if (!match.patient.empty()) written_[match.patient].insert(id);
  }

  std::optional<RowMeaning> fault(const TextRow& row, int column, std::string value,
                                  std::string sentence) {
    found_.faults.push_back(
        {{row.line}, view_.nameOf(column), std::move(value), std::move(sentence), {}});
    return std::nullopt;
  }

  void noteAlike(const std::string& written, const std::string& found, const std::string& how) {
    if (alike_.emplace(written, found).second) found_.alike.push_back({written, found, how});
  }

  std::optional<RowMeaning> meaningOf(const TextRow& row) {
    RowMeaning meaning;
    meaning.row = &row;
    const int patient_column = view_.columnOf(ColumnRole::Patient),
              stack_column = view_.columnOf(ColumnRole::Stack);
    const std::string id = view_.cell(row, patient_column),
                      stack_id = view_.cell(row, stack_column);
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

  const TableView& view_;
  PatientMatcher& matcher_;
  FoundRows found_;
  std::map<std::string, std::set<std::string>> written_;
  std::map<std::string, std::string> alike_;
};

}  // namespace

int TableView::columnOf(ColumnRole role) const {
  const auto found = std::ranges::find(columns_, role, &ColumnReading::role);
  return found == columns_.end() ? -1 : static_cast<int>(found - columns_.begin());
}

std::string TableView::cell(const TextRow& row, int column) const {
  return column < 0 ? std::string()
                    : std::string(trimmedText(row.fields[static_cast<std::size_t>(column)]));
}

std::string TableView::nameOf(int column) const {
  return column < 0 ? std::string() : columns_[static_cast<std::size_t>(column)].name;
}

FoundRows findRows(const TableView& view, PatientMatcher& matcher) {
  return RowFinder(view, matcher).run();
}

std::string idsOf(const std::vector<const KnownStack*>& stacks) {
  std::vector<std::string> ids;
  for (const auto* stack : stacks) ids.push_back(stack->id);
  return listed(ids);
}

std::string inQuotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace gadolin
