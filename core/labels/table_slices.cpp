#include "core/labels/table_slices.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "core/labels/table_words.h"

namespace gadolin {
namespace {

class SliceBaseFinder {
 public:
  SliceBaseFinder(const TableView& view, const std::vector<RowMeaning>& rows,
                  const TableOptions& options)
      : view_(view), rows_(rows), options_(options) {}

  SliceBase run() const {
    SliceBase base;
    const bool counts = view_.columnOf(ColumnRole::Slice) >= 0 ||
                        view_.columnOf(ColumnRole::SliceList) >= 0 ||
                        view_.columnOf(ColumnRole::OneSlice) >= 0;
    if (!counts) return base;
    if (options_.first_slice) {
      base.first = options_.first_slice;
      base.reason = "chosen by you";
      return base;
    }
    if (isOwnTable()) {
      base.first = 0;
      base.reason = "it has the columns and labels of Gadolin's own tables, which count from 0";
      return base;
    }
    std::optional<int> zero_line;
    const KnownStack* full = nullptr;
    int full_line = 0;
    bool any = false;
    std::map<const TextRow*, const RowMeaning*> meanings;
    for (const auto& meaning : rows_) meanings[meaning.row] = &meaning;
    eachSliceNumber([&](const TextRow& row, int slice) {
      any = true;
      if (slice == 0 && !zero_line) zero_line = row.line;
      const auto meaning = meanings.find(&row);
      if (full != nullptr || meaning == meanings.end()) return;
      // Of several stacks the longest may be meant.
      const auto& stacks = meaning->second->stacks;
      const auto longest = std::ranges::max_element(stacks, {}, &KnownStack::slices);
      if (longest == stacks.end() || slice != (*longest)->slices) return;
      full = *longest;
      full_line = row.line;
    });
    const std::string zero =
        zero_line ? "line " + std::to_string(*zero_line) + " names slice 0" : "";
    const std::string last = full != nullptr
                                 ? "line " + std::to_string(full_line) + " names slice " +
                                       std::to_string(full->slices) + " of " + full->id +
                                       ", which has " + std::to_string(full->slices) + " slices"
                                 : "";
    if (zero_line && full == nullptr) {
      base.first = 0;
      base.reason = zero;
    } else if (full != nullptr && !zero_line) {
      base.first = 1;
      base.reason = last;
    } else if (any) {
      base.question = OpenQuestion{
          TableQuestion::FirstSlice,
          zero_line ? "The table seems to count slices both from 0 and from 1: " + zero + ", and " +
                          last + ". Say which is meant."
                    : "Is the first slice 0 or 1? Neither a slice 0 nor a slice as high as the "
                      "number of slices is named, so the table "
                      "does not tell."};
    }
    return base;
  }

 private:
  /// Every number of a slice in the table, with the row; also of rows whose patient is not known.
  template <class Visit>
  void eachSliceNumber(Visit visit) const {
    const int slice_column = view_.columnOf(ColumnRole::Slice),
              list_column = view_.columnOf(ColumnRole::SliceList);
    for (const TextRow& row : view_.table().rows) {
      if (view_.table().isRagged(row)) continue;
      if (slice_column >= 0) {
        if (const auto slice = sliceNumber(view_.cell(row, slice_column))) visit(row, *slice);
      }
      const std::string list = view_.cell(row, list_column);
      // A lone 0 may be the word for "none".
      if (list_column >= 0 && list != "0") {
        if (const auto slices = slicesOfList(list)) {
          for (const int slice : *slices) visit(row, slice);
        }
      }
      for (const auto& column : view_.columns()) {
        if (column.role != ColumnRole::OneSlice) continue;
        const auto at = static_cast<std::size_t>(&column - view_.columns().data());
        if (!saysNothing(row.fields[at])) visit(row, column.slice);
      }
    }
  }

  /// The form that Gadolin itself writes counts from 0: docs/formats.md.
  [[nodiscard]] bool isOwnTable() const {
    const auto named = [&](ColumnRole role, std::string_view name) {
      const int column = view_.columnOf(role);
      return column >= 0 && foldedWord(view_.nameOf(column)) == name;
    };
    if (!named(ColumnRole::Stack, "stack") || !named(ColumnRole::Slice, "slice") ||
        !named(ColumnRole::SliceLabel, "label"))
      return false;
    const auto& words =
        view_.columns()[static_cast<std::size_t>(view_.columnOf(ColumnRole::SliceLabel))].words;
    return std::ranges::any_of(
        words, [](const auto& word) { return sliceLabelFromText(word.first).has_value(); });
  }

  const TableView& view_;
  const std::vector<RowMeaning>& rows_;
  const TableOptions& options_;
};

}  // namespace

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

std::optional<int> sliceNumber(const std::string& cell) {
  int value = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code == std::errc() && end == cell.data() + cell.size()) return value;
  for (const DecimalSign sign : {DecimalSign::Point, DecimalSign::Comma}) {
    const auto number = numberFromText(cell, sign);
    constexpr double most = 10000;
    if (number && std::floor(*number) == *number && std::abs(*number) < most)
      return static_cast<int>(*number);
  }
  return std::nullopt;
}

SliceBase findFirstSlice(const TableView& view, const std::vector<RowMeaning>& rows,
                         const TableOptions& options) {
  return SliceBaseFinder(view, rows, options).run();
}

}  // namespace gadolin
