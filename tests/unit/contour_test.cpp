// Drawing on masks without a window.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/contour/closed_curve.h"
#include "core/contour/heart_borders.h"
#include "core/contour/mask_delta.h"
#include "core/contour/polygon.h"
#include "core/contour/regions.h"
#include "core/contour/slice_interpolation.h"
#include "core/contour/tissue_rules.h"

namespace gadolin::contour {
namespace {

using Slice = std::vector<std::uint8_t>;

Plane plane(int columns, int rows, double dx = 1, double dy = 1) {
  Plane made;
  made.columns = columns;
  made.rows = rows;
  made.spacing_mm = {dx, dy};
  return made;
}

Slice sliceOf(std::initializer_list<const char*> rows) {
  Slice slice;
  for (const char* row : rows)
    for (; *row != 0; ++row) slice.push_back(*row == '.' ? 0 : static_cast<std::uint8_t>(*row - '0'));
  return slice;
}

/// 1 within `radius_mm` of the middle, of pixels that need not be square.
Region disc(const Plane& p, double radius_mm, double x = -1, double y = -1) {
  Region region(p.pixels(), 0);
  const Point middle{x < 0 ? (p.columns - 1) / 2.0 : x, y < 0 ? (p.rows - 1) / 2.0 : y};
  for (int row = 0; row < p.rows; ++row)
    for (int column = 0; column < p.columns; ++column)
      if (p.distance_mm({column * 1.0, row * 1.0}, middle) <= radius_mm)
        region[p.index(column, row)] = 1;
  return region;
}

int count(const Region& region) {
  return static_cast<int>(std::ranges::count(region, std::uint8_t{1}));
}

/// A short axis slice: cavity, wall and a scar in the upper half of the wall.
Slice heart(const Plane& p, double endo_mm, double epi_mm) {
  const Region inner = disc(p, endo_mm), outer = disc(p, epi_mm);
  Slice slice(p.pixels(), 0);
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (outer[i] != 0) slice[i] = i < slice.size() * 9 / 20 ? 3 : 2;
    if (inner[i] != 0) slice[i] = 1;
  }
  return slice;
}

// ---- deltas ------------------------------------------------------------------------------------

TEST(MaskDelta, GoesThereAndBackThroughItsBytes) {
  std::mt19937 random(7);
  Geometry grid;
  grid.size = {37, 23, 3};
  Mask mask(grid);
  for (auto& voxel : mask.voxels) voxel = static_cast<std::uint8_t>(random() % 5);
  const Mask before = mask;
  Slice after(mask.slice(1).begin(), mask.slice(1).end());
  for (std::size_t i = 100; i < 400; ++i) after[i] = static_cast<std::uint8_t>(random() % 5);
  const MaskDelta delta = deltaBetween(mask.slice(1), after, grid.index(0, 0, 1));
  const auto read = deltaFromBytes(toBytes(delta), grid.voxels());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, delta);
  ASSERT_TRUE(apply(*read, mask).ok());
  EXPECT_TRUE(std::ranges::equal(mask.slice(1), after));
  EXPECT_TRUE(std::ranges::equal(mask.slice(0), before.slice(0)));
  ASSERT_TRUE(apply(inverse(*read), mask).ok());
  EXPECT_EQ(mask.voxels, before.voxels);
}

TEST(MaskDelta, OfARoundStrokeIsSmall) {
  const Plane p = plane(512, 512);
  const Slice before(p.pixels(), 2);
  Slice after = before;
  const Region stroke = disc(p, 20);
  for (std::size_t i = 0; i < after.size(); ++i)
    if (stroke[i] != 0) after[i] = 3;
  const MaskDelta delta = deltaBetween(before, after, 0);
  EXPECT_EQ(delta.runs.size(), 40u);  // a row each
  EXPECT_EQ(static_cast<int>(delta.voxels()), count(stroke));
  EXPECT_LE(toBytes(delta).size(), 41u * 5);
}

