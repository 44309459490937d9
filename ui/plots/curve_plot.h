#pragma once
// Curves of a training as they grow: loss on the left axis, Dice and AUROC on the right, one stage
// of the cascade after the other.

#include <QString>
#include <QStringList>
#include <QWidget>
#include <memory>
#include <span>

#include "core/base/result.h"

namespace gadolin::plots {

/// Left: any positive quantity (loss). Right: 0..1 (Dice, AUROC).
enum class Axis { Left, Right };

enum class Theme { Dark, Light };

struct CurvePoint {
  double x = 0;  // epoch within the stage, 1-based
  double y = 0;
};

struct SeriesLook {
  Axis axis = Axis::Left;
  int colour = 0;       // 0.. : colour of the theme's set
  bool dashed = false;  // training dashed, validation solid, say
};

/// Stages follow one another along the x axis, each counting its own epochs. Points that are not
/// finite are left out. Replots are queued, at most ten a second, however fast points arrive.
/// Wheel zooms, left drag pans, double click fits all, hovering reads the nearest epoch of every
/// curve. Thread: the GUI thread.
class CurvePlot : public QWidget {
  Q_OBJECT
 public:
  explicit CurvePlot(QWidget* parent = nullptr);
  ~CurvePlot() override;

  void clear();
  /// Adds a stage at the right end and returns its number. `epochs` reserves room; 0 where unknown.
  int addStage(const QString& name, int epochs = 0);
  /// A curve that appears in the legend; returns its number. Points of every stage go into it.
  int addSeries(const QString& name, const SeriesLook& look);
  /// x may repeat or go back (a resumed run): the newer point replaces the older one.
  void addPoint(int series, int stage, CurvePoint point);
  void setPoints(int series, int stage, std::span<const CurvePoint> points);
  /// Marks the best epoch of a stage on a curve; replaces the mark that was there.
  void setBest(int series, int stage, double epoch, const QString& text);

  /// Only this stage, or all of them (-1).
  void showStage(int stage);
  void setLogScale(bool on);
  [[nodiscard]] bool logScale() const;
  void setTheme(Theme theme);
  void setAxisTitles(const QString& x, const QString& left, const QString& right);
  /// Back to all points, and follow new ones.
  void fit();

  /// In the light theme, whatever the screen shows. Size in pixels or points. Thread: the GUI
  /// thread; takes some 10 ms.
  Result<void> exportPng(const QString& path, QSize size = {1600, 900});
  Result<void> exportPdf(const QString& path, QSize size = {800, 450});

  [[nodiscard]] QStringList seriesNames() const;
  /// How many replots were made: what the limit of ten a second is measured by.
  [[nodiscard]] int replotCount() const;
  /// What the readout says now; empty when the mouse is outside.
  [[nodiscard]] QString readout() const;

  [[nodiscard]] QSize sizeHint() const override { return {640, 360}; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::plots
