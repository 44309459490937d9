#include "core/base/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/base/files.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

TEST(SafetensorsTest, RoundTripKeepsValuesAndMetadata) {
  test::TempFolder folder;
  const auto path = folder.path() / "t.safetensors";
  const std::vector<float> image{1.5F, -2.0F, 3.25F, 0.0F, 5.0F, 6.0F};
  const std::vector<std::uint8_t> mask{0, 1, 4};
  ASSERT_TRUE(writeSafetensors(path,
                               {tensorView<float>("image", Dtype::F32, {1, 2, 3}, image),
                                tensorView<std::uint8_t>("mask", Dtype::U8, {3}, mask)},
                               {{"who", "Jörg \"x\""}}));
  const auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->metadata().at("who"), "Jörg \"x\"");
  const auto* tensor = file->find("image");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->shape, (std::vector<std::int64_t>{1, 2, 3}));
  const auto values = tensor->as<float>();
  EXPECT_TRUE(std::equal(values.begin(), values.end(), image.begin(), image.end()));
  EXPECT_EQ(file->find("nothing"), nullptr);
}

TEST(SafetensorsTest, WrongShapeIsNotWritten) {
  test::TempFolder folder;
  const std::vector<float> image(5);
  EXPECT_FALSE(writeSafetensors(folder.path() / "t", {tensorView<float>("i", Dtype::F32, {2, 3}, image)}, {}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// Every one-byte change of the header either opens with checked bounds or is refused; cutting the
// file anywhere is refused.
TEST(SafetensorsTest, FileThatLiesIsNeverReadPastItsEnd) {
  test::TempFolder folder;
  const auto path = folder.path() / "t.safetensors";
  const std::vector<float> image{1, 2, 3, 4};
  ASSERT_TRUE(writeSafetensors(path, {tensorView<float>("image", Dtype::F32, {2, 2}, image)}, {{"a", "b"}}));
  const std::string whole = readFile(path).value();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    ASSERT_TRUE(writeFileAtomically(path, std::string_view(whole).substr(0, cut)));
    EXPECT_FALSE(SafetensorsFile::open(path).ok()) << "cut at " << cut;
  }
  for (std::size_t i = 0; i < whole.size() - 16; ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x15);
    ASSERT_TRUE(writeFileAtomically(path, std::string_view(changed)));
    const auto file = SafetensorsFile::open(path);
    if (!file.ok()) continue;
    for (const auto& tensor : file->tensors()) {
      unsigned sum = 0;
      for (const auto byte : tensor.bytes) sum += static_cast<unsigned>(byte);
      EXPECT_LT(sum, 256U * tensor.bytes.size() + 1);
    }
  }
}

}  // namespace
}  // namespace gadolin