TEST(MaskDelta, ThatDoesNotFitLeavesTheMaskAlone) {
  Geometry grid;
  grid.size = {4, 1, 1};
  Mask mask(grid);
  mask.voxels = {0, 2, 2, 0};
  const MaskDelta delta{{{0, 1, 0, 1}, {1, 2, 3, 2}}};
  EXPECT_EQ(apply(delta, mask).error().code, ErrorCode::Conflict);
  EXPECT_EQ(mask.voxels, (Slice{0, 2, 2, 0})) << "its first run would have fitted";
  EXPECT_EQ(apply(MaskDelta{{{3, 2, 0, 1}}}, mask).error().code, ErrorCode::Conflict)
      << "it reaches past the end";
}

TEST(MaskDelta, BytesThatLieAreRefused) {
  const std::string good = toBytes(MaskDelta{{{200, 300, 2, 3}, {600, 4, 0, 1}}});
  ASSERT_TRUE(deltaFromBytes(good, 604).ok());
  EXPECT_FALSE(deltaFromBytes(good, 603).ok()) << "past the end of the mask";
  for (std::size_t cut = 1; cut < good.size(); ++cut)
    if (const auto part = deltaFromBytes(good.substr(0, cut), 604); part.ok()) {
      EXPECT_EQ(part->runs.size(), 1u) << "only between two runs";
    }
  const auto refused = [](std::string bytes) { return !deltaFromBytes(bytes, 1000).ok(); };
  EXPECT_TRUE(refused({'\x01', '\x00', '\x23'})) << "no length";
  EXPECT_TRUE(refused({'\x01', '\x01', '\x22'})) << "changes nothing";
  EXPECT_TRUE(refused({'\x01', '\x01', '\x25'})) << "no such label";
  EXPECT_TRUE(refused(std::string(12, '\xff'))) << "a number without an end";
}

// ---- nesting -----------------------------------------------------------------------------------

TEST(TissueRules, ScarStaysInTheMyocardiumAndNoReflowInTheScar) {
  const auto over = [](Tissue tissue) {
    Slice after;
    for (std::uint8_t present = 0; present <= 4; ++present) after.push_back(drawn(tissue, present));
    return after;
  };
  EXPECT_EQ(over(Tissue::Cavity), (Slice{1, 1, 1, 1, 1}));
  EXPECT_EQ(over(Tissue::Myocardium), (Slice{2, 2, 2, 3, 4}));
  EXPECT_EQ(over(Tissue::Scar), (Slice{0, 1, 3, 3, 4}));
  EXPECT_EQ(over(Tissue::Mvo), (Slice{0, 1, 2, 4, 4}));
}

TEST(TissueRules, ErasingTakesWhatIsNestedAlong) {
  const auto over = [](Tissue tissue) {
    Slice after;
    for (std::uint8_t present = 0; present <= 4; ++present) after.push_back(erased(tissue, present));
    return after;
  };
  EXPECT_EQ(over(Tissue::Cavity), (Slice{0, 0, 2, 3, 4}));
  EXPECT_EQ(over(Tissue::Myocardium), (Slice{0, 1, 0, 0, 0}));
  EXPECT_EQ(over(Tissue::Scar), (Slice{0, 1, 2, 2, 2}));
  EXPECT_EQ(over(Tissue::Mvo), (Slice{0, 1, 2, 3, 3}));
}

// ---- polygons and parts ------------------------------------------------------------------------

TEST(Polygon, HoldsThePixelsWhoseCentreLiesWithin) {
  const Plane p = plane(6, 5);
  const std::vector<Point> box{{0.5, 0.5}, {3.5, 0.5}, {3.5, 2.5}, {0.5, 2.5}};
  EXPECT_EQ(pixelsInside(box, p), sliceOf({"......", ".111..", ".111..", "......", "......"}));
  const std::vector<Point> beyond{{-9, -9}, {99, -9}, {99, 99}, {-9, 99}};
  EXPECT_EQ(count(pixelsInside(beyond, p)), 30);
  EXPECT_EQ(count(pixelsInside(std::vector<Point>{{0, 0}, {5, 4}}, p)), 0);
}

TEST(Polygon, TwoThatShareAnEdgeShareNoPixel) {
  const Plane p = plane(20, 20);
  const std::vector<Point> left{{-1, -1}, {10, -1}, {7, 20}, {-1, 20}};
  const std::vector<Point> right{{10, -1}, {20, -1}, {20, 20}, {7, 20}};
  const Region a = pixelsInside(left, p), b = pixelsInside(right, p);
  EXPECT_EQ(count(a) + count(b), 400);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NE(a[i], b[i]);
}

