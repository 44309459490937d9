#pragma once
// A plain table: a header, rows of text, numbers aligned right.

#include <QString>
#include <vector>

#include "ui/print/page.h"

namespace gadolin::print {

struct Column {
  QString name;
  double width_mm = 20;
  bool right = true;  // numbers
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<QString>> rows;
  std::vector<bool> strong;  // one per row, or empty: rows to stress
  Style style = Style::Body;
  double row_mm = 4.4;

  [[nodiscard]] double width_mm() const;
  /// Height of the header and `count` rows.
  [[nodiscard]] double height_mm(std::size_t count) const {
    return row_mm * static_cast<double>(count + 1) + 0.8;
  }
  [[nodiscard]] double height_mm() const { return height_mm(rows.size()); }
  /// Draws rows first..first+count-1 under a header; returns the y below.
  double draw(Document& document, double x, double y, std::size_t first, std::size_t count) const;
  double draw(Document& document, double x, double y) const {
    return draw(document, x, y, 0, rows.size());
  }
};

}  // namespace gadolin::print
