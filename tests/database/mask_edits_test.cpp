#include "database/mask_edits.h"

#include <algorithm>

#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "tests/database/raw_sql.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {

class MaskEdits : public test::Sample {
 protected:
  void SetUp() override {
    ASSERT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok());
    ASSERT_TRUE(addStack(database, test::sampleStack("P2", 1)).ok());
  }
  std::int64_t draw(std::optional<std::int64_t> base, EditAction action = EditAction::Draw,
                    const std::string& reader = "ute", const std::string& stack = "P1-s1") {
    MaskEditRecord edit;
    edit.stack = stack;
    edit.reader = reader;
    edit.base = base;
    edit.action = action;
    edit.tool = "brush";
    edit.slice = 3;
    edit.delta = std::string("\x00\x05\xff", 3);
    edit.seconds = 1.5;
    return addMaskEdit(database, edit).value();
  }
  std::int64_t revision(std::optional<std::int64_t> parent, char name,
                        const std::string& author = "ute",
                        MaskSource source = MaskSource::Reader) {
    MaskRecord mask;
    mask.stack = "P1-s1";
    mask.source = source;
    mask.author = author;
    mask.parent = parent;
    mask.sha256 = std::string(64, name);
    return addMask(database, mask).value();
  }
  static std::vector<std::int64_t> ids(const std::vector<MaskEditRecord>& edits) {
    std::vector<std::int64_t> names;
    for (const auto& edit : edits) names.push_back(edit.id);
    return names;
  }
  using Ids = std::vector<std::int64_t>;
};

TEST_F(MaskEdits, ComeBackAsTheyWereStored) {
  const auto id = draw(std::nullopt);
  const auto pending = pendingMaskEdits(database, "P1-s1", "ute").value();
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].id, id);
  EXPECT_EQ(pending[0].delta, std::string("\x00\x05\xff", 3)) << "also a zero byte";
  EXPECT_EQ(pending[0].action, EditAction::Draw);
  EXPECT_EQ(pending[0].slice, 3);
  EXPECT_EQ(pending[0].base, std::nullopt);
  EXPECT_FALSE(pending[0].at_utc.empty());
  EXPECT_TRUE(pendingMaskEdits(database, "P1-s1", "ann")->empty());
  EXPECT_TRUE(pendingMaskEdits(database, "P2-s1", "ute")->empty());
}

TEST_F(MaskEdits, ArePendingUntilARevisionHoldsThem) {
  draw(std::nullopt);
  const auto last = draw(std::nullopt, EditAction::Undo);
  draw(std::nullopt, EditAction::Draw, "ann");
  EXPECT_EQ(openDrawings(database)->size(), 2u);
  const auto first = revision(std::nullopt, 'a');
  ASSERT_TRUE(markDrawn(database, first, last).ok());
  EXPECT_TRUE(pendingMaskEdits(database, "P1-s1", "ute")->empty());
  const auto open = openDrawings(database).value();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].reader, "ann") << "another reader's drawing stays open";
  const auto next = draw(first, EditAction::Redo);
  EXPECT_EQ(ids(pendingMaskEdits(database, "P1-s1", "ute").value()), Ids{next});
}

TEST_F(MaskEdits, LeadToARevisionThroughThoseOfTheSameReader) {
  const auto imported = revision(std::nullopt, '0', "someone", MaskSource::Reference);
  const auto one = draw(imported), two = draw(imported, EditAction::Undo);
  const auto first = revision(imported, 'a');
  ASSERT_TRUE(markDrawn(database, first, two).ok());
  const auto three = draw(first);
  const auto second = revision(first, 'b');
  ASSERT_TRUE(markDrawn(database, second, three).ok());
  const auto four = draw(second);
  EXPECT_EQ(ids(maskEditsTo(database, "P1-s1", "ute", second).value()),
            (Ids{one, two, three, four}));
  EXPECT_EQ(ids(maskEditsTo(database, "P1-s1", "ute", imported).value()), (Ids{one, two}));
  // Ann goes on from what Ute drew: Ute's steps are not hers to undo.
  const auto five = draw(second, EditAction::Draw, "ann");
  const auto third = revision(second, 'c', "ann");
  ASSERT_TRUE(markDrawn(database, third, five).ok());
  const auto six = draw(third, EditAction::Draw, "ann");
  EXPECT_EQ(ids(maskEditsTo(database, "P1-s1", "ann", third).value()), (Ids{five, six}));
}

