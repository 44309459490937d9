#include <algorithm>
#include <cmath>

#include "ui/plots/curve_scene.h"

namespace gadolin::plots {
namespace {

/// Epochs are whole numbers, loss values are not.
QString shortNumber(double value) {
  return value != 0 && std::abs(value) < 1e-3 ? QString::number(value, 'e', 2)
                                              : QString::number(value, 'f', 3);
}

}  // namespace

void CurveScene::readAt(const QPoint& position) {
  const bool inside = plot->axisRect()->rect().contains(position) && !stages.empty();
  reading_text.clear();
  if (inside) {
    const double x = plot->xAxis->pixelToCoord(position.x());
    std::size_t stage = 0;
    while (stage + 1 < stages.size() && x >= stages[stage + 1].begin) ++stage;
    // The epoch nearest to the mouse that any curve of this stage has.
    double epoch = -1;
    for (const auto& one : series) {
      const auto values = one.points.find(static_cast<int>(stage));
      if (values == one.points.end()) continue;
      for (const auto& [candidate, value] : values->second) {
        const double here = x - stages[stage].begin;
        if (epoch < 0 || std::abs(candidate - here) < std::abs(epoch - here)) epoch = candidate;
      }
    }
    if (epoch >= 0) {
      reading_text = stages.size() > 1
                         ? CurvePlot::tr("%1, epoch %2").arg(stages[stage].name).arg(epoch)
                         : CurvePlot::tr("Epoch %1").arg(epoch);
      for (const auto& one : series) {
        const auto values = one.points.find(static_cast<int>(stage));
        if (values == one.points.end() || !values->second.contains(epoch)) continue;
        reading_text += QLatin1Char('\n') + one.name + QStringLiteral("  ") +
                        shortNumber(values->second.at(epoch));
      }
      const double at = stages[stage].begin + epoch;
      cursor->start->setCoords(at, 0);
      cursor->end->setCoords(at, 1);
      reading->setText(reading_text);
      // On the side of the mouse that has more room.
      const bool right_half = position.x() > plot->axisRect()->center().x();
      reading->setPositionAlignment((right_half ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
      reading->position->setPixelPosition(
          QPointF(position.x() + (right_half ? -12 : 12),
                  std::min(position.y(), plot->axisRect()->bottom() - 60)));
    }
  }
  const bool shown = !reading_text.isEmpty();
  if (!shown && !reading->visible()) return;
  cursor->setVisible(shown);
  reading->setVisible(shown);
  queueReplot();
}

}  // namespace gadolin::plots
