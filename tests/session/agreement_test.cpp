// Agreement of readers from labels and masks of a project, and the command that tells of it.
#include <gtest/gtest.h>

#include <QJsonArray>
#include <algorithm>

#include "core/base/files.h"
#include "core/dataset/frozen_dataset.h"
#include "database/consensus.h"
#include "database/labels.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/set_aside.h"
#include "database/splits.h"
#include "database/stack_labels.h"
#include "tests/e2e/ctl.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "ui/session/agreement_table.h"

namespace gadolin::session::test {
namespace {

using enum SliceLabel;

/// Myocardium on two rows of every slice, and `scar` voxels of infarct in slice 1.
Mask scarred(int slices, int scar) {
  Mask mask = sampleMask(slices, 0);
  std::ranges::fill(mask.voxels, std::uint8_t{0});
  for (int z = 0; z < slices; ++z)
    for (int x = 0; x < 16; ++x)
      for (int y = 4; y < 6; ++y) mask.at(x, y, z) = z == 1 && x + 16 * (y - 4) < scar ? 3 : 2;
  return mask;
}

class AgreementOfReaders : public SampleProject {
 protected:
  void label(const std::string& stack, const char* reader, std::vector<SliceLabel> labels) {
    const auto written = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      std::vector<db::SliceChange> changes;
      for (std::size_t z = 0; z < labels.size(); ++z)
        if (labels[z] != Unlabelled) changes.push_back({static_cast<int>(z), labels[z]});
      GADOLIN_CHECK(db::setSliceLabels(database, stack, changes, reader, 1, "key"));
      return 0;
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  std::int64_t draw(const std::string& stack, const Mask& mask, const std::string& author,
                    std::optional<std::int64_t> parent = {},
                    db::MaskSource source = db::MaskSource::Reader) {
    db::MaskRecord record;
    record.stack = stack;
    record.source = source;
    record.author = author;
    record.parent = parent;
    if (source == db::MaskSource::Prediction) record.run = author;
    record.sha256 = contentHash(mask);
    EXPECT_TRUE(writeMask(project->paths().mask(record.sha256), mask).ok());
    const auto added = project->writeNow<std::int64_t>(
        [&](db::Database& database) { return db::addMask(database, record); });
    EXPECT_TRUE(added.ok());
    return added.value();
  }

  void addRun(const std::string& id) {
    const auto run = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      db::RunRecord record;
      record.id = id;
      record.state = db::RunState::Finished;
      GADOLIN_CHECK(db::addRun(database, record));
      return 0;
    });
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(makePrivateFolder(project->paths().run(id).root).ok());
  }

  std::int64_t predict(const std::string& stack, const Mask& mask,
                       const std::string& run = "run-1") {
    const auto id = draw(stack, mask, run, {}, db::MaskSource::Prediction);
    const auto added = project->writeNow<std::int64_t>([&](db::Database& database) {
      db::PredictionRecord prediction;
      prediction.run = run;
      prediction.stack = stack;
      prediction.mask = id;
      return db::addPrediction(database, prediction);
    });
    EXPECT_TRUE(added.ok());
    return id;
  }

  void split(const std::vector<db::SplitRecord>& parts) {
    const auto done = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::replaceSplit(database, parts));
      return 0;
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  MaskPair pairOf(const ModelChoice& choice, const char* first, std::string_view second,
                  std::vector<std::string>* sentences = nullptr) {
    const auto result = maskAgreement(project->paths(), project->reader(), choice);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    if (!result) return {};
    if (sentences != nullptr) *sentences = result->sentences;
    const auto pair = std::ranges::find_if(
        result->pairs, [&](const MaskPair& p) { return p.first == first && p.second == second; });
    EXPECT_NE(pair, result->pairs.end()) << first << second;
    return pair == result->pairs.end() ? MaskPair{} : *pair;
  }

