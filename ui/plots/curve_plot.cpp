#include "ui/plots/curve_plot.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/plots/curve_scene.h"
#include "ui/plots/plot_files.h"

namespace gadolin::plots {

struct CurvePlot::Impl : CurveScene {
  using CurveScene::CurveScene;
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
  CurveStage stage;
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
  return impl_->exported([&] { return writePng(*impl_->plot, path, size, "curves"); });
}

Result<void> CurvePlot::exportPdf(const QString& path, QSize size) {
  return impl_->exported([&] { return writePdf(*impl_->plot, path, size, "curves"); });
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
