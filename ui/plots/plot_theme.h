#pragma once
// Colours and dashes of curves: told apart by the colour-blind, in print and on a dark screen.

#include <QColor>
#include <QPen>

namespace gadolin::plots {

struct PlotTheme {
  QColor background;
  QColor ink;  // text and axes
  QColor grid;
  QColor mark;  // separators and marks
  bool dark = true;

  static PlotTheme darkRoom();
  static PlotTheme paper();

  /// Colour n of a set of eight (after Okabe and Ito, 2008), then the same again.
  [[nodiscard]] QColor seriesColour(int n) const;
  /// Dashes change with every run through the eight colours.
  [[nodiscard]] QPen seriesPen(int colour, bool dashed) const;
};

}  // namespace gadolin::plots
