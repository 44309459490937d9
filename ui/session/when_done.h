#pragma once
// What happens when a future is done, in the thread of an object and as long as that lives.

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <utility>

namespace gadolin::session {

/// Calls done(value) in the thread of `context`, which must be the caller's, after the future
/// completed; never when the context is gone or the future was cancelled. QFuture::then() with a
/// context is not that: in Qt 6.4 the thread that completes the future reads the context's pointer
/// while this one may be destroying it.
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

}  // namespace gadolin::session