TEST(Parts, AreSortedBySizeAndJoinedBySidesOnly) {
  const Plane p = plane(5, 4);
  const Region region = sliceOf({"1..11", ".1.11", "11...", "....."});
  const auto parts = partsOf(region, p);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0], (std::vector<std::size_t>{3, 4, 8, 9}));
  EXPECT_EQ(parts[1], (std::vector<std::size_t>{6, 10, 11}));
  EXPECT_EQ(parts[2], (std::vector<std::size_t>{0})) << "corners do not join";
  EXPECT_EQ(partAt(region, p, 0, 2), sliceOf({".....", ".1...", "11...", "....."}));
  EXPECT_EQ(count(partAt(region, p, 2, 0)), 0);
  EXPECT_EQ(count(partAt(region, p, 7, 0)), 0);
}

TEST(Holes, AreWhatTheRimCannotReach) {
  const Plane p = plane(6, 5);
  EXPECT_EQ(withHolesFilled(sliceOf({"......", ".1111.", ".1..1.", ".1111.", "......"}), p),
            sliceOf({"......", ".1111.", ".1111.", ".1111.", "......"}));
  const Region open = sliceOf({"......", ".1111.", ".1..1.", ".1.11.", "......"});
  EXPECT_EQ(withHolesFilled(open, p), open);
}

// ---- curves ------------------------------------------------------------------------------------

TEST(Curve, PassesThroughItsPointsAndStaysRound) {
  const Plane p = plane(64, 64, 1.5, 1.0);
  std::vector<Point> points;
  constexpr double radius_mm = 20;
  for (int i = 0; i < 12; ++i) {
    const double angle = 2 * std::numbers::pi * i / 12;
    points.push_back({32 + radius_mm / 1.5 * std::cos(angle), 32 + radius_mm * std::sin(angle)});
  }
  const auto curve = curveThrough(points, p);
  ASSERT_EQ(curve.size(), 12u * 16);
  for (std::size_t i = 0; i < points.size(); ++i)
    EXPECT_NEAR(p.distance_mm(curve[i * 16], points[i]), 0, 1e-9);
  for (const Point& place : curve) EXPECT_NEAR(p.distance_mm(place, {32, 32}), radius_mm, 0.05);
}

TEST(Curve, APointMovesTwoPiecesToEachSideAlone) {
  const Plane p = plane(64, 64);
  std::vector<Point> points;
  for (int i = 0; i < 10; ++i)
    points.push_back({32 + 20 * std::cos(0.2 * std::numbers::pi * i),
                      32 + 20 * std::sin(0.2 * std::numbers::pi * i)});
  const auto before = curveThrough(points, p, 8);
  points[5].x -= 6;
  const auto after = curveThrough(points, p, 8);
  for (std::size_t i = 0; i < before.size(); ++i) {
    // The points themselves stay, but for the one that was moved.
    const bool near = i > 3 * 8 && i < 7 * 8 && i != 4 * 8 && i != 6 * 8;
    EXPECT_EQ(before[i] == after[i], !near) << "place " << i;
  }
}

TEST(Curve, AroundADiscEnclosesTheDisc) {
  for (const double dx : {1.0, 1.8}) {
    const Plane p = plane(80, 80, dx, 1.2);
    const Region region = disc(p, 24);
    const auto points = pointsAround(region, p, 12);
    ASSERT_EQ(points.size(), 12u);
    for (const Point& point : points)
      EXPECT_NEAR(p.distance_mm(point, {39.5, 39.5}), 24, 0.5 * dx);
    const Region again = pixelsInside(curveThrough(points, p), p);
    int differ = 0;
    for (std::size_t i = 0; i < region.size(); ++i) differ += region[i] != again[i] ? 1 : 0;
    EXPECT_LT(differ, 0.03 * count(region)) << "pixels of " << dx << " mm";
  }
}

TEST(Curve, AroundPartsThatTouchByACornerGoesAroundTheLargest) {
  const Plane p = plane(12, 8);
  const Region region = sliceOf({"............", ".11111......", ".11111......", ".11111......",
                                 ".11111......", "......111...", "......111...", "............"});
  const auto points = pointsAround(region, p, 8);
  ASSERT_EQ(points.size(), 8u);
  for (const Point& point : points) EXPECT_LT(point.x, 6);
  EXPECT_TRUE(pointsAround(Region(p.pixels(), 0), p, 8).empty());
}

