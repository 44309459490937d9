#include "ui/plots/curve_scene.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gadolin::plots {
namespace {

constexpr int shortest_pause_ms = 100;

}  // namespace

double CurveScene::length(const CurveStage& stage) const {
  return std::max({1.0, static_cast<double>(stage.reserved), stage.longest});
}

void CurveScene::queueReplot() {
  if (queue.isActive()) return;
  const qint64 passed = since_replot.isValid() ? since_replot.elapsed() : shortest_pause_ms;
  queue.start(
      static_cast<int>(std::clamp<qint64>(shortest_pause_ms - passed, 0, shortest_pause_ms)));
}

void CurveScene::layOut() {
  double begin = 0;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    auto& stage = stages[s];
    if (stage.begin != begin) {
      stage.begin = begin;
      for (auto& one : series) refill(one, static_cast<int>(s));
    }
    begin += length(stage) + 1;  // half an epoch of air on each side of the border
  }
}

QCPGraph* CurveScene::piece(CurveSeries& one, int stage) {
  while (one.pieces.size() <= static_cast<std::size_t>(stage)) {
    auto* graph =
        plot->addGraph(plot->xAxis, one.look.axis == Axis::Left ? plot->yAxis : plot->yAxis2);
    graph->setName(one.name);
    graph->setPen(theme.seriesPen(one.look.colour, one.look.dashed));
    graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 4));
    graph->setAdaptiveSampling(true);
    if (!one.pieces.empty()) graph->removeFromLegend();
    one.pieces.push_back(graph);
  }
  return one.pieces[static_cast<std::size_t>(stage)];
}

void CurveScene::refill(CurveSeries& one, int stage) {
  const auto found = one.points.find(stage);
  if (found == one.points.end()) return;
  QVector<double> x;
  QVector<double> y;
  for (const auto& [epoch, value] : found->second) {
    x.append(stages[static_cast<std::size_t>(stage)].begin + epoch);
    y.append(value);
  }
  piece(one, stage)->setData(x, y, true);
}

bool CurveScene::put(int series_number, int stage, CurvePoint point) {
  if (series_number < 0 || static_cast<std::size_t>(series_number) >= series.size() || stage < 0 ||
      static_cast<std::size_t>(stage) >= stages.size() || !std::isfinite(point.x) ||
      !std::isfinite(point.y)) {
    return false;
  }
  auto& one = series[static_cast<std::size_t>(series_number)];
  auto& values = one.points[stage];
  const bool newer = values.empty() || point.x > values.rbegin()->first;
  values[point.x] = point.y;
  auto& where = stages[static_cast<std::size_t>(stage)];
  where.longest = std::max(where.longest, point.x);
  if (newer) {
    piece(one, stage)->addData(where.begin + point.x, point.y);
  } else {
    refill(one, stage);
  }
  return true;
}

void CurveScene::placeStages() {
  const bool several = stages.size() > 1;
  for (auto& stage : stages) {
    stage.line->setVisible(several && stage.begin > 0);
    stage.line->start->setCoords(stage.begin, 0);
    stage.line->end->setCoords(stage.begin, 1);
    stage.label->setVisible(several);
    stage.label->setText(stage.name);
    stage.label->position->setCoords(stage.begin + length(stage) / 2 + 0.25, 0.01);
  }
}

void CurveScene::placeTicks() {
  double shown = 0;
  for (const auto& stage : stages) {
    const double begin = std::max(stage.begin, plot->xAxis->range().lower);
    const double end = std::min(stage.begin + length(stage), plot->xAxis->range().upper);
    shown += std::max(0.0, end - begin);
  }
  const double room = std::max(2.0, plot->axisRect()->width() / 48.0);
  int step = 1;
  for (const int factor : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
    step = factor;
    if (shown / factor <= room) break;
  }
  epochs->clear();
  for (const auto& stage : stages) {
    for (int epoch = step; epoch <= length(stage); epoch += step) {
      epochs->addTick(stage.begin + epoch, QString::number(epoch));
    }
  }
}

