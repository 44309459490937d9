#include "core/labels/table_columns.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/labels/table_cells.h"
#include "core/labels/table_identity.h"
#include "core/labels/table_words.h"

namespace gadolin {
namespace {

std::string quotedName(std::string_view name) {
  return "'" + std::string(name) + "'";
}

class Understanding {
 public:
  Understanding(const TextTable& table, PatientMatcher& known, const TableOptions& options)
      : table_(table), known_(known), options_(options) {}

  Result<std::vector<ColumnReading>> run() {
    GADOLIN_CHECK(checkNames());
    for (std::size_t i = 0; i < table_.header.size(); ++i) {
      ColumnReading column;
      column.name = table_.header[i];
      const auto parts = splitUnit(column.name);
      column.title = parts.title;
      column.unit = parts.unit;
      hints_.push_back(hintOfName(column.name));
      counts_.push_back(countCells(table_, i, known_));
      column.filled = counts_.back().filled;
      columns_.push_back(std::move(column));
    }
    decideTableSign();
    takeChosen();
    leaveCopies();
    findPatient();
    findByName(NameHint::Stack, ColumnRole::Stack, "its name is a word for a stack");
    findByName(NameHint::Slice, ColumnRole::Slice, "its name is a word for a slice");
    findSliceColumns();
    findLabels();
    for (std::size_t i = 0; i < columns_.size(); ++i) findRest(i);
    leaveWhatVaries();
    GADOLIN_CHECK(guardIdentity());
    for (std::size_t i = 0; i < columns_.size(); ++i) finish(i);
    return std::move(columns_);
  }

 private:
  Result<void> checkNames() const {
    std::map<ColumnRole, std::string> only;
    for (const auto& [name, role] : options_.roles) {
      if (std::ranges::find(table_.header, name) == table_.header.end()) {
        std::string all;
        for (const auto& each : table_.header) all += (all.empty() ? "" : ", ") + quotedName(each);
        return Error{ErrorCode::InvalidInput,
                     "The table has no column " + quotedName(name) + "; it has " + all + "."};
      }
      const bool many =
          isClinical(role) || role == ColumnRole::Ignored || role == ColumnRole::OneSlice;
      if (!many && !only.emplace(role, name).second) {
        return Error{ErrorCode::InvalidInput, "Columns " + quotedName(only[role]) + " and " +
                                                  quotedName(name) + " cannot both be '" +
                                                  std::string(toText(role)) + "'."};
      }
    }
    return {};
  }

  [[nodiscard]] bool has(ColumnRole role) const {
    return std::ranges::find(columns_, role, &ColumnReading::role) != columns_.end();
  }
  [[nodiscard]] bool isOpen(std::size_t i) const {
    return columns_[i].role == ColumnRole::Ignored && !columns_[i].chosen && !copies_.contains(i);
  }
  void give(std::size_t i, ColumnRole role, std::string reason) {
    columns_[i].role = role;
    columns_[i].reason = std::move(reason);
  }

  void takeChosen() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto chosen = options_.roles.find(columns_[i].name);
      if (chosen == options_.roles.end()) continue;
      give(i, chosen->second, "chosen by you");
      columns_[i].chosen = true;
      if (chosen->second == ColumnRole::OneSlice)
        columns_[i].slice = sliceOfName(columns_[i].name).value_or(0);
    }
  }

  /// A column that is there twice, value by value, is read once.
  void leaveCopies() {
    for (const auto& [twin, first] : table_.twins) {
      const auto same = [twin = twin, first = first](const TextRow& row) {
        return row.fields[twin] == row.fields[first];
      };
      if (columns_[twin].chosen || !std::ranges::all_of(table_.rows, same)) continue;
      copies_.insert(twin);
      give(twin, ColumnRole::Ignored,
           "it has the name and the values of column " + quotedName(columns_[first].name));
    }
  }

