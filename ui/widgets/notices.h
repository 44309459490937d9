#pragma once
// Short messages in the corner of the window. They never take the focus; good news goes by itself,
// bad news stays until it is dismissed.

#include <QString>
#include <QWidget>

class QVBoxLayout;

namespace gadolin::widgets {

enum class NoticeKind { Plain, Good, Bad };

class Notices : public QWidget {
  Q_OBJECT
 public:
  /// Lies in the lower right corner of `host`, above `bottom_margin` pixels.
  Notices(QWidget* host, int bottom_margin);

  void show(NoticeKind kind, const QString& title, const QString& text = {});
  /// What is on screen, newest last; for screen readers and tests.
  [[nodiscard]] QStringList texts() const;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void place();

  QWidget* host_;
  int bottom_margin_;
  QVBoxLayout* column_;
};

}  // namespace gadolin::widgets
