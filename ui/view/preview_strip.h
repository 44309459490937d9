#pragma once
// Fixed validation slices as the worker redraws them while a net learns.

#include <QImage>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QWidget>

namespace gadolin::view {

/// A picture file (PNG, PPM, PGM): one row of square tiles a slice, columns with captions. The rows
/// are laid out side by side so that the tiles are as large as the widget allows. The file is read
/// in a thread of its own; the last good picture stays while the next one loads.
/// Thread: the GUI thread.
class PreviewStrip : public QWidget {
  Q_OBJECT
 public:
  explicit PreviewStrip(QWidget* parent = nullptr);
  ~PreviewStrip() override;

  /// One caption a column, from left to right. `note` stands below the picture, e.g. "Fibrosis,
  /// epoch 12".
  void showFile(const QString& path, const QStringList& captions, const QString& note);
  void clear();
  [[nodiscard]] bool hasPicture() const { return !picture_.isNull(); }

  [[nodiscard]] QSize sizeHint() const override { return {480, 360}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, 120}; }

 Q_SIGNALS:
  void shown(const QString& path);
  /// The file cannot be read; the picture before it stays.
  void failed(const QString& path, const QString& reason);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QStringList captions_;
  QString note_;
  QImage picture_;
  int request_ = 0;
  QThreadPool pool_;
};

}  // namespace gadolin::view
