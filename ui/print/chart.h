#pragma once
// A small vector chart: axes with round numbers, lines or dots, straight reference lines.

#include <QPointF>
#include <QString>
#include <optional>
#include <utility>
#include <vector>

#include "ui/print/page.h"

namespace gadolin::print {

struct Series {
  QString name;  // in the legend; empty: not listed
  QColor colour = ink::accent;
  bool dots = false;  // else a line
  Qt::PenStyle style = Qt::SolidLine;
  std::vector<QPointF> points;  // a line is broken where y is NaN
};

struct ReferenceLine {
  double y = 0;
  QString name;
  bool dashed = true;
};

struct Chart {
  QString title;
  QString x_name;
  QString y_name;
  std::vector<Series> series;
  std::vector<ReferenceLine> lines;
  bool diagonal = false;                             // y = x
  bool whole_x = false;                              // epochs: ticks at whole numbers alone
  std::optional<std::pair<double, double>> x_range;  // else from the data
  std::optional<std::pair<double, double>> y_range;

  /// Fills the rectangle, title and names of the axes included.
  void draw(Document& document, double x, double y, double width, double height) const;
};

/// Round numbers from at or below `low` to at or above `high`, three to eight of them.
std::vector<double> niceTicks(double low, double high, bool whole = false);

}  // namespace gadolin::print
