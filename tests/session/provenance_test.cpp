// From a number back to what it is made of: labels with who gave them, revisions with their
// ancestors, runs; and the command that tells of it.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "database/consensus.h"
#include "database/labels.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/e2e/ctl.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "ui/session/label_origin.h"
#include "ui/session/provenance.h"
#include "ui/session/provenance_run.h"

namespace gadolin::session::test {
namespace {

using nlohmann::json;
using enum SliceLabel;

class WhereNumbersComeFrom : public SampleProject {
 protected:
  void label(int slice, SliceLabel label, const char* reader, const char* at_utc) {
    const auto written = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      const std::vector<db::SliceChange> changes{{slice, label}};
      GADOLIN_CHECK(
          db::setSliceLabels(database, "P1-s1", changes, reader, 1, "key", at_utc));
      return 0;
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  void decide(int slice, SliceLabel label, const char* author, const char* at_utc) {
    const auto written = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(
          db::decideConsensus(database, "P1-s1", slice, label, author, 1, "key", at_utc));
      return 0;
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  std::int64_t addMask(db::MaskSource source, const std::string& author, int scarred,
                       std::optional<std::int64_t> parent) {
    const Mask mask = sampleMask(6, scarred);
    db::MaskRecord record;
    record.stack = "P1-s1";
    record.source = source;
    record.author = author;
    if (source == db::MaskSource::Prediction) record.run = author;
    record.parent = parent;
    record.sha256 = contentHash(mask);
    EXPECT_TRUE(writeMask(project->paths().mask(record.sha256), mask).ok());
    const auto added = project->writeNow<std::int64_t>(
        [&](db::Database& database) { return db::addMask(database, record); });
    EXPECT_TRUE(added.ok());
    return added.value();
  }
  void addRun(const std::string& id) {
    const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      db::RunRecord run;
      run.id = id;
      run.supervision = "slice";
      run.preset = "quick";
      run.seed = 7;
      run.state = db::RunState::Finished;
      GADOLIN_CHECK(db::addRun(database, run));
      return 0;
    });
    ASSERT_TRUE(added.ok());
    ASSERT_TRUE(makePrivateFolder(project->paths().run(id).root).ok());
  }
  /// A prediction of the run with a revision of its own.
  std::int64_t predict(const std::string& run, int scarred) {
    const std::int64_t mask = addMask(db::MaskSource::Prediction, run, scarred, {});
    const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      db::PredictionRecord prediction;
      prediction.run = run;
      prediction.stack = "P1-s1";
      prediction.mask = mask;
      GADOLIN_CHECK(db::addPrediction(database, prediction));
      return 0;
    });
    EXPECT_TRUE(added.ok());
    return mask;
  }
  json facts(const std::string& word, std::optional<Named> as = {}) {
    const auto found = provenance(project->paths(), project->reader(), word, as);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found ? json::parse(*found) : json();
  }
  ErrorCode refusal(const std::string& word, std::optional<Named> as = {}) {
    const auto found = provenance(project->paths(), project->reader(), word, as);
    EXPECT_FALSE(found.ok());
    return found ? ErrorCode::Internal : found.error().code;
  }
  std::vector<GivenLabel> given(std::string_view before = {}) {
    const auto all = givenLabels(project->reader(), "P1-s1", before);
    EXPECT_TRUE(all.ok());
    const auto found = all->find("P1-s1");
    return found == all->end() ? std::vector<GivenLabel>() : found->second;
  }
};

TEST_F(WhereNumbersComeFrom, TheLabelThatCountsHasTheNameOfWhoGaveIt) {
  label(0, Fibrosis, "Ann", "2026-01-01T10:00:00.000Z");
  label(0, None, "Ben", "2026-01-02T10:00:00.000Z");
  label(1, None, "Ann", "2026-01-01T10:00:00.000Z");
  label(1, Unlabelled, "Ann", "2026-01-03T10:00:00.000Z");
  auto labels = given();
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[0].by, "Ben");
  EXPECT_EQ(labels[0].label, None);
  EXPECT_EQ(labels[0].said, (std::vector<std::pair<std::string, SliceLabel>>{{"Ann", Fibrosis},
                                                                             {"Ben", None}}));
  EXPECT_EQ(labels[1].label, Unlabelled);
  EXPECT_TRUE(labels[1].by.empty());

  decide(0, Fibrosis, "Cora", "2026-01-04T10:00:00.000Z");
  label(0, Unsure, "Ann", "2026-01-05T10:00:00.000Z");
  labels = given();
  EXPECT_EQ(labels[0].by, "Cora");
  EXPECT_TRUE(labels[0].decided);
  EXPECT_EQ(labels[0].label, Fibrosis);

  // As it was before the decision, and when that was taken back.
  labels = given("2026-01-03T00:00:00.000Z");
  EXPECT_EQ(labels[0].by, "Ben");
  EXPECT_EQ(labels[1].by, "Ann");
  decide(0, Unlabelled, "Cora", "2026-01-06T10:00:00.000Z");
  labels = given();
  EXPECT_EQ(labels[0].by, "Ann");
  EXPECT_EQ(labels[0].label, Unsure);
  EXPECT_FALSE(labels[0].decided);
}

