#include "ui/plots/bland_altman_plot.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/plots/plot_files.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcustomplot_header.h"

namespace gadolin::plots {
namespace {

constexpr double reach_px = 14;  // how near the mouse must come to a point

struct Level {
  QCPItemRect* band = nullptr;
  QCPItemStraightLine* line = nullptr;
  QCPItemText* text = nullptr;
};

QString signedNumber(double value, int decimals = 1) {
  QString text = QString::number(std::abs(value), 'f', decimals);
  const bool zero = text.toDouble() == 0;
  if (zero) return text;
  return (value < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) + text;
}

}  // namespace

struct BlandAltmanPlot::Impl {
  QCustomPlot* plot = nullptr;
  PlotTheme theme = PlotTheme::darkRoom();
  BlandAltmanData data;
  QCPGraph* dots = nullptr;
  QCPItemStraightLine* zero = nullptr;
  Level bias, lower, upper;
  QCPItemTracer* ring = nullptr;
  QCPItemText* reading = nullptr;
  QString reading_text;
  int current = -1;
  QPoint pressed;

  [[nodiscard]] static double x(const PairPoint& p) { return (p.first + p.second) / 2; }
  [[nodiscard]] static double y(const PairPoint& p) { return p.second - p.first; }

  [[nodiscard]] QPointF pixelOf(std::size_t point) const {
    const PairPoint& p = data.points[point];
    return {plot->xAxis->coordToPixel(x(p)), plot->yAxis->coordToPixel(y(p))};
  }

  /// The point nearest to a pixel of the canvas within reach, or -1.
  [[nodiscard]] int nearest(const QPointF& pixel) const {
    int best = -1;
    double shortest = reach_px;
    for (std::size_t i = 0; i < data.points.size(); ++i) {
      const QPointF way = pixelOf(i) - pixel;
      const double distance = std::hypot(way.x(), way.y());
      if (distance <= shortest) {
        shortest = distance;
        best = static_cast<int>(i);
      }
    }
    return best;
  }

  void makeLevel(Level& level) {
    level.band = new QCPItemRect(plot);
    level.band->setLayer(QStringLiteral("background"));
    level.band->setPen(Qt::NoPen);
    for (auto* corner : {level.band->topLeft, level.band->bottomRight}) {
      corner->setTypeX(QCPItemPosition::ptAxisRectRatio);
      corner->setTypeY(QCPItemPosition::ptPlotCoords);
    }
    level.line = new QCPItemStraightLine(plot);
    level.text = new QCPItemText(plot);
    level.text->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    level.text->position->setTypeY(QCPItemPosition::ptPlotCoords);
    level.text->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    level.text->setPadding(QMargins(4, 1, 6, 1));
  }

  void place(Level& level, const std::optional<PlotLevel>& value, const QString& name) const {
    const bool shown = value.has_value();
    const bool banded = shown && value->ci95;
    level.line->setVisible(shown);
    level.text->setVisible(shown);
    level.band->setVisible(banded);
    if (!shown) return;
    level.line->point1->setCoords(0, value->value);
    level.line->point2->setCoords(1, value->value);
    level.text->position->setCoords(1, value->value);
    level.text->setText(name + QStringLiteral("  ") + signedNumber(value->value));
    if (!banded) return;
    level.band->topLeft->setCoords(0, value->ci95->second);
    level.band->bottomRight->setCoords(1, value->ci95->first);
  }

