// What is typed beside a prediction stays with that prediction, and with a reader's name.

#include <QLineEdit>
#include <QPushButton>

#include "database/masks.h"
#include "database/predictions.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

class ReviewComments : public test::WindowFixture {
 protected:
  void openReview(const QString& reader) {
    if (!reader.isEmpty()) widgets::memory::setReader(reader);
    test::PhantomOptions options;
    options.predictions = true;
    options.labels_from_masks = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    review_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
    ASSERT_NE(image().stack(), nullptr);
    comment_ = review_->findChild<QLineEdit*>(QStringLiteral("reviewComment"));
    name_ = review_->findChild<QLineEdit*>(QStringLiteral("readerName"));
    ASSERT_TRUE(comment_ != nullptr && name_ != nullptr);
  }
  view::ImageView& image() { return review_->imageView(); }
  void press(QWidget* where, Qt::Key key) { QTest::keyClick(where, key); }
  /// Every review of the stack's prediction, oldest first.
  std::vector<db::ReviewRecord> reviews(const std::string& stack) {
    auto database = disk();
    const auto prediction = db::latestPrediction(database, stack);
    EXPECT_TRUE(prediction.ok() && prediction->has_value());
    auto history = db::reviewHistory(database, (*prediction)->id);
    EXPECT_TRUE(history.ok());
    return history.ok() ? *history : std::vector<db::ReviewRecord>{};
  }

  // The most uncertain comes first: the last phantom.
  const std::string first_ = "Phantom-004-s1";
  const std::string second_ = "Phantom-003-s1";
  widgets::ReviewWorkspace* review_ = nullptr;
  QLineEdit* comment_ = nullptr;
  QLineEdit* name_ = nullptr;
};

TEST_F(ReviewComments, ACommentThatIsLeftWithPageDownIsNotStoredForTheNextPatient) {
  ASSERT_NO_FATAL_FAILURE(openReview(QStringLiteral("CD")));
  press(&image(), Qt::Key_C);
  ASSERT_TRUE(comment_->hasFocus());
  QTest::keyClicks(comment_, QStringLiteral("artefact at the apex"));
  press(comment_, Qt::Key_PageDown);
  EXPECT_EQ(comment_->text(), QString()) << "the words of one patient stand over another";
  ASSERT_NO_FATAL_FAILURE(settle());
  press(&image(), Qt::Key_A);
  ASSERT_NO_FATAL_FAILURE(settle());

  const auto second = reviews(second_);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].verdict, db::Verdict::Accepted);
  EXPECT_EQ(second[0].comment, "");
  const auto first = reviews(first_);
  ASSERT_EQ(first.size(), 1U) << "it was said, so it is stored with whom it was said of";
  EXPECT_EQ(first[0].comment, "artefact at the apex");
  EXPECT_EQ(first[0].reader, "CD");
  EXPECT_EQ(first[0].verdict, db::Verdict::None);

  review_->showStack(QString::fromStdString(first_));
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_EQ(comment_->text(), QStringLiteral("artefact at the apex"));
}

TEST_F(ReviewComments, AVerdictTakesTheCommentThatIsTypedAndOtherWorkspacesDoNotLoseIt) {
  ASSERT_NO_FATAL_FAILURE(openReview(QStringLiteral("CD")));
  press(&image(), Qt::Key_C);
  QTest::keyClicks(comment_, QStringLiteral("good"));
  QTest::mouseClick(review_->findChild<QPushButton*>(QStringLiteral("accept")), Qt::LeftButton);
  ASSERT_NO_FATAL_FAILURE(settle());
  ASSERT_EQ(reviews(first_).size(), 1U);
  EXPECT_EQ(reviews(first_)[0].comment, "good");
  // Now the second: left by way of another workspace.
  press(&image(), Qt::Key_C);
  QTest::keyClicks(comment_, QStringLiteral("thin"));
  show<widgets::Workspace>(widgets::Place::Cohort);
  ASSERT_TRUE(QTest::qWaitFor([&] { return review_->settled(); }, 5'000));
  ASSERT_EQ(reviews(second_).size(), 1U);
  EXPECT_EQ(reviews(second_)[0].comment, "thin");
}

TEST_F(ReviewComments, EnterWithoutAReadersNameStoresNothingUntilThereIsOne) {
  ASSERT_NO_FATAL_FAILURE(openReview({}));
  QTest::keyClicks(comment_, QStringLiteral("motion"));
  press(comment_, Qt::Key_Return);
  ASSERT_TRUE(name_->isVisible());
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_TRUE(reviews(first_).empty());
  QTest::keyClicks(name_, QStringLiteral("EF"));
  press(name_, Qt::Key_Return);
  ASSERT_NO_FATAL_FAILURE(settle());
  const auto stored = reviews(first_);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].reader, "EF");
  EXPECT_EQ(stored[0].comment, "motion");
}

TEST_F(ReviewComments, CAsksForTheNameBeforeTheComment) {
  ASSERT_NO_FATAL_FAILURE(openReview({}));
  press(&image(), Qt::Key_C);
  ASSERT_TRUE(name_->isVisible());
  EXPECT_FALSE(comment_->hasFocus());
  QTest::keyClicks(name_, QStringLiteral("EF"));
  press(name_, Qt::Key_Return);
  EXPECT_TRUE(comment_->hasFocus());
}

TEST_F(ReviewComments, EscDropsWhatWasTyped) {
  ASSERT_NO_FATAL_FAILURE(openReview(QStringLiteral("CD")));
  press(&image(), Qt::Key_C);
  QTest::keyClicks(comment_, QStringLiteral("no, not so"));
  press(comment_, Qt::Key_Escape);
  EXPECT_EQ(comment_->text(), QString());
  EXPECT_TRUE(image().hasFocus());
  press(&image(), Qt::Key_PageDown);
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_TRUE(reviews(first_).empty());
}

TEST_F(ReviewComments, AcceptPressedTwiceInOneBreathAcceptsOnePrediction) {
  ASSERT_NO_FATAL_FAILURE(openReview(QStringLiteral("CD")));
  press(&image(), Qt::Key_A);
  press(&image(), Qt::Key_A);
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_EQ(reviews(first_).size(), 1U);
  EXPECT_TRUE(reviews(second_).empty()) << "nobody has seen it yet";
}

TEST_F(ReviewComments, OverlaysThatWereSwitchedOffStayOffAtTheNextStack) {
  ASSERT_NO_FATAL_FAILURE(openReview(QStringLiteral("CD")));
  press(&image(), Qt::Key_T);
  EXPECT_FALSE(image().overlayStyle().visible);
  press(&image(), Qt::Key_PageDown);
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_FALSE(image().overlayStyle().visible);
  QTest::keyPress(&image(), Qt::Key_H);
  QTest::keyRelease(&image(), Qt::Key_H);
  EXPECT_FALSE(image().overlayStyle().visible) << "H shows what T has switched off";
  press(&image(), Qt::Key_T);
  EXPECT_TRUE(image().overlayStyle().visible);
}

}  // namespace
}  // namespace gadolin
