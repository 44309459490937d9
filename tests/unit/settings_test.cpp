#include "core/run/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/files.h"
#include "core/run/run_config.h"
#include "tests/support/temp_folder.h"

namespace gadolin::run {
namespace {

TEST(Settings, EveryPresetHasEveryKeyInItsRange) {
  for (const char* name : {"quick", "standard", "paper"}) {
    const auto settings = Settings::preset(name);
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->values().size(), settingTable().size()) << name;
  }
  EXPECT_FALSE(Settings::preset("fast"));
}

TEST(Settings, PaperPresetHoldsTheReferenceNumbers) {
  const auto paper = Settings::preset("paper");
  ASSERT_TRUE(paper);
  EXPECT_EQ(paper->integer("myocardium.width"), 32);
  EXPECT_EQ(paper->integer("myocardium.epochs"), 120);
  EXPECT_EQ(paper->integer("roi.side_px"), 100);
  EXPECT_EQ(paper->integer("roi.net_px"), 224);
  EXPECT_EQ(paper->integer("train.batch"), 16);
  EXPECT_DOUBLE_EQ(paper->real("fibrosis.learning_rate"), 1e-4);
  EXPECT_DOUBLE_EQ(paper->real("pseudo.crf_sd_px"), 3.0);
  EXPECT_EQ(paper->choice("pseudo.threshold"), "otsu3-lower");
  EXPECT_FALSE(paper->flag("train.keep_best"));
  EXPECT_EQ(paper->integer("myocardium.minimum_steps"), 0);
  EXPECT_EQ(paper->integer("fibrosis.minimum_steps"), 0);
  EXPECT_EQ(paper->integer("fibrosis.epochs"), 120);
  EXPECT_EQ(paper->choice("pseudo.cam_unit"), "pixels");
  EXPECT_FALSE(paper->flag("pseudo.fill_mvo"));
  EXPECT_FALSE(paper->flag("normalise.heart"));
  EXPECT_DOUBLE_EQ(paper->real("augment.scar_chance"), 0.0);
  const auto holds = [&](std::initializer_list<std::pair<const char*, const char*>> values) {
    for (const auto& [key, value] : values)
      EXPECT_EQ(paper->values().find(key)->second, value) << key;
  };
  // Crop and intensities.
  holds({{"myocardium.side_px", "224"},
         {"myocardium.close_side_px", "0"},
         {"myocardium.pixel_mm", "0"},
         {"roi.pixel_mm", "0"},
         {"roi.centre", "all-voxels"},
         {"myocardium.look_again", "off"},
         {"normalise.rule", "slice-zscore"},
         {"normalise.low_percent", "0"},
         {"normalise.high_percent", "100"},
         {"normalise.padding", "mean"}});
  // Augmentation.
  holds({{"augment.affine_chance", "0.5"},
         {"augment.rotation_deg", "90"},
         {"augment.scale_low", "0.8"},
         {"augment.scale_high", "1.2"},
         {"augment.shear_deg", "5"},
         {"augment.shift_mm", "0"},
         {"augment.flip", "on"},
         {"augment.contrast", "0.1"},
         {"augment.gamma", "0"},
         {"augment.noise", "0"},
         {"augment.bias", "0"},
         {"augment.second_sampling", "on"}});
  // Optimiser: Adam, no schedule, the last epoch.
  holds({{"train.optimiser_decay", "0"},
         {"train.schedule", "constant"},
         {"train.warmup_steps", "0"},
         {"train.ema", "0"},
         {"myocardium.learning_rate", "0.0001"},
         {"classifier.learning_rate", "0.0001"},
         {"classifier.epochs", "120"},
         {"classifier.stacks_in_step", "2"},
         {"myocardium.loss", "dice"},
         {"fibrosis.loss", "dice"},
         {"fibrosis.loss_region", "all"},
         {"fibrosis.start", "random"}});
  // Classifier and pseudo-masks.
  holds({{"classifier.width_factor", "1"},
         {"classifier.myocardium_input", "on"},
         {"classifier.pooling", "sum"},
         {"classifier.stack_pooling", "mean"},
         {"classifier.weighted_stacks", "on"},
         {"classifier.mask_threshold", "0.4"},
         {"classifier.stack_slices_min", "7"},
         {"classifier.stack_slices_max", "15"},
         {"pseudo.scope", "as-labelled"},
         {"pseudo.threshold_pixels", "cam"},
         {"pseudo.region", "pooled"},
         {"pseudo.cam_floor", "0"},
         {"pseudo.slice_probability", "0"},
         {"pseudo.crf", "on"},
         {"pseudo.crf_weight", "1"},
         {"pseudo.crf_iterations", "5"}});
  // Fibrosis and prediction.
  holds({{"fibrosis.myocardium_input", "pixel"},
         {"fibrosis.width", "32"},
         {"predict.flips", "1"},
         {"predict.myocardium_threshold", "0.4"},
         {"predict.fibrosis_threshold", "0.5"},
         {"predict.inside_myocardium", "off"},
         {"predict.largest_part", "off"},
         {"predict.minimum_ml", "0"},
         {"predict.slice_gate", "0"}});
}

TEST(Settings, MisspeltKeyIsRefusedWithTheNearestOne) {
  auto settings = Settings::preset("quick");
  ASSERT_TRUE(settings);
  const auto before = settings->values();
  const auto refused = settings->set("myocardium.epoch", "3");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(refused.error().message.find("myocardium.epochs"), std::string::npos);
  EXPECT_EQ(settings->values(), before);
}

TEST(Settings, WrongTypeAndRangeAreRefusedAndNameTheRange) {
  auto settings = Settings::preset("quick");
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->set("train.batch", "16x"));
  EXPECT_FALSE(settings->set("train.batch", ""));
  EXPECT_FALSE(settings->set("train.batch", "1.5"));
  EXPECT_FALSE(settings->set("roi.pixel_mm", "nan"));
  EXPECT_FALSE(settings->set("augment.flip", "maybe"));
  EXPECT_FALSE(settings->set("pseudo.threshold", "otsu"));
  const auto refused = settings->set("train.batch", "0");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("1 to 256 slices"), std::string::npos)
      << refused.error().message;
  ASSERT_TRUE(settings->set("augment.flip", "false"));
  EXPECT_FALSE(settings->flag("augment.flip"));
}