  void findPatient() {
    if (has(ColumnRole::Patient)) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!isOpen(i) || hints_[i] != NameHint::Patient) continue;
      give(i, ColumnRole::Patient,
           "its name is a word for a patient; kept as text, with leading zeros");
      return;
    }
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool mostly =
          counts_[i].filled > 0 && 2 * counts_[i].patients > std::min(counts_[i].filled, 1000);
      if (isOpen(i) && mostly && hints_[i] == NameHint::Nothing &&
          (!best || counts_[i].patients > counts_[*best].patients))
        best = i;
    }
    if (best) {
      give(*best, ColumnRole::Patient,
           std::to_string(counts_[*best].patients) + " of its " +
               std::to_string(counts_[*best].filled) + " values are patients of the project");
    }
  }

  void findByName(NameHint hint, ColumnRole role, const std::string& reason) {
    if (has(role)) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!isOpen(i) || hints_[i] != hint) continue;
      // "image" and "scan" may mean anything: the project must know one of them.
      if (role == ColumnRole::Stack && foldedWord(columns_[i].name) != "stack" &&
          counts_[i].stacks + counts_[i].patients == 0)
        continue;
      give(i, role, reason);
      return;
    }
  }

  void findSliceColumns() {
    if (has(ColumnRole::Slice) || has(ColumnRole::OneSlice)) return;
    std::vector<std::size_t> found;
    int words = 0, filled = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      // "12" and "S7" may be anything: most of their own values must be labels. A column that calls
      // itself a slice needs that of all such columns together, so that one odd cell is found to
      // be one, and does not take the labels of its column along.
      const bool mostly = counts_[i].filled == 0 || 2 * counts_[i].words > counts_[i].filled;
      if (!isOpen(i) || !sliceOfName(columns_[i].name) || (!mostly && !saysSlice(columns_[i].name)))
        continue;
      found.push_back(i);
      words += counts_[i].words;
      filled += counts_[i].filled;
    }
    // One alone must call itself a slice and hold labels.
    const bool one = found.size() == 1 && words > 0 && saysSlice(columns_[found[0]].name);
    if ((found.size() < 2 && !one) || 2 * words < filled) return;
    for (const std::size_t i : found) {
      columns_[i].slice = *sliceOfName(columns_[i].name);
      give(i, ColumnRole::OneSlice,
           (one ? std::string("its name is that of a slice and its values are labels; slice ")
                : "one of " + std::to_string(found.size()) +
                      " columns that are named after a slice each; slice ") +
               std::to_string(columns_[i].slice) + " as the table counts");
    }
  }

  void findLabels() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!isOpen(i) || hints_[i] != NameHint::SliceList || counts_[i].filled == 0 ||
          has(ColumnRole::SliceList))
        continue;
      int good = 0;
      for (const TextRow& row : table_.rows)
        good += isSliceList(row.fields[i]) || saysNoSlice(row.fields[i]) ? 1 : 0;
      // An odd cell is a contradiction of its row, and no reason to read no list at all.
      if (2 * good <= counts_[i].filled || (counts_[i].lists == 0 && !namesScar(i))) continue;
      give(i, ColumnRole::SliceList,
           "its name speaks of slices and its values are numbers of slices");
    }
    if (has(ColumnRole::SliceLabel) || has(ColumnRole::StackLabel)) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      // Most of its values must be words of a label: "scar" may also be grams. A column "label"
      // beside slices is one.
      const bool of_slice = has(ColumnRole::Slice);
      const bool sure = of_slice && foldedWord(columns_[i].name) == "label";
      const int words = 2 * counts_[i].words;
      const bool mostly =
          words > counts_[i].filled || (of_slice && words > 0 && words == counts_[i].filled);
      if (!isOpen(i) || hints_[i] != NameHint::Label || (!mostly && !sure) ||
          !columns_[i].unit.empty())
        continue;
      give(i, of_slice ? ColumnRole::SliceLabel : ColumnRole::StackLabel,
           std::string("its name is a word for fibrosis and its values say yes or no, ") +
               (of_slice                 ? "one a slice"
                : has(ColumnRole::Stack) ? "one a stack"
                                         : "one a patient"));
      return;
    }
  }

  [[nodiscard]] bool namesScar(std::size_t i) const {
    std::string name = foldedWord(columns_[i].name);
    for (const std::string_view plural :
         {" slices", " schichten", " schnitte", " coupes", " plakken", " sneden"}) {
      if (name.ends_with(plural)) name.resize(name.size() - plural.size());
    }
    return hintOfName(name) == NameHint::Label;
  }

  void findRest(std::size_t i) {
    if (!isOpen(i)) return;
    const CellCounts& counts = counts_[i];
    ColumnReading& column = columns_[i];
    if (counts.filled == 0) {
      column.reason = "it has no value";
      return;
    }
    if (hints_[i] == NameHint::Reader && hasLabels() && !has(ColumnRole::Reader)) {
      give(i, ColumnRole::Reader, "its name is a word for a reader");
    } else if (hints_[i] == NameHint::Time && hasLabels() && !has(ColumnRole::Time)) {
      give(i, ColumnRole::Time, "its name is a word for a time");
    } else if (hints_[i] == NameHint::Identity) {
      column.identifying = true;
      give(i, counts.dates == counts.filled ? ColumnRole::Date : ColumnRole::Text,
           "its name is one of those that say who a patient is");
    } else if (hints_[i] == NameHint::Patient || hints_[i] == NameHint::Stack) {
      column.reason = "another column names the patient or stack";
    } else if (hints_[i] == NameHint::Slice) {
      column.reason = "another column names the slice";
    } else if (const std::string sign =
                   identityReason(counts.identity, counts.filled, counts.distinct.size());
               !sign.empty()) {
      column.identifying = true;
      by_values_.insert(i);
      give(i, ColumnRole::Text, sign);
    } else if (counts.dates == counts.filled) {
      column.identifying = true;
      give(i, ColumnRole::Date, "all its values are dates");
    } else if (counts.numbers > 0 && counts.numbers + counts.censored == counts.filled &&
               !(counts.points > 0 && counts.commas > 0)) {
      give(i, ColumnRole::Number,
           counts.censored == 0
               ? "all its values are numbers"
               : std::to_string(counts.numbers) + " of its " + std::to_string(counts.filled) +
                     " values are numbers, the others bounds such as '<5'");
    } else if (hints_[i] == NameHint::FreeText || 2 * counts.long_texts > counts.filled) {
      column.identifying = true;
      give(i, ColumnRole::Text,
           hints_[i] == NameHint::FreeText ? "its name is a word for free text"
                                           : "most of its values are sentences");
    } else if (counts.points > 0 && counts.commas > 0 && counts.numbers == counts.filled) {
      give(i, ColumnRole::Category,
           "it has both decimal commas and points, so its numbers stay as they are written");
    } else if (constexpr std::size_t few = 12;
               counts.distinct.size() <= few ||
               2 * counts.distinct.size() <= static_cast<std::size_t>(counts.filled)) {
      const bool label = hints_[i] == NameHint::Label && 2 * counts.words > counts.filled;
      give(i, ColumnRole::Category,
           label ? "it says yes or no, but another column is the label"
           : counts.distinct.size() == 1
               ? std::string("it has one word")
               : "it has " + std::to_string(counts.distinct.size()) + " different words");
    } else {
      column.identifying = true;
      give(i, ColumnRole::Text,
           "it has " + std::to_string(counts.distinct.size()) + " different texts");
    }
    guardDates(i);
  }

  /// Spreadsheets write days as numbers of days too, and people in ways that no program reads.
  void guardDates(std::size_t i) {
    ColumnReading& column = columns_[i];
    if (column.identifying || !isClinical(column.role)) return;
    if (namesDate(column.title) && counts_[i].words < counts_[i].filled) {
      column.reason += "; its name is a word for a date";
    } else if (counts_[i].dates > 0) {
      column.reason += "; " + std::to_string(counts_[i].dates) + " of its " +
                       std::to_string(counts_[i].filled) + " values " +
                       (counts_[i].dates == 1 ? "is a date" : "are dates");
    } else {
      return;
    }
    column.identifying = true;
    by_values_.insert(i);
  }

  [[nodiscard]] bool hasLabels() const {
    return std::ranges::any_of(
        columns_, [](const ColumnReading& column) { return holdsLabels(column.role); });
  }

  /// A table with a row for each slice has facts of slices too; those are not facts of the patient.
  void leaveWhatVaries() {
    if (!has(ColumnRole::Slice)) return;
    const auto of = [&](ColumnRole role) {
      return std::ranges::find(columns_, role, &ColumnReading::role) - columns_.begin();
    };
    const auto key = static_cast<std::size_t>(has(ColumnRole::Patient) ? of(ColumnRole::Patient)
                                                                       : of(ColumnRole::Stack));
    if (key >= columns_.size()) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!isClinical(columns_[i].role) || columns_[i].chosen) continue;
      std::map<std::string, std::string> value;
      const bool varies = std::ranges::any_of(table_.rows, [&](const TextRow& row) {
        if (saysNothing(row.fields[i])) return false;
        return value.emplace(row.fields[key], row.fields[i]).first->second != row.fields[i];
      });
      if (varies)
        give(i, ColumnRole::Ignored,
             "its values differ between slices of one patient, so it is no fact of the patient");
    }
  }

  Result<void> guardIdentity() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      ColumnReading& column = columns_[i];
      if (!isClinical(column.role)) continue;
      if (column.chosen) {
        column.identifying = hints_[i] == NameHint::Identity || hints_[i] == NameHint::FreeText ||
                             column.role == ColumnRole::Date || column.role == ColumnRole::Text;
      }
      if (!column.identifying || options_.keep_identity) continue;
      if (column.chosen && column.role != ColumnRole::Ignored) {
        return Error{ErrorCode::InvalidInput,
                     "Column " + quotedName(column.name) +
                         " may say who a patient is (names, dates and free text do) and is left "
                         "out. To take it all the "
                         "same, keep the identity (--identity keep)."};
      }
      const std::string_view what =
          column.role == ColumnRole::Date && hints_[i] != NameHint::Identity ? "dates" : "it";
      give(i, ColumnRole::Ignored,
           column.reason + "; " + std::string(what) + " may say who a patient is and " +
               (what == "dates" ? "are" : "is") + " left out unless identity is kept" +
               (by_values_.contains(i) ? ", or you choose number or category for it" : ""));
    }
    return {};
  }

  /// The sign that every proof in the table agrees on.
  void decideTableSign() {
    int points = 0, commas = 0;
    for (const CellCounts& counts : counts_) {
      points += counts.points;
      commas += counts.commas;
    }
    if (options_.decimal) {
      table_sign_ = options_.decimal;
    } else if ((points > 0) != (commas > 0)) {
      table_sign_ = commas > 0 ? DecimalSign::Comma : DecimalSign::Point;
    }
  }

  void finish(std::size_t i) {
    ColumnReading& column = columns_[i];
    const CellCounts& counts = counts_[i];
    if (column.role == ColumnRole::Number || column.role == ColumnRole::Slice) {
      const bool proved = (counts.points > 0) != (counts.commas > 0);
      if (proved && !options_.decimal) {
        column.decimal = counts.commas > 0 ? DecimalSign::Comma : DecimalSign::Point;
      } else if (table_sign_) {
        column.decimal = *table_sign_;
      } else {
        column.decimal_open = column.role == ColumnRole::Number && counts.either > 0;
      }
      if (counts.commas + counts.points + counts.either > 0 && !column.decimal_open)
        column.reason +=
            column.decimal == DecimalSign::Comma ? "; decimal comma" : "; decimal point";
    }
    if (column.role == ColumnRole::Date) {
      column.dates = counts.month_first > 0 ? DateOrder::MonthFirst : DateOrder::DayFirst;
      column.dates_open =
          (counts.day_first > 0) == (counts.month_first > 0) && counts.either_order > 0;
      if (column.dates_open)
        column.reason +=
            "; whether day or month comes first is not known, so they stay as they are written";
      else if (counts.day_first + counts.month_first > 0)
        column.reason +=
            counts.month_first > 0 ? "; the month comes first" : "; the day comes first";
    }
    if (column.role == ColumnRole::SliceLabel || column.role == ColumnRole::StackLabel ||
        column.role == ColumnRole::OneSlice)
      listWords(i);
  }

  void listWords(std::size_t i) {
    std::set<std::string> seen;
    for (const TextRow& row : table_.rows) {
      const std::string& cell = row.fields[i];
      constexpr std::size_t most = 40;
      if (saysNothing(cell) || seen.size() >= most || !seen.insert(cell).second) continue;
      const auto label = labelFromWord(cell);
      columns_[i].words.emplace_back(cell,
                                     label ? std::string(gadolin::toText(*label)) : std::string());
    }
  }

  const TextTable& table_;
  PatientMatcher& known_;
  const TableOptions& options_;
  std::vector<NameHint> hints_;
  std::vector<CellCounts> counts_;
  std::vector<ColumnReading> columns_;
  std::set<std::size_t> copies_;     // of another column of the same name
  std::set<std::size_t> by_values_;  // thought to be identifying, which may be wrong
  std::optional<DecimalSign> table_sign_;
};

}  // namespace

Result<std::vector<ColumnReading>> understandColumns(const TextTable& table, PatientMatcher& known,
                                                     const TableOptions& options) {
  return Understanding(table, known, options).run();
}

}  // namespace gadolin
