// A decision on a slice counts before what readers said, has an author and a history of its own,
// and changes no reader's label.
#include "database/consensus.h"

#include "database/labels.h"
#include "database/masks.h"
#include "database/set_aside.h"
#include "database/stack_labels.h"
#include "tests/database/raw_sql.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {

using enum SliceLabel;

class Consensus : public test::Sample {
 protected:
  Consensus() { EXPECT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok()); }
  void read(int slice, SliceLabel label, const char* reader) {
    const SliceChange change{slice, label};
    ASSERT_TRUE(setSliceLabels(database, "P1-s1", std::span(&change, 1), reader, 1, "key").ok());
  }
  LabelEventRecord decide(int slice, SliceLabel label, const char* author,
                          const char* origin = "key") {
    const auto event = decideConsensus(database, "P1-s1", slice, label, author, 2.5, origin);
    EXPECT_TRUE(event.ok());
    return event.ok() ? *event : LabelEventRecord{};
  }
  SliceLabel counts(int slice) {
    const auto one = consensusLabels(database, "P1-s1")->at(static_cast<std::size_t>(slice));
    EXPECT_EQ(allConsensusLabels(database)->at("P1-s1").at(static_cast<std::size_t>(slice)), one)
        << "one rule";
    return one;
  }
};

TEST_F(Consensus, CountsBeforeReadersAlsoBeforeThoseWhoLabelLater) {
  read(2, Fibrosis, "ann");
  read(2, None, "bob");
  EXPECT_EQ(counts(2), None) << "the latest, while nothing is decided";
  decide(2, Fibrosis, "cid");
  EXPECT_EQ(counts(2), Fibrosis);
  read(2, None, "ann");
  EXPECT_EQ(counts(2), Fibrosis);
  EXPECT_EQ(sliceLabels(database, "P1-s1", "bob")->at(0).label, None) << "bob's stays bob's";
  EXPECT_EQ(readers(database)->size(), 2u) << "an author is no reader";
  const auto row = cohortRow(database, "P1-s1");
  EXPECT_EQ(row->positive_slices, 1) << "the cohort table follows in the same transaction";
  EXPECT_EQ(row->stack_label, Fibrosis);
}

TEST_F(Consensus, TakenBackLeavesTheReadersAndAHistory) {
  read(0, None, "ann");
  decide(0, Fibrosis, "cid");
  decide(0, Unlabelled, "cid", "undo");
  EXPECT_EQ(counts(0), None);
  EXPECT_TRUE(consensusDecisions(database)->empty());
  decide(0, Unsure, "dee");
  const auto history = consensusHistory(database, "P1-s1");
  ASSERT_EQ(history->size(), 3u);
  EXPECT_EQ(history->at(0).reader, "cid");
  EXPECT_EQ(history->at(1).from, Fibrosis);
  EXPECT_EQ(history->at(1).to, Unlabelled);
  EXPECT_EQ(history->at(2).reader, "dee");
  EXPECT_EQ(history->at(2).seconds, 2.5);
  ASSERT_EQ(consensusDecisions(database, "P1-s1")->size(), 1u);
  EXPECT_EQ(consensusDecisions(database, "P1-s1")->at(0).author, "dee");
  for (const char* sql :
       {"UPDATE consensus_event SET author = 'eve'", "DELETE FROM consensus_event",
        "REPLACE INTO consensus_event SELECT * FROM consensus_event"}) {
    EXPECT_FALSE(test::execute(folder.path() / "project.sqlite", sql)) << sql;
  }
}

