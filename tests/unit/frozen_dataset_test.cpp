#include "core/dataset/frozen_dataset.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace gadolin::dataset {
namespace {

struct Memory {
  std::vector<float> image;
  std::vector<std::uint8_t> mask;
};

FrozenStack smallStack(Memory& memory, const std::string& name) {
  memory.image.resize(4 * 3 * 2);
  for (std::size_t i = 0; i < memory.image.size(); ++i)
    memory.image[i] = static_cast<float>(i) - 5.5F;
  memory.mask.assign(memory.image.size(), 0);
  memory.mask[7] = 4;
  FrozenStack stack;
  stack.stack = name;
  stack.patient = "p1";
  stack.part = Part::Validation;
  stack.kind = "psir";
  stack.size = {4, 3, 2};
  stack.spacing_mm = {1.4, 0.9, 10};
  stack.slice_extent_mm = {10, 8};
  stack.labels = {SliceLabel::Fibrosis, SliceLabel::None};
  stack.stack_label = SliceLabel::Fibrosis;
  stack.image = memory.image;
  stack.mask = memory.mask;
  return stack;
}

TEST(FrozenDataset, IsTheSameAfterWritingAndReading) {
  test::TempFolder folder;
  const auto path = folder.path() / "dataset.safetensors";
  Memory first, second;
  FrozenStack bare = smallStack(second, "b");
  bare.mask = {};
  bare.labels.clear();
  bare.stack_label.reset();
  bare.part = Part::None;
  FrozenStack partly = smallStack(first, "a");
  partly.undrawn_slices = {1};
  ASSERT_TRUE(writeFrozenDataset(path, {partly, bare}));
  const auto read = FrozenDataset::open(path);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->stacks().size(), 2U);
  const FrozenStack& a = read->stacks()[0];
  EXPECT_EQ(a.patient, "p1");
  EXPECT_EQ(a.part, Part::Validation);
  EXPECT_EQ(a.kind, "psir");
  EXPECT_EQ(a.size, (std::array<int, 3>{4, 3, 2}));
  EXPECT_EQ(a.spacing_mm, (std::array<double, 3>{1.4, 0.9, 10}));
  EXPECT_EQ(a.slice_extent_mm, (std::vector<double>{10, 8}));
  EXPECT_EQ(a.labels, (std::vector<SliceLabel>{SliceLabel::Fibrosis, SliceLabel::None}));
  EXPECT_EQ(a.stack_label, SliceLabel::Fibrosis);
  EXPECT_TRUE(std::equal(a.image.begin(), a.image.end(), first.image.begin(), first.image.end()));
  EXPECT_EQ(a.mask[7], 4);
  EXPECT_EQ(a.undrawn_slices, std::vector<int>{1});
  EXPECT_TRUE(a.isDrawn(0));
  EXPECT_FALSE(a.isDrawn(1));
  const FrozenStack& b = read->stacks()[1];
  EXPECT_TRUE(b.mask.empty());
  EXPECT_TRUE(b.labels.empty());
  EXPECT_FALSE(b.stack_label);
}

TEST(FrozenDataset, WhatDisagreesIsRefusedBeforeAFileExists) {
  test::TempFolder folder;
  const auto path = folder.path() / "dataset.safetensors";
  Memory memory;
  const auto refuse = [&](auto&& spoil) {
    FrozenStack stack = smallStack(memory, "a");
    spoil(stack);
    const auto written = writeFrozenDataset(path, {stack});
    EXPECT_FALSE(written);
    EXPECT_FALSE(std::filesystem::exists(path));
  };
  refuse([](FrozenStack& s) { s.size[0] = 5; });
  refuse([](FrozenStack& s) { s.labels.pop_back(); });
  refuse([](FrozenStack& s) { s.slice_extent_mm.clear(); });
  refuse([](FrozenStack& s) { s.stack = "../a"; });
  refuse([](FrozenStack& s) { s.spacing_mm[1] = 0; });
  refuse([](FrozenStack& s) { s.undrawn_slices = {2}; });
  refuse([](FrozenStack& s) { s.undrawn_slices = {1, 0}; });
  memory.mask[3] = 0;
  refuse([&](FrozenStack&) { memory.mask[3] = 9; });
  memory.mask[3] = 0;
  EXPECT_FALSE(writeFrozenDataset(path, {smallStack(memory, "a"), smallStack(memory, "a")}));
}

TEST(FrozenDataset, AFileOfAnotherKindIsRefused) {
  test::TempFolder folder;
  const auto path = folder.path() / "x.safetensors";
  ASSERT_TRUE(writeSafetensors(path, {}, {}));
  EXPECT_EQ(FrozenDataset::open(path).error().code, ErrorCode::Corrupt);
  ASSERT_TRUE(
      writeSafetensors(path, {}, {{"gadolin", R"({"version":1,"stacks":[{"stack":"a"}]})"}}));
  EXPECT_EQ(FrozenDataset::open(path).error().code, ErrorCode::Corrupt);
  ASSERT_TRUE(writeSafetensors(path, {}, {{"gadolin", R"({"version":9,"stacks":[]})"}}));
  EXPECT_EQ(FrozenDataset::open(path).error().code, ErrorCode::NewerVersion);
}

}  // namespace
}  // namespace gadolin::dataset
