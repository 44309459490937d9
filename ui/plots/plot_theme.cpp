#include "ui/plots/plot_theme.h"

#include <array>
#include <cstddef>

namespace gadolin::plots {

PlotTheme PlotTheme::darkRoom() {
  return {QColor(24, 26, 29), QColor(215, 215, 215), QColor(52, 55, 60), QColor(130, 135, 142),
          true};
}

PlotTheme PlotTheme::paper() {
  return {QColor(255, 255, 255), QColor(30, 30, 30), QColor(222, 222, 222), QColor(120, 120, 120),
          false};
}

QColor PlotTheme::seriesColour(int n) const {
  static constexpr std::array<QColor, 8> on_dark{
      QColor(86, 180, 233), QColor(240, 140, 0),   QColor(0, 190, 140),  QColor(214, 120, 190),
      QColor(240, 228, 66), QColor(120, 150, 255), QColor(235, 100, 60), QColor(190, 190, 190)};
  static constexpr std::array<QColor, 8> on_light{
      QColor(0, 114, 178), QColor(213, 94, 0),  QColor(0, 158, 115), QColor(175, 80, 140),
      QColor(160, 130, 0), QColor(70, 90, 200), QColor(170, 50, 20), QColor(90, 90, 90)};
  const auto index = static_cast<std::size_t>(n % 8);
  return dark ? on_dark[index] : on_light[index];
}

QPen PlotTheme::seriesPen(int colour, bool dashed) const {
  QPen pen(seriesColour(colour), 1.8);
  const bool second_round = colour >= 8;
  if (dashed) {
    pen.setStyle(second_round ? Qt::DashDotLine : Qt::DashLine);
  } else if (second_round) {
    pen.setStyle(Qt::DotLine);
  }
  return pen;
}

}  // namespace gadolin::plots
