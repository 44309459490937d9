// The Contour workspace, driven by keys and mouse: what is drawn, what is on disk, what is said.

#include <QAbstractButton>
#include <QCheckBox>
#include <QLabel>
#include <QListWidget>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "tests/ui/contour_window.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

using contour::Point;
using test::Voxels;

using test::ContourWindow;

TEST_F(ContourWindow, WhoOnlyLooksDrawsNothing) {
  open();
  const Voxels before = slice();
  drag({wallToTheRight(), middleOf(1)});
  EXPECT_EQ(slice(), before);
  EXPECT_FALSE(desk().canUndo());
}

TEST_F(ContourWindow, ABrushOfScarStaysInTheWallAndIsOneStepOnDisk) {
  open();
  const Voxels before = slice();
  key(Qt::Key_B);
  key(Qt::Key_3);
  const Point wall = wallToTheRight();
  drag({{wall.x - 8, wall.y}, wall, {wall.x + 12, wall.y}});
  const Voxels after = slice();
  EXPECT_GT(count(after, 3), count(before, 3) + 5);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] != before[i]) {
      EXPECT_TRUE(before[i] == 2 && after[i] == 3) << "pixel " << i;
    }
  }
  ASSERT_EQ(stored().size(), 1u) << "one stroke, one step";
  EXPECT_EQ(stored()[0].tool, "brush");
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(slice(), before);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  settle();
  EXPECT_EQ(slice(), after);
  EXPECT_EQ(stored().size(), 3u) << "undo and redo are steps as well";
}

TEST_F(ContourWindow, ErasedScarIsHealthyWallAndCtrlChangesOneStrokeAlone) {
  open();
  key(Qt::Key_B);
  const Point wall = wallToTheRight();
  drag({wall});
  const long scar = count(slice(), 3);
  const long all = count(slice(), 2) + count(slice(), 3) + count(slice(), 4);
  drag({wall}, Qt::ControlModifier);
  EXPECT_LT(count(slice(), 3), scar);
  EXPECT_EQ(count(slice(), 2) + count(slice(), 3) + count(slice(), 4), all);
  drag({wall});
  EXPECT_EQ(count(slice(), 3), scar) << "it draws again";
  key(Qt::Key_E);
  drag({wall});
  EXPECT_LT(count(slice(), 3), scar);
}

TEST_F(ContourWindow, AnIndependentDrawingBeginsEmptyAndHasNoParent) {
  open();
  ASSERT_GT(count(slice(), 2), 0) << "the imported mask";
  auto* box = page_->findChild<QCheckBox*>(QStringLiteral("contourIndependent"));
  ASSERT_TRUE(box->isVisible() && box->isEnabled());
  QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk().mask() && !desk().reading(); }, 10000));
  ASSERT_NO_FATAL_FAILURE(settle());
  const auto& voxels = desk().mask()->voxels;
  EXPECT_EQ(std::ranges::count(voxels, 0), static_cast<long>(voxels.size()));
  EXPECT_TRUE(page_->findChild<QLabel*>(QStringLiteral("contourAbout"))
                  ->text()
                  .contains(QStringLiteral("independent")));
  EXPECT_FALSE(
      page_->findChild<QAbstractButton*>(QStringLiteral("contourPrediction"))->isEnabled());
  key(Qt::Key_B);
  key(Qt::Key_2);
  drag({{20, 20}, {30, 24}});
  ASSERT_GT(count(slice(), 2), 0);
  const std::string stack = desk().stack();
  show<widgets::Workspace>(widgets::Place::Cohort);
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        auto database = disk();
        return db::masksOfStack(database, stack)->size() == 2;
      },
      10000));
  auto database = disk();
  const auto masks = db::masksOfStack(database, stack);
  EXPECT_EQ(masks->back().author, "AB");
  EXPECT_FALSE(masks->back().parent.has_value());
}

TEST_F(ContourWindow, ScarOutsideTheWallIsExplained) {
  open();
  key(Qt::Key_B);
  const Voxels before = slice();
  drag({{3, 3}, {5, 5}});
  EXPECT_EQ(slice(), before);
  EXPECT_TRUE(hint().contains(QStringLiteral("myocardium"))) << hint().toStdString();
  EXPECT_TRUE(stored().empty());
}