  /// 15 slices of three patients. Of those that both called fibrosis or none: none-none 7,
  /// fibrosis-fibrosis 3, none-fibrosis 1, fibrosis-none 1.
  void labelTwice() {
    label("P1-s1", "AB", {Fibrosis, Fibrosis, Fibrosis, None, None, None});
    label("P1-s1", "CD", {Fibrosis, Fibrosis, None, None, None, NotDiagnostic});
    label("P2-s1", "AB", {None, None, None, None, Unsure});
    label("P2-s1", "CD", {Fibrosis, None, None, None, None});
    label("P3-s1", "AB", {Fibrosis, None, None, None});
    label("P3-s1", "CD", {Fibrosis, None, None, Unlabelled});
  }
};

TEST_F(AgreementOfReaders, CountsWhatBothSaidAndKeepsTheRestApart) {
  labelTwice();
  const auto result = labelAgreement(project->reader());
  ASSERT_TRUE(result.ok()) << result.error().message;
  ASSERT_EQ(result->pairs.size(), 1u);
  const LabelPair& pair = result->pairs.front();
  EXPECT_EQ(pair.first, "AB");
  EXPECT_EQ(pair.second, "CD");
  EXPECT_EQ(pair.both, 14);
  EXPECT_EQ(pair.only_first, 1);
  EXPECT_EQ(pair.only_second, 0);
  EXPECT_EQ(pair.unsure, 1);
  EXPECT_EQ(pair.not_diagnostic, 1);
  EXPECT_EQ(pair.table.at(0, 0), 7u);
  EXPECT_EQ(pair.table.at(0, 2), 1u);
  EXPECT_EQ(pair.table.at(2, 0), 1u);
  EXPECT_EQ(pair.table.at(2, 2), 3u);
  EXPECT_EQ(pair.table.at(1, 0), 1u);
  EXPECT_EQ(pair.table.at(0, 3), 1u);
  // p_o = 10/12, p_e = (8*8 + 4*4)/144: kappa (120 - 80)/(144 - 80).
  EXPECT_EQ(pair.decided.things, 12u);
  EXPECT_NEAR(*pair.decided.agreement, 10.0 / 12.0, 1e-12);
  EXPECT_NEAR(*pair.decided.kappa, 0.625, 1e-12);
  ASSERT_TRUE(pair.decided.kappa_ci95 && pair.decided.kappa_ci95_independent);
  EXPECT_LE(pair.decided.kappa_ci95->low, 0.625);
  EXPECT_GE(pair.decided.kappa_ci95->high, 0.625);
  EXPECT_EQ(pair.ordered.things, 13u);
  EXPECT_EQ(pair.nominal.things, 14u);
  // Stacks: P1 fibrosis by both, P2 unsure by AB, P3 fibrosis by both: one kind, no kappa.
  EXPECT_EQ(pair.stacks.things, 2u);
  EXPECT_NEAR(*pair.stacks.agreement, 1.0, 1e-12);
  EXPECT_FALSE(pair.stacks.kappa.has_value());
  EXPECT_FALSE(pair.stacks.missing.empty());
  EXPECT_TRUE(result->sentences.empty());

  ASSERT_EQ(result->disagreements.size(), 4u);
  EXPECT_EQ(result->alike.size(), 10u) << "14 by both; P3 has a slice of one alone";
  const Disagreement& first = result->disagreements.front();
  EXPECT_EQ(first.stack, "P1-s1");
  EXPECT_EQ(first.slice, 2);
  EXPECT_EQ(first.said,
            (std::vector<std::pair<std::string, SliceLabel>>{{"AB", Fibrosis}, {"CD", None}}));
}

TEST_F(AgreementOfReaders, OfThreeIsFleiss) {
  labelTwice();
  label("P1-s1", "EF", {Fibrosis, Fibrosis, None, None, None, None});
  const auto result = labelAgreement(project->reader());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->readers.size(), 3u);
  EXPECT_EQ(result->pairs.size(), 3u);
  // 13 slices with fibrosis or none by two at least. Pairs that agree: P1 1, 1, 1/3, 1, 1, 1 (two
  // readers), P2 0, 1, 1, 1, P3 1, 1, 1.
  EXPECT_EQ(result->all_decided.things, 13u);
  EXPECT_NEAR(*result->all_decided.agreement, (11 + 1.0 / 3) / 13, 1e-12);
  // Share of fibrosis, mean of slices: P1 1, 1, 1/3, P2 1/2, P3 1 of 13.
  const double f = (3 + 1.0 / 3 + 0.5) / 13;
  const double chance = f * f + (1 - f) * (1 - f);
  EXPECT_NEAR(*result->all_decided.kappa, ((11 + 1.0 / 3) / 13 - chance) / (1 - chance), 1e-12);
}