TEST(Settings, ANumberIsWrittenAsAPersonWouldAndReadsBack) {
  EXPECT_EQ(numberText(96), "96");
  EXPECT_EQ(numberText(-10), "-10");
  EXPECT_EQ(numberText(99.5), "99.5");
  EXPECT_EQ(numberText(0.1), "0.1");
  EXPECT_EQ(numberText(0.0001), "0.0001");
  EXPECT_EQ(numberText(1e-7), "0.0000001");
  EXPECT_EQ(numberText(200000), "200000");
  auto settings = Settings::preset("quick").value();
  for (const SettingInfo& info : settingTable()) {
    if (info.kind != SettingKind::Real) continue;
    for (const double bound : {info.minimum, info.maximum}) {
      ASSERT_TRUE(settings.set(info.key, numberText(bound))) << info.key;
      EXPECT_EQ(settings.real(info.key), bound) << info.key;
    }
  }
}

TEST(Settings, ARefusalSaysTheRangeInTheWordsOfTheManual) {
  auto settings = Settings::preset("quick").value();
  const auto said = [&settings](const char* key, const char* value) {
    const auto refused = settings.set(key, value);
    EXPECT_FALSE(refused) << key;
    return refused ? std::string() : refused.error().message;
  };
  EXPECT_EQ(said("roi.net_px", "50"),
            "Setting roi.net_px cannot be '50': it takes a whole number from 32 to 512 pixels, a "
            "multiple of 16.");
  EXPECT_EQ(said("roi.net_px", "9"),
            "Setting roi.net_px cannot be '9': it takes a whole number from 32 "
            "to 512 pixels, a multiple of 16.");
  EXPECT_EQ(said("fibrosis.learning_rate", "2"),
            "Setting fibrosis.learning_rate cannot be '2': it takes a number from 0.0000001 to 1.");
  EXPECT_EQ(said("predict.flips", "9"),
            "Setting predict.flips cannot be '9': it takes one of 1, 2, 4, 8 views.");
  EXPECT_EQ(said("classifier.pooling", "max"),
            "Setting classifier.pooling cannot be 'max': it takes one of sum, mean.");
  EXPECT_EQ(said("pseudo.crf", "maybe"),
            "Setting pseudo.crf cannot be 'maybe': it takes on or off.");
}