TEST(Curve, TellsWhichPieceIsNear) {
  const Plane p = plane(64, 64);
  const std::vector<Point> points{{10, 10}, {50, 10}, {50, 50}, {10, 50}};
  const auto near = nearestOnCurve(points, p, {30, 52});
  EXPECT_EQ(near.piece, 2);
  EXPECT_LT(near.distance_mm, 8);
  EXPECT_EQ(nearestOnCurve(std::vector<Point>{{1, 1}}, p, {1, 1}).piece, -1);
}

// ---- borders -----------------------------------------------------------------------------------

TEST(Borders, EncloseTheCavityAndTheHeart) {
  const Plane p = plane(7, 6);
  const Slice slice = sliceOf({".......", ".22222.", ".21132.", ".21142.", ".22222.", "......."});
  EXPECT_EQ(count(enclosedBy(Border::Endocardium, slice, p)), 4);
  EXPECT_EQ(count(enclosedBy(Border::Epicardium, slice, p)), 20);
  const Slice hollow = sliceOf({".......", ".22222.", ".2..32.", ".2..42.", ".22222.", "......."});
  EXPECT_EQ(enclosedBy(Border::Endocardium, hollow, p), enclosedBy(Border::Endocardium, slice, p))
      << "a mask that does not name the cavity has one";
}

TEST(Borders, OfTheEpicardiumPushedInwardsCutsTheScarAndPulledOutLeavesItAlone) {
  const Plane p = plane(60, 60);
  const Slice before = heart(p, 12, 20);
  const Region epi = enclosedBy(Border::Epicardium, before, p);
  Slice wider = before;
  moveBorder(Border::Epicardium, wider, epi, disc(p, 23), p);
  Slice narrower = before;
  moveBorder(Border::Epicardium, narrower, epi, disc(p, 17), p);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != 0)
      EXPECT_EQ(wider[i], before[i]);
    else
      EXPECT_EQ(wider[i], disc(p, 23)[i] != 0 ? 2 : 0);
    EXPECT_EQ(narrower[i], disc(p, 17)[i] != 0 ? before[i] : 0);
  }
}

TEST(Borders, OfTheEndocardiumDoesNotLeaveTheWall) {
  const Plane p = plane(60, 60);
  Slice slice = heart(p, 12, 20);
  const Slice before = slice;
  const Region inner = enclosedBy(Border::Endocardium, slice, p);
  moveBorder(Border::Endocardium, slice, inner, disc(p, 15, 44, 29.5), p);
  for (std::size_t i = 0; i < slice.size(); ++i) {
    EXPECT_EQ(slice[i] == 0, before[i] == 0) << "the heart is as large as before";
    if (before[i] == 1 && disc(p, 15, 44, 29.5)[i] == 0) { EXPECT_EQ(slice[i], 2); }
  }
}

TEST(Borders, OfTheEndocardiumInAWallThatIsOpenIsACavity) {
  const Plane p = plane(60, 60);
  Slice slice = heart(p, 0, 20);
  const Region inner = disc(p, 12);
  // Open to the right, and nothing is named inside.
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 60; ++x)
      if (inner[p.index(x, y)] != 0 || (x > 30 && std::abs(y - 30) < 5)) slice[p.index(x, y)] = 0;
  moveBorder(Border::Endocardium, slice, enclosedBy(Border::Endocardium, slice, p), disc(p, 13), p);
  EXPECT_EQ(std::ranges::count(slice, 1), count(disc(p, 13)));
}

TEST(Borders, DrawnOnAnEmptySliceInEitherOrderGiveTheSameHeart) {
  const Plane p = plane(60, 60);
  const Region none(p.pixels(), 0), inner = disc(p, 12), outer = disc(p, 20);
  Slice endo_first(p.pixels(), 0), epi_first(p.pixels(), 0);
  moveBorder(Border::Endocardium, endo_first, none, inner, p);
  EXPECT_EQ(std::ranges::count(endo_first, 1), count(inner));
  moveBorder(Border::Epicardium, endo_first, enclosedBy(Border::Epicardium, endo_first, p), outer,
             p);
  moveBorder(Border::Epicardium, epi_first, none, outer, p);
  moveBorder(Border::Endocardium, epi_first, none, inner, p);
  EXPECT_EQ(endo_first, epi_first);
  EXPECT_EQ(std::ranges::count(epi_first, 2), count(outer) - count(inner));
}

