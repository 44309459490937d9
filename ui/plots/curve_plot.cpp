#include "ui/plots/curve_plot.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "ui/plots/plot_theme.h"
#include "ui/plots/qcustomplot_header.h"

namespace gadolin::plots {
namespace {

constexpr int shortest_pause_ms = 100;

struct Stage {
  QString name;
  int reserved = 0;    // epochs announced
  double longest = 0;  // largest epoch that has a point
  double begin = 0;    // where its epoch 0 lies on the common axis
  QCPItemLine* line = nullptr;
  QCPItemText* label = nullptr;
};

struct Series {
  QString name;
  SeriesLook look;
  std::vector<QCPGraph*> pieces;  // one a stage: no line from one stage to the next
  std::map<int, std::map<double, double>> points;  // by stage, by epoch
};

struct Best {
  double epoch = 0;
  QString text;
  QCPItemTracer* tracer = nullptr;
  QCPItemText* label = nullptr;
};

/// Epochs are whole numbers, loss values are not.
QString shortNumber(double value) {
  return value != 0 && std::abs(value) < 1e-3 ? QString::number(value, 'e', 2)
                                              : QString::number(value, 'f', 3);
}

}  // namespace

struct CurvePlot::Impl {
  explicit Impl(CurvePlot* owner) : plot(new QCustomPlot(owner)) {}

  QCustomPlot* plot;  // owned by the widget
  QTimer queue;
  QElapsedTimer since_replot;
  PlotTheme theme = PlotTheme::darkRoom();
  std::vector<Stage> stages;
  std::vector<Series> series;
  std::map<std::pair<int, int>, Best> bests;  // by (series, stage)
  QSharedPointer<QCPAxisTickerText> epochs = QSharedPointer<QCPAxisTickerText>::create();
  QCPItemLine* cursor = nullptr;
  QCPItemText* reading = nullptr;
  QString reading_text;
  int shown_stage = -1;
  bool follow = true;
  bool log_scale = false;
  int replots = 0;

  [[nodiscard]] double length(const Stage& stage) const {
    return std::max({1.0, static_cast<double>(stage.reserved), stage.longest});
  }

  void queueReplot() {
    if (queue.isActive()) return;
    const qint64 passed = since_replot.isValid() ? since_replot.elapsed() : shortest_pause_ms;
    queue.start(
        static_cast<int>(std::clamp<qint64>(shortest_pause_ms - passed, 0, shortest_pause_ms)));
  }

