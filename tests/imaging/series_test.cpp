#include "core/imaging/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <utility>
#include <vector>

namespace gadolin {
namespace {

using testing::HasSubstr;

/// Image number `i` of an oblique stack that runs from base to apex, `distance_mm` apart.
DicomHeader imageAt(double steps, double distance_mm = 10) {
  DicomHeader h;
  const Vec3 x{0.6, 0.8, 0}, y{0, 0, -1};  // normal (-0.8, 0.6, 0): points from apex to base
  h.path = "im" + std::to_string(steps);
  h.patient_id = "A";
  h.study_uid = "1";
  h.series_uid = "1.1";
  h.sop_uid = "1.1." + std::to_string(steps);
  h.sop_class = "1.2.840.10008.5.1.4.1.1.4";
  h.image_type = "ORIGINAL\\PRIMARY\\M";
  h.series_description = "LGE SAX";
  h.rows = 4;
  h.columns = 6;
  h.position_mm = Vec3{5, 6, 7} + steps * distance_mm * Vec3{0.8, -0.6, 0};
  h.directions = {{x, y}};
  h.pixel_spacing_mm = {{0.75, 1.25}};
  h.thickness_mm = 8;
  return h;
}

std::vector<DicomHeader> stackOf(int slices) {
  std::vector<DicomHeader> headers;
  for (int i = 0; i < slices; ++i) headers.push_back(imageAt(i));
  return headers;
}

TEST(SeriesTest, SlicesComeBaseFirstWhateverTheOrderOfFiles) {
  auto headers = stackOf(5);
  std::swap(headers[0], headers[3]);
  std::swap(headers[1], headers[4]);
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 1U);
  const auto& plan = sorting.plans[0];
  ASSERT_EQ(plan.slices.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(plan.slices[i].sources,
              (std::vector<ImageSource>{{imageAt(static_cast<double>(i)).path, 0}}));
  EXPECT_EQ(plan.geometry.size, (std::array{6, 4, 5}));
  EXPECT_DOUBLE_EQ(plan.geometry.spacing_mm[0], 0.75);
  EXPECT_DOUBLE_EQ(plan.geometry.spacing_mm[1], 1.25);
  EXPECT_NEAR(plan.geometry.spacing_mm[2], 10, 1e-9);
  EXPECT_NEAR(norm(plan.geometry.axes[2] - Vec3{0.8, -0.6, 0}), 0, 1e-12);
  EXPECT_NEAR(norm(plan.geometry.toWorld(0, 0, 4) - *imageAt(4).position_mm), 0, 1e-9);
  EXPECT_EQ(plan.kind, ImageKind::Magnitude);
  EXPECT_TRUE(plan.notes.empty());
}

TEST(SeriesTest, MagnitudeAndPsirUnderOneSeriesBecomeTwoStacks) {
  auto headers = stackOf(3);
  for (int i = 0; i < 3; ++i) {
    headers.push_back(imageAt(i));
    headers.back().image_type = "DERIVED\\PRIMARY\\R\\PSIR";
    headers.back().sop_uid += ".9";
  }
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  EXPECT_EQ(sorting.plans[0].kind, ImageKind::Magnitude);
  EXPECT_EQ(sorting.plans[1].kind, ImageKind::Psir);
  EXPECT_EQ(sorting.plans[1].slices.size(), 3U);
}

TEST(SeriesTest, AMissingSliceIsNotedAndPositionsStayReal) {
  auto headers = stackOf(6);
  headers.erase(headers.begin() + 3);
  const auto sorting = sortSeries(headers);
  const auto named = [](const PlannedSlice& slice) {
    return std::filesystem::path(slice.sources[0].path).filename().string();
  };
  ASSERT_EQ(sorting.plans.size(), 1U);
  const auto& plan = sorting.plans[0];
  EXPECT_NEAR(plan.geometry.spacing_mm[2], 10, 1e-9);
  EXPECT_NEAR(norm(plan.slices[3].info.origin_mm - *imageAt(4).position_mm), 0, 1e-9);
  ASSERT_EQ(plan.notes.size(), 1U);
  EXPECT_THAT(plan.notes[0], HasSubstr("Between slices 3 and 4 lie 20 mm instead of 10 mm (" + named(plan.slices[2]) + " and " + named(plan.slices[3]) + "): a slice"));
}

TEST(SeriesTest, WhateverTellsTwoStacksApartOneSeriesNumberDoesNotMixThem) {
  using Change = void (*)(DicomHeader&);
  const std::vector<std::pair<const char*, Change>> changes{
      {"patient", [](DicomHeader& h) { h.patient_id = "B"; }},
      {"study", [](DicomHeader& h) { h.study_uid = "2"; }},
      {"frame of reference", [](DicomHeader& h) { h.frame_of_reference_uid = "9"; }},
      {"orientation", [](DicomHeader& h) { std::swap((*h.directions)[0], (*h.directions)[1]); }},
      {"matrix", [](DicomHeader& h) { h.columns = 8; }},
      {"pixel size", [](DicomHeader& h) { h.pixel_spacing_mm = {{0.8, 1.25}}; }},
      {"image type", [](DicomHeader& h) { h.image_type = "DERIVED\\PRIMARY\\R\\PSIR"; }}};
  for (const auto& [what, change] : changes) {
    auto headers = stackOf(4);
    for (int i = 0; i < 4; ++i) {  // half way between the others, as if of one stack of eight
      auto other = imageAt(i + 0.5);
      change(other);
      headers.push_back(other);
    }
    const auto sorting = sortSeries(headers);
    ASSERT_EQ(sorting.plans.size(), 2U) << what;
    for (const auto& plan : sorting.plans) {
      EXPECT_EQ(plan.slices.size(), 4U) << what;
      EXPECT_NEAR(plan.geometry.spacing_mm[2], 10, 1e-9) << what;
    }
  }
}

TEST(SeriesTest, AnInversionTimeSeriesIsNoStack) {
  std::vector<DicomHeader> headers;
  for (int i = 0; i < 7; ++i) {
    headers.push_back(imageAt(0));
    headers.back().sop_uid += "." + std::to_string(i);
    headers.back().inversion_time_ms = 100 + 50 * i;
  }
  const auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.plans.empty());
  ASSERT_EQ(sorting.refusals.size(), 1U);
  EXPECT_EQ(sorting.refusals[0].code, "several-per-position");
}

TEST(SeriesTest, AMosaicIsNoCardiacImage) {
  auto headers = stackOf(3);
  for (auto& header : headers) header.image_type = "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC";
  const auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.plans.empty());
  ASSERT_EQ(sorting.refusals.size(), 3U);
  EXPECT_EQ(sorting.refusals[0].code, "mosaic");
}