TEST_F(WhereNumbersComeFrom, TheCountingLabelsAreThoseOfTheDatabase) {
  label(0, Fibrosis, "Ann", "2026-01-01T10:00:00.000Z");
  label(2, None, "Ann", "2026-01-01T10:00:00.000Z");
  label(2, Fibrosis, "Ben", "2025-01-01T10:00:00.000Z");  // imported later, of an older day
  decide(0, None, "Cora", "2026-01-04T10:00:00.000Z");
  const auto counting = db::consensusLabels(project->reader(), "P1-s1");
  ASSERT_TRUE(counting.ok());
  const auto labels = given();
  for (std::size_t z = 0; z < counting->size(); ++z)
    EXPECT_EQ(z < labels.size() ? labels[z].label : Unlabelled, (*counting)[z]) << z;
}

TEST_F(WhereNumbersComeFrom, ARevisionNamesItsAncestorsAndWhatItCountsAs) {
  addRun("run-1");
  const std::int64_t predicted = predict("run-1", 3);
  const std::int64_t edited = addMask(db::MaskSource::Reader, "Ann", 4, predicted);
  const std::int64_t again = addMask(db::MaskSource::Reader, "Ben", 1, edited);
  const json facts_of = facts(std::to_string(again));
  EXPECT_EQ(facts_of["kind"], "revision");
  EXPECT_EQ(facts_of["author"], "Ben");
  ASSERT_EQ(facts_of["ancestors"].size(), 2u);
  EXPECT_EQ(facts_of["ancestors"][0]["revision"], edited);
  EXPECT_EQ(facts_of["ancestors"][1]["revision"], predicted);
  EXPECT_EQ(facts_of["began_as_prediction_of"], "run-1");
  EXPECT_TRUE(facts_of["seen_in_training"].is_null());  // the run has no dataset here
  EXPECT_EQ(facts_of["counts_as"], json::array({"report"}));
  const json middle = facts(std::to_string(edited));
  EXPECT_EQ(middle["followed_by"][0]["revision"], again);
  EXPECT_TRUE(middle["counts_as"].empty());
  EXPECT_TRUE(facts(std::to_string(predicted))["file_there"].get<bool>());

  const json stack = facts("P1-s1");
  EXPECT_EQ(stack["counts"]["ai"], predicted);
  EXPECT_EQ(stack["counts"]["report"], again);
  EXPECT_EQ(stack["revisions"].size(), 4u);
  EXPECT_EQ(stack["counts"]["reference"], stack["revisions"][0]["revision"]);
}

TEST_F(WhereNumbersComeFrom, ARowOfQuantifyIsMeasuredAgainAndNamesItsMask) {
  addRun("run-1");
  const std::int64_t predicted = predict("run-1", 3);
  const json row = facts("P1-s1:ai");
  EXPECT_EQ(row["kind"], "figure");
  EXPECT_EQ(row["mask"]["revision"], predicted);
  EXPECT_EQ(row["model"]["run"], "run-1");
  EXPECT_NEAR(row["scar_ml"].get<double>(), 3 * 1.5 * 1.5 * 10 / 1000, 1e-9);
  EXPECT_TRUE(row["mvo_ml"].is_number());
  EXPECT_EQ(refusal("P3-s1:reference"), ErrorCode::NotFound);
  EXPECT_EQ(refusal("P1-s1:guess"), ErrorCode::InvalidInput);
}