  void applyTheme() {
    plot->setBackground(theme.background);
    for (auto* axis : {plot->xAxis, plot->yAxis}) {
      axis->setBasePen(QPen(theme.mark));
      axis->setTickPen(QPen(theme.mark));
      axis->setSubTickPen(QPen(theme.mark));
      axis->setTickLabelColor(theme.ink);
      axis->setLabelColor(theme.ink);
      axis->grid()->setPen(QPen(theme.grid));
      axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    const QColor blue = theme.seriesColour(0);
    const QColor orange = theme.seriesColour(1);
    QColor ground = blue;
    ground.setAlpha(theme.dark ? 210 : 190);
    dots->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.background, 1), QBrush(ground), 9));
    zero->setPen(QPen(theme.mark, 1));
    const auto colour = [&](const Level& level, const QColor& of, Qt::PenStyle style) {
      level.line->setPen(QPen(of, 1.6, style));
      QColor band = of;
      band.setAlpha(theme.dark ? 42 : 36);
      level.band->setBrush(band);
      level.text->setColor(theme.ink);
    };
    colour(bias, theme.seriesColour(2), Qt::SolidLine);
    colour(lower, orange, Qt::DashLine);
    colour(upper, orange, Qt::DashLine);
    ring->setPen(QPen(theme.ink, 2));
    ring->setBrush(Qt::NoBrush);
    reading->setColor(theme.ink);
    reading->setBrush(theme.background);
    reading->setPen(QPen(theme.mark));
  }

  void placeRing() {
    const bool shown = current >= 0 && current < static_cast<int>(data.points.size());
    ring->setVisible(shown);
    if (!shown) return;
    const PairPoint& p = data.points[static_cast<std::size_t>(current)];
    ring->position->setCoords(x(p), y(p));
  }

  void fitAxes() {
    if (data.points.empty()) {
      plot->xAxis->setRange(0, 1);
      plot->yAxis->setRange(-1, 1);
      return;
    }
    double left = x(data.points.front());
    double right = left;
    double bottom = 0;
    double top = 0;
    const auto include = [&](double value) {
      bottom = std::min(bottom, value);
      top = std::max(top, value);
    };
    for (const PairPoint& p : data.points) {
      left = std::min(left, x(p));
      right = std::max(right, x(p));
      include(y(p));
    }
    for (const auto* level : {&data.bias, &data.lower, &data.upper}) {
      if (!level->has_value()) continue;
      include((*level)->value);
      if ((*level)->ci95) {
        include((*level)->ci95->first);
        include((*level)->ci95->second);
      }
    }
    const auto room = [](double low, double high) {
      return high > low ? 0.07 * (high - low) : std::max(1.0, 0.1 * std::abs(low));
    };
    const double side = room(left, right);
    const double up = room(bottom, top);
    plot->xAxis->setRange(left - side, right + side);
    plot->yAxis->setRange(bottom - up, top + up);
  }

  void readAt(const QPointF& pixel) {
    const int point = nearest(pixel);
    reading->setVisible(point >= 0);
    plot->setCursor(point >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (point < 0) {
      reading_text.clear();
    } else {
      const PairPoint& p = data.points[static_cast<std::size_t>(point)];
      const QString unit = data.unit.isEmpty() ? QString() : QStringLiteral(" ") + data.unit;
      const auto line = [&unit](const QString& of, const QString& value) {
        return QChar(u'\n') + of + QStringLiteral("  ") + value + unit;
      };
      // Put together, not filled in: a name may hold a percent sign and a digit.
      reading_text = p.name + line(data.first, QString::number(p.first, 'f', 1)) +
                     line(data.second, QString::number(p.second, 'f', 1)) +
                     line(tr("difference"), signedNumber(y(p)));
      reading->setText(reading_text);
      const QPointF at = pixelOf(static_cast<std::size_t>(point));
      const bool right = at.x() > plot->axisRect()->center().x();
      const bool low = at.y() > plot->axisRect()->center().y();
      reading->setPositionAlignment((right ? Qt::AlignRight : Qt::AlignLeft) |
                                    (low ? Qt::AlignBottom : Qt::AlignTop));
      reading->position->setCoords(at + QPointF(right ? -12 : 12, low ? -12 : 12));
    }
    plot->replot(QCustomPlot::rpQueuedReplot);
  }

  void refill() {
    QVector<double> xs;
    QVector<double> ys;
    for (const PairPoint& p : data.points) {
      xs.append(x(p));
      ys.append(y(p));
    }
    dots->setData(xs, ys);
    place(bias, data.bias, tr("bias"));
    place(lower, data.lower, tr("\u22121.96 sd"));
    place(upper, data.upper, tr("+1.96 sd"));
    const QString unit = data.unit.isEmpty() ? QString() : QStringLiteral(", ") + data.unit;
    plot->xAxis->setLabel(tr("%1: mean of both%2").arg(data.what, unit));
    plot->yAxis->setLabel(tr("%1 \u2212 %2%3").arg(data.second, data.first, unit));
    reading->setVisible(false);
    reading_text.clear();
    placeRing();
    fitAxes();
    plot->replot(QCustomPlot::rpQueuedReplot);
  }

  template <class Write>
  Result<void> exported(Write write) {
    const PlotTheme kept = theme;
    const bool ringed = ring->visible();
    const bool read = reading->visible();
    theme = PlotTheme::paper();
    applyTheme();
    ring->setVisible(false);
    reading->setVisible(false);
    auto done = write();
    theme = kept;
    applyTheme();
    ring->setVisible(ringed);
    reading->setVisible(read);
    plot->replot(QCustomPlot::rpQueuedReplot);
    return done;
  }
};