TEST_F(ContourWindow, ShiftAndTheWheelSizeTheBrushAndTheWheelAloneTurnsSlices) {
  open();
  key(Qt::Key_B);
  const double before = *image().brush();
  const int z = image().slice();
  const QPointF at = image().rect().center();
  const auto wheel = [&](Qt::KeyboardModifiers with) {
    QWheelEvent event(at, image().mapToGlobal(at), {}, {0, 120}, Qt::NoButton, with,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&image(), &event);
  };
  wheel(Qt::ShiftModifier);
  EXPECT_GT(*image().brush(), before * 1.1);
  EXPECT_EQ(image().slice(), z);
  key(Qt::Key_Minus);
  EXPECT_NEAR(*image().brush(), before, 1e-9);
  wheel(Qt::NoModifier);
  EXPECT_NE(image().slice(), z);
}

TEST_F(ContourWindow, APointOfTheEpicardiumThatIsPulledOutwardsThickensTheWallThereAlone) {
  open();
  key(Qt::Key_C);
  const auto points = page_->borders().points(contour::Border::Epicardium);
  ASSERT_EQ(points.size(), 12u);
  const Voxels before = slice();
  const auto plane = desk().plane();
  const Point middle = middleOf(1);
  // The rightmost, away from the middle by six millimetres.
  const Point from = *std::ranges::max_element(points, {}, &Point::x);
  const double length = plane.distance_mm(from, middle);
  const Point to{middle.x + (from.x - middle.x) * (length + 6) / length,
                 middle.y + (from.y - middle.y) * (length + 6) / length};
  drag({from, to});
  const Voxels after = slice();
  long gained = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] == before[i]) continue;
    const Point pixel{static_cast<double>(static_cast<int>(i) % plane.columns),
                      static_cast<double>(static_cast<int>(i) / plane.columns)};
    EXPECT_LT(plane.distance_mm(pixel, to), 0.9 * length) << "far from the point";
    if (before[i] == 0 && after[i] == 2) ++gained;
  }
  EXPECT_GT(gained, 20);
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].tool, "epicardium");
  EXPECT_EQ(page_->borders().points(contour::Border::Epicardium).size(), 12u);
}

TEST_F(ContourWindow, ContoursClickedOnAnEmptySliceMakeAHeartOfTheirSize) {
  test::PhantomOptions options;
  options.reference_masks = false;
  open(options);
  EXPECT_EQ(count(slice(), 0), static_cast<long>(slice().size()));
  key(Qt::Key_C);
  const auto plane = desk().plane();
  const Point middle{plane.columns / 2.0, plane.rows / 2.0};
  const auto ring = [&](double radius_mm) {
    for (int i = 0; i < 10; ++i) {
      const double angle = 2 * std::numbers::pi * i / 10;
      click({middle.x + radius_mm / plane.spacing_mm[0] * std::cos(angle),
             middle.y + radius_mm / plane.spacing_mm[1] * std::sin(angle)});
    }
    key(Qt::Key_Return);
  };
  key(Qt::Key_M);
  ring(35);
  ring(25);  // the endocardium comes next by itself
  const double pixel_mm2 = plane.spacing_mm[0] * plane.spacing_mm[1];
  const double cavity = static_cast<double>(count(slice(), 1)) * pixel_mm2;
  const double wall = static_cast<double>(count(slice(), 2)) * pixel_mm2;
  EXPECT_NEAR(cavity, std::numbers::pi * 25 * 25, 0.03 * cavity);
  EXPECT_NEAR(wall, std::numbers::pi * (35 * 35 - 25 * 25), 0.04 * wall);
  EXPECT_EQ(stored().size(), 2u);
}