TEST(SeriesTest, SlicesOfTwoFramesOfReferenceStayApart) {
  auto headers = stackOf(6);
  for (std::size_t i = 3; i < 6; ++i) headers[i].frame_of_reference_uid = "2";
  EXPECT_EQ(sortSeries(headers).plans.size(), 2U);
}

TEST(SeriesTest, AFileOfManyFramesIsRefusedOnce) {
  auto headers = stackOf(3);
  for (int i = 0; i < 3; ++i) {
    auto& header = headers[static_cast<std::size_t>(i)];
    header.path = "enhanced";
    header.frame = i;
    header.position_mm.reset();
  }
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.refusals.size(), 1U);
  EXPECT_EQ(sorting.refusals[0].code, "missing-position");
}

TEST(SeriesTest, ADuplicateWithItsOwnNumberIsLeftToThePixels) {
  auto headers = stackOf(5);
  headers.push_back(imageAt(2));
  headers.back().sop_uid = "another";
  headers.back().path = "again";
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 1U);
  EXPECT_EQ(sorting.plans[0].slices[2].sources,
            (std::vector<ImageSource>{{imageAt(2).path, 0}, {"again", 0}}));
}

TEST(SeriesTest, ACopyOfAFileCountsOnce) {
  auto headers = stackOf(5);
  headers.push_back(imageAt(2));
  headers.back().path = "copy";
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 1U);
  EXPECT_EQ(sorting.plans[0].slices[2].sources.size(), 1U);
  EXPECT_EQ(sorting.warnings.size(), 1U);
}