TEST(Settings, WhatTheWorkerWouldRefuseIsRefusedBeforeARunIsPrepared) {
  auto settings = Settings::preset("quick");
  ASSERT_TRUE(settings);
  const auto before = settings->values();
  for (const char* key : {"myocardium.side_px", "myocardium.close_side_px", "roi.net_px"}) {
    const auto refused = settings->set(key, "50");
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
    EXPECT_NE(refused.error().message.find(key), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("a multiple of 16"), std::string::npos)
        << refused.error().message;
  }
  const auto views = settings->set("predict.flips", "3");
  ASSERT_FALSE(views);
  EXPECT_NE(views.error().message.find("one of 1, 2, 4, 8 views"), std::string::npos)
      << views.error().message;
  EXPECT_EQ(settings->values(), before);
  for (const auto& [key, value] : {std::pair{"myocardium.close_side_px", "0"},
                                   {"roi.net_px", "96"},
                                   {"roi.side_px", "90"},
                                   {"predict.flips", "4"}})
    EXPECT_TRUE(settings->set(key, value)) << key;
}

TEST(Settings, QuickShowsStagesBAndCWhatItsFiguresWereMadeWith) {
  const auto quick = Settings::preset("quick");
  ASSERT_TRUE(quick);
  // 96 mm around the heart, as stage A looks close up, whose weights stage C begins with
  // (docs/results.md).
  EXPECT_EQ(quick->integer("roi.net_px"), 64);
  EXPECT_EQ(quick->integer("roi.side_px"), 64);
  EXPECT_EQ(quick->integer("roi.side_px"), quick->integer("myocardium.close_side_px"));
  EXPECT_EQ(quick->real("roi.pixel_mm"), quick->real("myocardium.pixel_mm"));
}

TEST(RunConfig, IsTheSameAfterWritingAndReading) {
  test::TempFolder folder;
  const auto path = folder.path() / "run.json";
  RunConfig config;
  config.id = "run-1";
  config.created_utc = "2026-01-31T12:00:00.000Z";
  config.gadolin_version = "0.1.0";
  config.supervision = Supervision::Slice;
  config.preset = "quick";
  config.seed = 18446744073709551615ULL;
  config.threads = 2;
  config.settings = Settings::preset("quick").value();
  ASSERT_TRUE(config.settings.set("myocardium.epochs", "3"));
  config.dataset_sha256 = "abc";
  ASSERT_TRUE(writeRunConfig(path, config));
  const auto read = readRunConfig(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, config.id);
  EXPECT_EQ(read->supervision, Supervision::Slice);
  EXPECT_EQ(read->seed, config.seed);
  EXPECT_EQ(read->threads, 2);
  EXPECT_EQ(read->settings.values(), config.settings.values());
  EXPECT_EQ(read->dataset_sha256, "abc");
}

TEST(RunConfig, ARunFromBeforeASettingPredictsAsItWasTrained) {
  test::TempFolder folder;
  const auto path = folder.path() / "run.json";
  std::ofstream(path) << R"({"version":1,"preset":"quick","settings":{"train.batch":"4"}})";
  const auto read = readRunConfig(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->settings.integer("myocardium.close_side_px"), 0);
  EXPECT_EQ(read->settings.choice("fibrosis.start"), "random");
  EXPECT_EQ(read->settings.integer("classifier.minimum_steps"), 0);
  EXPECT_EQ(read->settings.integer("train.batch"), 4);
}

TEST(RunConfig, UnknownKeysAndBrokenFilesAreRefused) {
  test::TempFolder folder;
  const auto path = folder.path() / "run.json";
  const auto refusal = [&](const std::string& text) {
    std::ofstream(path) << text;
    const auto read = readRunConfig(path);
    return read ? std::string() : read.error().message;
  };
  EXPECT_NE(refusal(R"({"version":1,"preset":"quick","suprvision":"pixel"})").find("suprvision"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"version":1,"preset":"quick","settings":{"train.bach":"1"}})")
                .find("train.batch"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"version":1,"preset":"quick","seed":"x"})"), "");
  EXPECT_NE(refusal(R"({"version":2,"preset":"quick"})").find("newer"), std::string::npos);
  EXPECT_NE(refusal("{"), "");
  EXPECT_NE(refusal("{}"), "");
}

}  // namespace
}  // namespace gadolin::run
