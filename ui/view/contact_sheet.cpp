#include "ui/view/contact_sheet.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/view/slice_image.h"

namespace gadolin::view {
namespace {

constexpr int gap = 6;    // between tiles
constexpr int frame = 4;  // around a thumbnail
constexpr std::size_t kept_stacks = 12;

struct LabelStyle {
  QColor colour;
  QString word;
};

LabelStyle styleOf(SliceLabel label) {
  switch (label) {
    case SliceLabel::Fibrosis:
      return {QColor(240, 140, 0), ContactSheet::tr("Fibrosis")};
    case SliceLabel::None:
      return {QColor(86, 180, 233), ContactSheet::tr("None")};
    case SliceLabel::Unsure:
      return {QColor(240, 228, 66), ContactSheet::tr("Unsure")};
    case SliceLabel::NotDiagnostic:
      return {QColor(214, 120, 190), ContactSheet::tr("Not diagnostic")};
    case SliceLabel::Unlabelled:
      break;
  }
  return {QColor(70, 74, 80), ContactSheet::tr("Not labelled")};
}

/// A shape per state, so that it can be told without colour: disc, ring, question mark, cross.
void paintGlyph(QPainter& painter, SliceLabel label, const QRectF& box, QColor colour) {
  const QRectF inner = box.adjusted(2, 2, -2, -2);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(colour, 2.2, Qt::SolidLine, Qt::RoundCap));
  switch (label) {
    case SliceLabel::Fibrosis:
      painter.setBrush(colour);
      painter.drawEllipse(inner);
      break;
    case SliceLabel::None:
      painter.drawEllipse(inner);
      break;
    case SliceLabel::NotDiagnostic:
      painter.drawLine(inner.topLeft(), inner.bottomRight());
      painter.drawLine(inner.topRight(), inner.bottomLeft());
      break;
    case SliceLabel::Unsure: {
      QFont font = painter.font();
      font.setBold(true);
      painter.setFont(font);
      painter.drawText(box, Qt::AlignCenter, QStringLiteral("?"));
      break;
    }
    case SliceLabel::Unlabelled:
      break;
  }
}

}  // namespace

ContactSheet::ContactSheet(QWidget* parent) : QWidget(parent) {
  pool_.setMaxThreadCount(1);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setAccessibleName(tr("Contact sheet"));
}

ContactSheet::~ContactSheet() {
  pool_.clear();
  pool_.waitForDone();  // at most the one stack that is being made: milliseconds
}

void ContactSheet::setStack(std::shared_ptr<const Stack> stack) {
  stack_ = std::move(stack);
  labels_.clear();
  disputed_.clear();
  current_ = stack_ && stack_->apex_first ? stack_->sliceCount() - 1 : 0;
  if (stack_) request(stack_);
  update();
}

void ContactSheet::setLabels(std::vector<SliceLabel> labels) {
  labels_ = std::move(labels);
  update();
}

void ContactSheet::setDisputed(std::vector<bool> disputed) {
  if (disputed == disputed_) return;
  disputed_ = std::move(disputed);
  update();
}

void ContactSheet::setCurrent(int z) {
  if (!stack_ || z == current_) return;
  const QRect before = tileOf(current_);
  current_ = std::clamp(z, 0, stack_->sliceCount() - 1);
  constexpr QMargins halo(gap, gap, gap, gap);
  update(before.marginsAdded(halo));
  update(tileOf(current_).marginsAdded(halo));
}

void ContactSheet::setWindow(ImageKind kind, const RelativeWindow& window) {
  if (window == windowOf(kind)) return;
  windows_[kind] = window;
  if (!stack_ || stack_->kind != kind) return;
  request(stack_);
  update();
}

RelativeWindow ContactSheet::windowOf(ImageKind kind) const {
  const auto found = windows_.find(kind);
  return found == windows_.end() ? RelativeWindow{} : found->second;
}

void ContactSheet::prepare(const std::shared_ptr<const Stack>& stack) {
  if (stack) request(stack);
}