/// The image at `steps` once more, `later_s` after the others of stackOf, which are 20 s apart.
DicomHeader acquiredAgain(int steps, double later_s) {
  DicomHeader h = imageAt(steps);
  h.path += "again" + std::to_string(static_cast<int>(later_s));
  h.sop_uid = h.path;
  h.acquired_s = 36'000 + 20 * steps + later_s;
  return h;
}

std::vector<DicomHeader> timedStackOf(int slices) {
  auto headers = stackOf(slices);
  for (int i = 0; i < slices; ++i) headers[static_cast<std::size_t>(i)].acquired_s = 36'000 + 20 * i;
  return headers;
}

TEST(SeriesTest, OfSlicesAcquiredAgainTheLaterImagesAreTakenAndTheEarlierOffered) {
  auto headers = timedStackOf(6);
  headers.insert(headers.begin(), acquiredAgain(4, 780));
  headers.push_back(acquiredAgain(2, 500));
  const auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.refusals.empty());
  ASSERT_EQ(sorting.plans.size(), 2U);
  const auto& later = sorting.plans[0];
  const auto& earlier = sorting.plans[1];
  ASSERT_EQ(later.slices.size(), 6U);
  ASSERT_EQ(earlier.slices.size(), 6U);
  const auto fileAt = [](const SeriesPlan& plan, std::size_t slice) {
    return plan.slices[slice].sources.at(0).path;
  };
  EXPECT_EQ(fileAt(later, 4), acquiredAgain(4, 780).path);
  EXPECT_EQ(fileAt(later, 2), acquiredAgain(2, 500).path);
  EXPECT_EQ(fileAt(earlier, 4), imageAt(4).path);
  EXPECT_EQ(fileAt(earlier, 2), imageAt(2).path);
  EXPECT_EQ(fileAt(later, 0), fileAt(earlier, 0));
  ASSERT_TRUE(later.repeat && earlier.repeat);
  EXPECT_EQ(later.repeat->rank, 0);
  EXPECT_EQ(earlier.repeat->rank, 1);
  EXPECT_EQ(later.repeat->slices, (std::vector{3, 5}));
  EXPECT_EQ(later.repeat->images, earlier.repeat->images);
  EXPECT_EQ(later.repeat->note,
            "Slices 3 and 5 were acquired again, up to 13 min later; the latest images were taken.");
}

TEST(SeriesTest, SlicesAcquiredAgainInASeriesOfTheirOwnBelongToTheirStack) {
  auto headers = timedStackOf(6);
  for (const int slice : {1, 3}) {
    headers.push_back(acquiredAgain(slice, 300));
    headers.back().series_uid = "1.9";
    headers.back().series_description = "LGE SAX repeat 2";
  }
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  EXPECT_EQ(sorting.plans[0].repeat->slices, (std::vector{2, 4}));
  EXPECT_TRUE(sorting.refusals.empty());

  headers.back().series_description = "TI scout";  // something else at the same place
  headers[headers.size() - 2].series_description = "TI scout";
  const auto apart = sortSeries(headers);
  ASSERT_EQ(apart.plans.size(), 1U);
  EXPECT_FALSE(apart.plans[0].repeat);
  EXPECT_EQ(apart.refusals.at(0).code, "too-few-slices");
}

TEST(SeriesTest, AWholeStackAcquiredTwiceInOneSeriesIsTwoStacksNotAMixture) {
  auto headers = timedStackOf(4);
  for (int i = 0; i < 4; ++i) headers.push_back(acquiredAgain(i, 600));
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(sorting.plans[0].slices[i].sources.at(0).path, acquiredAgain(static_cast<int>(i), 600).path);
    EXPECT_EQ(sorting.plans[1].slices[i].sources.at(0).path, imageAt(static_cast<int>(i)).path);
  }
}