TEST_F(AgreementOfReaders, OfWholeStacksCountsTheSameWordOfASecondReader) {
  const auto say = [&](const char* stack, const char* reader, SliceLabel label) {
    const auto said = project->writeNow<bool>([&](db::Database& database) {
      return db::setStackLabel(database, stack, label, reader, "import", "2026-01-01T00:00:00Z");
    });
    ASSERT_TRUE(said.ok());
    EXPECT_TRUE(*said) << stack << reader;
  };
  say("P1-s1", "AB", Fibrosis);
  say("P1-s1", "CD", Fibrosis);
  say("P2-s1", "AB", None);
  say("P2-s1", "CD", None);
  say("P3-s1", "AB", None);
  say("P3-s1", "CD", Fibrosis);
  const auto result = labelAgreement(project->reader());
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->pairs.size(), 1u);
  EXPECT_EQ(result->pairs[0].both, 0);
  EXPECT_EQ(result->pairs[0].stacks.things, 3u);
  EXPECT_EQ(result->pairs[0].stacks.same, 2u);
  EXPECT_NEAR(*result->pairs[0].stacks.kappa, 0.4, 1e-12);  // (6/9 - 4/9) / (1 - 4/9)
}

TEST_F(AgreementOfReaders, OfOneReaderSaysWhatToDo) {
  label("P1-s1", "AB", {Fibrosis});
  const auto result = labelAgreement(project->reader());
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->pairs.empty());
  ASSERT_EQ(result->sentences.size(), 1u);
  EXPECT_NE(result->sentences[0].find("Only AB has labelled"), std::string::npos);
}

TEST_F(AgreementOfReaders, OnMasksComparesVolumesAndOverlapAndLeavesCopiesOut) {
  draw("P1-s1", scarred(6, 10), "AB");
  draw("P1-s1", scarred(6, 6), "CD");
  draw("P2-s1", scarred(5, 20), "AB");
  draw("P2-s1", scarred(5, 20), "CD");
  const auto original = draw("P3-s1", scarred(4, 8), "AB");
  draw("P3-s1", scarred(4, 9), "CD", original);
  const auto result = maskAgreement(project->paths(), project->reader(), {});
  ASSERT_TRUE(result.ok()) << result.error().message;
  const auto pair = std::ranges::find_if(
      result->pairs, [](const MaskPair& p) { return p.first == "AB" && p.second == "CD"; });
  ASSERT_NE(pair, result->pairs.end());
  EXPECT_EQ(pair->stacks.size(), 2u);
  EXPECT_EQ(pair->dependent, std::vector<std::string>{"P3-s1"});
  const TissueOverlap& fibrosis = pair->tissues[1];
  EXPECT_EQ(fibrosis.patients, 2);
  EXPECT_NEAR(*fibrosis.dice_mean, (2 * 6.0 / 16 + 1.0) / 2, 1e-12);
  // Four voxels of a row more: the farthest is 4 columns away.
  EXPECT_NEAR(*fibrosis.per_patient.front().hd95_mm, 1.5 * 3.25, 1e-9);
  const MeasureAgreement& scar = pair->measures[1];
  const double voxel_ml = 1.5 * 1.5 * 10 * 1e-3;
  ASSERT_EQ(scar.patients.size(), 2u);
  EXPECT_NEAR(scar.patients[0].first, 10 * voxel_ml, 1e-12);
  EXPECT_NEAR(scar.patients[0].second, 6 * voxel_ml, 1e-12);
  EXPECT_EQ(scar.patients[0].stack, "P1-s1");
  EXPECT_EQ(scar.patients[0].slice, 1);
  EXPECT_NEAR(scar.figures.bland_altman->bias, -2 * voxel_ml, 1e-12);
  EXPECT_NEAR(*scar.figures.bland_altman->sd, std::sqrt(8.0) * voxel_ml, 1e-12);
  EXPECT_NEAR(pair->measures[2].patients[0].first, 100.0 * 10 / (32 * 6), 1e-9);  // % of the LV
  const std::atomic<bool> cancel{true};
  EXPECT_EQ(maskAgreement(project->paths(), project->reader(), {}, {}, &cancel).error().code,
            ErrorCode::Cancelled);
  EXPECT_EQ(std::ranges::count_if(result->sentences,
                                  [](const std::string& s) {
                                    return s.find("AB and CD: 1 stack is not compared") == 0;
                                  }),
            1);
}

