// Segments, transmurality and pattern against a heart whose truth is a formula: a thick-walled tube
// with a cap, in the patient's axes, cut by stacks of every axis order.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/analysis/aha_segments.h"
#include "core/analysis/rv_insertion.h"
#include "core/analysis/scar_pattern.h"
#include "core/analysis/wall_chords.h"
#include "core/analysis/wall_report.h"
#include "core/base/random.h"
#include "core/imaging/display_orientation.h"
#include "core/phantom/heart.h"
#include "core/phantom/scan.h"
#include "core/phantom/subject.h"

namespace gadolin::analysis {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double inner_mm = 20, outer_mm = 30, cavity_mm = 81, cap_mm = 90;
const Vec3 middle_of_base{12, -34, 56};

Vec3 unit(const Vec3& v) { return (1 / norm(v)) * v; }

/// Heights are from the base, angles (degrees) from the anterior insertion through the septum, depth
/// from the endocardium: 0..1.
struct Wedge {
  double from_height, to_height, from_angle, to_angle, from_depth, to_depth;
  std::uint8_t label = 3;
};

struct Tube {
  Vec3 axis{0, 0, 1}, anterior{1, 0, 0};
  std::vector<Wedge> scars;

  /// Height, angle in degrees and distance from the axis.
  [[nodiscard]] std::array<double, 3> place(const Vec3& world) const {
    const Vec3 v = world - middle_of_base;
    const double h = dot(v, axis);
    const double x = dot(v, anterior), y = dot(v, cross(axis, anterior));
    double degrees = std::atan2(y, x) * 180 / pi;
    if (degrees < 0) degrees += 360;
    return {h, degrees, std::hypot(x, y)};
  }
  [[nodiscard]] std::uint8_t label(const Vec3& world) const {
    const auto [h, degrees, r] = place(world);
    if (h < 0 || h >= cap_mm || r >= outer_mm) return 0;
    if (h >= cavity_mm) return 2;
    if (r < inner_mm) return 1;
    const double depth = (r - inner_mm) / (outer_mm - inner_mm);
    for (const Wedge& w : scars) {
      if (h >= w.from_height && h < w.to_height && degrees >= w.from_angle && degrees < w.to_angle &&
          depth >= w.from_depth && depth < w.to_depth)
        return w.label;
    }
    return 2;
  }
};

struct Case {
  Stack stack;
  Mask mask;
  RvInsertion insertion;
};

/// A stack over the tube: `axes` as its columns, rows and slices lie; the slice axis is the tube's or
/// runs against it.
Case scan(const Tube& tube, const std::array<Vec3, 3>& axes, double column_mm, double row_mm,
          const std::vector<double>& heights) {
  Case made;
  Geometry grid;
  grid.axes = axes;
  grid.spacing_mm = {column_mm, row_mm, 9};
  grid.size = {static_cast<int>(76 / column_mm), static_cast<int>(76 / row_mm),
               static_cast<int>(heights.size())};
  made.stack.apex_first = dot(axes[2], tube.axis) < 0;
  std::vector<double> order = heights;
  if (made.stack.apex_first) std::ranges::reverse(order);
  // The tube's axis off the middle of the picture, between pixels.
  const Vec3 corner = -1.0 * ((0.47 * grid.size[0] * column_mm) * axes[0] +
                              (0.53 * grid.size[1] * row_mm) * axes[1]);
  grid.origin_mm = middle_of_base + corner + order.front() * tube.axis;
  made.stack.image = Volume<float>(grid);
  made.mask = Mask(grid);
  for (std::size_t z = 0; z < order.size(); ++z) {
    SliceInfo slice;
    slice.origin_mm = middle_of_base + corner + order[z] * tube.axis;
    for (int y = 0; y < grid.size[1]; ++y) {
      for (int x = 0; x < grid.size[0]; ++x) {
        made.mask.at(x, y, static_cast<int>(z)) =
            tube.label(slice.origin_mm + (x * column_mm) * axes[0] + (y * row_mm) * axes[1]);
      }
    }
    made.stack.slices.push_back(slice);
  }
  setExtentsFromPositions(made.stack);
  made.insertion.slice = static_cast<int>(order.size() / 2);
  const Vec3 v = outer_mm * tube.anterior - corner;
  made.insertion.anterior = std::array{dot(v, axes[0]) / column_mm, dot(v, axes[1]) / row_mm};
  return made;
}

/// The 48 ways to lay columns, rows and slices along the axes of a frame.
std::vector<std::array<Vec3, 3>> axisOrders(const std::array<Vec3, 3>& frame) {
  std::vector<std::array<Vec3, 3>> all;
  std::array<std::size_t, 3> order{0, 1, 2};
  do {
    for (int signs = 0; signs < 8; ++signs) {
      std::array<Vec3, 3> axes;
      for (std::size_t i = 0; i < 3; ++i)
        axes[i] = ((signs >> i & 1) != 0 ? -1.0 : 1.0) * frame[order[i]];
      all.push_back(axes);
    }
  } while (std::ranges::next_permutation(order).found);
  return all;
}

const std::vector<double> even_heights{4.5, 13.5, 22.5, 31.5, 40.5, 49.5, 58.5, 67.5, 76.5, 85.5};

TEST(Segments, EveryPixelAwayFromBordersIsInItsSegmentInAll48AxisOrders) {
  // Oblique by 45 degrees twice.
  const Vec3 u = unit({1, 1, 0}), w = unit(cross(u, unit({0, 1, 1}))), v = cross(w, u);
  for (const auto& axes : axisOrders({u, v, w})) {
    for (const double sign : {1.0, -1.0}) {
      Tube tube;
      tube.axis = sign * axes[2];
      tube.anterior = unit(0.8 * axes[0] + 0.6 * axes[1]);
      const Case made = scan(tube, axes, 1.2, 1.5, even_heights);
      const auto frame = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, true);
      ASSERT_TRUE(frame.ok()) << frame.error().message;
      const auto levels = shortAxisLevels(made.stack, made.mask);
      int looked_at = 0;
      for (int z = 0; z < 10; ++z) {
        for (int y = 0; y < made.mask.geometry.size[1]; ++y) {
          for (int x = 0; x < made.mask.geometry.size[0]; ++x) {
            if (!isMyocardium(made.mask.at(x, y, z))) continue;
            const Vec3 world = made.stack.slices[static_cast<std::size_t>(z)].origin_mm +
                               (x * 1.2) * axes[0] + (y * 1.5) * axes[1];
            const auto [h, degrees, r] = tube.place(world);
            const double off = std::fmod(degrees, 15);  // all borders are multiples of 15
            if (std::min(off, 15 - off) < 2) continue;
            // Cerqueira 2002, counted from the insertion through the septum.
            int truth = 17;
            if (h < 54) {
              constexpr std::array<int, 6> ring{2, 3, 4, 5, 6, 1};
              truth = ring[static_cast<std::size_t>(degrees / 60)] + (h < 27 ? 0 : 6);
            } else if (h < 81) {
              truth = degrees < 15 || degrees >= 285 ? 13
                      : degrees < 105                ? 14
                      : degrees < 195                ? 15
                                                     : 16;
            }
            const auto level = levels[static_cast<std::size_t>(z)];
            const double angle = level == ShortAxisLevel::Apex ? 0 : frame->wallAngle(z, x, y);
            ASSERT_EQ(ahaSegment(level, angle), truth) << "height " << h << " angle " << degrees;
            ++looked_at;
          }
        }
      }
      EXPECT_GT(looked_at, 5000);
    }
  }
}