  /// Where each stage begins; moves the curves of stages that were pushed to the right.
  void layOut() {
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

  QCPGraph* piece(Series& one, int stage) {
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

  void refill(Series& one, int stage) {
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

  bool put(int series_number, int stage, CurvePoint point) {
    if (series_number < 0 || static_cast<std::size_t>(series_number) >= series.size() ||
        stage < 0 || static_cast<std::size_t>(stage) >= stages.size() || !std::isfinite(point.x) ||
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

  void placeStages() {
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

  /// Every stage counts its own epochs.
  void placeTicks() {
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

  void placeBests() {
    for (auto& [key, best] : bests) {
      const auto& one = series[static_cast<std::size_t>(key.first)];
      const auto values = one.points.find(key.second);
      const bool drawn = values != one.points.end() && values->second.contains(best.epoch);
      best.tracer->setVisible(drawn);
      best.label->setVisible(drawn);
      if (!drawn) continue;
      auto* axis = one.look.axis == Axis::Left ? plot->yAxis : plot->yAxis2;
      const Stage& stage = stages[static_cast<std::size_t>(key.second)];
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

  void fitAxes() {
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

  void replotNow() {
    layOut();
    placeStages();
    placeBests();
    if (follow) fitAxes();
    placeTicks();
    ++replots;
    since_replot.restart();
    plot->replot(QCustomPlot::rpQueuedReplot);
  }

  void applyTheme() {
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
      for (auto* graph : one.pieces)
        graph->setPen(theme.seriesPen(one.look.colour, one.look.dashed));
    }
    for (auto& stage : stages) {
      stage.line->setPen(QPen(theme.mark, 1, Qt::DotLine));
      stage.label->setColor(theme.ink);
    }
    for (auto& [key, best] : bests) {
      const auto colour =
          theme.seriesColour(series[static_cast<std::size_t>(key.first)].look.colour);
      best.tracer->setPen(QPen(colour, 2));
      best.tracer->setBrush(theme.background);
      best.label->setColor(theme.ink);
    }
    cursor->setPen(QPen(theme.mark, 1, Qt::DotLine));
    reading->setColor(theme.ink);
    reading->setBrush(theme.background);
    reading->setPen(QPen(theme.grid));
  }

  void applyScale() {
    if (log_scale) {
      plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
      plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    } else {
      plot->yAxis->setScaleType(QCPAxis::stLinear);
      plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    }
  }

  void readAt(const QPoint& position) {
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

  /// Runs `write` in the light theme and puts everything back.
  template <typename Write>
  bool exported(Write write) {
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
    const bool done = write();
    theme = kept;
    applyTheme();
    cursor->setVisible(reading_shown);
    reading->setVisible(reading_shown);
    queueReplot();
    return done;
  }
};

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), impl_(std::make_unique<Impl>(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* plot = impl_->plot;
  layout->addWidget(plot);
  plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot->axisRect()->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  plot->axisRect()->setRangeZoom(Qt::Horizontal);
  plot->yAxis2->setVisible(true);
  plot->yAxis2->setTickLabels(true);
  plot->legend->setVisible(true);
  // Below the axes: inside them it would hide the curves of the last stage.
  plot->axisRect()->insetLayout()->take(plot->legend);
  plot->plotLayout()->addElement(1, 0, plot->legend);
  plot->plotLayout()->setRowStretchFactor(1, 0.001);
  plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
  plot->setNoAntialiasingOnDrag(true);
  plot->xAxis->setTicker(impl_->epochs);
  plot->xAxis->setSubTicks(false);

  impl_->cursor = new QCPItemLine(plot);
  for (auto* end : {impl_->cursor->start, impl_->cursor->end}) {
    end->setTypeX(QCPItemPosition::ptPlotCoords);
    end->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  impl_->reading = new QCPItemText(plot);
  impl_->reading->position->setType(QCPItemPosition::ptAbsolute);
  impl_->reading->setTextAlignment(Qt::AlignLeft);
  impl_->reading->setPadding(QMargins(6, 4, 6, 4));
  for (QCPAbstractItem* item : {static_cast<QCPAbstractItem*>(impl_->cursor),
                                static_cast<QCPAbstractItem*>(impl_->reading)}) {
    item->setLayer(QStringLiteral("overlay"));
    item->setVisible(false);
  }

  impl_->queue.setSingleShot(true);
  connect(&impl_->queue, &QTimer::timeout, this, [this] { impl_->replotNow(); });
  connect(plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
    if (event->buttons() != Qt::NoButton) impl_->follow = false;
    impl_->readAt(event->pos());
  });
  connect(plot, &QCustomPlot::mouseWheel, this, [this] {
    impl_->follow = false;
    impl_->queueReplot();
  });
  connect(plot, &QCustomPlot::mouseDoubleClick, this, [this] { fit(); });
  setAxisTitles(tr("Epoch"), tr("Loss"), tr("Dice, AUROC"));
  impl_->applyTheme();
  impl_->fitAxes();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::clear() {
  auto& i = *impl_;
  for (auto& stage : i.stages) {
    i.plot->removeItem(stage.line);
    i.plot->removeItem(stage.label);
  }
  for (auto& [key, best] : i.bests) {
    i.plot->removeItem(best.label);
    i.plot->removeItem(best.tracer);
  }
  i.plot->clearGraphs();
  i.stages.clear();
  i.series.clear();
  i.bests.clear();
  i.cursor->setVisible(false);
  i.reading->setVisible(false);
  i.reading_text.clear();
  i.shown_stage = -1;
  i.follow = true;
  i.queueReplot();
}

int CurvePlot::addStage(const QString& name, int epochs) {
  auto& i = *impl_;
  Stage stage;
  stage.name = name;
  stage.reserved = std::max(0, epochs);
  stage.line = new QCPItemLine(i.plot);
  for (auto* end : {stage.line->start, stage.line->end}) {
    end->setTypeX(QCPItemPosition::ptPlotCoords);
    end->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  stage.label = new QCPItemText(i.plot);
  stage.label->position->setTypeX(QCPItemPosition::ptPlotCoords);
  stage.label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
  stage.label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
  i.stages.push_back(stage);
  i.layOut();
  i.applyTheme();
  i.queueReplot();
  return static_cast<int>(i.stages.size()) - 1;
}

int CurvePlot::addSeries(const QString& name, const SeriesLook& look) {
  auto& i = *impl_;
  i.series.push_back({name, look, {}, {}});
  i.piece(i.series.back(), 0);  // the legend shows a curve that has no point yet
  i.queueReplot();
  return static_cast<int>(i.series.size()) - 1;
}

void CurvePlot::addPoint(int series, int stage, CurvePoint point) {
  if (impl_->put(series, stage, point)) impl_->queueReplot();
}

void CurvePlot::setPoints(int series, int stage, std::span<const CurvePoint> points) {
  auto& i = *impl_;
  if (series < 0 || static_cast<std::size_t>(series) >= i.series.size() || stage < 0 ||
      static_cast<std::size_t>(stage) >= i.stages.size()) {
    return;
  }
  auto& one = i.series[static_cast<std::size_t>(series)];
  auto& values = one.points[stage];
  values.clear();
  for (const auto& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    values[point.x] = point.y;
    auto& longest = i.stages[static_cast<std::size_t>(stage)].longest;
    longest = std::max(longest, point.x);
  }
  i.refill(one, stage);
  i.queueReplot();
}

void CurvePlot::setBest(int series, int stage, double epoch, const QString& text) {
  auto& i = *impl_;
  if (series < 0 || static_cast<std::size_t>(series) >= i.series.size() || stage < 0 ||
      static_cast<std::size_t>(stage) >= i.stages.size()) {
    return;
  }
  auto& best = i.bests[{series, stage}];
  best.epoch = epoch;
  best.text = text;
  if (!best.tracer) {
    best.tracer = new QCPItemTracer(i.plot);
    best.tracer->setStyle(QCPItemTracer::tsCircle);
    best.tracer->setSize(9);
    best.label = new QCPItemText(i.plot);
    best.label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
    best.label->position->setParentAnchor(best.tracer->position);
    best.label->position->setCoords(0, -7);
    i.applyTheme();
  }
  i.queueReplot();
}

void CurvePlot::showStage(int stage) {
  impl_->shown_stage =
      stage >= 0 && static_cast<std::size_t>(stage) < impl_->stages.size() ? stage : -1;
  fit();
}

void CurvePlot::setLogScale(bool on) {
  if (impl_->log_scale == on) return;
  impl_->log_scale = on;
  impl_->applyScale();
  fit();
}

bool CurvePlot::logScale() const {
  return impl_->log_scale;
}

void CurvePlot::setTheme(Theme theme) {
  impl_->theme = theme == Theme::Dark ? PlotTheme::darkRoom() : PlotTheme::paper();
  impl_->applyTheme();
  impl_->queueReplot();
}

void CurvePlot::setAxisTitles(const QString& x, const QString& left, const QString& right) {
  impl_->plot->xAxis->setLabel(x);
  impl_->plot->yAxis->setLabel(left);
  impl_->plot->yAxis2->setLabel(right);
  impl_->queueReplot();
}

void CurvePlot::fit() {
  impl_->follow = true;
  impl_->queueReplot();
}

Result<void> CurvePlot::exportPng(const QString& path, QSize size) {
  const bool done = impl_->exported(
      [&] { return impl_->plot->savePng(path, size.width() / 2, size.height() / 2, 2.0); });
  if (done) return {};
  return Error{ErrorCode::Io, "The curves could not be written to " + path.toStdString() +
                                  ". Check that the folder exists and can be written to."};
}

Result<void> CurvePlot::exportPdf(const QString& path, QSize size) {
  const bool done = impl_->exported(
      [&] { return impl_->plot->savePdf(path, size.width(), size.height(), QCP::epNoCosmetic); });
  if (done) return {};
  return Error{ErrorCode::Io, "The curves could not be written to " + path.toStdString() +
                                  ". Check that the folder exists and can be written to."};
}

QStringList CurvePlot::seriesNames() const {
  QStringList names;
  for (const auto& one : impl_->series) names.append(one.name);
  return names;
}

int CurvePlot::replotCount() const {
  return impl_->replots;
}

QString CurvePlot::readout() const {
  return impl_->reading_text;
}

void CurvePlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    auto* plot = impl_->plot;
    for (auto* axis : {plot->xAxis, plot->yAxis, plot->yAxis2}) {
      axis->setTickLabelFont(font());
      axis->setLabelFont(font());
    }
    plot->legend->setFont(font());
    impl_->queueReplot();
  }
  QWidget::changeEvent(event);
}

}  // namespace gadolin::plots
