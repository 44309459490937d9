#include <gtest/gtest.h>

#include <QApplication>

#include "ui/view/graphics.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/turn_watchdog.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  gadolin::view::prepareGraphics();
  gadolin::widgets::WatchedApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("GadolinTest"));
  QCoreApplication::setApplicationName(QStringLiteral("gadolin-test"));
  gadolin::widgets::applyTheme(application, gadolin::widgets::Scheme::Dark);
  return RUN_ALL_TESTS();
}
