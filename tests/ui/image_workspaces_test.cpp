// The image view in its workspaces: the whole place for it, one grey window for all of them, and
// what is said when a mask cannot be shown.

#include <QLabel>
#include <QMouseEvent>
#include <algorithm>

#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

class ImageInWorkspaces : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    widgets::memory::setReader(QStringLiteral("AB"));
    options_.predictions = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options_));
  }
  view::ImageView& imageOf(widgets::Place place) {
    show<widgets::Workspace>(place);
    // The one in front: a workspace may have several pages.
    const auto images = window_->workspace(place)->findChildren<view::ImageView*>();
    const auto shown = std::ranges::find_if(images, &QWidget::isVisible);
    EXPECT_NE(shown, images.end());
    return **shown;
  }
  /// QTest::mouseMove() carries no buttons.
  static void dragWindow(QWidget& image, QPoint by) {
    const QPoint from = image.rect().center();
    QTest::mousePress(&image, Qt::RightButton, Qt::NoModifier, from);
    QMouseEvent move(QEvent::MouseMove, from + by, image.mapToGlobal(from + by), Qt::NoButton,
                     Qt::RightButton, Qt::NoModifier);
    QApplication::sendEvent(&image, &move);
    QTest::mouseRelease(&image, Qt::RightButton, Qt::NoModifier, from + by);
  }
  bool said(const QString& words) {
    for (const QString& text : window_->notices().texts())
      if (text.contains(words)) return true;
    return false;
  }

  test::PhantomOptions options_;
};

TEST_F(ImageInWorkspaces, ADoubleClickGivesTheImageTheWholeWorkspaceAndEscGivesItBack) {
  for (const widgets::Place place :
       {widgets::Place::Label, widgets::Place::Contour, widgets::Place::Review}) {
    view::ImageView& image = imageOf(place);
    ASSERT_NE(image.stack(), nullptr);
    const QSize before = image.size();
    const int whole = window_->workspace(place)->width() - 60;
    const auto number = static_cast<int>(place) + 1;
    ASSERT_LT(before.width(), whole - 100) << "workspace " << number;
    QTest::mouseDClick(&image, Qt::LeftButton, Qt::NoModifier, image.rect().center());
    EXPECT_TRUE(QTest::qWaitFor([&] { return image.width() >= whole; }, 2000))
        << "workspace " << number << ": " << image.width() << " of " << whole;
    EXPECT_TRUE(image.hasFocus());
    QTest::keyClick(&image, Qt::Key_Escape);
    EXPECT_TRUE(QTest::qWaitFor([&] { return std::abs(image.width() - before.width()) < 4; }, 2000))
        << "workspace " << number << ": " << image.width() << " instead of " << before.width();
    QTest::mouseDClick(&image, Qt::LeftButton, Qt::NoModifier, image.rect().center());
    EXPECT_TRUE(QTest::qWaitFor([&] { return image.width() >= whole; }, 2000));
    QTest::mouseDClick(&image, Qt::LeftButton, Qt::NoModifier, image.rect().center());
    EXPECT_TRUE(QTest::qWaitFor([&] { return std::abs(image.width() - before.width()) < 4; }, 2000))
        << "workspace " << number << ": a second double click is the way back";
  }
}

TEST_F(ImageInWorkspaces, AWindowChosenInLabelIsThereInContourReviewAndTheNextStart) {
  view::ImageView& label = imageOf(widgets::Place::Label);
  ASSERT_NE(label.stack(), nullptr);
  const ImageKind kind = label.stack()->kind;
  ASSERT_EQ(label.rememberedWindow(kind), view::RelativeWindow{});
  dragWindow(label, {120, 40});
  const view::RelativeWindow chosen = label.rememberedWindow(kind);
  ASSERT_GT(chosen.factor, 1.5);
  for (const widgets::Place place : {widgets::Place::Contour, widgets::Place::Review}) {
    view::ImageView& image = imageOf(place);
    EXPECT_EQ(image.rememberedWindow(kind), chosen);
    const auto automatic = view::autoWindow(image.stack()->image);
    if (image.stack()->kind == kind) {
      EXPECT_NEAR(image.windowLevel().width, automatic.width * chosen.factor, 1e-6);
    } else {
      EXPECT_EQ(image.windowLevel(), automatic) << "another kind of image";
    }
  }
  // And back: what is changed in Review holds for Label, also for the stack on its screen.
  view::ImageView& review = imageOf(widgets::Place::Review);
  const ImageKind review_kind = review.stack()->kind;
  QTest::keyClick(&review, Qt::Key_W);
  EXPECT_EQ(label.rememberedWindow(review_kind), view::RelativeWindow{});
  dragWindow(review, {-100, 0});
  const view::RelativeWindow last = review.rememberedWindow(review_kind);
  EXPECT_EQ(label.rememberedWindow(review_kind), last);

  window_->close();
  window_ = std::make_unique<widgets::MainWindow>();
  window_->resize(1400, 900);
  window_->show();
  ASSERT_NO_FATAL_FAILURE(openProject(widgets::Place::Label));
  const auto again = imageOf(widgets::Place::Label).rememberedWindow(review_kind);
  EXPECT_NEAR(again.factor, last.factor, 1e-9);
  EXPECT_NEAR(again.shift, last.shift, 1e-9);
}

TEST_F(ImageInWorkspaces, MasksThatCannotBeReadAreSaidInReviewAndContour) {
  for (const auto& entry : std::filesystem::directory_iterator(root_ / "masks"))
    std::filesystem::remove_all(entry.path());
  show<widgets::ReviewWorkspace>(widgets::Place::Review);
  EXPECT_TRUE(said(QStringLiteral("The prediction cannot be shown")));
  EXPECT_TRUE(said(QStringLiteral("The reference mask cannot be shown")));
  QTest::keyClick(&imageOf(widgets::Place::Review), Qt::Key_A);
  EXPECT_TRUE(said(QStringLiteral("Not accepted"))) << "nobody has seen what A would accept";
  show<widgets::ContourWorkspace>(widgets::Place::Contour);
  EXPECT_TRUE(said(QStringLiteral("The mask cannot be shown")));
}

TEST_F(ImageInWorkspaces, OverlaysDoNotFlickerWhileTIsHeldInReview) {
  view::ImageView& review = imageOf(widgets::Place::Review);
  QTest::keyPress(&review, Qt::Key_T);
  EXPECT_FALSE(review.overlayStyle().visible);
  for (int i = 0; i < 3; ++i) {
    QKeyEvent held(QEvent::KeyPress, Qt::Key_T, Qt::NoModifier, QStringLiteral("t"), true);
    QApplication::sendEvent(&review, &held);
    EXPECT_FALSE(review.overlayStyle().visible);
  }
  QTest::keyRelease(&review, Qt::Key_T);
}

}  // namespace
}  // namespace gadolin