TEST_F(AgreementOfReaders, WithAModelLeavesAcceptedPredictionsOut) {
  ASSERT_NO_FATAL_FAILURE(addRun("run-1"));
  predict("P1-s1", scarred(6, 5));
  const auto predicted = predict("P2-s1", scarred(5, 7));
  draw("P1-s1", scarred(6, 10), "AB");
  draw("P2-s1", scarred(5, 8), "AB", predicted);
  const auto result = maskAgreement(project->paths(), project->reader(), {"run-1", "all"});
  ASSERT_TRUE(result.ok()) << result.error().message;
  const auto pair = std::ranges::find_if(
      result->pairs, [](const MaskPair& p) { return p.first == "AB" && p.model; });
  ASSERT_NE(pair, result->pairs.end());
  EXPECT_EQ(pair->second, model_reader);
  ASSERT_EQ(pair->stacks.size(), 1u);
  EXPECT_EQ(pair->stacks[0].stack, "P1-s1");
  EXPECT_EQ(pair->dependent, std::vector<std::string>{"P2-s1"});
  EXPECT_NEAR(*pair->tissues[1].dice_mean, 10.0 / 15, 1e-12);
  // One patient: a bias, and nothing that needs two.
  EXPECT_TRUE(pair->measures[1].figures.bland_altman.has_value());
  EXPECT_FALSE(pair->measures[1].figures.icc.has_value());
  EXPECT_EQ(maskAgreement(project->paths(), project->reader(), {"nobody"}).error().code,
            ErrorCode::NotFound);
}

TEST_F(AgreementOfReaders, AModelIsNotPraisedForPatientsItLearntFrom) {
  using dataset::Part;
  ASSERT_NO_FATAL_FAILURE(addRun("run-1"));
  ASSERT_NO_FATAL_FAILURE(split({{"P1", Part::Train, {}}, {"P2", Part::Test, {}}}));
  for (const auto& [stack, slices] :
       {std::pair("P1-s1", 6), std::pair("P2-s1", 5), std::pair("P3-s1", 4)}) {
    predict(stack, scarred(slices, 6));
    draw(stack, scarred(slices, 8), "AB");
    draw(stack, scarred(slices, 9), "CD");
  }
  std::vector<std::string> sentences;
  const MaskPair test = pairOf({}, "AB", model_reader, &sentences);
  EXPECT_EQ(test.part, "test");
  ASSERT_EQ(test.stacks.size(), 1u);
  EXPECT_EQ(test.stacks[0].stack, "P2-s1");
  EXPECT_EQ(test.other_parts, 2);
  EXPECT_EQ(test.learnt, 0);
  EXPECT_EQ(
      std::ranges::count(sentences,
                         "AB and model: 2 stacks are not compared, because the patient is not "
                         "of the part 'test'."),
      1);
  EXPECT_EQ(pairOf({}, "AB", "CD").stacks.size(), 3u) << "readers learnt from nobody";
  const MaskPair all = pairOf({"run-1", "all"}, "AB", model_reader, &sentences);
  EXPECT_EQ(all.stacks.size(), 3u);
  EXPECT_EQ(all.learnt, 1);
  EXPECT_EQ(std::ranges::count_if(sentences,
                                  [](const std::string& s) {
                                    return s.starts_with(
                                        "AB and model: 1 stack is of patients from whom the model");
                                  }),
            1);
  EXPECT_EQ(rowsOf(all).front().part, "all");
  EXPECT_EQ(pairOf({"run-1", "train"}, "AB", model_reader).stacks.size(), 1u);
  EXPECT_EQ(maskAgreement(project->paths(), project->reader(), {"", "some"}).error().code,
            ErrorCode::InvalidInput);
  // What the run was given counts, whatever the split has become.
  dataset::FrozenStack frozen;
  frozen.stack = "P2-s1";
  frozen.patient = "P2";
  frozen.part = Part::Train;
  frozen.size = {1, 1, 1};
  frozen.slice_extent_mm = {8};
  const float voxel = 0;
  frozen.image = std::span(&voxel, 1);
  ASSERT_TRUE(dataset::writeFrozenDataset(project->paths().run("run-1").dataset(), {frozen}).ok());
  EXPECT_TRUE(pairOf({}, "AB", model_reader).stacks.empty());
  EXPECT_EQ(pairOf({"", "train"}, "AB", model_reader).stacks.size(), 2u);
  const auto answer =
      gadolin::test::ctl({QStringLiteral("agreement"), QString::fromStdString(root().string()),
                          QStringLiteral("--split"), QStringLiteral("all")});
  ASSERT_EQ(answer.status, 0) << answer.said();
  const QJsonObject masks = answer.summary()[QLatin1String("masks")].toObject();
  EXPECT_EQ(masks[QLatin1String("split")].toString(), QLatin1String("all"));
  for (const auto& each : masks[QLatin1String("pairs")].toArray()) {
    const QJsonObject pair = each.toObject();
    const bool model = pair[QLatin1String("model")].toBool();
    EXPECT_EQ(pair[QLatin1String("part")].toString(), model ? QStringLiteral("all") : QString());
    EXPECT_EQ(pair[QLatin1String("stacks_learnt_from")].toInt(), model ? 2 : 0);
  }
}