TEST_F(MaskEdits, ARevisionDrawnFromNothingIsToldFromOneThatBeganElsewhere) {
  const auto nothing = [&](std::int64_t mask) { return drawnFromNothing(database, mask).value(); };
  const auto own = draw(std::nullopt);
  const auto first = revision(std::nullopt, 'a');
  EXPECT_FALSE(nothing(first)) << "an imported mask";
  ASSERT_TRUE(markDrawn(database, first, own).ok());
  EXPECT_TRUE(nothing(first));
  const auto more = draw(first);
  const auto second = revision(first, 'b');
  ASSERT_TRUE(markDrawn(database, second, more).ok());
  EXPECT_TRUE(nothing(second)) << "and what was drawn on";
  const auto imported = revision(std::nullopt, '0', "someone", MaskSource::Reference);
  const auto edit = draw(imported);
  const auto edited = revision(imported, 'c');
  ASSERT_TRUE(markDrawn(database, edited, edit).ok());
  EXPECT_FALSE(nothing(edited)) << "who imports a mask says of every slice what it holds";
  // One that took a prediction over has it as its parent, and its steps still lead back.
  const auto predicted = revision(std::nullopt, 'd', "run", MaskSource::Prediction);
  const auto start = draw(std::nullopt);
  const auto from_prediction = revision(predicted, 'e');
  ASSERT_TRUE(markDrawn(database, from_prediction, start).ok());
  EXPECT_FALSE(nothing(from_prediction));
  const auto ids_to = ids(maskEditsTo(database, "P1-s1", "ute", from_prediction).value());
  EXPECT_EQ(ids_to.back(), start);
}

TEST_F(MaskEdits, ThatBeganWithARejectedPredictionAreStillTheReaders) {
  RunRecord run;
  run.id = "run-1";
  ASSERT_TRUE(addRun(database, run).ok());
  const auto predicted = revision(std::nullopt, 'd', "run-1", MaskSource::Prediction);
  PredictionRecord prediction;
  prediction.run = "run-1";
  prediction.stack = "P1-s1";
  prediction.mask = predicted;
  ReviewRecord review;
  review.prediction = addPrediction(database, prediction).value();
  review.verdict = Verdict::Rejected;
  review.reader = "ute";
  ASSERT_TRUE(addReview(database, review).ok());
  const auto accepted = revision(predicted, 'd');
  EXPECT_FALSE(latestPersonMask(database, "P1-s1")->has_value()) << "taken over as it is";
  const auto drawn = revision(predicted, 'd');
  ASSERT_TRUE(markDrawn(database, drawn, draw(std::nullopt)).ok());
  EXPECT_EQ(latestPersonMask(database, "P1-s1")->value().id, drawn);
  EXPECT_NE(accepted, drawn);
}

TEST_F(MaskEdits, OnlyGrow) {
  draw(std::nullopt);
  MaskEditRecord edit;
  edit.stack = "P1-s1";
  EXPECT_EQ(addMaskEdit(database, edit).error().code, ErrorCode::InvalidInput) << "nobody's";
  edit.reader = "ute";
  edit.base = 77;
  EXPECT_EQ(addMaskEdit(database, edit).error().code, ErrorCode::NotFound);
  edit.base.reset();
  edit.stack = "P9-s1";
  EXPECT_EQ(addMaskEdit(database, edit).error().code, ErrorCode::NotFound);
  for (const char* sql : {"UPDATE mask_edit SET reader = 'x'", "DELETE FROM mask_edit",
                          "REPLACE INTO mask_edit SELECT * FROM mask_edit"})
    EXPECT_FALSE(test::execute(folder.path() / "project.sqlite", sql)) << sql;
  const auto effort = drawingEffort(database).value();
  ASSERT_EQ(effort.size(), 1u);
  EXPECT_EQ(effort[0].steps, 1);
  EXPECT_DOUBLE_EQ(effort[0].seconds, 1.5);
}

}  // namespace
}  // namespace gadolin::db
