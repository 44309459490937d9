#pragma once
// The keys of the workspace in front, over the window, until any key or click.

#include <QPointer>
#include <QWidget>
#include <vector>

#include "ui/widgets/workspace.h"

class QFrame;

namespace gadolin::widgets {

class KeyMap : public QWidget {
  Q_OBJECT
 public:
  explicit KeyMap(QWidget* host);
  void open(const QString& title, const std::vector<KeyHint>& workspace_keys);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void dismiss();

  QFrame* card_ = nullptr;
  QPointer<QWidget> focus_before_;
};

}  // namespace gadolin::widgets