TEST_F(ContourWindow, AThresholdIsSeenBeforeItIsTakenOver) {
  open();
  key(Qt::Key_B);
  key(Qt::Key_E);
  key(Qt::Key_Plus);
  const Voxels before = slice();
  key(Qt::Key_S);
  ASSERT_TRUE(QTest::qWaitFor(
      [&] { return page_->findChild<widgets::ContourThreshold*>()->preview() != nullptr; }, 5000));
  const auto two = [&] {
    key(Qt::Key_2);
    return page_->findChild<widgets::ContourThreshold*>()->preview();
  }();
  const auto six = [&] {
    key(Qt::Key_6);
    return page_->findChild<widgets::ContourThreshold*>()->preview();
  }();
  const int z = image().slice();
  const auto scar = [&](const std::shared_ptr<const Mask>& mask) {
    return std::ranges::count_if(mask->slice(z), isFibrosis);
  };
  EXPECT_GT(scar(two), scar(six));
  EXPECT_EQ(slice(), before) << "only seen";
  EXPECT_TRUE(stored().empty());
  key(Qt::Key_2);
  key(Qt::Key_Return);
  EXPECT_EQ(std::ranges::count_if(slice(), isFibrosis), scar(two));
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].tool, "threshold 2sd");
  key(Qt::Key_Escape);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(slice(), before);
}

TEST_F(ContourWindow, ARemoteRegionThatIsPointedAtMovesTheThreshold) {
  open();
  key(Qt::Key_S);
  auto* threshold = page_->findChild<widgets::ContourThreshold*>();
  ASSERT_TRUE(QTest::qWaitFor([&] { return threshold->preview() != nullptr; }, 5000));
  const auto* said = page_->findChild<QLabel*>(QStringLiteral("thresholdSaid"));
  EXPECT_TRUE(said->text().contains(QStringLiteral("found"))) << said->text().toStdString();
  click(wallToTheRight());
  EXPECT_TRUE(said->text().contains(QStringLiteral("placed"))) << said->text().toStdString();
}

TEST_F(ContourWindow, ASliceIsCopiedClearedAndInterpolated) {
  open();
  const int z = image().slice();
  const Voxels middle = slice();
  key(Qt::Key_Delete, Qt::ShiftModifier);
  EXPECT_EQ(slice(), middle) << "who only looks changes nothing by a key";
  key(Qt::Key_B);
  key(Qt::Key_Delete, Qt::ShiftModifier);
  EXPECT_EQ(count(slice(), 0), static_cast<long>(slice().size()));
  key(Qt::Key_G);
  // The heart of the phantom changes little from slice to slice.
  const auto heart = [](const Voxels& labels) {
    return static_cast<double>(labels.size()) - static_cast<double>(count(labels, 0));
  };
  EXPECT_NEAR(heart(slice()), heart(middle), 0.12 * heart(middle));
  EXPECT_GT(count(slice(), 1), 0);
  key(Qt::Key_D);
  const bool apex_first = image().stack()->apex_first;
  const auto base = desk().mask()->slice(apex_first ? z + 1 : z - 1);
  EXPECT_TRUE(std::ranges::equal(slice(), base));
  key(Qt::Key_D, Qt::ShiftModifier);
  const auto apex = desk().mask()->slice(apex_first ? z - 1 : z + 1);
  EXPECT_TRUE(std::ranges::equal(slice(), apex));
  for (int i = 0; i < 4; ++i) {
    QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
    settle();
  }
  EXPECT_EQ(slice(), middle);
}

TEST_F(ContourWindow, APolygonFillsTheWallThatItCovers) {
  open();
  key(Qt::Key_P);
  const Voxels before = slice();
  const Point wall = wallToTheRight();
  for (const Point& corner : {Point{wall.x - 9.5, wall.y - 5.5}, Point{wall.x + 9.5, wall.y - 5.5},
                              Point{wall.x + 9.5, wall.y + 5.5}, Point{wall.x - 9.5, wall.y + 5.5}})
    click(corner);
  EXPECT_EQ(slice(), before) << "not closed yet";
  key(Qt::Key_Return);
  const Voxels after = slice();
  const auto plane = desk().plane();
  for (std::size_t i = 0; i < after.size(); ++i) {
    const int x = static_cast<int>(i) % plane.columns, y = static_cast<int>(i) / plane.columns;
    const bool in = std::abs(x - wall.x) < 10 && std::abs(y - wall.y) < 6;
    EXPECT_EQ(after[i], in && before[i] == 2 ? 3 : before[i]) << x << ", " << y;
  }
}

