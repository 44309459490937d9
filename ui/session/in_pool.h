#pragma once
// A question to the disk that the GUI thread must not ask itself.

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace gadolin::session {

/// Runs `job` in a pool thread and then `done(result)` in the application's thread, where `context`
/// must live; not when `context` is gone by then.
template <class Job, class Done>
void inPool(QObject* context, Job job, Done done) {
  QThreadPool::globalInstance()->start([context = QPointer<QObject>(context), job = std::move(job),
                                        done = std::move(done)]() mutable {
    auto result = std::make_shared<decltype(job())>(job());
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [context, result, done = std::move(done)]() mutable {
          if (context) done(std::move(*result));
        },
        Qt::QueuedConnection);
  });
}

}  // namespace gadolin::session
