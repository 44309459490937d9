#include "ui/view/preview_strip.h"

#include <QImageReader>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace gadolin::view {

namespace {

constexpr int gap_px = 10;  // between the rows of the picture, laid side by side

/// How many rows of `columns` tiles stand side by side, and how large a tile then is.
struct Arrangement {
  int lines = 1;
  int rows_in_line = 1;
  double tile = 0;
};

Arrangement arrange(int rows, int columns, QSizeF area, double caption) {
  Arrangement best;
  for (int lines = 1; lines <= rows; ++lines) {
    const int in_line = (rows + lines - 1) / lines;
    const double wide = (area.width() - gap_px * (in_line - 1)) / (in_line * columns);
    const double high = (area.height() - caption - gap_px * (lines - 1)) / lines;
    const double tile = std::floor(std::min(wide, high));
    if (tile > best.tile) best = {lines, in_line, tile};
  }
  return best;
}

}  // namespace

PreviewStrip::PreviewStrip(QWidget* parent) : QWidget(parent) {
  pool_.setMaxThreadCount(1);
}

PreviewStrip::~PreviewStrip() {
  pool_.clear();
  pool_.waitForDone();
}

void PreviewStrip::showFile(const QString& path, const QStringList& captions, const QString& note) {
  const int request = ++request_;
  pool_.clear();  // older ones that have not begun are of no use any more
  pool_.start([this, path, captions, note, request] {
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    QImage picture = reader.read();
    const QString reason = picture.isNull() ? reader.errorString() : QString();
    if (!picture.isNull()) picture = picture.convertToFormat(QImage::Format_RGB32);
    QMetaObject::invokeMethod(this, [this, path, captions, note, request, picture, reason] {
      if (request != request_) return;
      if (picture.isNull()) {
        Q_EMIT failed(path, reason);
        return;
      }
      picture_ = picture;
      captions_ = captions;
      note_ = note;
      update();
      Q_EMIT shown(path);
    });
  });
}

void PreviewStrip::clear() {
  ++request_;
  picture_ = {};
  note_.clear();
  update();
}

void PreviewStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), QColor(16, 17, 19));
  painter.setPen(QColor(200, 200, 200));
  if (picture_.isNull()) {
    painter.drawText(rect().adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap,
                     tr("Validation slices appear here after the first epoch."));
    return;
  }
  const int line = fontMetrics().height() + 4;
  const QRectF area = rect().adjusted(4, 2, -4, -line);
  const auto columns = std::max(1, static_cast<int>(captions_.size()));
  const double source = static_cast<double>(picture_.width()) / columns;  // side of a tile
  const int rows = std::max(1, qRound(picture_.height() / source));
  const Arrangement plan = arrange(rows, columns, area.size(), line);
  if (plan.tile < 1) return;
  const double row_width = plan.tile * columns + gap_px;
  const double left = area.left() + (area.width() - plan.rows_in_line * row_width + gap_px) / 2;
  const double used = line + plan.lines * (plan.tile + gap_px) - gap_px;
  const double top = area.top() + std::max(0.0, (area.height() - used) / 2) + line;
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  for (int row = 0; row < rows; ++row) {
    const double x = std::round(left + (row % plan.rows_in_line) * row_width);
    const double y = std::round(top + (row / plan.rows_in_line) * (plan.tile + gap_px));
    painter.drawImage(QRectF(x, y, plan.tile * columns, plan.tile), picture_,
                      QRectF(0, row * source, picture_.width(), source));
    if (row >= plan.rows_in_line) continue;
    for (int i = 0; i < captions_.size(); ++i) {
      const QRectF box(x + plan.tile * i, top - line, plan.tile, line);
      painter.drawText(box, Qt::AlignCenter,
                       fontMetrics().elidedText(captions_[i], Qt::ElideRight, qFloor(box.width())));
    }
  }
  painter.drawText(QRectF(0, height() - line, width(), line), Qt::AlignCenter, note_);
}

}  // namespace gadolin::view
