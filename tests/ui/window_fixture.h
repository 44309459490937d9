#pragma once
// A real window on a phantom project, with settings of its own.

#include <gtest/gtest.h>

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTest>
#include <memory>

#include "database/database.h"
#include "tests/support/phantom_project.h"
#include "tests/support/temp_folder.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::test {

class WindowFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString((folder_.path() / "settings").string()));
    QSettings().clear();
  }

  /// Makes the project and opens it in a window that is on screen.
  void openWindow(const PhantomOptions& options = {}) {
    root_ = folder_.path() / "phantom.gadolin";
    const auto made = makePhantomProject(root_, options);
    ASSERT_TRUE(made.ok()) << made.error().message;
    ASSERT_NO_FATAL_FAILURE(openNewWindow());
  }

  /// The project of this test in a window of its own, instead of the one that is there.
  void openNewWindow() {
    window_.reset();
    window_ = std::make_unique<widgets::MainWindow>();
    window_->resize(1400, 900);
    window_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
    // Without a window manager nobody else makes it the active one, which shortcuts ask for.
    QApplication::setActiveWindow(window_.get());
    ASSERT_NO_FATAL_FAILURE(openProject(widgets::Place::Cohort));
  }

  /// The project of this test, in the window that is there.
  void openProject(widgets::Place place) {
    window_->openProject(QString::fromStdString(root_.string()), place);
    ASSERT_TRUE(opened(*window_));
    settle();
  }

  /// Waits for the end of an opening. False: the window then holds no project.
  static bool opened(const widgets::MainWindow& window) {
    constexpr int patience_ms = 10'000;
    if (!QTest::qWaitFor([&window] { return !window.isOpening(); }, patience_ms)) return false;
    if (!window.hasProject()) ADD_FAILURE() << window.lastMessage().toStdString();
    return window.hasProject();
  }

  void settle() {
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return window_->workspace(window_->place())->settled(); }, 10000))
        << "the workspace does not come to rest";
    QTest::qWait(50);
  }

  template <class Workspace>
  Workspace& show(widgets::Place place) {
    window_->showPlace(place);
    settle();
    return *qobject_cast<Workspace*>(window_->workspace(place));
  }

  /// A connection beside the window's: what it sees is on disk.
  db::Database disk() {
    auto database = db::Database::open(root_ / "project.sqlite", db::Mode::ReadOnly);
    EXPECT_TRUE(database.ok());
    return std::move(database).value();
  }

  TempFolder folder_;
  std::filesystem::path root_;
  std::unique_ptr<widgets::MainWindow> window_;
};

}  // namespace gadolin::test
