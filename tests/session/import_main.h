#pragma once
// main() of the tests that import: a Qt application, and the reader of image files that was built.

#include <gtest/gtest.h>

#include <QCoreApplication>

#define GADOLIN_IMPORT_TEST_MAIN()                        \
  int main(int argc, char** argv) {                       \
    QCoreApplication application(argc, argv);             \
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl"); \
    ::testing::InitGoogleTest(&argc, argv);               \
    return RUN_ALL_TESTS();                               \
  }                                                       \
  static_assert(true, "for the semicolon")
