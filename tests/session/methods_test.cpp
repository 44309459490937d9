// The methods section: what it says, in which number, and what it leaves out.

#include <gtest/gtest.h>

#include "database/consensus.h"
#include "database/labels.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/e2e/ctl.h"
#include "tests/session/sample_project.h"
#include "ui/session/methods.h"

namespace gadolin::session::test {
namespace {

class MethodsSection : public SampleProject {
 protected:
  void label(const char* stack, std::vector<SliceLabel> labels, const char* reader) {
    const auto written = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      std::vector<db::SliceChange> changes;
      for (std::size_t z = 0; z < labels.size(); ++z) changes.push_back({static_cast<int>(z), labels[z]});
      GADOLIN_CHECK(db::setSliceLabels(database, stack, changes, reader, 1, "key"));
      return 0;
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  std::string section(const std::string& title, const std::optional<std::string>& run = {}) {
    const auto sections = collectMethods(project->paths(), project->reader(), run, "9.9.9");
    EXPECT_TRUE(sections.ok()) << sections.error().message;
    for (const report::MethodsSection& one : *sections)
      if (one.title == title) return one.text;
    return "(no such section)";
  }
};

TEST_F(MethodsSection, SaysWhatIsThereAndWhatIsNot) {
  EXPECT_EQ(section("Images"),
            "The cohort comprises 3 patients with 3 short-axis stacks of late gadolinium enhancement "
            "(15 slices, 4 to 6 a stack). Images are of a reconstruction that is not stated. Pixels "
            "measure 1.50 by 1.50 mm, slices lie 10.0 mm apart, and the matrix is 16 by 12.");
  EXPECT_EQ(section("Labels"), "No slice carries an image-level label.");
  EXPECT_EQ(section("Reference masks"),
            "2 (67 %) of 3 stacks have a reference mask that did not begin as a prediction (imported: "
            "2 by reference). Labels of masks are 1 LV cavity, 2 myocardium, 3 infarct, 4 "
            "microvascular obstruction.");
  EXPECT_EQ(section("Split"), "The patients are not split yet.");
  EXPECT_EQ(section("Training"), "No training has finished in this project.");
  EXPECT_EQ(section("Software"), "Measurements and this text: Gadolin 9.9.9.");
}

TEST_F(MethodsSection, NamesReadersDecisionsAndAgreement) {
  using enum SliceLabel;
  label("P1-s1", {Fibrosis, Fibrosis, None, None, None, None}, "Ann");
  EXPECT_EQ(section("Labels").find(" readers"), std::string::npos) << "one reader is no agreement";
  EXPECT_NE(section("Labels").find("6 (40 %) carry an image-level label: 2 with fibrosis, 4 without. The "
                                   "label that counts was given by Ann (6 slices)."),
            std::string::npos)
      << section("Labels");
  label("P1-s1", {Fibrosis, None, None, None, None, None}, "Ben");
  label("P2-s1", {Fibrosis}, "Ben");
  const std::string open = section("Labels");
  EXPECT_NE(open.find("On 6 slices that Ann and Ben both labelled with fibrosis or without, raw "
                      "agreement was 83.3 % and Cohen's kappa 0.57"),
            std::string::npos)
      << open;
  EXPECT_NE(open.find("On 1 slice readers disagree and no decision stands"), std::string::npos) << open;
  const auto decided = project->writeNow<int>([&](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::decideConsensus(database, "P1-s1", 1, Fibrosis, "Cora", 1, "key"));
    return 0;
  });
  ASSERT_TRUE(decided.ok());
  const std::string closed = section("Labels");
  EXPECT_NE(closed.find("1 slice was decided by Cora"), std::string::npos) << closed;
  EXPECT_EQ(closed.find("no decision stands"), std::string::npos) << closed;
}

TEST_F(MethodsSection, OfARunWithoutItsFilesOnlyWhatIsKnown) {
  const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
    db::RunRecord run;
    run.id = "run-1";
    run.supervision = "slice";
    run.preset = "quick";
    run.state = db::RunState::Finished;
    GADOLIN_CHECK(db::addRun(database, run));
    GADOLIN_CHECK(db::replaceSplit(database, {{"P1", dataset::Part::Train, {}},
                                              {"P2", dataset::Part::Validation, {}},
                                              {"P3", dataset::Part::Test, {}}}));
    return 0;
  });
  ASSERT_TRUE(added.ok());
  ASSERT_TRUE(makePrivateFolder(project->paths().run("run-1").root).ok());
  EXPECT_EQ(section("Split"),
            "Whole patients were split, never slices: 1 for training, 1 for validation and 1 for the test.");
  EXPECT_NE(section("Supervision").find("what it was given is not known"), std::string::npos);
  EXPECT_NE(section("Training").find("settings of the run cannot be read"), std::string::npos);
  EXPECT_EQ(section("Evaluation"), "The predictions of this run have not been evaluated.");
  const auto none = collectMethods(project->paths(), project->reader(), "run-2", "9.9.9");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::NotFound);

  const QString at = QString::fromStdString(root().string());
  const auto answer = gadolin::test::ctl(gadolin::test::wordsOf(QStringLiteral("report @ --methods"), at));
  EXPECT_EQ(answer.status, 0) << answer.said();
  EXPECT_EQ(answer.summary().value(QStringLiteral("run")).toString(), QStringLiteral("run-1"));
  const QString file = QString::fromStdString((folder.path() / "methods.txt").string());
  const auto written = gadolin::test::ctl(
      gadolin::test::wordsOf(QStringLiteral("report @ --methods --run run-1 --out ") + file, at));
  EXPECT_EQ(written.status, 0) << written.said();
  const auto text = readFile(folder.path() / "methods.txt");
  ASSERT_TRUE(text.ok());
  EXPECT_TRUE(text->starts_with("Images\n\nThe cohort comprises 3 patients")) << *text;
  EXPECT_EQ(gadolin::test::ctl(
                gadolin::test::wordsOf(QStringLiteral("report @ --methods --cohort"), at)).status,
            2);
}

}  // namespace
}  // namespace gadolin::session::test
