#include <gtest/gtest.h>

#include <algorithm>

#include "ml/cascade/compose.h"
#include "ml/cascade/losses.h"
#include "ml/cascade/pseudo_masks.h"
#include "ml/cascade/stages.h"
#include "ml/data/painted_scar.h"
#include "ml/data/samples.h"
#include "ml/data/shape.h"
#include "tests/ml/ring_cohort.h"

namespace gadolin::ml {
namespace {

TEST(Window, GoesThereAndBackAtEveryBorder) {
  // A window that passes the right border of a 192x144 image: 94 of its 100 columns lie inside.
  const Plane plane{144, 192};
  Window window;
  window.side = 100;
  window.centre_px = {99.5, 96};
  std::vector<std::uint8_t> cells(100 * 100, 1), native(144 * 192);
  placeBackNearest(cells, window, plane, native);
  int columns = 0;
  for (int x = 0; x < 144; ++x) columns += native[static_cast<std::size_t>(96 * 144 + x)];
  EXPECT_EQ(columns, 94);
}

TEST(Window, SampledAndPlacedBackIsTheSameImage) {
  const Plane plane{40, 30};
  std::vector<float> slice(40 * 30);
  for (std::size_t i = 0; i < slice.size(); ++i) slice[i] = static_cast<float>((i * 7919) % 101);
  Window window;
  window.side = 48;
  window.centre_px = {19.5, 14.5};
  std::vector<float> cells(48 * 48), back(slice.size());
  sampleImage(slice, plane, window, {}, cells);
  placeBack(cells, 48, window, plane, -1.0F, back);
  for (std::size_t i = 0; i < slice.size(); ++i) EXPECT_NEAR(back[i], slice[i], 1e-3F) << i;
}

TEST(Window, ActivationMapLiesOverTheImageItCameFrom) {
  const Plane plane{80, 80};
  Window window;
  window.side = 80;
  window.centre_px = {39.5, 39.5};
  std::vector<float> map(20 * 20, 0.0F), native(80 * 80);
  map[5 * 20 + 15] = 1;  // cell of rows 20..23, columns 60..63
  placeBack(map, 20, window, plane, 0, native);
  double x = 0, y = 0, sum = 0;
  for (std::size_t i = 0; i < native.size(); ++i) {
    sum += static_cast<double>(native[i]);
    x += static_cast<double>(native[i]) * static_cast<double>(i % 80);
    y += static_cast<double>(native[i]) * static_cast<double>(i / 80);
  }
  EXPECT_NEAR(x / sum, 61.5, 0.01);
  EXPECT_NEAR(y / sum, 21.5, 0.01);
}

TEST(Augmentation, SameDrawMovesImageAndLabelsTogether) {
  test::RingCohort cohort(1);
  const auto settings = run::Settings::preset("quick").value();
  PreparedStack stack = prepareStack(cohort.stacks[0], settings);
  AugmentOptions options = augmentOptions(settings, 1.5);
  options.gamma = options.contrast = options.noise = options.bias = 0;
  Random random(5);
  Window window = myocardiumWindow(stack, settings, Look::Wide, imageCentre(stack));
  const auto count = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  for (int trial = 0; trial < 5; ++trial) {
    const Augmentation augmentation = drawAugmentation(options, random);
    std::vector<float> image(count), labels(count);
    fillImage({&stack, 0}, window, augmentation, settings, image);
    fillLabels({&stack, 0}, stack.heart, window, augmentation, labels);
    double pool = 0, pool_count = 0;
    for (std::size_t i = 0; i < count; ++i)
      if (labels[i] == 1) {
        pool += static_cast<double>(image[i]);
        ++pool_count;
      }
    ASSERT_GT(pool_count, 50);
    EXPECT_GT(pool / pool_count, 0.8) << "the pool is bright wherever the window is turned";
  }
}

TEST(Normalisation, DoesNotSeeGainOffsetOrZeroPadding) {
  test::RingCohort cohort(1);
  const auto settings = run::Settings::preset("quick").value();
  const PreparedStack plain = prepareStack(cohort.stacks[0], settings);
  std::vector<float> scaled(cohort.images[0]);
  for (float& v : scaled) v = 3 * v + 2048;
  dataset::FrozenStack other = cohort.stacks[0];
  other.image = scaled;
  const PreparedStack changed = prepareStack(other, settings);
  for (std::size_t i = 0; i < scaled.size(); i += 97)
    EXPECT_NEAR(changed.image[i], plain.image[i], 2e-3F);
}

TEST(Targets, ScarAndDarkCoresAreMyocardiumForStageA) {
  test::RingCohort cohort(1);
  cohort.masks[0][0] = 4;
  const PreparedStack stack =
      prepareStack(cohort.stacks[0], run::Settings::preset("quick").value());
  EXPECT_EQ(stack.heart[0], 2);
  EXPECT_EQ(*std::max_element(stack.heart.begin(), stack.heart.end()), 2);
  EXPECT_TRUE(stack.fibrosis.empty())
      << "labels 3 and 4 reach no target before stage D asks for them";
}

TEST(Targets, TheOutlineOfScarThatWasDrawnAloneIsNoHeart) {
  test::RingCohort cohort(1);
  for (auto& label : cohort.masks[0]) label = label == 3 ? 3 : 0;
  const PreparedStack stack =
      prepareStack(cohort.stacks[0], run::Settings::preset("quick").value());
  EXPECT_TRUE(stack.heart.empty());
}

TEST(Targets, CavityIsFoundWhereMasksHoldTheWallAlone) {
  test::RingCohort cohort(1);
  const PreparedStack whole =
      prepareStack(cohort.stacks[0], run::Settings::preset("quick").value());
  for (auto& label : cohort.masks[0])
    if (label == 1) label = 0;
  const PreparedStack wall = prepareStack(cohort.stacks[0], run::Settings::preset("quick").value());
  EXPECT_EQ(whole.heart, wall.heart);
}

TEST(Shapes, CoreInsideScarIsFilledAndRemoteMyocardiumIsNot) {
  const Plane plane{7, 5};
  //                                  a ring of scar around a core, in a band of myocardium
  const std::vector<std::uint8_t> myocardium{0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  std::vector<std::uint8_t> scar{0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0,
                                 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<std::uint8_t> cavity(scar.size(), 0);
  fillCores(scar, myocardium, cavity, plane);
  EXPECT_EQ(scar[15], 1);
  EXPECT_EQ(std::count(scar.begin(), scar.end(), 1), 9);
}

/// A wall of 24x16 pixels around a cavity of 8x6, bright left and right, with a map that points
/// left.
struct BrightSides {
  static constexpr int side = 32;
  std::vector<float> image = std::vector<float>(side * side, 0.0F);
  std::vector<float> map = std::vector<float>(side * side, -1.0F);
  std::vector<std::uint8_t> heart = std::vector<std::uint8_t>(side * side, 0);
  std::vector<float> values;

  BrightSides() {
    for (int y = 8; y < 24; ++y)
      for (int x = 4; x < 28; ++x) {
        const auto i = static_cast<std::size_t>(y * side + x);
        heart[i] = x >= 12 && x < 20 && y >= 13 && y < 19 ? 1 : 2;
        image[i] = heart[i] == 1 ? 20.0F : x < 10 || x >= 22 ? 10.0F : 1.0F;
        if (x < 7) map[i] = 2.0F;
        if (heart[i] == 2) values.push_back(image[i]);
      }
    image[0] = 100;
  }
  [[nodiscard]] std::vector<std::uint8_t> mask(const run::Settings& settings) const {
    return pseudoMask(image, heart, map, side, pseudoThreshold(values, settings).value_or(-1), {},
                      settings);
  }
};

std::ptrdiff_t ones(const std::vector<std::uint8_t>& mask) {
  return std::count(mask.begin(), mask.end(), std::uint8_t{1});
}

TEST(PseudoMask, KeepsTheBrightPartsOfTheMyocardiumThatTheMapTouches) {
  const auto settings = run::Settings::preset("quick").value();
  BrightSides picture;
  const auto threshold = pseudoThreshold(picture.values, settings);
  ASSERT_TRUE(threshold);
  EXPECT_NEAR(*threshold, 5.5, 1e-6);
  const auto mask = picture.mask(settings);
  EXPECT_EQ(ones(mask), 6 * 16);
  EXPECT_EQ(mask[8 * 32 + 4], 1);
  EXPECT_EQ(mask[8 * 32 + 9], 1) << "the map is negative here, but the part is one";
  EXPECT_EQ(mask[8 * 32 + 27], 0) << "bright, but the map is negative there";
  EXPECT_EQ(mask[15 * 32 + 15], 0) << "bright, but cavity";
  EXPECT_EQ(mask[0], 0) << "bright, but outside the myocardium";
}

TEST(PseudoMask, OfAPositiveSliceIsNotEmptyWhereTheMapMissesEveryBrightPart) {
  const auto settings = run::Settings::preset("quick").value();
  BrightSides picture;
  std::fill(picture.map.begin(), picture.map.end(), -1.0F);
  picture.map[8 * 32 + 15] = 3.0F;  // dark myocardium
  EXPECT_EQ(ones(picture.mask(settings)), 2 * 6 * 16);
}

TEST(PseudoMask, DropsSinglePixelsAsInThePaperWhenAsked) {
  auto settings = run::Settings::preset("quick").value();
  ASSERT_TRUE(settings.set("pseudo.cam_unit", "pixels"));
  EXPECT_EQ(ones(BrightSides().mask(settings)), 3 * 16);
}

TEST(PseudoMask, HoldsTheDarkCoreThatBrightPixelsEnclose) {
  auto settings = run::Settings::preset("quick").value();
  BrightSides picture;
  for (int y = 14; y < 17; ++y)
    for (int x = 6; x < 9; ++x) picture.image[static_cast<std::size_t>(y * 32 + x)] = 0.5F;
  EXPECT_EQ(ones(picture.mask(settings)), 6 * 16);
  ASSERT_TRUE(settings.set("pseudo.fill_mvo", "off"));
  EXPECT_EQ(ones(picture.mask(settings)), 6 * 16 - 9);
}

TEST(Stages, SmallCohortsGetMoreEpochsUntilTheStepsAreEnough) {
  auto settings = run::Settings::preset("paper").value();
  EXPECT_EQ(epochsFor("myocardium", 3, settings), 120) << "the paper's number of epochs stands";
  ASSERT_TRUE(settings.set("myocardium.minimum_steps", "1000"));
  EXPECT_EQ(epochsFor("myocardium", 119, settings), 143);   // 7 steps an epoch
  EXPECT_EQ(epochsFor("myocardium", 3, settings), 1000);    // one
  EXPECT_EQ(epochsFor("myocardium", 3200, settings), 120);  // 200
  EXPECT_EQ(epochsFor("fibrosis", 119, settings), 120) << "each stage has its own";
}

TEST(HeartLevel, MakesHealthyMyocardiumZeroAndBloodOneWhateverTheScanner) {
  test::RingCohort cohort(1);
  const auto settings = run::Settings::preset("quick").value();
  const auto seen = [&](float gain, float offset) {
    for (float& value : cohort.images[0]) value = gain * value + offset;
    PreparedStack stack = prepareStack(cohort.stacks[0], settings);
    stack.p_cavity.assign(stack.heart.size(), 0.0F);
    stack.p_myocardium.assign(stack.heart.size(), 0.0F);
    for (std::size_t i = 0; i < stack.heart.size(); ++i)
      (stack.heart[i] == 1 ? stack.p_cavity : stack.p_myocardium)[i] =
          stack.heart[i] != 0 ? 0.9F : 0.0F;
    measureHeart(stack, settings);
    const Window window = roiWindow(stack, settings);
    const auto side = static_cast<std::size_t>(window.side);
    std::vector<float> image(side * side), labels(side * side);
    fillRoiImage({&stack, 1}, window, {}, settings, image);
    fillLabels({&stack, 1}, stack.heart, window, {}, labels);
    double blood = 0, count = 0;
    for (std::size_t i = 0; i < image.size(); ++i)
      if (labels[i] == 1.0F) {
        blood += static_cast<double>(image[i]);
        ++count;
      }
    return blood / count;
  };
  EXPECT_NEAR(seen(1, 0), 1.0, 0.05);
  EXPECT_NEAR(seen(7, 2048), 1.0, 0.05);
}

TEST(HeartLevel, StaysWhereThereIsNoHeartOrTheSettingIsOff) {
  test::RingCohort cohort(1);
  auto settings = run::Settings::preset("quick").value();
  PreparedStack stack = prepareStack(cohort.stacks[0], settings);
  const std::array<float, 2> as_it_is{0.0F, 1.0F};
  measureHeart(stack, settings);
  EXPECT_EQ(stack.heart_level, as_it_is) << "no prediction yet";
  stack.p_cavity.assign(stack.heart.size(), 0.0F);
  stack.p_myocardium.assign(stack.heart.size(), 0.0F);
  measureHeart(stack, settings);
  EXPECT_EQ(stack.heart_level, as_it_is) << "nothing found";
  for (std::size_t i = 0; i < stack.heart.size(); ++i)
    stack.p_myocardium[i] = stack.heart[i] == 2 ? 0.9F : 0.0F;
  measureHeart(stack, settings);
  EXPECT_NE(stack.heart_level, as_it_is) << "the cavity is what the wall encloses";
  ASSERT_TRUE(settings.set("normalise.heart", "off"));
  measureHeart(stack, settings);
  EXPECT_EQ(stack.heart_level, as_it_is);
}

TEST(MyocardiumWindow, TheCloseLookHasTheSamePixelsAndFewerOfThem) {
  test::RingCohort cohort(1);
  auto settings = run::Settings::preset("quick").value();
  const PreparedStack stack = prepareStack(cohort.stacks[0], settings);
  const Window wide = myocardiumWindow(stack, settings, Look::Wide, {30, 31});
  const Window close = myocardiumWindow(stack, settings, Look::Close, {30, 31});
  EXPECT_EQ(wide.side, 96);
  EXPECT_EQ(close.side, 64);
  EXPECT_EQ(close.step_px, wide.step_px);
  EXPECT_EQ(close.centre_px, wide.centre_px);
  ASSERT_TRUE(settings.set("myocardium.close_side_px", "0"));
  EXPECT_EQ(myocardiumWindow(stack, settings, Look::Close, {30, 31}).side, 96);
}

TEST(MyocardiumWindow, AStepOfTheWideLookCostsNoMorePixelsThanACloseOne) {
  auto settings = run::Settings::preset("quick").value();  // 96 and 64 pixels
  EXPECT_EQ(slicesInStep(Look::Close, 8, settings), 8U);
  EXPECT_EQ(slicesInStep(Look::Wide, 8, settings), 4U) << "8 * 64 * 64 / (96 * 96) = 3.6";
  EXPECT_EQ(slicesInStep(Look::Wide, 1, settings), 1U);
  ASSERT_TRUE(settings.set("myocardium.close_side_px", "0"));
  EXPECT_EQ(slicesInStep(Look::Wide, 8, settings), 8U) << "there is one look";
}

TEST(PaintScar, BrightensAPartOfTheWallAndNothingElse) {
  test::RingCohort cohort(2);
  const auto settings = run::Settings::preset("quick").value();
  PreparedStack stack = prepareStack(cohort.stacks[1], settings);  // a healthy one
  const Window window = myocardiumWindow(stack, settings, Look::Close, imageCentre(stack));
  const auto side = static_cast<std::size_t>(window.side);
  std::vector<float> image(side * side), labels(side * side);
  fillImage({&stack, 0}, window, {}, settings, image);
  fillLabels({&stack, 0}, stack.heart, window, {}, labels);
  const auto borders = [&](std::size_t i, float label) {
    return labels[i - 1] == label || labels[i + 1] == label || labels[i - side] == label ||
           labels[i + side] == label;
  };
  int through_the_wall = 0, wide = 0, with_fat = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto painted = image, again = image;
    paintScar(painted, labels, window.side, 1.5, seed);
    paintScar(again, labels, window.side, 1.5, seed);
    EXPECT_EQ(painted, again) << "the same seed paints the same";
    int brighter = 0, wall = 0, inner = 0, outer = 0, fat = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
      EXPECT_GE(painted[i], image[i]);
      if (labels[i] == 1.0F) {
        EXPECT_EQ(painted[i], image[i]) << "blood stays";
      }
      // Further out than the soft edge of a scar: fat.
      if (labels[i] == 0.0F && painted[i] > image[i] + 0.5F && !borders(i, 2.0F)) ++fat;
      if (labels[i] != 2.0F) continue;
      ++wall;
      if (painted[i] <= image[i] + 0.5F) continue;
      ++brighter;
      inner += borders(i, 1.0F) ? 1 : 0;
      outer += borders(i, 0.0F) ? 1 : 0;
    }
    EXPECT_GT(brighter, 0) << seed;
    EXPECT_LT(brighter, wall) << seed;
    EXPECT_GT(inner, 0) << "ischaemic scar begins at the endocardium, seed " << seed;
    through_the_wall += outer > 0 ? 1 : 0;
    wide += 4 * brighter > wall ? 1 : 0;
    if (fat > 0) {
      ++with_fat;
      EXPECT_GT(outer, 0) << "fat lies on scar that reaches it, seed " << seed;
    }
  }
  EXPECT_GT(with_fat, 3);
  EXPECT_LT(with_fat, 20);
  // Scar that is as bright as blood and reaches the lung is what a network takes for cavity.
  EXPECT_GT(through_the_wall, 10);
  EXPECT_LT(through_the_wall, 40);
  EXPECT_GT(wide, 5);
  std::fill(labels.begin(), labels.end(), 0.0F);
  auto painted = image;
  paintScar(painted, labels, window.side, 1.5, 5);
  EXPECT_EQ(painted, image) << "no wall, no scar";
}

/// A stack whose heart was predicted as it was drawn.
PreparedStack predictedAsDrawn(const dataset::FrozenStack& source, const run::Settings& settings) {
  PreparedStack stack = prepareStack(source, settings);
  stack.p_cavity.assign(stack.heart.size(), 0.0F);
  stack.p_myocardium.assign(stack.heart.size(), 0.0F);
  for (std::size_t i = 0; i < stack.heart.size(); ++i) {
    stack.p_cavity[i] = stack.heart[i] == 1 ? 0.95F : 0.0F;
    stack.p_myocardium[i] = stack.heart[i] == 2 ? 0.95F : 0.0F;
  }
  return stack;
}

TEST(Compose, LittleFibrosisThatTheClassifierDoubtsIsNone) {
  test::RingCohort cohort(1);
  auto settings = run::Settings::preset("quick").value();
  const PreparedStack stack = predictedAsDrawn(cohort.stacks[0], settings);
  const std::vector<float> everywhere(stack.heart.size(), 0.9F);
  const auto scar = [&](const std::vector<float>& slices) {
    const auto mask = composeMask(stack, everywhere, 0.5, slices, settings);
    return std::count(mask.begin(), mask.end(), 3);
  };
  const auto all = scar({});
  ASSERT_GT(all, 0);
  EXPECT_EQ(scar({0.9F, 0.2F, 0.1F}), all) << "quick asks nobody";
  ASSERT_TRUE(settings.set("predict.doubted_ml", "50"));
  EXPECT_EQ(scar({0.9F, 0.2F, 0.1F}), 0) << "one slice alone";
  EXPECT_EQ(scar({0.9F, 0.2F, 0.5F}), 0) << "two that do not touch";
  EXPECT_EQ(scar({0.1F, 0.9F, 0.5F}), all) << "two neighbours";
  EXPECT_EQ(scar({}), all) << "no classifier to ask";
  ASSERT_TRUE(settings.set("predict.doubted_ml", "1"));
  EXPECT_EQ(scar({0.9F, 0.2F, 0.1F}), all) << "more than that is not doubted";
}

TEST(Compose, FibrosisStaysInTheMyocardiumAndLittleOfItIsNone) {
  test::RingCohort cohort(1);
  auto settings = run::Settings::preset("quick").value();
  ASSERT_TRUE(settings.set("predict.margin_mm", "0"));
  const PreparedStack stack = predictedAsDrawn(cohort.stacks[0], settings);
  const std::vector<float> everywhere(stack.heart.size(), 0.9F), nowhere(stack.heart.size(), 0.1F);
  const auto all = composeMask(stack, everywhere, 0.5, {}, settings);
  const auto none = composeMask(stack, nowhere, 0.5, {}, settings);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i], stack.heart[i] == 2 ? 3 : stack.heart[i]);
    EXPECT_EQ(none[i], stack.heart[i]);
  }
  ASSERT_TRUE(settings.set("predict.slice_gate", "0.5"));
  const std::vector<float> gate{0.1F, 0.9F, 0.1F};
  const auto gated = composeMask(stack, everywhere, 0.5, gate, settings);
  EXPECT_EQ(std::count(gated.begin(), gated.begin() + static_cast<std::ptrdiff_t>(stack.area()), 3),
            0);
  EXPECT_GT(std::count(gated.begin(), gated.end(), 3), 0);
  ASSERT_TRUE(settings.set("predict.minimum_ml", "20"));
  const auto little = composeMask(stack, everywhere, 0.5, gate, settings);
  EXPECT_EQ(std::count(little.begin(), little.end(), 3), 0);
}

}  // namespace
}  // namespace gadolin::ml