TEST_F(ContourWindow, APartIsTakenAwayByOneClickOfFill) {
  open();
  key(Qt::Key_B);
  const Point wall = wallToTheRight();
  drag({wall});
  const long scar = count(slice(), 3);
  ASSERT_GT(scar, 0);
  key(Qt::Key_F);
  key(Qt::Key_E);
  click(wall);
  EXPECT_LT(count(slice(), 3), scar);
  EXPECT_EQ(slice()[desk().plane().index(static_cast<int>(wall.x), static_cast<int>(wall.y))], 2);
}

TEST_F(ContourWindow, ThePredictionIsAStartAndUndoBringsTheOwnMaskBack) {
  test::PhantomOptions options;
  options.predictions = true;
  open(options);
  key(Qt::Key_B);
  key(Qt::Key_Delete, Qt::ShiftModifier);
  const Voxels cleared = slice();
  auto* button = page_->findChild<QAbstractButton*>(QStringLiteral("contourPrediction"));
  ASSERT_TRUE(button->isEnabled());
  button->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return slice() != cleared; }, 5000));
  settle();
  EXPECT_GT(count(slice(), 2), 0);
  EXPECT_EQ(stored().back().tool, "prediction " + std::to_string(desk().drawing().prediction_mask));
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_EQ(slice(), cleared);
}

TEST_F(ContourWindow, EInReviewBeginsAMaskWithThePredictionAndEscComesBack) {
  test::PhantomOptions options;
  options.predictions = true;
  options.reference_masks = false;
  options.patients = 2;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  auto& review = show<widgets::ReviewWorkspace>(widgets::Place::Review);
  QTest::keyClick(&review.imageView(), Qt::Key_Right);
  const int z = review.imageView().slice();
  QTest::keyClick(&review.imageView(), Qt::Key_E);
  ASSERT_EQ(window_->place(), widgets::Place::Contour);
  settle();
  page_ = qobject_cast<widgets::ContourWorkspace*>(window_->workspace(widgets::Place::Contour));
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk().mask() && desk().canUndo(); }, 5000));
  settle();
  EXPECT_EQ(image().slice(), z);
  EXPECT_GT(count(slice(), 2), 0);
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_TRUE(session::startedFrom(stored()[0].tool).has_value()) << stored()[0].tool;
  const std::string edited = desk().stack();
  QTest::keyClick(&image(), Qt::Key_Escape);
  settle();
  EXPECT_EQ(window_->place(), widgets::Place::Review);
  // The mask of a person now is the prediction's child.
  std::optional<db::MaskRecord> standing;
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        auto database = disk();
        standing = db::latestPersonMask(database, edited).value();
        return standing.has_value();
      },
      5000));
  auto database = disk();
  EXPECT_EQ(db::maskById(database, standing->parent.value_or(0))->source,
            db::MaskSource::Prediction);
}

TEST_F(ContourWindow, LeavingTheWorkspaceMakesARevisionThatTrainingSees) {
  open();
  const std::string stack = desk().stack();
  key(Qt::Key_B);
  drag({wallToTheRight()});
  const auto drawn = desk().mask()->voxels;
  show<widgets::Workspace>(widgets::Place::Cohort);
  std::optional<db::MaskRecord> standing;
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        auto database = disk();
        standing = db::latestPersonMask(database, stack).value();
        return standing && standing->author == "AB";
      },
      5000));
  EXPECT_EQ(readMask(root_ / "masks" / (standing->sha256 + ".safetensors"))->voxels, drawn);
  page_ = &show<widgets::ContourWorkspace>(widgets::Place::Contour);
  EXPECT_EQ(desk().mask()->voxels, drawn);
  EXPECT_TRUE(desk().canUndo()) << "also beyond the revision";
}

