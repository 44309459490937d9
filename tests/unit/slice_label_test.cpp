#include "core/labels/slice_label.h"

#include <gtest/gtest.h>

#include <array>

namespace gadolin {
namespace {

using enum SliceLabel;

TEST(SliceLabelTest, TextRoundTrip) {
  for (const auto label : {Unlabelled, None, Fibrosis, Unsure, NotDiagnostic}) {
    EXPECT_EQ(sliceLabelFromText(toText(label)), label);
  }
  EXPECT_FALSE(sliceLabelFromText("yes"));
}

TEST(SliceLabelTest, StackLabelFollowsFromSlices) {
  EXPECT_EQ(stackLabel(std::array{None, Unlabelled, Fibrosis}), Fibrosis);
  EXPECT_EQ(stackLabel(std::array{None, None, NotDiagnostic}), None);
  EXPECT_EQ(stackLabel(std::array{None, Unsure}), Unsure);
  EXPECT_EQ(stackLabel(std::array{None, Unlabelled}), Unlabelled);
  EXPECT_EQ(stackLabel(std::array{NotDiagnostic, NotDiagnostic}), Unlabelled);
}

}  // namespace
}  // namespace gadolin