TEST_F(AgreementOfReaders, TwoEditsOfOnePredictionAreNoTwoOpinions) {
  ASSERT_NO_FATAL_FAILURE(addRun("run-1"));
  ASSERT_NO_FATAL_FAILURE(addRun("run-2"));
  // Predicted twice to the same voxels, by two runs.
  draw("P1-s1", scarred(6, 8), "AB", predict("P1-s1", scarred(6, 7)));
  draw("P1-s1", scarred(6, 9), "CD", predict("P1-s1", scarred(6, 7), "run-2"));
  // Predicted twice by one run, with other voxels.
  draw("P2-s1", scarred(5, 8), "AB", predict("P2-s1", scarred(5, 7)));
  draw("P2-s1", scarred(5, 9), "CD", predict("P2-s1", scarred(5, 6)));
  // Two runs that saw it differently; and drawn alike, from nothing.
  draw("P3-s1", scarred(4, 8), "AB", predict("P3-s1", scarred(4, 7)));
  draw("P3-s1", scarred(4, 8), "CD", predict("P3-s1", scarred(4, 6), "run-2"));
  const MaskPair pair = pairOf({}, "AB", "CD");
  EXPECT_EQ(pair.dependent, (std::vector<std::string>{"P1-s1", "P2-s1"}));
  ASSERT_EQ(pair.stacks.size(), 1u);
  EXPECT_EQ(pair.stacks[0].stack, "P3-s1");
}

TEST_F(AgreementOfReaders, AReaderOfStacksThatWereSetAsideIsNone) {
  label("P1-s1", "AB", {Fibrosis});
  label("P2-s1", "CD", {Fibrosis});
  const std::vector<std::string> stacks{"P2-s1"};
  ASSERT_TRUE(project
                  ->writeNow<int>([&](db::Database& database) -> Result<int> {
                    GADOLIN_CHECK(db::setStackLabel(database, "P2-s1", None, "EF", "import",
                                                    "2026-01-01T00:00:00Z"));
                    GADOLIN_CHECK(db::setAside(database, stacks, "blurred", "AB"));
                    return 0;
                  })
                  .ok());
  const auto result = labelAgreement(project->reader());
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->readers.size(), 1u);
  EXPECT_EQ(result->readers[0].name, "AB");
}

TEST_F(AgreementOfReaders, LongNamesAreToldWhole) {
  const std::string long_name(300, 'x');
  label("P1-s1", long_name.c_str(), {Fibrosis});
  label("P1-s1", (long_name + "y").c_str(), {None});
  const auto labels = labelAgreement(project->reader());
  ASSERT_TRUE(labels.ok());
  const std::string text = toText(*labels, {});
  EXPECT_NE(text.find("0 by " + long_name +
                      "y alone are not compared.\n  Unsure 0, not diagnostic "
                      "0: no part of 'fibrosis or none'.\n"),
            std::string::npos)
      << text;
}