TEST(SeriesTest, AWholeStackAcquiredAgainInAnotherSeriesIsSaidAndTheLaterOneComesFirst) {
  auto headers = timedStackOf(5);
  std::vector<DicomHeader> again;
  for (int i = 0; i < 5; ++i) {
    again.push_back(acquiredAgain(i, 600));
    again.back().series_uid = "1.9";
  }
  headers.insert(headers.begin(), again.begin(), again.end());  // in whatever order
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(sorting.plans[0].slices[i].sources.at(0).path, again[i].path);
    EXPECT_EQ(sorting.plans[1].slices[i].sources.at(0).path, imageAt(static_cast<int>(i)).path);
  }
  ASSERT_TRUE(sorting.plans[0].repeat);
  EXPECT_EQ(sorting.plans[0].repeat->note,
            "Every slice was acquired again, up to 10 min later; the latest images were taken.");

  // Four of them are a series over time: each is a stack of its own.
  for (const int more : {1200, 1800}) {
    for (int i = 0; i < 5; ++i) {
      headers.push_back(acquiredAgain(i, more));
      headers.back().series_uid = "1.9." + std::to_string(more);
    }
  }
  const auto four = sortSeries(headers);
  EXPECT_TRUE(four.refusals.empty());
  EXPECT_EQ(four.plans.size(), 4U);
  for (const auto& plan : four.plans) EXPECT_FALSE(plan.repeat) << plan.repeat->note;
}

TEST(SeriesTest, ASliceAcquiredAgainATenthBesideItselfIsARepeatAtItsRealPosition) {
  auto headers = timedStackOf(6);
  auto again = acquiredAgain(2, 300);
  const double before = (*again.position_mm)[2];
  (*again.position_mm)[2] += 0.4;
  headers.push_back(again);
  const auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.refusals.empty());
  ASSERT_EQ(sorting.plans.size(), 2U);
  ASSERT_TRUE(sorting.plans[0].repeat);
  EXPECT_EQ(sorting.plans[0].repeat->slices.size(), 1U);
  std::vector<double> later, earlier;
  for (const auto& slice : sorting.plans[0].slices) later.push_back(slice.info.origin_mm[2]);
  for (const auto& slice : sorting.plans[1].slices) earlier.push_back(slice.info.origin_mm[2]);
  EXPECT_EQ(later.size(), 6U);
  EXPECT_TRUE(std::ranges::find(later, before + 0.4) != later.end());
  EXPECT_TRUE(std::ranges::find(earlier, before) != earlier.end());

  // At the same time it is another slice, or nobody knows.
  headers.back().acquired_s = headers[2].acquired_s;
  const auto apart = sortSeries(headers);
  EXPECT_TRUE(apart.plans.empty() || !apart.plans[0].repeat);
}

TEST(SeriesTest, TwoClocksAreNeverComparedWithEachOther) {
  auto headers = stackOf(4);
  for (auto& header : headers) header.made_s = 1e9 + 4;  // the time of their making alone
  headers.push_back(imageAt(2));
  headers.back().path = headers.back().sop_uid = "again";
  headers.back().acquired_s = 1e9 + 2;  // before 1e9 + 4, but by another clock
  headers.back().made_s = 1e9 + 14;
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  EXPECT_EQ(sorting.plans[0].slices[2].sources.at(0).path, "again");
}

TEST(SeriesTest, WithoutDatesNobodyKnowsWhetherMidnightLiesBetween) {
  auto headers = timedStackOf(4);
  headers[1].acquired_s = 86'340;  // 23:59
  headers.push_back(imageAt(1));
  headers.back().path = headers.back().sop_uid = "again";
  headers.back().acquired_s = 60;  // 00:01, of the same or the next day
  const auto unknown = sortSeries(headers);
  ASSERT_EQ(unknown.plans.size(), 1U);
  EXPECT_EQ(unknown.plans[0].slices[1].sources.size(), 2U) << "left to the pixels: different ones are refused";
  headers[1].acquired_s = 1e9 - 60;
  headers.back().acquired_s = 1e9 + 60;
  const auto known = sortSeries(headers);
  ASSERT_EQ(known.plans.size(), 2U);
  EXPECT_EQ(known.plans[0].slices[1].sources.at(0).path, "again");
}