TEST_F(WhereNumbersComeFrom, ANameOfSeveralThingsIsAskedFor) {
  const auto renamed = project->writeNow<int>([&](db::Database& database) -> Result<int> {
    db::StackRecord record;
    record.id = "twice";
    record.patient = "1";  // and mask revision 1
    record.size = {16, 12, 2};
    record.content_hash = "c";
    GADOLIN_CHECK(db::addStack(database, record));
    return 0;
  });
  ASSERT_TRUE(renamed.ok());
  EXPECT_EQ(refusal("1"), ErrorCode::Conflict);
  EXPECT_EQ(facts("1", Named::Patient)["stacks"][0]["stack"], "twice");
  EXPECT_EQ(facts("1", Named::Revision)["stack"], "P1-s1");
  EXPECT_EQ(refusal("1", Named::Run), ErrorCode::NotFound);
  EXPECT_EQ(refusal("nobody"), ErrorCode::NotFound);
}

TEST_F(WhereNumbersComeFrom, ARunTellsWhoGaveTheLabelsItLearnedFrom) {
  label(0, Fibrosis, "Ann", "2026-01-01T10:00:00.000Z");
  label(1, None, "Ben", "2026-01-01T10:00:00.000Z");
  decide(2, None, "Cora", "2026-01-02T10:00:00.000Z");
  addRun("run-1");
  dataset::FrozenStack frozen;
  frozen.stack = "P1-s1";
  frozen.patient = "P1";
  frozen.part = dataset::Part::Train;
  frozen.size = {16, 12, 6};
  frozen.slice_extent_mm.assign(6, 10);
  frozen.labels = {Fibrosis, None, None, Fibrosis, Unsure, Unlabelled};
  const std::vector<float> image(16 * 12 * 6, 1.0F);
  frozen.image = image;
  const run::RunFolder at = project->paths().run("run-1");
  ASSERT_TRUE(dataset::writeFrozenDataset(at.dataset(), {frozen}).ok());
  run::RunConfig config;
  config.id = "run-1";
  config.preset = "quick";
  config.supervision = run::Supervision::Slice;
  config.created_utc = "2026-01-10T00:00:00.000Z";
  config.gadolin_version = "0.1.0";
  config.settings = run::Settings::preset("quick").value();
  ASSERT_TRUE(config.settings.suit("quick", "slice").ok());
  ASSERT_TRUE(config.settings.set("myocardium.epochs", "3").ok());
  ASSERT_TRUE(run::writeRunConfig(at.config(), config).ok());
  label(0, None, "Ann", "2026-02-01T10:00:00.000Z");  // after the run was made

  const json run = facts("run-1");
  ASSERT_EQ(run["settings_changed"].size(), 1u);
  EXPECT_EQ(run["settings_changed"][0]["key"], "myocardium.epochs");
  EXPECT_EQ(run["settings_changed"][0]["value"], "3");
  EXPECT_EQ(run["data"]["train"]["labelled_slices"], 4);
  std::map<std::string, int> slices;
  for (const json& one : run["labels_by"]["readers"]) slices[one["reader"]] = one["slices"];
  EXPECT_EQ(slices, (std::map<std::string, int>{{"Ann", 1}, {"Ben", 1}, {"Cora", 1}}));
  EXPECT_EQ(run["labels_by"]["not_traced"]["slices"], 1);  // nobody ever labelled slice 3
  EXPECT_EQ(seenInTraining(project->paths(), "run-1", "P1-s1")["labelled_slices"], 4);
  EXPECT_EQ(seenInTraining(project->paths(), "run-1", "P2-s1")["part"], "none");
}

TEST_F(WhereNumbersComeFrom, TheCommandSpeaksJsonAndWords) {
  label(0, Fibrosis, "Ann", "2026-01-01T10:00:00.000Z");
  const auto answer = gadolin::test::ctl(
      gadolin::test::wordsOf(QStringLiteral("show @ P1"), QString::fromStdString(root().string())));
  EXPECT_EQ(answer.status, 0) << answer.said();
  EXPECT_EQ(answer.summary().value(QStringLiteral("kind")).toString(), QStringLiteral("patient"));
  const std::string words = provenanceText(facts("P1").dump());
  EXPECT_NE(words.find("slice 1:          fibrosis, by Ann (key), 2026-01-01 10:00 UTC"),
            std::string::npos)
      << words;
  EXPECT_NE(words.find("imported, by reference"), std::string::npos) << words;
  const auto none = gadolin::test::ctl(
      gadolin::test::wordsOf(QStringLiteral("show @ 99"), QString::fromStdString(root().string())));
  EXPECT_EQ(none.status, 3);
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_QT_TEST_MAIN();