bool ContactSheet::isComplete() const {
  if (!stack_) return true;
  const QSize box = boxFor(*stack_);
  return std::ranges::any_of(cache_, [&](const Thumbnails& t) {
    return t.stack == stack_ && t.window == windowOf(stack_->kind) && t.box == box &&
           !t.images.empty();
  });
}

ContactSheet::Grid ContactSheet::gridFor(const Stack& stack) const {
  const int count = std::max(1, stack.sliceCount());
  Grid best;
  double best_scale = -1;
  const auto picture = fittedSize(stack, {1000, 1000});
  for (int columns = 1; columns <= count; ++columns) {
    const int rows = (count + columns - 1) / columns;
    const QSize tile((width() - gap * (columns + 1)) / columns,
                     (height() - gap * (rows + 1)) / rows);
    const double scale =
        std::min(static_cast<double>(tile.width() - 2 * frame) / picture.width(),
                 static_cast<double>(tile.height() - 2 * frame) / picture.height());
    if (scale > best_scale) {
      best_scale = scale;
      best = {columns, rows, tile};
    }
  }
  // Tiles hug their pictures, so that the frame touches the image.
  const double scale = std::max(best_scale, 0.001);
  best.tile = QSize(static_cast<int>(picture.width() * scale) + 2 * frame,
                    static_cast<int>(picture.height() * scale) + 2 * frame);
  return best;
}

QSize ContactSheet::boxFor(const Stack& stack) const {
  const QSize tile = gridFor(stack).tile - QSize(2 * frame, 2 * frame);
  return (QSizeF(tile) * devicePixelRatioF()).toSize().expandedTo({1, 1});
}

int ContactSheet::positionOf(int z) const {
  return stack_->apex_first ? stack_->sliceCount() - 1 - z : z;
}

QRect ContactSheet::tileOf(int z) const {
  if (!stack_) return {};
  const Grid grid = gridFor(*stack_);
  const int position = positionOf(z);
  const int used_width = grid.columns * (grid.tile.width() + gap) - gap;
  const int used_height = grid.rows * (grid.tile.height() + gap) - gap;
  const QPoint corner((width() - used_width) / 2, std::max(gap, (height() - used_height) / 2));
  return {corner + QPoint(position % grid.columns * (grid.tile.width() + gap),
                          position / grid.columns * (grid.tile.height() + gap)),
          grid.tile};
}

int ContactSheet::sliceAt(QPoint position) const {
  if (!stack_) return -1;
  for (int z = 0; z < stack_->sliceCount(); ++z) {
    if (tileOf(z).contains(position)) return z;
  }
  return -1;
}

ContactSheet::Thumbnails* ContactSheet::find(const Stack& stack, QSize box) {
  const RelativeWindow window = windowOf(stack.kind);
  for (auto entry = cache_.begin(); entry != cache_.end(); ++entry) {
    if (entry->stack.get() == &stack && entry->window == window && entry->box == box) {
      cache_.splice(cache_.begin(), cache_, entry);
      return &cache_.front();
    }
  }
  return nullptr;
}

void ContactSheet::request(const std::shared_ptr<const Stack>& stack) {
  const QSize box = boxFor(*stack);
  if (stack->sliceCount() < 1 || find(*stack, box)) return;
  const RelativeWindow relative = windowOf(stack->kind);
  cache_.push_front({stack, relative, box, {}});
  while (cache_.size() > kept_stacks) cache_.pop_back();
  pool_.start(
      [this, stack, box, relative] {
        const auto window = applied(relative, autoWindow(stack->image));
        const QSize size = fittedSize(*stack, box);
        std::vector<QImage> images;
        for (int z = 0; z < stack->sliceCount(); ++z) {
          images.push_back(sliceImage(*stack, z, window, size));
        }
        QMetaObject::invokeMethod(
            this, [this, stack, box, relative, images = std::move(images)]() mutable {
              for (auto& entry : cache_) {
                if (entry.stack == stack && entry.window == relative && entry.box == box) {
                  entry.images = std::move(images);
                  break;
                }
              }
              if (stack == stack_) update();
            });
      },
      stack == stack_ ? 1 : 0);
}