TEST(Segments, VolumesShareAndTransmuralityOfATubeAreThoseOfTheFormula) {
  // Inner half of segment 8 over the whole mid level; the whole wall of half of segment 4.
  Tube tube;
  tube.scars = {{27, 54, 0, 60, 0, 0.5}, {0, 27, 120, 150, 0, 1}};
  const std::array<Vec3, 3> axes{Vec3{0.8, 0.6, 0}, Vec3{-0.6, 0.8, 0}, Vec3{0, 0, 1}};
  for (const auto& [column_mm, row_mm] : {std::pair{0.7, 0.7}, std::pair{0.9, 0.55}}) {
    const Case made = scan(tube, axes, column_mm, row_mm, even_heights);
    const auto frame = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, true);
    ASSERT_TRUE(frame.ok());
    const auto report = measureSegments(made.stack, made.mask, *frame);
    ASSERT_TRUE(report.ok()) << report.error().message;
    const double ring_ml = pi * (30 * 30 - 20 * 20) * 27 / 1000;
    const auto& eight = report->segments[7];
    EXPECT_NEAR(eight.myocardium_ml, ring_ml / 6, 0.01 * ring_ml / 6);
    EXPECT_NEAR(*eight.scarPercent(), 45, 1);  // (25² - 20²) / (30² - 20²)
    EXPECT_NEAR(*eight.transmurality_percent, 50, 3);
    EXPECT_EQ(toText(bandOf(*eight.transmurality_percent - 3)), "26-50");
    const auto& four = report->segments[3];
    EXPECT_NEAR(*four.transmurality_percent, 50, 3) << "half of its width, through the wall";
    EXPECT_NEAR(*four.transmurality_max_percent, 100, 0.01);
    EXPECT_NEAR(*four.scarPercent(), 50, 1);
    for (const int clean : {1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16}) {
      const auto& segment = report->segments[static_cast<std::size_t>(clean - 1)];
      EXPECT_LT(*segment.transmurality_percent, 1.0) << clean;
    }
    const auto& apex = report->segments[16];
    EXPECT_NEAR(apex.myocardium_ml, pi * 900 * 9 / 1000, 0.02 * apex.myocardium_ml);
    EXPECT_FALSE(apex.transmurality_percent.has_value());
    double sum = 0;
    for (const auto& segment : report->segments) sum += segment.myocardium_ml;
    EXPECT_NEAR(sum, 3 * ring_ml + pi * 900 * 9 / 1000, 0.005 * sum);
  }
}