// ---- between slices ----------------------------------------------------------------------------

TEST(Interpolation, BetweenTwoRingsIsTheRingBetween) {
  const Plane p = plane(80, 80, 1.5, 1.5);
  const Slice base = heart(p, 24, 36), apex = heart(p, 12, 20);
  const Slice middle = between(base, apex, 0.5, p);
  const auto area = [&](const Slice& slice, std::uint8_t low, std::uint8_t high) {
    return 2.25 * static_cast<double>(std::ranges::count_if(
                      slice, [&](std::uint8_t label) { return label >= low && label <= high; }));
  };
  EXPECT_NEAR(area(middle, 1, 4), std::numbers::pi * 28 * 28, 60);
  EXPECT_NEAR(area(middle, 1, 1), std::numbers::pi * 18 * 18, 60);
  // Both have scar in the upper half of a wall, and the walls do not overlap.
  EXPECT_NEAR(area(middle, 3, 3) / area(middle, 2, 4), 0.40, 0.06);
  for (std::size_t i = p.pixels() * 11 / 20; i < p.pixels(); ++i) EXPECT_NE(middle[i], 3);
  const auto alike = [](const Slice& one, const Slice& other) {
    double same = 0, all = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
      all += one[i] != 0 || other[i] != 0 ? 1 : 0;
      same += one[i] != 0 && one[i] == other[i] ? 1 : 0;
    }
    return same / all;
  };
  EXPECT_GT(alike(between(base, apex, 0, p), base), 0.97);
  EXPECT_GT(alike(between(base, apex, 1, p), apex), 0.97);
}

TEST(Interpolation, OfMasksThatDoNotNameTheCavityKeepsItOpen) {
  const Plane p = plane(80, 80, 1.5, 1.5);
  Slice base = heart(p, 26, 36), apex = heart(p, 12, 20);
  for (Slice* slice : {&base, &apex}) std::ranges::replace(*slice, std::uint8_t{1}, std::uint8_t{0});
  const Slice middle = between(base, apex, 0.5, p);
  const auto wall = static_cast<double>(std::ranges::count_if(middle, isMyocardium)) * 2.25;
  EXPECT_NEAR(wall, std::numbers::pi * (28 * 28 - 19 * 19), 0.08 * wall)
      << "the two walls do not overlap";
  EXPECT_EQ(std::ranges::count(middle, 1), 0);
}

TEST(Interpolation, ScarThatOneSliceHasIsNotInvented) {
  const Plane p = plane(60, 60);
  const Slice with = heart(p, 12, 20);
  Slice without = with;
  std::ranges::replace(without, std::uint8_t{3}, std::uint8_t{2});
  const Slice middle = between(with, without, 0.5, p);
  EXPECT_EQ(std::ranges::count(middle, 3), 0);
  EXPECT_EQ(std::ranges::count(middle, 1), std::ranges::count(with, 1));
}

TEST(Interpolation, GoesByMillimetresWhereSlicesLieUnevenly) {
  Stack stack;
  Geometry grid;
  grid.size = {4, 4, 4};
  grid.spacing_mm = {1, 1, 10};
  stack.image = Volume<float>(grid);
  for (const double place : {0.0, 2.0, 10.0, 20.0}) {
    SliceInfo info;
    info.origin_mm = {0, 0, place};
    stack.slices.push_back(info);
  }
  Mask mask(grid);
  mask.at(1, 1, 0) = 2;
  mask.at(1, 1, 2) = 2;
  const auto found = drawnNeighbours(stack, mask, 1);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->before, 0);
  EXPECT_EQ(found->after, 2);
  EXPECT_DOUBLE_EQ(found->share, 0.2);
  EXPECT_FALSE(drawnNeighbours(stack, mask, 3).has_value()) << "nothing is drawn beyond it";
}

}  // namespace
}  // namespace gadolin::contour