void ContactSheet::paintTile(QPainter& painter, int z, const QRect& tile,
                             const Thumbnails* thumbnails) {
  const auto index = static_cast<std::size_t>(z);
  const SliceLabel label = index < labels_.size() ? labels_[index] : SliceLabel::Unlabelled;
  const auto style = styleOf(label);
  if (z == current_) painter.fillRect(tile.adjusted(-3, -3, 3, 3), QColor(255, 255, 255));
  painter.fillRect(tile, style.colour);
  const QRect inside = tile.adjusted(frame, frame, -frame, -frame);
  painter.fillRect(inside, Qt::black);
  if (thumbnails && !thumbnails->images.empty()) {
    QImage image = thumbnails->images[index];
    image.setDevicePixelRatio(devicePixelRatioF());
    const QSizeF size = image.deviceIndependentSize();
    painter.drawImage(QPointF(inside.x() + std::floor((inside.width() - size.width()) / 2),
                              inside.y() + std::floor((inside.height() - size.height()) / 2)),
                      image);
  }
  const QFontMetrics metrics(painter.font());
  const int line = metrics.height();
  const auto chip = [&](const QRect& box) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 170));
    painter.drawRoundedRect(box, 3, 3);
  };
  const QString number = QString::number(positionOf(z) + 1);
  const QRect number_box(inside.x() + 2, inside.y() + 2, metrics.horizontalAdvance(number) + 8,
                         line + 2);
  chip(number_box);
  painter.setPen(Qt::white);
  painter.drawText(number_box, Qt::AlignCenter, number);
  if (index < disputed_.size() && disputed_[index]) {
    const QRect box(inside.right() - line - 4, inside.y() + 2, line + 2, line + 2);
    chip(box);
    painter.setPen(QColor(240, 170, 60));
    painter.drawText(box, Qt::AlignCenter, QStringLiteral("\u2260"));
  }
  if (label == SliceLabel::Unlabelled) return;

  const int word_width = metrics.horizontalAdvance(style.word);
  const bool word = line + word_width + 14 <= inside.width();
  const QRect badge(inside.x() + 2, inside.bottom() - line - 3, line + (word ? word_width + 8 : 4),
                    line + 2);
  chip(badge);
  painter.save();
  paintGlyph(painter, label, QRectF(badge.x() + 2, badge.y() + 1, line, line), style.colour);
  painter.restore();
  if (word) {
    painter.setPen(Qt::white);
    painter.drawText(badge.adjusted(line + 4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     style.word);
  }
}

void ContactSheet::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(event->rect(), QColor(16, 17, 19));
  if (!stack_) return;
  const Thumbnails* thumbnails = find(*stack_, boxFor(*stack_));
  for (int z = 0; z < stack_->sliceCount(); ++z) {
    const QRect tile = tileOf(z);
    if (z != current_ && event->rect().intersects(tile)) paintTile(painter, z, tile, thumbnails);
  }
  // Last, because its halo reaches over its neighbours' gap.
  const QRect tile = tileOf(current_);
  if (event->rect().intersects(tile)) paintTile(painter, current_, tile, thumbnails);
  if (thumbnails && !thumbnails->images.empty()) Q_EMIT painted();
}

void ContactSheet::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (stack_) request(stack_);
}

void ContactSheet::mousePressEvent(QMouseEvent* event) {
  const int z = event->button() == Qt::LeftButton ? sliceAt(event->pos()) : -1;
  if (z < 0) {
    QWidget::mousePressEvent(event);
    return;
  }
  setCurrent(z);
  Q_EMIT sliceChosen(z);
}

bool ContactSheet::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int z = sliceAt(help->pos());
    if (z < 0) {
      QToolTip::hideText();
    } else {
      const auto index = static_cast<std::size_t>(z);
      const auto label = index < labels_.size() ? labels_[index] : SliceLabel::Unlabelled;
      QToolTip::showText(help->globalPos(),
                         tr("Slice %1 of %2 from the base: %3")
                             .arg(positionOf(z) + 1)
                             .arg(stack_->sliceCount())
                             .arg(styleOf(label).word),
                         this);
    }
    return true;
  }
  return QWidget::event(event);
}

}  // namespace gadolin::view
