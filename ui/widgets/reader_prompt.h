#pragma once
// Asks once who labels. Lies over the top of a workspace and never opens a window.

#include <QFrame>

class QLabel;
class QLineEdit;

namespace gadolin::widgets {

class ReaderPrompt : public QFrame {
  Q_OBJECT
 public:
  explicit ReaderPrompt(QWidget* parent);
  /// Shows the prompt in the middle of its parent with the keyboard focus.
  void ask();

 Q_SIGNALS:
  /// A name that a reader may have (core/labels/reader_name.h) was entered; it is remembered.
  void named(const QString& reader);
  void dismissed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void accept();
  void place();

  QLineEdit* name_;
  QLabel* fault_;  // why the name cannot be taken
};

}  // namespace gadolin::widgets
