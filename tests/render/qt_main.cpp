// Entry of the tests that need an X display: the same set-up as the program's.

#include <gtest/gtest.h>

#include <QApplication>

#include "ui/view/graphics.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  gadolin::view::prepareGraphics();
  QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