TEST_F(Consensus, UndecidedAreSlicesWithTwoLabelsAndNoDecision) {
  read(0, None, "ann");
  read(0, None, "bob");
  read(1, None, "ann");
  read(1, Unsure, "bob");
  read(2, Fibrosis, "ann");
  read(2, None, "bob");
  EXPECT_EQ(undecidedSlices(database)->size(), 2u);
  decide(1, None, "cid");
  ASSERT_EQ(undecidedSlices(database)->size(), 1u);
  EXPECT_EQ(undecidedSlices(database)->at(0).slice, 2);
  decide(1, Unlabelled, "cid");
  EXPECT_EQ(undecidedSlices(database)->size(), 2u);
  const std::vector<std::string> stacks{"P1-s1"};
  ASSERT_TRUE(setAside(database, stacks, "blurred", "ann").ok());
  EXPECT_TRUE(undecidedSlices(database)->empty());
  EXPECT_TRUE(consensusDecisions(database)->empty());
}

TEST_F(Consensus, RefusesNobodyAndSlicesThatAreNotThere) {
  EXPECT_EQ(decideConsensus(database, "P1-s1", 0, None, "", 0, "key").error().code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(decideConsensus(database, "P1-s1", 8, None, "cid", 0, "key").error().code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(decideConsensus(database, "P7-s1", 0, None, "cid", 0, "key").error().code,
            ErrorCode::NotFound);
  const SliceChange change{0, None};
  EXPECT_EQ(setSliceLabels(database, "P1-s1", std::span(&change, 1), "consensus by cid", 0, "key")
                .error()
                .code,
            ErrorCode::InvalidInput);
  EXPECT_EQ(decideConsensus(database, "P1-s1", 0, None, "model", 0, "key").error().code,
            ErrorCode::InvalidInput);
  decide(0, None, "cid", "import");
  EXPECT_EQ(decide(0, None, "cid", "import").id, 0) << "the same import again";
}

TEST_F(Consensus, NobodyReadsUnderANameOfMasksOrPredictions) {
  const SliceChange change{0, None};
  const auto label = [&](const char* reader, const char* origin) {
    return setSliceLabels(database, "P1-s1", std::span(&change, 1), reader, 0, origin);
  };
  for (const char* origin : {"key", "fill", "import"})
    EXPECT_EQ(label("model", origin).error().code, ErrorCode::InvalidInput) << origin;
  EXPECT_EQ(label("reference", "key").error().code, ErrorCode::InvalidInput);
  EXPECT_NE(label("reference", "key").error().message.find("imported masks"), std::string::npos);
  EXPECT_TRUE(label("reference", "derived").ok());
  EXPECT_TRUE(label("reference", "import").ok()) << "the table that Gadolin wrote comes back";
  EXPECT_TRUE(label("models", "key").ok());
  EXPECT_EQ(setStackLabel(database, "P1-s1", None, "model", "import", "2026-01-01T00:00:00Z")
                .error()
                .code,
            ErrorCode::InvalidInput);
  MaskRecord mask;
  mask.stack = "P1-s1";
  mask.source = MaskSource::Reader;
  mask.author = "reference";
  mask.sha256 = std::string(64, 'a');
  EXPECT_EQ(addMask(database, mask).error().code, ErrorCode::InvalidInput);
}

TEST_F(Consensus, MinutesOfLabellingHoldThoseOfDeciding) {
  read(0, None, "ann");  // 1 s each
  read(0, Fibrosis, "bob");
  decide(0, None, "cid");  // 2.5 s each
  decide(1, None, "cid");
  decide(1, Unlabelled, "cid");
  decide(2, None, "ann");
  const auto efforts = labelEffort(database);
  ASSERT_TRUE(efforts.ok());
  ASSERT_EQ(efforts->size(), 3u);
  const LabelEffort& ann = efforts->at(0);
  EXPECT_EQ(ann.reader, "ann");
  EXPECT_EQ(ann.slices, 1);
  EXPECT_EQ(ann.decisions, 1);
  EXPECT_DOUBLE_EQ(ann.seconds, 1);
  EXPECT_DOUBLE_EQ(ann.minutes(), 3.5 / 60);
  const LabelEffort& cid = efforts->at(2);
  EXPECT_EQ(cid.slices, 0);
  EXPECT_EQ(cid.decisions, 1) << "one was taken back";
  EXPECT_DOUBLE_EQ(cid.minutes(), 7.5 / 60);
}

}  // namespace
}  // namespace gadolin::db