TEST(SeriesTest, PhasesOfACineAreNoRepeats) {
  std::vector<DicomHeader> headers;
  for (int slice = 0; slice < 5; ++slice) {
    for (int phase = 0; phase < 20; ++phase) {
      headers.push_back(acquiredAgain(slice, 0.04 * phase));
      headers.back().sop_uid += "." + std::to_string(phase);
    }
  }
  auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.plans.empty());
  EXPECT_EQ(sorting.refusals.at(0).code, "several-per-position");
  // Dynamics of a perfusion, a beat apart: more than anybody repeats a stack.
  for (std::size_t i = 0; i < headers.size(); ++i) headers[i].acquired_s = 36'000 + 1.1 * static_cast<double>(i % 20);
  sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.plans.empty());
  EXPECT_EQ(sorting.refusals.at(0).code, "several-per-position");
}

TEST(SeriesTest, TwoPatientsUnderOneSeriesNumberStayApart) {
  auto headers = stackOf(6);
  for (std::size_t i = 3; i < 6; ++i) headers[i].patient_id = "B";
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  EXPECT_EQ(sorting.plans[0].patient_id, "A");
  EXPECT_EQ(sorting.plans[1].patient_id, "B");
  ASSERT_EQ(sorting.warnings.size(), 1U);
  EXPECT_THAT(sorting.warnings[0], HasSubstr("2 patients"));
}

TEST(SeriesTest, OneSeriesASliceIsJoined) {
  auto headers = stackOf(7);
  for (std::size_t i = 0; i < 7; ++i) headers[i].series_uid += "." + std::to_string(i);
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 1U);
  EXPECT_EQ(sorting.plans[0].slices.size(), 7U);
  EXPECT_THAT(sorting.plans[0].notes.at(0), HasSubstr("7 series"));
}

TEST(SeriesTest, RoundedDirectionsStayTogether) {
  auto headers = stackOf(5);
  for (std::size_t i = 0; i < 5; ++i) {
    (*headers[i].directions)[0][2] += (i % 2 == 0 ? 1 : -1) * 1e-4;
    (*headers[i].pixel_spacing_mm)[0] = i % 2 == 0 ? 0.75 : 0.75001;
  }
  EXPECT_EQ(sortSeries(headers).plans.size(), 1U);
}

TEST(SeriesTest, WithoutPositionOrSpacingNothingIsGuessed) {
  auto headers = stackOf(2);
  headers[0].position_mm.reset();
  headers[1].pixel_spacing_mm.reset();
  const auto sorting = sortSeries(headers);
  EXPECT_TRUE(sorting.plans.empty());
  ASSERT_EQ(sorting.refusals.size(), 2U);
  EXPECT_EQ(sorting.refusals[0].code, "missing-position");
  EXPECT_EQ(sorting.refusals[1].code, "missing-spacing");
}

TEST(SeriesTest, AShearedStackIsRefusedAndBreathHoldsAreNoted) {
  auto tilted = stackOf(6);
  for (std::size_t i = 0; i < 6; ++i) (*tilted[i].position_mm)[2] += 2.0 * static_cast<double>(i);
  const auto refused = sortSeries(tilted);
  EXPECT_TRUE(refused.plans.empty());
  ASSERT_EQ(refused.refusals.size(), 1U);
  EXPECT_EQ(refused.refusals[0].code, "sheared");
  EXPECT_THAT(refused.refusals[0].reason, HasSubstr("11 degrees"));

  auto breath = stackOf(6);
  (*breath[2].position_mm)[2] += 1.5;
  const auto noted = sortSeries(breath);
  ASSERT_EQ(noted.plans.size(), 1U);
  EXPECT_THAT(noted.plans[0].notes.at(0), HasSubstr("1.5 mm (breath-holds)"));
}

TEST(SeriesTest, ColourMultiFrameAndForeignImagesAreNamed) {
  auto headers = stackOf(3);
  headers[0].samples = 3;
  headers[1].frames = 60;
  headers[2].sop_class = "1.2.840.10008.5.1.4.1.1.2";
  headers[2].modality = "CT";
  const auto refusals = sortSeries(headers).refusals;
  ASSERT_EQ(refusals.size(), 3U);
  EXPECT_EQ(refusals[0].code, "not-mr");
  EXPECT_EQ(refusals[1].code, "multi-frame");
  EXPECT_EQ(refusals[2].code, "not-mr");
}

}  // namespace
}  // namespace gadolin