TEST_F(ContourWindow, WithoutANameNothingIsDrawnAndTheNameIsAskedFor) {
  widgets::memory::setReader({});
  open();
  const Voxels before = slice();
  key(Qt::Key_B);
  drag({wallToTheRight()});
  EXPECT_EQ(slice(), before);
  auto* prompt = page_->findChild<widgets::ReaderPrompt*>();
  ASSERT_TRUE(prompt->isVisible());
  QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("Cy"));
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
  settle();
  drag({wallToTheRight()});
  EXPECT_NE(slice(), before);
  auto database = disk();
  EXPECT_EQ(db::pendingMaskEdits(database, desk().stack(), "Cy")->size(), 1u);
}

TEST_F(ContourWindow, TwoQuickDabsAreTwoDabs) {
  open();
  key(Qt::Key_B);
  const Point wall = wallToTheRight();
  click(wall);
  const QPointF at = onScreen({wall.x, wall.y + 6});
  QMouseEvent second(QEvent::MouseButtonDblClick, at, image().mapToGlobal(at), Qt::LeftButton,
                     Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&image(), &second);
  mouse(QEvent::MouseButtonRelease, {wall.x, wall.y + 6}, Qt::LeftButton, Qt::NoButton);
  settle();
  EXPECT_EQ(stored().size(), 2u);
}

TEST_F(ContourWindow, ARuleAndEnterTypedAtOnceTakeThatRuleOver) {
  open();
  key(Qt::Key_S);
  key(Qt::Key_6);
  QTest::keyClick(&image(), Qt::Key_2);
  QTest::keyClick(&image(), Qt::Key_Return);
  settle();
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].tool, "threshold 2sd");
  const long scar = std::ranges::count_if(slice(), isFibrosis);
  key(Qt::Key_2);
  const auto preview = page_->findChild<widgets::ContourThreshold*>()->preview();
  EXPECT_EQ(std::ranges::count_if(preview->slice(image().slice()), isFibrosis), scar);
  // And what was undone does not come back with the next Enter.
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  QTest::keyClick(&image(), Qt::Key_6);
  QTest::keyClick(&image(), Qt::Key_Return);
  settle();
  EXPECT_LT(std::ranges::count_if(slice(), isFibrosis), scar);
}

TEST_F(ContourWindow, AThresholdOfTheStackLeavesSlicesAloneThatAreFreeOfFibrosis) {
  test::PhantomOptions options;
  options.labels_from_masks = true;
  open(options);
  const auto before = desk().mask()->voxels;
  key(Qt::Key_S);
  key(Qt::Key_2);
  key(Qt::Key_Return, Qt::ShiftModifier);
  const auto& labels = desk().drawing().labels;
  const Geometry& grid = desk().mask()->geometry;
  int alone = 0, taken = 0;
  for (int z = 0; z < grid.size[2]; ++z) {
    if (z == image().slice()) continue;
    const auto now = desk().mask()->slice(z);
    const bool same = std::equal(now.begin(), now.end(),
                                 before.begin() + static_cast<std::ptrdiff_t>(grid.index(0, 0, z)));
    if (labels[static_cast<std::size_t>(z)] == SliceLabel::None) {
      EXPECT_TRUE(same) << "slice " << z;
      ++alone;
    } else {
      taken += same ? 0 : 1;
    }
  }
  EXPECT_GT(alone + taken, 0);
}

TEST_F(ContourWindow, TheEndocardiumMayComeFirst) {
  test::PhantomOptions options;
  options.reference_masks = false;
  open(options);
  key(Qt::Key_N);
  const auto plane = desk().plane();
  const Point middle{plane.columns / 2.0, plane.rows / 2.0};
  const auto ring = [&](double radius_mm, int corners) {
    for (int i = 0; i < corners; ++i) {
      const double angle = 2 * std::numbers::pi * i / 8;
      click({middle.x + radius_mm / plane.spacing_mm[0] * std::cos(angle),
             middle.y + radius_mm / plane.spacing_mm[1] * std::sin(angle)});
    }
  };
  ring(25, 8);
  key(Qt::Key_Return);
  ASSERT_GT(count(slice(), 1), 0);
  EXPECT_EQ(page_->borders().border(), contour::Border::Epicardium) << "it comes next";
  // Ctrl+Z takes a point back that is not a step yet, and no step.
  ring(35, 3);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  settle();
  EXPECT_GT(count(slice(), 1), 0);
  for (int i = 0; i < 2; ++i) QTest::keyClick(&image(), Qt::Key_Backspace);
  ring(35, 8);
  key(Qt::Key_Return);
  EXPECT_GT(count(slice(), 2), 0) << hint().toStdString();
  key(Qt::Key_Delete, Qt::ShiftModifier);
  EXPECT_EQ(count(slice(), 0), static_cast<long>(slice().size()));
}

