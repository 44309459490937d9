#include "ui/view/preview_strip.h"

#include <QImageReader>
#include <QPainter>
#include <algorithm>

namespace gadolin::view {

PreviewStrip::PreviewStrip(QWidget* parent)
    : QWidget(parent), captions_{tr("Image"), tr("Reference"), tr("CAM"), tr("Prediction")} {
  pool_.setMaxThreadCount(1);
}

PreviewStrip::~PreviewStrip() {
  pool_.clear();
  pool_.waitForDone();
}

void PreviewStrip::setColumns(const QStringList& captions) {
  captions_ = captions;
  update();
}

void PreviewStrip::showFile(const QString& path, const QString& note) {
  const int request = ++request_;
  pool_.clear();  // older ones that have not begun are of no use any more
  pool_.start([this, path, note, request] {
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    QImage picture = reader.read();
    const QString reason = picture.isNull() ? reader.errorString() : QString();
    if (!picture.isNull()) picture = picture.convertToFormat(QImage::Format_RGB32);
    QMetaObject::invokeMethod(this, [this, path, note, request, picture, reason] {
      if (request != request_) return;
      if (picture.isNull()) {
        Q_EMIT failed(path, reason);
        return;
      }
      picture_ = picture;
      scaled_ = {};
      note_ = note;
      update();
      Q_EMIT shown(path);
    });
  });
}

void PreviewStrip::clear() {
  ++request_;
  picture_ = {};
  scaled_ = {};
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
  const QRect area = rect().adjusted(4, line, -4, -line);
  const QSize size = picture_.size().scaled(area.size().expandedTo({1, 1}), Qt::KeepAspectRatio);
  const double ratio = devicePixelRatioF();
  const QSize pixels = (QSizeF(size) * ratio).toSize().expandedTo({1, 1});
  if (scaled_.size() != pixels) {
    scaled_ = picture_.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    scaled_.setDevicePixelRatio(ratio);
  }
  const QPoint corner(area.x() + (area.width() - size.width()) / 2,
                      area.y() + (area.height() - size.height()) / 2);
  painter.drawImage(corner, scaled_);
  const auto columns = static_cast<int>(captions_.size());
  for (int i = 0; i < columns; ++i) {
    const QRect box(corner.x() + size.width() * i / columns, corner.y() - line,
                    size.width() / columns, line);
    painter.drawText(box, Qt::AlignCenter,
                     fontMetrics().elidedText(captions_[i], Qt::ElideRight, box.width()));
  }
  painter.drawText(QRect(0, corner.y() + size.height(), width(), line), Qt::AlignCenter, note_);
}

}  // namespace gadolin::view
