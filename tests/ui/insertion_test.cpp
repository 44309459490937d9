// The insertions of the right ventricle in Contour: found, confirmed, dragged, taken back.

#include "core/analysis/rv_insertion.h"
#include "database/rv_insertions.h"
#include "tests/ui/contour_window.h"
#include "ui/session/insertion_desk.h"

namespace gadolin {
namespace {

using analysis::InsertionKind;
using contour::Point;

class InsertionWindow : public test::ContourWindow {
 protected:
  void openTool() {
    ASSERT_NO_FATAL_FAILURE(open());
    key(Qt::Key_J);
  }
  session::InsertionDesk& insertions() { return *page_->insertions(); }
  std::vector<db::InsertionRecord> onDisk() {
    auto database = disk();
    return db::insertionsOfStack(database, desk().stack()).value();
  }
  Point place(int slice, InsertionKind kind) {
    for (const auto& point : insertions().points()) {
      if (point.slice == slice && point.at(kind)) return {(*point.at(kind))[0], (*point.at(kind))[1]};
    }
    return {-1, -1};
  }
};

TEST_F(InsertionWindow, AreFoundInTheImageAndStoredWhenEnterConfirmsThem) {
  openTool();
  ASSERT_TRUE(insertions().areProposed()) << hint().toStdString();
  EXPECT_TRUE(hint().contains(QStringLiteral("Found in the image")));
  EXPECT_TRUE(onDisk().empty()) << "nobody has said so yet";
  const auto found = insertions().points().front();
  key(Qt::Key_Return);
  EXPECT_FALSE(insertions().areProposed());
  const auto stored = onDisk();
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].slice, found.slice);
  EXPECT_EQ(stored[0].place, found.anterior);
  EXPECT_EQ(stored[1].place, found.inferior);
  EXPECT_EQ(stored[0].reader, "AB");
  EXPECT_TRUE(hint().contains(QStringLiteral("Set by AB")));
}

TEST_F(InsertionWindow, DraggingMovesThePointOfThisSliceAndUndoPutsItBack) {
  openTool();
  ASSERT_TRUE(insertions().areProposed());
  const int slice = insertions().points().front().slice;
  image().setSlice(slice);
  settle();
  const Point from = place(slice, InsertionKind::Anterior);
  const Point to{from.x + 4, from.y + 3};
  drag({from, {from.x + 2, from.y + 1}, to});
  ASSERT_EQ(onDisk().size(), 2u) << "the other one was seen too";
  const Point now = place(slice, InsertionKind::Anterior);
  EXPECT_NEAR(now.x, to.x, 0.01);
  EXPECT_NEAR(now.y, to.y, 0.01);
  // Another slice gets a point of its own, the first one keeps its.
  const int other = slice > 0 ? slice - 1 : slice + 1;
  image().setSlice(other);
  settle();
  const Point seen = place(slice, InsertionKind::Inferior);
  drag({{seen.x + 1, seen.y + 1}, {seen.x + 3, seen.y + 2}});
  EXPECT_EQ(onDisk().size(), 3u);
  EXPECT_NEAR(place(other, InsertionKind::Inferior).x, seen.x + 3, 0.01);
  EXPECT_NEAR(place(slice, InsertionKind::Inferior).x, seen.x, 0.01);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(onDisk().size(), 2u);
  EXPECT_EQ(place(other, InsertionKind::Inferior).x, -1);
  EXPECT_FALSE(desk().canUndo()) << "no stroke was taken back";
}

TEST_F(InsertionWindow, DeleteOverAPointTakesItAway) {
  openTool();
  key(Qt::Key_Return);
  ASSERT_EQ(onDisk().size(), 2u);
  const int slice = insertions().points().front().slice;
  image().setSlice(slice);
  settle();
  hover(place(slice, InsertionKind::Inferior));
  key(Qt::Key_Delete);
  const auto stored = onDisk();
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].kind, db::InsertionKind::Anterior);
}

TEST_F(InsertionWindow, DeleteOverWhatWasFoundOrFollowsStoresNothingAndSaysWhy) {
  openTool();
  ASSERT_TRUE(insertions().areProposed());
  const int slice = insertions().points().front().slice;
  image().setSlice(slice);
  settle();
  hover(place(slice, InsertionKind::Anterior));
  key(Qt::Key_Delete);
  EXPECT_TRUE(onDisk().empty()) << "nobody confirmed what the program found";
  EXPECT_TRUE(hint().contains(QStringLiteral("Nothing is set yet"))) << hint().toStdString();
  key(Qt::Key_Return);
  ASSERT_EQ(onDisk().size(), 2u);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_TRUE(onDisk().empty()) << "confirming is undone";
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_TRUE(onDisk().empty());
}

TEST_F(InsertionWindow, SegmentsAreDrawnWhereTheWallIsDividedAndOnlyWithThisTool) {
  openTool();
  ASSERT_TRUE(insertions().areProposed());
  image().setSlice(insertions().points().front().slice);
  settle();
  const Point anterior = place(image().slice(), InsertionKind::Anterior);
  /// Pixels of the marker's yellow around the anterior point.
  const auto yellow = [&] {
    const QImage picture = image().grab().toImage();
    const double ratio = picture.devicePixelRatio();
    const QPoint at = (onScreen(anterior) * ratio).toPoint();
    const int reach = qRound(12 * ratio);
    int count = 0;
    for (int y = -reach; y <= reach; ++y) {
      for (int x = -reach; x <= reach; ++x) {
        const QColor c = picture.pixelColor(at + QPoint(x, y));
        count += c.red() - c.blue() > 60 && c.green() - c.blue() > 40;
      }
    }
    return count;
  };
  EXPECT_GT(yellow(), 20);
  key(Qt::Key_V);
  EXPECT_EQ(yellow(), 0);
}

}  // namespace
}  // namespace gadolin