TEST_F(AgreementOfReaders, IsToldByTheCommandWithNullAndASentenceWhereNothingCanBeComputed) {
  labelTwice();
  ASSERT_TRUE(project
                  ->writeNow<db::LabelEventRecord>([](db::Database& database) {
                    return db::decideConsensus(database, "P1-s1", 2, Fibrosis, "EF", 1, "key");
                  })
                  .ok());
  draw("P1-s1", scarred(6, 10), "AB");
  draw("P1-s1", scarred(6, 6), "CD");
  const std::string table = (folder.path() / "agreement.csv").string();
  const auto answer =
      gadolin::test::ctl({QStringLiteral("agreement"), QString::fromStdString(root().string()),
                          QStringLiteral("--csv"), QString::fromStdString(table)});
  ASSERT_EQ(answer.status, 0) << answer.said();
  const QJsonObject labels = answer.summary()[QLatin1String("labels")].toObject();
  const QJsonObject pair = labels[QLatin1String("pairs")].toArray().at(0).toObject();
  EXPECT_EQ(pair[QLatin1String("slices_by_both")].toInt(), 14);
  EXPECT_EQ(pair[QLatin1String("table")].toArray().at(2).toArray().at(2).toInt(), 3);
  EXPECT_DOUBLE_EQ(pair[QLatin1String("slices")].toObject()[QLatin1String("kappa")].toDouble(),
                   0.625);
  const QJsonObject stacks = pair[QLatin1String("stacks")].toObject();
  EXPECT_TRUE(stacks[QLatin1String("kappa")].isNull());
  EXPECT_TRUE(stacks[QLatin1String("note")].toString().endsWith(QLatin1String("no kappa.")));
  const QJsonArray differences = labels[QLatin1String("disagreements")].toArray();
  ASSERT_EQ(differences.size(), 4);
  EXPECT_EQ(
      differences.at(0)[QLatin1String("consensus")].toObject()[QLatin1String("by")].toString(),
      QLatin1String("EF"));
  EXPECT_TRUE(differences.at(1)[QLatin1String("consensus")].isNull());
  bool found = false;
  for (const auto& each :
       answer.summary()[QLatin1String("masks")].toObject()[QLatin1String("pairs")].toArray()) {
    const QJsonObject masks = each.toObject();
    if (masks[QLatin1String("first")].toString() != QLatin1String("AB") ||
        masks[QLatin1String("second")].toString() != QLatin1String("CD"))
      continue;
    found = true;
    EXPECT_DOUBLE_EQ(
        masks[QLatin1String("fibrosis")].toObject()[QLatin1String("dice_mean")].toDouble(), 0.75);
    EXPECT_TRUE(masks[QLatin1String("scar_ml")].toObject()[QLatin1String("icc")].isNull());
  }
  EXPECT_TRUE(found);
  const auto csv = readFile(table);
  ASSERT_TRUE(csv.ok());
  EXPECT_NE(csv->find("labels,AB,CD,slices,kappa,,12,0.6250,"), std::string::npos) << *csv;
  EXPECT_NE(csv->find("masks,AB,CD,fibrosis,dice_mean,,1,0.7500,,,"), std::string::npos) << *csv;
}

TEST_F(AgreementOfReaders, OfAnEmptyProjectIsTwoSentences) {
  const auto made = Project::create(folder.path() / "empty.gadolin");
  ASSERT_TRUE(made.ok());
  const auto answer =
      gadolin::test::ctl({QStringLiteral("agreement"),
                          QString::fromStdString((folder.path() / "empty.gadolin").string())});
  EXPECT_EQ(answer.status, 0) << answer.said();
  EXPECT_EQ(answer.summary()[QLatin1String("labels")]
                .toObject()[QLatin1String("sentences")]
                .toArray()
                .at(0)
                .toString(),
            QLatin1String("Nobody has labelled a slice yet."));
  EXPECT_TRUE(answer.summary()[QLatin1String("masks")]
                  .toObject()[QLatin1String("pairs")]
                  .toArray()
                  .isEmpty());
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_QT_TEST_MAIN();
