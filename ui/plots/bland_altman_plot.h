#pragma once
// Differences of two measurements over their mean, with bias and limits of agreement.

#include <QPoint>
#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "ui/plots/curve_plot.h"

namespace gadolin::plots {

struct PairPoint {
  QString name;  // of the patient, for the readout
  double first = 0;
  double second = 0;
};

/// A level of the plot with its 95 % interval, which is drawn as a band.
struct PlotLevel {
  double value = 0;
  std::optional<std::pair<double, double>> ci95;
};

struct BlandAltmanData {
  std::vector<PairPoint> points;
  std::optional<PlotLevel> bias;
  std::optional<PlotLevel> lower;
  std::optional<PlotLevel> upper;
  QString unit;    // "ml"
  QString first;   // name of the first measurement
  QString second;  // differences are second - first
  QString what;    // "Scar volume"
};

/// x: mean of both, y: second - first. Hovering reads the point nearest to the mouse, a click
/// chooses it; the wheel zooms, dragging pans, a double click fits all. Thread: the GUI's.
class BlandAltmanPlot : public QWidget {
  Q_OBJECT
 public:
  explicit BlandAltmanPlot(QWidget* parent = nullptr);
  ~BlandAltmanPlot() override;

  void setData(BlandAltmanData data);
  [[nodiscard]] const BlandAltmanData& data() const;
  /// Rings one point, or none (-1); not announced by pointChosen().
  void setCurrent(int point);
  [[nodiscard]] int current() const;
  void setTheme(Theme theme);
  void fit();

  /// What stands beside the mouse; empty when no point is near.
  [[nodiscard]] QString readout() const;
  /// Where a point is drawn, in pixels of this widget.
  [[nodiscard]] QPoint positionOf(int point) const;

  /// In the light theme, whatever the screen shows. Size in pixels or points.
  Result<void> exportPng(const QString& path, QSize size = {1600, 1100});
  Result<void> exportPdf(const QString& path, QSize size = {640, 440});

  [[nodiscard]] QSize sizeHint() const override { return {560, 360}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {240, 180}; }

 Q_SIGNALS:
  /// A click on a point: its index in BlandAltmanData::points.
  void pointChosen(int point);

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gadolin::plots
