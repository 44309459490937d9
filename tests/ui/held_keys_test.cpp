// A key that stays down.

#include "database/labels.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"

namespace gadolin {
namespace {

class HeldKeys : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    widgets::memory::setReader(QStringLiteral("AB"));
    ASSERT_NO_FATAL_FAILURE(openWindow());
    workspace_ = &show<widgets::LabelWorkspace>(widgets::Place::Label);
    ASSERT_NE(session().stack(), nullptr);
  }
  widgets::LabelSession& session() { return workspace_->session(); }
  /// As the window system sends it: one press, then repeats.
  void hold(Qt::Key key, int repeats) {
    for (int i = 0; i <= repeats; ++i) {
      QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier, {}, i > 0);
      QApplication::sendEvent(&workspace_->imageView(), &event);
      ASSERT_TRUE(QTest::qWaitFor([this] { return session().idle(); }, 5000));
    }
    QTest::keyRelease(&workspace_->imageView(), key);
  }
  std::size_t labelled() {
    auto database = disk();
    const auto labels = db::allSliceLabels(database);
    EXPECT_TRUE(labels.ok());
    return labels.ok() ? labels->size() : 0;
  }
  widgets::LabelWorkspace* workspace_ = nullptr;
};

TEST_F(HeldKeys, AHeldLabelKeyLabelsOneSliceAndNotTheCohort) {
  std::size_t expected = 0;
  for (const Qt::Key key : {Qt::Key_1, Qt::Key_0, Qt::Key_2, Qt::Key_X}) {
    ASSERT_NO_FATAL_FAILURE(hold(key, 6));
    EXPECT_EQ(labelled(), ++expected) << "key " << static_cast<char>(key);
  }
}

TEST_F(HeldKeys, AHeldBackspaceTakesOneLabelBack) {
  for (const Qt::Key key : {Qt::Key_1, Qt::Key_0, Qt::Key_0}) ASSERT_NO_FATAL_FAILURE(hold(key, 0));
  ASSERT_EQ(labelled(), 3U);
  ASSERT_NO_FATAL_FAILURE(hold(Qt::Key_Backspace, 6));
  EXPECT_EQ(labelled(), 2U);
}

TEST_F(HeldKeys, SlicesMayRunByWhileAnArrowIsHeld) {
  const int towards = session().stack()->apex_first ? -1 : 1;
  const int before = session().slice();
  ASSERT_NO_FATAL_FAILURE(hold(Qt::Key_Down, 3));
  EXPECT_EQ(session().slice(), before + 4 * towards);
  EXPECT_EQ(labelled(), 0U);
}

}  // namespace
}  // namespace gadolin