TEST(Segments, UnevenSlicesWeighByTheirExtent) {
  // Mid level: slices at 30, 33 and 48; scar in the first two alone. The slice at 48 stands for most.
  Tube tube;
  tube.scars = {{27, 40, 0, 60, 0, 1}};
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const Case made = scan(tube, axes, 1, 1, {4, 12, 20, 30, 33, 48, 58, 66, 76});
  const auto frame = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, true);
  ASSERT_TRUE(frame.ok());
  const auto report = measureSegments(made.stack, made.mask, *frame);
  ASSERT_TRUE(report.ok());
  // Extents: (33 - 20) / 2 = 6.5, (48 - 30) / 2 = 9, (58 - 33) / 2 = 12.5.
  EXPECT_NEAR(*report->segments[7].transmurality_percent, 100 * 15.5 / 28.0, 1);
}

TEST(Segments, WithoutInsertionThereIsASentenceAndNoSegment) {
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const Case made = scan({}, axes, 1.5, 1.5, even_heights);
  const auto none = shortAxisFrame(made.stack, made.mask, {}, true);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::NotFound);
  // Without the patient's axes the anterior point alone does not say where the septum is.
  EXPECT_FALSE(shortAxisFrame(made.stack, made.mask, {{made.insertion}}, false).ok());
}

TEST(Segments, InferiorInsertionTellsTheTurnWhereTheFileDoesNot) {
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  for (const bool mirrored : {false, true}) {
    Case made = scan({}, axes, 1.5, 1.5, even_heights);
    const auto centres = cavityCentres(made.mask);
    const double turn = mirrored ? -1 : 1;
    const auto& centre = *centres[static_cast<std::size_t>(made.insertion.slice)];
    made.insertion.inferior = std::array{centre[0] + 20 * std::cos(turn * 2 * pi / 3),
                                         centre[1] + 20 * std::sin(turn * 2 * pi / 3)};
    const auto frame = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, false);
    ASSERT_TRUE(frame.ok());
    EXPECT_EQ(frame->septal_turn, mirrored ? -1 : 1);
    EXPECT_NEAR(frame->wallAngle(made.insertion.slice, (*made.insertion.inferior)[0],
                                 (*made.insertion.inferior)[1]),
                2 * pi / 3, 0.01);
    // The patient's axes, where known, are followed, and the contradiction is said.
    const auto known = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, true);
    ASSERT_TRUE(known.ok());
    EXPECT_EQ(known->septal_turn, 1);
    EXPECT_EQ(known->sentences.size(), mirrored ? 1U : 0U);
  }
}

