// The ventricle in space beside the prediction in Review.

#include <QPushButton>

#include "tests/ui/window_fixture.h"
#include "ui/view/heart_view.h"
#include "ui/view/image_view.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

class ReviewSpace : public test::WindowFixture {
 protected:
  void openReview() {
    test::PhantomOptions options;
    options.predictions = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    review_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
    ASSERT_NE(review_->imageView().stack(), nullptr);
  }
  view::HeartView& heart() { return review_->heartView(); }
  void key(Qt::Key which) {
    QTest::keyClick(&review_->imageView(), which);
    settle();
  }
  widgets::ReviewWorkspace* review_ = nullptr;
};

TEST_F(ReviewSpace, ThreeShowsTheHeartOfThePredictionInFrontAndHidesIt) {
  ASSERT_NO_FATAL_FAILURE(openReview());
  EXPECT_FALSE(heart().isVisible());
  EXPECT_FALSE(heart().hasHeart()) << "nothing is worked out that nobody looks at";
  key(Qt::Key_3);
  EXPECT_TRUE(heart().isVisible());
  EXPECT_TRUE(review_->findChild<QPushButton*>(QStringLiteral("space"))->isChecked());
  ASSERT_TRUE(heart().hasHeart());
  const QImage first = heart().picture();
  key(Qt::Key_PageDown);
  ASSERT_TRUE(heart().hasHeart());
  EXPECT_NE(heart().picture(), first) << "another patient has another heart";
  key(Qt::Key_3);
  EXPECT_FALSE(heart().isVisible());
  EXPECT_TRUE(review_->imageView().hasFocus());
}

TEST_F(ReviewSpace, AStepToAnotherSliceMovesItsFrame) {
  ASSERT_NO_FATAL_FAILURE(openReview());
  key(Qt::Key_3);
  const QImage before = heart().picture();
  key(Qt::Key_Down);
  EXPECT_NE(heart().picture(), before);
}

}  // namespace
}  // namespace gadolin
