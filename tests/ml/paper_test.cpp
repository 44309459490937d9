// The preset "paper" against numbers that its authors' code gives.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ranges>

#include "core/base/random.h"
#include "ml/cascade/batches.h"
#include "ml/cascade/pseudo_masks.h"
#include "ml/data/samples.h"

namespace gadolin::ml {
namespace {

run::Settings paper() {
  return run::Settings::preset("paper").value();
}

/// One slice of tissue of 0.57 +- 0.06, the authors' statistic of PSIR, with a mask.
struct OneSlice {
  OneSlice(int columns, int rows) {
    Random random(3);
    const auto count = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    image.resize(count);
    mask.assign(count, 0);
    for (float& value : image) value = static_cast<float>(random.normal(0.57, 0.06));
    source.stack = "s";
    source.patient = "p";
    source.size = {columns, rows, 1};
    source.spacing_mm = {1.5, 1.5, 8};
    source.slice_extent_mm = {8};
    source.image = image;
    source.mask = mask;
  }
  std::vector<float> image;
  std::vector<std::uint8_t> mask;
  dataset::FrozenStack source;
};

struct Moments {
  double mean = 0, sd = 0;
};
Moments momentsOf(std::span<const float> values) {
  double sum = 0, squares = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto n = static_cast<double>(values.size());
  return {sum / n, std::sqrt((squares - sum * sum / n) / (n - 1))};
}

TEST(Paper, ASquareThatPassesTheBorderGivesBackThe94ColumnsThatAreThere) {
  OneSlice slice(144, 192);
  PreparedStack stack = prepareStack(slice.source, paper());
  stack.heart_centre_px = {100 - 0.5, 96 - 0.5};
  const Window window = roiWindow(stack, paper());
  EXPECT_EQ(window.side, 224);
  std::vector<std::uint8_t> out(stack.area());
  placeBackNearest(std::vector<std::uint8_t>(224U * 224U, 1), window, stack.plane(), out);
  std::vector<int> columns;
  for (int x = 0; x < 144; ++x)
    if (out[static_cast<std::size_t>(96 * 144 + x)] != 0) columns.push_back(x);
  ASSERT_EQ(columns.size(), 94U);
  EXPECT_EQ(columns.front(), 50);
  EXPECT_EQ(columns.back(), 143);
}

TEST(Paper, ATargetAboveZeroDilatesSmallScars) {
  auto settings = paper();
  const auto areaRatio = [&](auto&& is_scar) {
    OneSlice slice(100, 100);
    PreparedStack stack = prepareStack(slice.source, settings);
    stack.heart_centre_px = {49.5, 49.5};
    stack.evidence = Evidence::Pixel;
    stack.fibrosis.assign(stack.area(), 0);
    double scar = 0;
    for (int y = 0; y < 100; ++y)
      for (int x = 0; x < 100; ++x)
        if (is_scar(x, y)) {
          stack.fibrosis[static_cast<std::size_t>(y * 100 + x)] = 1;
          ++scar;
        }
    stack.p_myocardium.assign(stack.area(), 0.0F);
    const Refs refs{{&stack, 0}};
    const std::vector<std::size_t> items{0};
    const Batch batch = makeBatch(Kind::Fibrosis, Look::Close, refs, items, false, settings,
                                  [](std::size_t, double) { return Augmentation{}; });
    return std::accumulate(batch.target.begin(), batch.target.end(), 0.0) / (2.24 * 2.24) / scar;
  };
  const auto disc = [](double radius) {
    return [radius](int x, int y) { return std::hypot(x - 49.5, y - 49.5) <= radius; };
  };
  for (const double radius : {2.0, 3.0, 4.0, 6.0})
    EXPECT_NEAR(areaRatio(disc(radius)), 1, 0.15) << "half covered: a disc of radius " << radius;
  ASSERT_TRUE(settings.set("reference.target_above_zero", "on"));
  EXPECT_NEAR(areaRatio(disc(2)), 1.79, 0.01);
  EXPECT_NEAR(areaRatio(disc(3)), 1.49, 0.01);
  EXPECT_NEAR(areaRatio(disc(4)), 1.35, 0.01);
  EXPECT_NEAR(areaRatio(disc(6)), 1.25, 0.01);
  EXPECT_NEAR(areaRatio([](int x, int y) { return x >= 50 && x < 52 && y >= 30 && y < 70; }), 1.60,
              0.01);
}

TEST(Paper, ThePaddingIsGreyAndRawZerosShrinkTheTissueWhenAsked) {
  // 192 x 144 padded to 224 x 224: tissue keeps 0.21 of its spread.
  OneSlice slice(144, 192);
  auto settings = paper();
  const auto sampleOf = [&] {
    PreparedStack stack = prepareStack(slice.source, settings);
    std::vector<float> sample(224U * 224U);
    const Window window = myocardiumWindow(stack, settings, Look::Wide, imageCentre(stack));
    fillImage({&stack, 0}, window, {}, settings, sample);
    return sample;
  };
  const auto tissueOf = [](const std::vector<float>& sample) {
    std::vector<float> tissue;
    for (std::size_t y = 17; y < 207; ++y)
      for (std::size_t x = 41; x < 183; ++x) tissue.push_back(sample[y * 224 + x]);
    return tissue;
  };
  const auto grey = sampleOf();
  EXPECT_EQ(grey[0], 0.0F) << "the mean of the tissue";
  EXPECT_NEAR(momentsOf(tissueOf(grey)).mean, 0, 0.02);
  EXPECT_NEAR(momentsOf(tissueOf(grey)).sd, 1, 0.02);
  ASSERT_TRUE(settings.set("reference.zero_padding", "on"));
  const auto raw = sampleOf();
  EXPECT_NEAR(momentsOf(raw).mean, 0, 1e-3);
  EXPECT_NEAR(momentsOf(raw).sd, 1, 1e-3) << "over all that the network sees";
  EXPECT_NEAR(momentsOf(tissueOf(raw)).sd, 0.21, 0.01);
}

TEST(Paper, ColourJitterIsUndoneByTheZScoreButForTheClippedPixels) {
  OneSlice slice(100, 100);
  const auto settings = paper();
  PreparedStack stack = prepareStack(slice.source, settings);
  stack.heart_centre_px = {49.5, 49.5};
  const Window window = roiWindow(stack, settings);
  std::vector<float> plain(224U * 224U), jittered(plain.size());
  fillRoiImage({&stack, 0}, window, {}, settings, plain);
  Augmentation change;
  change.contrast = 1.1;
  change.brightness = -0.1;
  fillRoiImage({&stack, 0}, window, change, settings, jittered);
  const auto far = static_cast<double>(std::ranges::count_if(
      std::views::iota(std::size_t{0}, plain.size()),
      [&](std::size_t i) { return std::abs(plain[i] - jittered[i]) > 0.02F; }));
  EXPECT_LT(far / static_cast<double>(plain.size()), 0.01);
}

TEST(Paper, WhatIsTurnedIntoTheSquareFromOutsideIsGrey) {
  OneSlice slice(200, 200);
  const auto settings = paper();
  PreparedStack stack = prepareStack(slice.source, settings);
  stack.heart_centre_px = {99.5, 99.5};
  const Window window = roiWindow(stack, settings);
  Augmentation smaller;
  smaller.matrix = {1.25, 0, 0, 1.25};
  std::vector<float> sample(224U * 224U);
  fillRoiImage({&stack, 0}, window, smaller, settings, sample);
  EXPECT_EQ(sample[0], 0.0F) << "the image goes on there, the square does not";
  EXPECT_NE(sample[112 * 224 + 112], 0.0F);
}

TEST(Paper, TheBorderOfTheMyocardiumIsASoftTarget) {
  OneSlice slice(224, 224);
  for (std::size_t y = 100; y < 110; ++y)
    for (std::size_t x = 100; x < 110; ++x) slice.mask[y * 224 + x] = 2;
  const auto settings = paper();
  PreparedStack stack = prepareStack(slice.source, settings);
  const Refs refs{{&stack, 0}};
  const std::vector<std::size_t> items{0};
  Augmentation half;
  half.shift = {0.5, 0};
  const Batch batch = makeBatch(Kind::Heart, Look::Wide, refs, items, false, settings,
                                [&](std::size_t, double) { return half; });
  EXPECT_FLOAT_EQ(batch.target[105 * 224 + 105], 2) << "twice the share";
  EXPECT_FLOAT_EQ(batch.target[105 * 224 + 99], 1);
  EXPECT_FLOAT_EQ(batch.target[105 * 224 + 109], 1);
}

TEST(Paper, WithoutAnActivationThereIsNoPseudoMask) {
  const std::vector<float> image(256, 5.0F), map(256, -1.0F);
  const std::vector<std::uint8_t> heart(256, 2);
  const auto count = [&](const char* preset) {
    const auto mask =
        pseudoMask(image, heart, map, 16, 1.0, {}, run::Settings::preset(preset).value());
    return std::ranges::count(mask, 1);
  };
  EXPECT_EQ(count("paper"), 0);
  EXPECT_GT(count("quick"), 0) << "the slice is labelled positive, and bright";
}

TEST(Paper, EachKindOfModelHasItsThreshold) {
  const auto threshold = [](const char* preset, const char* supervision) {
    auto settings = run::Settings::preset(preset).value();
    EXPECT_TRUE(settings.suit(preset, supervision));
    return settings.real("predict.fibrosis_threshold");
  };
  EXPECT_DOUBLE_EQ(threshold("paper", "pixel"), 0.5);
  EXPECT_DOUBLE_EQ(threshold("paper", "slice"), 0.7);
  EXPECT_DOUBLE_EQ(threshold("paper", "stack"), 0.9);
  EXPECT_DOUBLE_EQ(threshold("quick", "stack"), 0) << "chosen on validation";
}

TEST(Paper, EveryFaultOfTheAuthorsCodeIsOffUnlessAskedFor) {
  int switches = 0;
  for (const run::SettingInfo& info : run::settingTable()) {
    if (!info.key.starts_with("reference.")) continue;
    ++switches;
    for (const auto value : {info.quick, info.standard, info.paper}) EXPECT_EQ(value, "off");
  }
  EXPECT_EQ(switches, 6);
}

}  // namespace
}  // namespace gadolin::ml