TEST(Segments, OneSliceSaysThatLevelsAreMissing) {
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const Case made = scan({}, axes, 1.5, 1.5, {40});
  const auto frame = shortAxisFrame(made.stack, made.mask, {{made.insertion}}, true);
  ASSERT_TRUE(frame.ok());
  const auto report = measureSegments(made.stack, made.mask, *frame);
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->sentences.size(), 1U);
  EXPECT_NE(report->sentences[0].find("Only 1 slice"), std::string::npos);
  EXPECT_FALSE(report->segments[0].transmurality_percent.has_value());
}

TEST(WallChords, PapillaryMuscleIsNotWallAndAnOpenRingHasFewerChords) {
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  Case made = scan({}, axes, 1, 1, {40});
  const auto centre = *cavityCentres(made.mask)[0];
  // A papillary muscle on the ray along the columns, cavity behind it.
  for (int y = -3; y <= 3; ++y) {
    for (int x = 8; x < 13; ++x)
      made.mask.at(static_cast<int>(centre[0]) + x, static_cast<int>(centre[1]) + y, 0) = 2;
  }
  const auto chords = wallChords(made.mask, 0, centre);
  ASSERT_EQ(chords.size(), 360U);
  for (const auto& chord : chords) {
    EXPECT_NEAR(chord.inner_mm, 20, 1.2);
    EXPECT_NEAR(chord.thickness_mm(), 10, 1.6);
  }
  // The same where the cavity has no label.
  Case bare = made;
  std::ranges::replace(bare.mask.voxels, std::uint8_t{1}, std::uint8_t{0});
  for (const auto& chord : wallChords(bare.mask, 0, *cavityCentres(bare.mask)[0])) {
    EXPECT_NEAR(chord.inner_mm, 20, 1.5) << "the papillary muscle is not the wall";
    EXPECT_NEAR(chord.thickness_mm(), 10, 1.6);
  }
  // The quarter beyond is open to the outflow tract.
  for (int y = 0; y < made.mask.geometry.size[1]; ++y) {
    for (int x = 0; x < made.mask.geometry.size[0]; ++x) {
      if (x > centre[0] && y > centre[1] && made.mask.at(x, y, 0) == 2) made.mask.at(x, y, 0) = 0;
    }
  }
  EXPECT_NEAR(static_cast<double>(wallChords(made.mask, 0, centre).size()), 270, 3);
}

