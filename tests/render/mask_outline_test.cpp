#include "ui/view/mask_outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace gadolin::view {
namespace {

TEST(MaskOutline, OfOneVoxelIsItsFourEdges) {
  const std::array<std::uint8_t, 9> slice{0, 0, 0, 0, 3, 0, 0, 0, 0};
  EXPECT_THAT(borderOf(slice, 3, 3, 0b01000),
              ::testing::UnorderedElementsAre(BorderPiece{1, 1, 2, 1}, BorderPiece{1, 2, 2, 2},
                                              BorderPiece{1, 1, 1, 2}, BorderPiece{2, 1, 2, 2}));
}

TEST(MaskOutline, JoinsStraightRunsAndClosesAtTheRim) {
  const std::array<std::uint8_t, 4> slice{2, 3, 2, 3};
  EXPECT_THAT(borderOf(slice, 2, 2, 0b01100),
              ::testing::UnorderedElementsAre(BorderPiece{0, 0, 2, 0}, BorderPiece{0, 2, 2, 2},
                                              BorderPiece{0, 0, 0, 2}, BorderPiece{2, 0, 2, 2}));
}

TEST(MaskOutline, IsEmptyWhereTheLabelIsAbsent) {
  const std::array<std::uint8_t, 4> slice{2, 3, 2, 3};
  EXPECT_TRUE(borderOf(slice, 2, 2, 0b10000).empty());
}

}  // namespace
}  // namespace gadolin::view