void CurveScene::placeBests() {
  for (auto& [key, best] : bests) {
    const auto& one = series[static_cast<std::size_t>(key.first)];
    const auto values = one.points.find(key.second);
    const bool drawn = values != one.points.end() && values->second.contains(best.epoch);
    best.tracer->setVisible(drawn);
    best.label->setVisible(drawn);
    if (!drawn) continue;
    auto* axis = one.look.axis == Axis::Left ? plot->yAxis : plot->yAxis2;
    const CurveStage& stage = stages[static_cast<std::size_t>(key.second)];
    const double x = stage.begin + best.epoch;
    // At the end of the axis a centred number would be cut off.
    const bool at_end = best.epoch > 0.85 * std::max<double>(stage.reserved, stage.longest);
    best.label->setPositionAlignment((at_end ? Qt::AlignRight : Qt::AlignHCenter) |
                                     Qt::AlignBottom);
    best.tracer->position->setAxes(plot->xAxis, axis);
    best.tracer->position->setCoords(x, values->second.at(best.epoch));
    best.label->setText(best.text);
  }
}

void CurveScene::fitAxes() {
  double low = 1;
  double high = 2;
  if (!stages.empty()) {
    const auto& first = stages[shown_stage < 0 ? 0 : static_cast<std::size_t>(shown_stage)];
    const auto& last = shown_stage < 0 ? stages.back() : first;
    low = first.begin;
    high = last.begin + length(last) + 0.5;
  }
  plot->xAxis->setRange(low, high);
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -smallest;
  for (const auto& one : series) {
    if (one.look.axis != Axis::Left) continue;
    for (const auto& [stage, values] : one.points) {
      if (shown_stage >= 0 && stage != shown_stage) continue;
      for (const auto& [epoch, value] : values) {
        if (log_scale && value <= 0) continue;
        smallest = std::min(smallest, value);
        largest = std::max(largest, value);
      }
    }
  }
  if (smallest > largest) {
    smallest = log_scale ? 0.01 : 0;
    largest = 1;
  }
  if (log_scale) {
    plot->yAxis->setRange(smallest / 1.3, largest * 1.6);
  } else {
    // Loss is judged by its distance from zero.
    plot->yAxis->setRange(std::min(0.0, smallest),
                          largest + std::max(1e-9, 0.12 * std::abs(largest)));
  }
  plot->yAxis2->setRange(0, 1.12);
}

void CurveScene::replotNow() {
  layOut();
  placeStages();
  placeBests();
  if (follow) fitAxes();
  placeTicks();
  ++replots;
  since_replot.restart();
  plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurveScene::applyTheme() {
  plot->setBackground(theme.background);
  for (auto* axis : {plot->xAxis, plot->yAxis, plot->yAxis2}) {
    axis->setBasePen(QPen(theme.mark));
    axis->setTickPen(QPen(theme.mark));
    axis->setSubTickPen(QPen(theme.mark));
    axis->setTickLabelColor(theme.ink);
    axis->setLabelColor(theme.ink);
    axis->grid()->setPen(QPen(theme.grid));
    axis->grid()->setSubGridVisible(false);
    axis->grid()->setZeroLinePen(QPen(theme.grid));
  }
  plot->yAxis2->grid()->setVisible(false);
  QColor veil = theme.background;
  veil.setAlpha(215);
  plot->legend->setBrush(veil);
  plot->legend->setBorderPen(Qt::NoPen);
  plot->legend->setTextColor(theme.ink);
  for (auto& one : series) {
    for (auto* graph : one.pieces) graph->setPen(theme.seriesPen(one.look.colour, one.look.dashed));
  }
  for (auto& stage : stages) {
    stage.line->setPen(QPen(theme.mark, 1, Qt::DotLine));
    stage.label->setColor(theme.ink);
  }
  for (auto& [key, best] : bests) {
    const auto colour = theme.seriesColour(series[static_cast<std::size_t>(key.first)].look.colour);
    best.tracer->setPen(QPen(colour, 2));
    best.tracer->setBrush(theme.background);
    best.label->setColor(theme.ink);
  }
  cursor->setPen(QPen(theme.mark, 1, Qt::DotLine));
  reading->setColor(theme.ink);
  reading->setBrush(theme.background);
  reading->setPen(QPen(theme.grid));
}

void CurveScene::applyScale() {
  if (log_scale) {
    plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
  } else {
    plot->yAxis->setScaleType(QCPAxis::stLinear);
    plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
  }
}

Result<void> CurveScene::exported(const std::function<Result<void>()>& write) {
  const auto kept = theme;
  const bool reading_shown = reading->visible();
  theme = PlotTheme::paper();
  applyTheme();
  cursor->setVisible(false);
  reading->setVisible(false);
  layOut();
  placeStages();
  placeBests();
  if (follow) fitAxes();
  placeTicks();
  auto done = write();
  theme = kept;
  applyTheme();
  cursor->setVisible(reading_shown);
  reading->setVisible(reading_shown);
  queueReplot();
  return done;
}

}  // namespace gadolin::plots