TEST(ScarPattern, EachPatternIsNamedByWhereTheScarLies) {
  const std::array<Vec3, 3> axes{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const std::vector<std::pair<std::array<double, 2>, ScarPattern>> cases{
      {{0.0, 0.5}, ScarPattern::Subendocardial},
      {{0.35, 0.65}, ScarPattern::MidWall},
      {{0.6, 1.0}, ScarPattern::Epicardial},
      {{0.0, 0.9}, ScarPattern::Transmural}};
  for (const auto& [depth, pattern] : cases) {
    Tube tube;
    tube.scars = {{20, 60, 100, 200, depth[0], depth[1]}};
    const Case made = scan(tube, axes, 1, 1, even_heights);
    const auto found = scarPattern(made.stack, made.mask);
    ASSERT_TRUE(found.has_value());
    ASSERT_TRUE(found->dominant.has_value()) << toText(pattern);
    EXPECT_EQ(*found->dominant, pattern) << toText(*found->dominant);
    EXPECT_GT(found->shares[static_cast<std::size_t>(pattern)], 0.9);
  }
  EXPECT_FALSE(scarPattern(scan({}, axes, 1, 1, even_heights).stack,
                           scan({}, axes, 1, 1, even_heights).mask));
}

TEST(WallReport, FoundInsertionsWaitForAReaderWhereTheFileHasNoOrientation) {
  // A phantom, found by its bright right ventricle; then the same pixels without the patient's axes.
  phantom::Subject subject = phantom::makeSubject(7, 0);
  Stack stack = subject.shown();
  const auto report = [&](const SetInsertions& set) {
    return reportWall(stack, subject.truth, insertionsFor(stack, subject.truth, set));
  };
  const WallReport known = report({});
  ASSERT_TRUE(known.segments.has_value()) << known.no_segments;
  EXPECT_TRUE(known.insertions_found);
  EXPECT_EQ(known.insertion_source, "found in the image");
  stack.image.geometry.origin_mm = {0, 0, 0};
  stack.image.geometry.axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  const WallReport unknown = report({});
  EXPECT_FALSE(unknown.segments.has_value());
  EXPECT_NE(unknown.no_segments.find("which insertion"), std::string::npos) << unknown.no_segments;
  ASSERT_EQ(unknown.insertions.size(), 1U) << "to be confirmed";
  const WallReport confirmed = report({unknown.insertions, "ann"});
  EXPECT_TRUE(confirmed.segments.has_value()) << confirmed.no_segments;
  EXPECT_EQ(confirmed.insertion_source, "set by ann");
}

/// Where the right ventricle of a phantom meets the left, by its formula: the arc just outside the
/// left wall that is right-ventricular blood, in the frame of the heart (radians, see Heart).
std::array<double, 2> trueInsertions(const phantom::Heart& heart, double height) {
  // Septal is 180 degrees; go from there both ways until no blood lies within a centimetre.
  const auto meets = [&](double angle) {
    bool wall = false;
    for (double r = 4; r < 60; r += 0.25) {
      const auto sample = heart.at(r * std::cos(angle), r * std::sin(angle), height);
      if (isMyocardium(sample.label)) wall = true;
      if (!wall || sample.label != 0) continue;
      for (double beyond = r + 3; beyond < r + 9; beyond += 1) {  // trabeculae stand in between
        if (heart.at(beyond * std::cos(angle), beyond * std::sin(angle), height).material ==
            phantom::Material::Blood)
          return true;
      }
      return false;
    }
    return false;
  };
  double up = pi, down = pi;
  while (meets(up) && up < 2 * pi) up += 0.01;
  while (meets(down) && down > 0) down -= 0.01;
  return {up, down};  // anterior (-90 degrees = 270), inferior (90)
}

TEST(RvInsertion, IsFoundOnPhantomsWithinTwentyDegreesOfTheFormula) {
  int found_count = 0;
  std::vector<double> errors;
  for (int index = 0; index < 12; ++index) {
    Random random(1000 + static_cast<std::uint64_t>(index));
    const phantom::Heart heart(random, phantom::Territory::Lad);
    const phantom::Torso torso(random, heart);
    const auto sequence = phantom::Sequence::draw(random);
    const auto plan = phantom::ScanPlan::draw(random, heart, index % 4 != 1);
    auto rendering = phantom::render(plan, heart, torso, sequence, random);
    const double blood = sequence.signals()[phantom::slot(phantom::Material::Blood)];
    const auto acquisition = phantom::acquire(rendering, plan, blood, random);
    Stack stack;
    stack.image = phantom::magnitudeImage(acquisition, 500);
    stack.apex_first = plan.apex_first;
    for (int z = 0; z < plan.geometry.size[2]; ++z) {
      SliceInfo slice;
      slice.origin_mm = plan.geometry.toWorld(0, 0, z);
      stack.slices.push_back(slice);
    }
    setExtentsFromPositions(stack);
    const auto found = findRvInsertion(stack, rendering.truth, true);
    if (!found) continue;
    ++found_count;
    const auto z = static_cast<std::size_t>(found->place.slice);
    const auto truth = trueInsertions(heart, plan.height_mm[z]);
    const auto angle = [&](const std::array<double, 2>& place) {
      const auto centre = *cavityCentres(rendering.truth)[z];
      const auto c = plan.point(centre[0], centre[1], z), p = plan.point(place[0], place[1], z);
      return std::atan2(p.y - c.y, p.x - c.x);
    };
    errors.push_back(std::abs(std::remainder(angle(*found->place.anterior) - truth[0], 2 * pi)));
  }
  EXPECT_GE(found_count, 11) << "of 12";
  std::ranges::sort(errors);
  for (double& error : errors) error *= 180 / pi;
  EXPECT_LT(errors[errors.size() / 2], 10) << "median";
  EXPECT_LT(errors[errors.size() * 9 / 10], 20) << "nine of ten";
  RecordProperty("median_degrees", std::to_string(errors[errors.size() / 2]));
  std::printf("anterior insertion: median %.1f, 90 %% %.1f, worst %.1f degrees, found %d of 12\n",
              errors[errors.size() / 2], errors[errors.size() * 9 / 10], errors.back(), found_count);
}

}  // namespace
}  // namespace gadolin::analysis
