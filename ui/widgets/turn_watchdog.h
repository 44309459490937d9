#pragma once
// Measures every turn of the GUI thread. A turn over 50 ms is a fault: it is counted and, with
// QT_LOGGING_RULES="gadolin.turn.debug=true", logged with the receiver and the event.

#include <QApplication>
#include <QElapsedTimer>

namespace gadolin::widgets {

struct TurnCount {
  qint64 turns = 0;
  qint64 slow_turns = 0;  // over 50 ms
  double longest_ms = 0;
};

/// The application object of the window. GUI thread only.
class WatchedApplication : public QApplication {
  Q_OBJECT
 public:
  using QApplication::QApplication;

  bool notify(QObject* receiver, QEvent* event) override;

  [[nodiscard]] const TurnCount& turns() const { return count_; }
  void resetTurns() { count_ = {}; }

 private:
  TurnCount count_;
  int depth_ = 0;
};

}  // namespace gadolin::widgets
