#pragma once
// What happens when a future of the session is done, in the GUI thread, as long as `context` lives.

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <utility>

namespace gadolin::widgets {

/// Calls done(value) in the thread of `context` after the future completed; never when the context
/// is gone or the future was cancelled.
template <class T, class Done>
void whenDone(QObject* context, QFuture<T> future, Done done) {
  auto* watcher = new QFutureWatcher<T>(context);
  QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                   [watcher, done = std::move(done)]() mutable {
                     watcher->deleteLater();
                     if (watcher->future().resultCount() > 0) done(watcher->result());
                   });
  watcher->setFuture(std::move(future));
}

}  // namespace gadolin::widgets
