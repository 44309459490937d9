#pragma once
// What a curve plot shows: stages side by side on one axis, curves cut at their borders, best
// epochs, and what stands beside the mouse. For this folder alone; QCustomPlot stays inside.

#include <QElapsedTimer>
#include <QString>
#include <QTimer>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcustomplot_header.h"

namespace gadolin::plots {

struct CurveStage {
  QString name;
  int reserved = 0;    // epochs announced
  double longest = 0;  // largest epoch that has a point
  double begin = 0;    // where its epoch 0 lies on the common axis
  QCPItemLine* line = nullptr;
  QCPItemText* label = nullptr;
};

struct CurveSeries {
  QString name;
  SeriesLook look;
  std::vector<QCPGraph*> pieces;  // one a stage: no line from one stage to the next
  std::map<int, std::map<double, double>> points;  // by stage, by epoch
};

struct BestEpoch {
  double epoch = 0;
  QString text;
  QCPItemTracer* tracer = nullptr;
  QCPItemText* label = nullptr;
};

/// Numbers of series and stages count from 0 in the order in which they were added. Thread: the
/// GUI's.
struct CurveScene {
  explicit CurveScene(QWidget* owner) : plot(new QCustomPlot(owner)) {}

  /// Epochs that a stage takes on the common axis: what was announced, or what has come.
  [[nodiscard]] double length(const CurveStage& stage) const;
  /// At most ten replots a second, however many points come.
  void queueReplot();
  /// Where each stage begins; moves the curves of stages that were pushed to the right.
  void layOut();
  /// The part of a curve that lies in one stage; made when it is asked for first.
  QCPGraph* piece(CurveSeries& one, int stage);
  /// Sets that part anew from its points.
  void refill(CurveSeries& one, int stage);
  /// False for a series or stage that is not there and for values that are not finite.
  bool put(int series_number, int stage, CurvePoint point);
  /// Borders and names of the stages, where there are several.
  void placeStages();
  /// Every stage counts its own epochs.
  void placeTicks();
  /// Rings and numbers of the best epochs, where their points are drawn.
  void placeBests();
  /// All of the stages that are shown; loss from 0, Dice and AUROC from 0 to 1.
  void fitAxes();
  void replotNow();
  void applyTheme();
  void applyScale();
  /// What the curves have at the epoch nearest to a pixel of the widget, beside the mouse.
  void readAt(const QPoint& position);
  /// Runs `write` in the light theme and puts everything back.
  Result<void> exported(const std::function<Result<void>()>& write);

  QCustomPlot* plot;  // owned by the widget
  QTimer queue;
  QElapsedTimer since_replot;
  PlotTheme theme = PlotTheme::darkRoom();
  std::vector<CurveStage> stages;
  std::vector<CurveSeries> series;
  std::map<std::pair<int, int>, BestEpoch> bests;  // by (series, stage)
  QSharedPointer<QCPAxisTickerText> epochs = QSharedPointer<QCPAxisTickerText>::create();
  QCPItemLine* cursor = nullptr;
  QCPItemText* reading = nullptr;
  QString reading_text;
  int shown_stage = -1;
  bool follow = true;
  bool log_scale = false;
  int replots = 0;
};

}  // namespace gadolin::plots
