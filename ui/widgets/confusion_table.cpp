#include "ui/widgets/confusion_table.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/cohort_model.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int label_count = static_cast<int>(session::compared_labels.size());
constexpr int gap = 3;
constexpr int largest_cell = 62;

QString nameOf(int label) {
  return labelText(session::compared_labels[static_cast<std::size_t>(label)]);
}

}  // namespace

ConfusionTable::ConfusionTable(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
}

void ConfusionTable::setPair(const session::LabelPair& pair) {
  pair_ = pair;
  chosen_.reset();
  update();
}

int ConfusionTable::headWidth() const {
  int widest = 0;
  for (int i = 0; i < label_count; ++i)
    widest = std::max(widest, fontMetrics().horizontalAdvance(nameOf(i)));
  // The reader's name stands upright at the left of the labels.
  return fontMetrics().height() + widest + 16;
}

int ConfusionTable::headHeight() const {
  return 3 * fontMetrics().height() + 8;
}

QRect ConfusionTable::rectOf(Cell cell) const {
  const int width_each = std::min(largest_cell * 2, (width() - headWidth()) / label_count);
  const int height_each = std::min(largest_cell, (height() - headHeight()) / label_count);
  return {headWidth() + cell.second * width_each, headHeight() + cell.first * height_each,
          width_each - gap, height_each - gap};
}

std::optional<ConfusionTable::Cell> ConfusionTable::cellAt(QPoint position) const {
  for (int i = 0; i < label_count; ++i)
    for (int j = 0; j < label_count; ++j)
      if (rectOf({i, j}).contains(position)) return Cell{i, j};
  return std::nullopt;
}

void ConfusionTable::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const ThemeColours& theme = colours();
  const QFontMetrics metrics = fontMetrics();
  painter.setPen(theme.muted);
  const QRect first_cell = rectOf({0, 0});
  const QRect last_cell = rectOf({label_count - 1, label_count - 1});
  const QRect columns(first_cell.left(), 0, last_cell.right() - first_cell.left(),
                      metrics.height());
  painter.drawText(columns, Qt::AlignCenter, QString::fromStdString(pair_.second));
  painter.save();
  painter.translate(0, last_cell.bottom());
  painter.rotate(-90);
  painter.drawText(QRect(0, 0, last_cell.bottom() - first_cell.top(), metrics.height()),
                   Qt::AlignCenter, QString::fromStdString(pair_.first));
  painter.restore();
  painter.setPen(theme.text);
  for (int i = 0; i < label_count; ++i) {
    const QRect column = rectOf({0, i});
    // In two lines where one is too narrow.
    painter.drawText(QRect(column.left() - gap, metrics.height(), column.width() + 2 * gap,
                           2 * metrics.height() + 4),
                     Qt::AlignHCenter | Qt::AlignBottom | Qt::TextWordWrap, nameOf(i));
    const QRect row = rectOf({i, 0});
    painter.drawText(QRect(0, row.top(), headWidth() - 8, row.height()),
                     Qt::AlignRight | Qt::AlignVCenter, nameOf(i));
  }
  if (pair_.table.categories() != static_cast<std::size_t>(label_count)) return;
  std::uint64_t most = 1;
  for (std::size_t i = 0; i < label_count; ++i)
    for (std::size_t j = 0; j < label_count; ++j) most = std::max(most, pair_.table.at(i, j));
  QFont bold = painter.font();
  bold.setBold(true);
  for (int i = 0; i < label_count; ++i) {
    for (int j = 0; j < label_count; ++j) {
      const auto count = pair_.table.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      const QRect box = rectOf({i, j});
      QColor fill = i == j ? theme.accent : theme.warn;
      // A single slice must be seen beside a thousand.
      fill.setAlphaF(
          count == 0 ? 0.0F : 0.22F + 0.5F * static_cast<float>(count) / static_cast<float>(most));
      painter.setPen(chosen_ == Cell{i, j} ? QPen(theme.text, 2) : QPen(theme.line, 1));
      painter.setBrush(fill);
      painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
      painter.setPen(count == 0 ? theme.faint : theme.text);
      painter.setFont(count == 0 ? font() : bold);
      painter.drawText(box, Qt::AlignCenter, QString::number(count));
    }
  }
}

void ConfusionTable::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  const auto cell = cellAt(event->pos());
  chosen_ = cell == chosen_ ? std::nullopt : cell;
  update();
  Q_EMIT cellChosen();
}

bool ConfusionTable::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto cell = cellAt(help->pos());
  if (!cell || pair_.table.categories() == 0) {
    QToolTip::hideText();
    return true;
  }
  const auto count =
      pair_.table.at(static_cast<std::size_t>(cell->first), static_cast<std::size_t>(cell->second));
  const QString text = tr("%1: %2. %3: %4. %5.")
                           .arg(QString::fromStdString(pair_.first), nameOf(cell->first),
                                QString::fromStdString(pair_.second), nameOf(cell->second),
                                count == 1 ? tr("1 slice") : tr("%1 slices").arg(count));
  QToolTip::showText(help->globalPos(), plainTip(text), this);
  return true;
}

}  // namespace gadolin::widgets
