// Which DICOM series come in, as what, and whose they are.

#include <gmock/gmock.h>

#include "core/imaging/stack_file.h"
#include "tests/session/importer_fixture.h"
#include "tests/support/shared_data.h"

namespace gadolin::session {
namespace {

using testing::HasSubstr;

TEST_F(ImporterTest, ASeriesThatIsNoLateEnhancementIsLeftUntilSomebodyTakesIt) {
  writeSeries("lge", {}, 4);
  test::DicomSpec map;
  map.series += ".7";
  map.sop += ".7";
  map.description = "ShMOLLI T1 map 3";
  writeSeries("map", map, 3);
  const auto first = import();
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->stacks, 1);
  ASSERT_EQ(first->refused.size(), 1U);
  EXPECT_EQ(first->refused[0].code, "not-lge");
  EXPECT_EQ(first->refused[0].series, "ShMOLLI T1 map 3");
  EXPECT_THAT(first->refused[0].reason, HasSubstr("does not look like late enhancement"));
  EXPECT_THAT(first->refused[0].reason, HasSubstr("-8 'shmolli' in the description"));
  ASSERT_EQ(first->series.size(), 2U);

  ImportRequest request;
  request.take = {"ShMOLLI T1 map 12"};  // of another patient: the same kind
  const auto second = import(request);
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->stacks, 2);
  EXPECT_EQ(second->new_stacks, 1);
  EXPECT_TRUE(second->refused.empty());
  EXPECT_EQ(import()->stacks, 2) << "the decision is remembered";
  EXPECT_TRUE(db::refusals(project_->reader()).value().empty());

  request.take.clear();
  request.leave = {"LGE SAX"};
  const auto fourth = import(request);
  ASSERT_TRUE(fourth.ok());
  ASSERT_EQ(fourth->refused.size(), 1U);
  EXPECT_EQ(fourth->refused[0].code, "not-lge");
  EXPECT_THAT(fourth->refused[0].reason, HasSubstr("decided to leave"));
}

TEST_F(ImporterTest, OfRepeatedSlicesTheLaterComeInAndTheEarlierWhenSomebodyTicksThem) {
  test::DicomSpec first;
  first.date = "20240229";
  first.time = "101500";
  writeSeries("lge", first, 5);
  test::DicomSpec again = first;
  again.series += ".7";
  again.sop += ".7";
  again.time = "102730.5";
  again.position = "1\\2\\80";  // the third slice
  again.pixels = {60, 61, 62, 63, 64, 65};
  write("again", test::dicomBytes(again));

  const auto voxelsOf = [&](std::size_t stack) {
    const auto stacks = db::allStacks(project_->reader()).value();
    return readStack(project_->paths().stack(stacks.at(stack).id))->image.voxels;
  };
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  EXPECT_EQ(summary->slices, 5);
  ASSERT_EQ(summary->refused.size(), 1U);
  EXPECT_EQ(summary->refused[0].code, "earlier-images");
  EXPECT_THAT(summary->refused[0].reason, HasSubstr("Slice 3 was acquired again, up to 13 min later"));
  EXPECT_EQ(voxelsOf(0).at(2 * 6), 60);
  ASSERT_EQ(summary->series.size(), 2U);
  EXPECT_TRUE(summary->series[0].taken);
  EXPECT_FALSE(summary->series[1].taken);
  EXPECT_EQ(summary->series[1].rank, 1);

  ImportRequest both;
  both.take = {*summary->refused[0].series};
  const auto more = import(both);
  ASSERT_TRUE(more.ok());
  EXPECT_EQ(more->stacks, 2);
  EXPECT_TRUE(more->refused.empty());
  EXPECT_EQ(voxelsOf(1).at(2 * 6), 2) << "the image before";
  EXPECT_EQ(db::allStacks(project_->reader())->at(1).description, "LGE SAX (earlier images)");

  // The decision holds for these images alone, the one about a description for all repeats.
  ImportRequest none;
  none.leave = {"LGE SAX"};
  const auto left = import(none);
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(left->stacks, 1) << "the earlier images, which were asked for by name";
  none.leave = {summary->series[1].name};
  EXPECT_FALSE(import(none)->series[1].taken);
}

TEST_F(ImporterTest, DicomPatientsAreNamedByPseudonymAndBothReconstructionsAreTheirs) {
  test::DicomSpec magnitude, psir;
  psir.series = "1.2.3.2";
  psir.sop = "1.2.3.2.1";
  psir.image_type = "DERIVED\\PRIMARY\\PSIR";
  psir.pixels.back() = -5;  // the same voxels twice would be one stack imported twice
  writeSeries("a", magnitude, 4);
  writeSeries("b", psir, 4);
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->patients, 1);
  EXPECT_EQ(summary->stacks, 1 + 1);
  EXPECT_EQ(summary->slices, 8);
  const auto stacks = db::allStacks(project_->reader());
  ASSERT_EQ(stacks->size(), 2U);
  const std::string patient = stacks->at(0).patient;
  EXPECT_THAT(patient, testing::MatchesRegex("P[0-9a-f]{8}"));
  EXPECT_EQ(stacks->at(0).id, patient + "-s1");
  EXPECT_EQ(stacks->at(1).id, patient + "-s2");
  EXPECT_EQ(stacks->at(0).kind, ImageKind::Magnitude);
  EXPECT_EQ(stacks->at(1).kind, ImageKind::Psir);
  EXPECT_EQ(stacks->at(0).spacing_mm, (std::array{0.75, 1.25, 10.0}));
  EXPECT_FALSE(stacks->at(0).apex_first);
  // Neither the number nor the name of the patient is anywhere in the project.
  for (const auto& entry : fs::recursive_directory_iterator(project_->paths().root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find("Secret"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("4711"), std::string::npos) << entry.path();
  }
}

TEST_F(ImporterTest, RealShortAxisSeriesHasItsGeometry) {
  const auto data = test::sharedData("hard/derived/dicom/sax_ok");
  if (data.empty()) GTEST_SKIP() << "The derived DICOM folders are not on this machine.";
  ImportRequest request;
  request.paths = {data};
  const auto summary = import(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  ASSERT_EQ(summary->stacks, 1);
  const auto record = db::allStacks(project_->reader())->at(0);
  EXPECT_EQ(record.size, (std::array{384, 288, 7}));
  EXPECT_NEAR(record.spacing_mm[0], 0.9375, 1e-6);
  EXPECT_NEAR(record.spacing_mm[1], 0.9375, 1e-6);
  EXPECT_NEAR(record.spacing_mm[2], 10, 1e-4);
}

}  // namespace
}  // namespace gadolin::session