TEST_F(ContourWindow, HidingForAMomentKeepsWhatTChose) {
  open();
  QTest::keyClick(&image(), Qt::Key_T);
  EXPECT_FALSE(image().overlayStyle().visible);
  QTest::keyPress(&image(), Qt::Key_H);
  QTest::keyRelease(&image(), Qt::Key_H);
  EXPECT_FALSE(image().overlayStyle().visible);
  QTest::keyClick(&image(), Qt::Key_T);
  QTest::keyPress(&image(), Qt::Key_H);
  EXPECT_FALSE(image().overlayStyle().visible);
  QTest::keyRelease(&image(), Qt::Key_H);
  EXPECT_TRUE(image().overlayStyle().visible);
}

TEST_F(ContourWindow, AMaskThatGoesWhileTheBrushIsDownTakesTheStrokeAlong) {
  open();
  for (const Qt::Key tool : {Qt::Key_B, Qt::Key_C, Qt::Key_P}) {
    key(tool);
    const Point at = tool == Qt::Key_C ? page_->borders().points(contour::Border::Epicardium)[0]
                                       : wallToTheRight();
    hover(at);
    mouse(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton);
    desk().setReader(QStringLiteral("reader") + QString::number(static_cast<int>(tool)));
    for (int i = 0; i < 5; ++i)
      mouse(QEvent::MouseMove, {at.x + i, at.y}, Qt::NoButton, Qt::LeftButton);
    settle();
    mouse(QEvent::MouseMove, {at.x + 6, at.y}, Qt::NoButton, Qt::LeftButton);
    mouse(QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton);
    settle();
    EXPECT_GT(count(slice(), 2), 0);
  }
}

TEST_F(ContourWindow, AStrokeEndsWithItsSlice) {
  open();
  key(Qt::Key_B);
  const Point wall = wallToTheRight();
  const int z = image().slice();
  hover(wall);
  mouse(QEvent::MouseButtonPress, wall, Qt::LeftButton, Qt::LeftButton);
  mouse(QEvent::MouseMove, {wall.x + 2, wall.y}, Qt::NoButton, Qt::LeftButton);
  QTest::keyClick(&image(), Qt::Key_Right);
  const Voxels next = slice();
  mouse(QEvent::MouseMove, {wall.x - 6, wall.y}, Qt::NoButton, Qt::LeftButton);
  mouse(QEvent::MouseButtonRelease, wall, Qt::LeftButton, Qt::NoButton);
  settle();
  EXPECT_EQ(slice(), next) << "what the hand does after the key is not of this slice";
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].slice, z);
}

TEST_F(ContourWindow, AStackWithFewerSlicesFollowsOneWithMore) {
  open({}, 4);
  // Turned to the last slice of each, one after another.
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < 30; ++k) QTest::keyClick(&image(), Qt::Key_Right);
    key(Qt::Key_PageDown);
    ASSERT_NE(desk().mask(), nullptr);
    EXPECT_LT(image().slice(), image().stack()->sliceCount());
  }
}

TEST_F(ContourWindow, AClickOnTheStackInFrontLeavesTheKeysWithTheImage) {
  open();
  auto* list = page_->findChild<QListWidget*>();
  const QRect row = list->visualItemRect(list->currentItem());
  QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::NoModifier, row.center());
  EXPECT_TRUE(image().hasFocus());
}

}  // namespace
}  // namespace gadolin
