#pragma once
// main() of the tests that need a Qt event loop.

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <functional>

namespace gadolin::test {

/// Turns the event loop until `ready` or the time is up; returns ready().
inline bool waitFor(const std::function<bool()>& ready, int limit_ms = 10'000) {
  QElapsedTimer timer;
  timer.start();
  while (!ready() && timer.elapsed() < limit_ms) {
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
  return ready();
}

}  // namespace gadolin::test

#define GADOLIN_QT_TEST_MAIN()                \
  int main(int argc, char** argv) {           \
    QCoreApplication application(argc, argv); \
    ::testing::InitGoogleTest(&argc, argv);   \
    return RUN_ALL_TESTS();                   \
  }                                           \
  static_assert(true, "for the semicolon")