BlandAltmanPlot::BlandAltmanPlot(QWidget* parent)
    : QWidget(parent), impl_(std::make_unique<Impl>()) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* plot = impl_->plot = new QCustomPlot(this);
  layout->addWidget(plot);
  plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot->setNoAntialiasingOnDrag(true);
  impl_->makeLevel(impl_->bias);
  impl_->makeLevel(impl_->lower);
  impl_->makeLevel(impl_->upper);
  for (const Level* level : {&impl_->bias, &impl_->lower, &impl_->upper}) {
    for (auto* point : {level->line->point1, level->line->point2})
      point->setType(QCPItemPosition::ptPlotCoords);
  }
  impl_->zero = new QCPItemStraightLine(plot);
  impl_->zero->point1->setCoords(0, 0);
  impl_->zero->point2->setCoords(1, 0);
  impl_->dots = plot->addGraph();
  impl_->dots->setLineStyle(QCPGraph::lsNone);
  impl_->ring = new QCPItemTracer(plot);
  impl_->ring->setStyle(QCPItemTracer::tsCircle);
  impl_->ring->setSize(17);
  impl_->ring->setVisible(false);
  impl_->reading = new QCPItemText(plot);
  impl_->reading->setLayer(QStringLiteral("overlay"));
  impl_->reading->position->setType(QCPItemPosition::ptAbsolute);
  impl_->reading->setTextAlignment(Qt::AlignLeft);
  impl_->reading->setPadding(QMargins(7, 4, 7, 4));
  impl_->reading->setVisible(false);
  connect(plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton) impl_->readAt(event->pos());
  });
  connect(plot, &QCustomPlot::mousePress, this,
          [this](QMouseEvent* event) { impl_->pressed = event->pos(); });
  connect(plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
    // A drag that ends on a point is no choice.
    if (event->button() != Qt::LeftButton || (event->pos() - impl_->pressed).manhattanLength() > 4)
      return;
    const int point = impl_->nearest(event->pos());
    if (point < 0) return;
    setCurrent(point);
    Q_EMIT pointChosen(point);
  });
  connect(plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent* event) {
    if (impl_->nearest(event->pos()) < 0) fit();
  });
  impl_->applyTheme();
  impl_->refill();
}

BlandAltmanPlot::~BlandAltmanPlot() = default;

void BlandAltmanPlot::setData(BlandAltmanData data) {
  impl_->data = std::move(data);
  impl_->current = -1;
  impl_->refill();
}

const BlandAltmanData& BlandAltmanPlot::data() const {
  return impl_->data;
}

void BlandAltmanPlot::setCurrent(int point) {
  impl_->current = point;
  impl_->placeRing();
  impl_->plot->replot(QCustomPlot::rpQueuedReplot);
}

int BlandAltmanPlot::current() const {
  return impl_->current;
}

void BlandAltmanPlot::setTheme(Theme theme) {
  impl_->theme = theme == Theme::Dark ? PlotTheme::darkRoom() : PlotTheme::paper();
  impl_->applyTheme();
  impl_->plot->replot(QCustomPlot::rpQueuedReplot);
}

void BlandAltmanPlot::fit() {
  impl_->fitAxes();
  impl_->plot->replot(QCustomPlot::rpQueuedReplot);
}

QString BlandAltmanPlot::readout() const {
  return impl_->reading_text;
}

QPoint BlandAltmanPlot::positionOf(int point) const {
  const auto& i = *impl_;
  if (point < 0 || point >= static_cast<int>(i.data.points.size())) return {-1, -1};
  return i.plot->mapTo(this, i.pixelOf(static_cast<std::size_t>(point)).toPoint());
}

Result<void> BlandAltmanPlot::exportPng(const QString& path, QSize size) {
  return impl_->exported([&] { return writePng(*impl_->plot, path, size, "plot"); });
}

Result<void> BlandAltmanPlot::exportPdf(const QString& path, QSize size) {
  return impl_->exported([&] { return writePdf(*impl_->plot, path, size, "plot"); });
}

void BlandAltmanPlot::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    for (auto* axis : {impl_->plot->xAxis, impl_->plot->yAxis}) {
      axis->setTickLabelFont(font());
      axis->setLabelFont(font());
    }
    for (QCPItemText* text :
         {impl_->bias.text, impl_->lower.text, impl_->upper.text, impl_->reading})
      text->setFont(font());
    impl_->plot->replot(QCustomPlot::rpQueuedReplot);
  }
  QWidget::changeEvent(event);
}

void BlandAltmanPlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  impl_->reading->setVisible(false);
  impl_->reading_text.clear();
}

}  // namespace gadolin::plots
