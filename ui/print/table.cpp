#include "ui/print/table.h"

#include <algorithm>

namespace gadolin::print {

double Table::width_mm() const {
  double width = 0;
  for (const Column& column : columns) width += column.width_mm;
  return width;
}

double Table::draw(Document& document, double x, double y, std::size_t first,
                   std::size_t count) const {
  const double pad = 1.0;
  const auto cell = [&](double left, double top, const Column& column, const QString& text,
                        Style cell_style, const QColor& colour) {
    const double offset = (row_mm - document.lineHeight_mm(cell_style)) / 2;
    document.line(left + pad, top + offset, column.width_mm - 2 * pad, text, cell_style, colour,
                  column.right ? Qt::AlignRight : Qt::AlignLeft);
  };
  const Style strong_style = style == Style::Small ? Style::SmallStrong : Style::Strong;
  double left = x;
  for (const Column& column : columns) {
    cell(left, y, column, column.name, style, ink::quiet);
    left += column.width_mm;
  }
  y += row_mm + 0.4;
  document.rule(x, y - 0.2, x + width_mm(), y - 0.2, ink::quiet, 0.2);
  const std::size_t end = std::min(rows.size(), first + count);
  for (std::size_t r = first; r < end; ++r) {
    if ((r - first) % 2 == 1) document.fill(x, y, width_mm(), row_mm, ink::shade);
    left = x;
    for (std::size_t c = 0; c < columns.size() && c < rows[r].size(); ++c) {
      const bool stressed = r < strong.size() && strong[r];
      cell(left, y, columns[c], rows[r][c], stressed ? strong_style : style, ink::text);
      left += columns[c].width_mm;
    }
    y += row_mm;
  }
  document.rule(x, y + 0.2, x + width_mm(), y + 0.2, ink::rule, 0.2);
  return y + 0.4;
}

}  // namespace gadolin::print
