#include "ui/widgets/turn_watchdog.h"

#include <QEvent>
#include <QLoggingCategory>
#include <algorithm>

namespace {
Q_LOGGING_CATEGORY(turn_log, "gadolin.turn", QtWarningMsg)
}

namespace gadolin::widgets {

namespace {
constexpr double slow_ms = 50.0;
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
  // Events sent inside an event belong to the outer turn.
  if (depth_ > 0) return QApplication::notify(receiver, event);
  const char* class_name = receiver != nullptr ? receiver->metaObject()->className() : "";
  const int type = event != nullptr ? static_cast<int>(event->type()) : 0;
  QElapsedTimer timer;
  timer.start();
  ++depth_;
  const bool handled = QApplication::notify(receiver, event);
  --depth_;
  const double elapsed_ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
  ++count_.turns;
  count_.longest_ms = std::max(count_.longest_ms, elapsed_ms);
  if (elapsed_ms > slow_ms) {
    ++count_.slow_turns;
    qCDebug(turn_log, "%.0f ms in event %d of %s", elapsed_ms, type, class_name);
  }
  return handled;
}

}  // namespace gadolin::widgets
