// Data sets for other programs: nnU-Net's and EMIDEC's, and how an export begins and ends.

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QThread>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/imaging/io/volume_reader.h"
#include "database/mask_edits.h"
#include "database/runs.h"
#include "tests/database/raw_sql.h"
#include "tests/session/export_fixture.h"
#include "tests/session/import_main.h"
#include "tests/support/temporary_names.h"
#include "ui/session/clinical_table.h"
#include "ui/session/importer.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

using ExportDataSets = ExportProject;

json jsonOf(const fs::path& file) {
  const auto text = readFile(file);
  EXPECT_TRUE(text.ok()) << file;
  return text ? json::parse(*text, nullptr, false) : json();
}

std::vector<float> voxelsOf(const fs::path& file) {
  const auto stack = io::readVolumeStack(file, std::nullopt);
  EXPECT_TRUE(stack.ok()) << file << (stack ? "" : stack.error().message);
  return stack ? stack->image.voxels : std::vector<float>();
}

/// Voxels and places are those of `made`, whichever end they are counted from.
void expectSameHeart(const Stack& made, const Mask& mask, const Stack& got, const Mask& got_mask,
                     bool turned) {
  const Geometry &a = made.image.geometry, &b = got.image.geometry;
  ASSERT_EQ(a.size, b.size);
  double apart_mm = 0;
  int wrong = 0;
  for (int z = 0; z < a.size[2]; ++z) {
    const int at = turned ? a.size[2] - 1 - z : z;
    for (int y = 0; y < a.size[1]; ++y)
      for (int x = 0; x < a.size[0]; ++x) {
        apart_mm = std::max(apart_mm, norm(a.toWorld(x, y, z) - b.toWorld(x, y, at)));
        wrong += made.image.at(x, y, z) != got.image.at(x, y, at) ? 1 : 0;
        wrong += mask.at(x, y, z) != got_mask.at(x, y, at) ? 1 : 0;
      }
  }
  EXPECT_LT(apart_mm, 1e-4);
  EXPECT_EQ(wrong, 0);
}

TEST_F(ExportDataSets, NnunetHasEveryMaskOfAPersonAndNoTestCaseInTraining) {
  for (int i = 1; i <= 6; ++i)
    add("P" + std::to_string(i), 1, obliqueStack(i, 5, i % 2 == 0), i != 3);
  add("P1", 2, obliqueStack(11, 4, false));
  using dataset::Part;
  split({{"P1", Part::Train, 1},
         {"P2", Part::Validation, 2},
         {"P3", Part::Train, 2},
         {"P4", Part::Test, {}},
         {"P5", Part::Train, 2}});
  const auto place = out("Dataset501_LGE");
  const auto said = exportAs("nnunet", place);
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(filesBelow(place),
            (std::set<std::string>{
                "cases.csv", "dataset.json", "splits_final.json", "imagesTr/P1-s1_0000.nii.gz",
                "labelsTr/P1-s1.nii.gz", "imagesTr/P1-s2_0000.nii.gz", "labelsTr/P1-s2.nii.gz",
                "imagesTr/P2-s1_0000.nii.gz", "labelsTr/P2-s1.nii.gz", "imagesTr/P5-s1_0000.nii.gz",
                "labelsTr/P5-s1.nii.gz", "imagesTs/P4-s1_0000.nii.gz", "labelsTs/P4-s1.nii.gz"}));
  const json dataset = jsonOf(place / "dataset.json");
  EXPECT_EQ(dataset["numTraining"], 4);
  EXPECT_EQ(dataset["channel_names"], (json{{"0", "LGE"}}));
  EXPECT_EQ(dataset["file_ending"], ".nii.gz");
  EXPECT_EQ(
      dataset["labels"],
      (json{{"background", 0}, {"LV_cavity", 1}, {"myocardium", 2}, {"scar", 3}, {"MVO", 4}}));
  // Patients stay together: P1's stacks are validated on in the same fold.
  EXPECT_EQ(jsonOf(place / "splits_final.json"),
            (json{{{"train", {"P2-s1", "P5-s1"}}, {"val", {"P1-s1", "P1-s2"}}},
                  {{"train", {"P1-s1", "P1-s2"}}, {"val", {"P2-s1", "P5-s1"}}}}));
  const Stack made = obliqueStack(5, 5, false);
  EXPECT_EQ(voxelsOf(place / "imagesTr/P5-s1_0000.nii.gz"), made.image.voxels);
  const auto mask = io::readVolumeMask(place / "labelsTr/P5-s1.nii.gz", LabelTable::Tissue);
  ASSERT_TRUE(mask.ok());
  EXPECT_EQ(mask->mask.voxels, obliqueMask(made).voxels);
  EXPECT_TRUE(sameGrid(mask->mask.geometry, made.image.geometry, 1e-4, 1e-6));
  EXPECT_NE(said.out.find("P3-s1"), std::string::npos) << "left out without a word";
  EXPECT_NE(said.out.find("P6-s1"), std::string::npos) << "left out without a word";
  const auto table = readFile(place / "cases.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_NE(table->find("P1-s2,P1,P1-s2,train,1,imagesTr,psir,4,reference,"), std::string::npos)
      << *table;
}

TEST_F(ExportDataSets, WithoutASplitNnunetTrainsOnAllAndIsToldNothingOfFolds) {
  add("P1", 1, obliqueStack(1, 5, false));
  add("P2", 1, obliqueStack(2, 5, false), false);
  const auto said = exportAs("nnunet", out("set"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(filesBelow(out("set")),
            (std::set<std::string>{"cases.csv", "dataset.json", "imagesTr/P1-s1_0000.nii.gz",
                                   "labelsTr/P1-s1.nii.gz"}));
  EXPECT_NE(said.out.find("by cases, not by patients"), std::string::npos) << said.out;
}

TEST_F(ExportDataSets, OfAnEditedPredictionAndADrawingNnunetTakesTheDrawing) {
  add("P1", 1, obliqueStack(1, 5, false), true, "ann");
  Mask edited = obliqueMask(obliqueStack(1, 5, false));
  edited.at(0, 0, 0) = 2;
  const auto parent = predict("P1-s1", edited);
  const auto done = project->writeNow<bool>([&](db::Database& database) -> Result<bool> {
    db::MaskRecord reader;
    reader.stack = "P1-s1";
    reader.source = db::MaskSource::Reader;
    reader.author = "bob";
    reader.sha256 = contentHash(edited);
    reader.parent = parent;
    GADOLIN_CHECK(db::addMask(database, reader));
    return true;
  });
  ASSERT_TRUE(done.ok()) << done.error().message;
  ASSERT_EQ(exportAs("nnunet", out("set")).status, 0);
  const auto mask = io::readVolumeMask(out("set") / "labelsTr/P1-s1.nii.gz", LabelTable::Tissue);
  ASSERT_TRUE(mask.ok());
  EXPECT_EQ(mask->mask.voxels, obliqueMask(obliqueStack(1, 5, false)).voxels);
}

TEST_F(ExportDataSets, SlicesThatNobodyDrewOnAreIgnoredByNnunetNotBackground) {
  const Stack stack = obliqueStack(1, 5, false);
  add("P1", 1, stack, false);
  const Mask mask = obliqueMask(stack);  // its last slice is empty
  db::MaskRecord revision;
  revision.stack = "P1-s1";
  revision.source = db::MaskSource::Reader;
  revision.author = "ann";
  revision.sha256 = contentHash(mask);
  ASSERT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
  const auto done = project->writeNow<bool>([&](db::Database& database) -> Result<bool> {
    db::MaskEditRecord edit;
    edit.stack = "P1-s1";
    edit.reader = "ann";
    edit.tool = "brush";
    GADOLIN_TRY(const auto step, db::addMaskEdit(database, edit));
    GADOLIN_TRY(const auto id, db::addMask(database, revision));
    GADOLIN_CHECK(db::markDrawn(database, id, step));
    return true;
  });
  ASSERT_TRUE(done.ok()) << done.error().message;
  const auto said = exportAs("nnunet", out("set"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(jsonOf(out("set") / "dataset.json")["labels"]["ignore"], 5);
  const auto voxels = voxelsOf(out("set") / "labelsTr/P1-s1.nii.gz");
  ASSERT_EQ(voxels.size(), mask.voxels.size());
  const std::size_t last = 4U * 7U * 5U;
  for (std::size_t i = 0; i < voxels.size(); ++i)
    ASSERT_EQ(voxels[i], i < last ? static_cast<float>(mask.voxels[i]) : 5.F) << i;
}

TEST_F(ExportDataSets, NothingToTrainOnIsRefusedAndNothingIsMade) {
  add("P1", 1, obliqueStack(1, 5, false), false);
  const auto said = exportAs("nnunet", out("new/set"));
  EXPECT_EQ(said.status, 2) << said.error;
  EXPECT_FALSE(fs::exists(out("new")));
}

TEST_F(ExportDataSets, AnEmidecExportImportsAsTheSameHearts) {
  add("P1", 1, obliqueStack(1, 6, false));
  add("Case_P2", 1, obliqueStack(2, 5, true));
  add("P3", 1, obliqueStack(3, 4, true), false);
  const auto done = project->writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_CHECK(db::setClinicalValues(database,
                                        {{"Gap between slices", "mm", "number"},
                                         {"Sex", "", "category"},
                                         {"Body surface", "m2", "number"}},
                                        {{"P1", "Gap between slices", "8.5", 8.5},
                                         {"P1", "Sex", "F", {}},
                                         {"P1", "Body surface", "1.9", 1.9},
                                         {"Case_P2", "Gap between slices", "13", 13.0},
                                         {"Case_P2", "Sex", "M", {}},
                                         {"Case_P2", "Body surface", "2.1", 2.1}},
                                        "test"));
    return true;
  });
  ASSERT_TRUE(done.ok()) << done.error().message;
  const auto said = exportAs("emidec", out("emidec"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(filesBelow(out("emidec")),
            (std::set<std::string>{
                "Case_P1/Images/Case_P1.nii.gz", "Case_P1/Contours/Case_P1.nii.gz", "Case_P1.txt",
                "Case_P2/Images/Case_P2.nii.gz", "Case_P2/Contours/Case_P2.nii.gz", "Case_P2.txt",
                "Case_P3/Images/Case_P3.nii.gz", "cases.csv", "clinical.csv"}));

  auto second = Project::create(out("second.gadolin"));
  ASSERT_TRUE(second.ok());
  Importer importer(**second);
  ImportRequest request;
  request.paths = {out("emidec")};
  request.layout = Layout::Emidec;
  const auto summary = importer.run(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 3);
  EXPECT_EQ(summary->masks, 2);
  for (const auto& refusal : summary->refused) ADD_FAILURE() << refusal.path << refusal.reason;
  for (const auto& [patient, seed, slices, turned] :
       {std::tuple("Case_P1", 1, 6, true), std::tuple("Case_P2", 2, 5, false)}) {
    SCOPED_TRACE(patient);
    const std::string id = std::string(patient) + "-s1";
    const auto stack = readStack((*second)->paths().stack(id));
    const auto record = db::latestPersonMask((*second)->reader(), id);
    ASSERT_TRUE(stack.ok() && record.ok() && record->has_value());
    EXPECT_TRUE(stack->apex_first);
    const auto mask = readMaskOn((*second)->paths().mask((*record)->sha256), stack->image.geometry);
    ASSERT_TRUE(mask.ok());
    const Stack made = obliqueStack(seed, slices, !turned);
    expectSameHeart(made, obliqueMask(made), *stack, *mask, turned);
  }
  const auto facts = exportClinical((*second)->reader());
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(*facts,
            "patient,Gap between slices [mm],Sex,Body surface [m2]\n"
            "Case_P1,8.5,F,1.9\n"
            "Case_P2,13,M,2.1\n");
}

TEST_F(ExportDataSets, AnyNameOfAPatientBecomesACase) {
  add("P1", 1, obliqueStack(1, 5, true));
  project.reset();
  ASSERT_TRUE(db::test::execute(root() / "project.sqlite",
                                "PRAGMA foreign_keys = OFF;"
                                "UPDATE patient SET name = '=Müller/../1';"
                                "UPDATE stack SET patient = '=Müller/../1';"));
  const auto said = exportAs("emidec", out("emidec"));
  ASSERT_EQ(said.status, 0) << said.error;
  int images = 0;
  for (const auto& name : filesBelow(out("emidec")))
    if (name.ends_with(".nii.gz")) {
      ++images;
      EXPECT_TRUE(name.starts_with("Case_")) << name;
    }
  EXPECT_EQ(images, 2);
  const auto table = readFile(out("emidec") / "cases.csv");
  ASSERT_TRUE(table.ok());
  EXPECT_NE(table->find(",'=Müller/../1,"), std::string::npos) << "a formula: " << *table;
}

TEST_F(ExportDataSets, EveryStackOfAPatientWithSeveralIsACaseOfItsOwn) {
  add("P1", 1, obliqueStack(1, 5, true));
  add("P1", 2, obliqueStack(2, 5, true));
  const auto said = exportAs("emidec", out("emidec"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_TRUE(fs::exists(out("emidec") / "Case_P1-s1/Contours/Case_P1-s1.nii.gz"));
  EXPECT_TRUE(fs::exists(out("emidec") / "Case_P1-s2/Contours/Case_P1-s2.nii.gz"));
  EXPECT_NE(said.out.find("one stack a patient"), std::string::npos) << said.out;
}

TEST_F(ExportDataSets, FilesArePrivateAndNoExportReplacesAnything) {
  add("P1", 1, obliqueStack(1, 5, true));
  ASSERT_EQ(::umask(0) & ~0777U, 0U);  // children inherit it: nothing but the modes asked for holds
  for (const char* format : {"nifti", "nnunet", "emidec", "csv"}) {
    const auto place = out(format);
    ASSERT_TRUE(fs::create_directory(place)) << "an empty folder may be there";
    ASSERT_EQ(exportAs(format, place).status, 0) << format;
    struct stat status {};
    ASSERT_EQ(::stat(place.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U) << format;
    for (const auto& entry : fs::recursive_directory_iterator(place)) {
      ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0777U, entry.is_directory() ? 0700U : 0600U) << entry.path();
    }
    const auto before = filesBelow(place);
    EXPECT_EQ(exportAs(format, place).status, 3) << format;
    EXPECT_EQ(filesBelow(place), before);
  }
  ::umask(0022);
}

TEST_F(ExportDataSets, AFullDiskLeavesNothing) {
  for (int i = 1; i <= 4; ++i) add("P" + std::to_string(i), 1, obliqueStack(i, 40, true));
  for (const char* format : {"nifti", "nnunet", "emidec", "csv"}) {
    // No file may grow beyond 512 bytes, and who tries hears of it as of a full disk.
    const auto said = runTool(
        QStringLiteral("bash"),
        {QStringLiteral("-c"),
         QStringLiteral(
             "trap '' XFSZ; ulimit -f 1; exec \"$0\" export \"$1\" --format %1 --out \"$2\"")
             .arg(QLatin1String(format)),
         QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"), q(root()), q(out(format))});
    if (std::string(format) != "csv") {
      EXPECT_EQ(said.status, 3) << format << said.error;
      EXPECT_FALSE(fs::exists(out(format))) << format;
    }
  }
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << entry.path();
}

TEST_F(ExportDataSets, WhatAKilledExportLeftGoesWithTheNextAndThatOfALivingOneStays) {
  add("P1", 1, obliqueStack(1, 5, true));
  using gadolin::test::temporaryNameOf;
  const pid_t gone = gadolin::test::deadProcess();
  const auto dead = folder.path() / temporaryNameOf(gone, "set");
  const auto older = folder.path() / (".tmp-" + std::to_string(gone) + "-set");
  const auto alive = folder.path() / temporaryName("set");
  const auto elsewhere = folder.path() / (".tmp-" + std::to_string(gone) + "@another.machine-set");
  const auto other = folder.path() / temporaryNameOf(gone, "set2");
  for (const auto& path : {dead, older, alive, elsewhere, other})
    fs::create_directories(path / "imagesTr");
  ASSERT_EQ(exportAs("nnunet", out("set")).status, 0);
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_FALSE(fs::exists(older)) << "as versions without the machine's name left it";
  EXPECT_TRUE(fs::exists(alive));
  EXPECT_TRUE(fs::exists(elsewhere)) << "on a shared home: of a process of another machine";
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(ExportDataSets, StoppedByASignalItIsWholeOrNotThere) {
  for (int i = 1; i <= 12; ++i) add("P" + std::to_string(i), 1, obliqueStack(i, 60, true));
  QProcess process;
  process.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
                {QStringLiteral("export"), q(root()), QStringLiteral("--format"),
                 QStringLiteral("nifti"), QStringLiteral("--out"), q(out("set"))});
  ASSERT_TRUE(process.waitForStarted());
  const auto temporary = folder.path() / gadolin::test::temporaryNameOf(
                                             static_cast<pid_t>(process.processId()), "set");
  QElapsedTimer timer;
  timer.start();
  while (!fs::exists(temporary / "images") && !fs::exists(out("set")) && timer.elapsed() < 20'000)
    QThread::usleep(500);
  ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
  ASSERT_TRUE(process.waitForFinished(20'000));
  EXPECT_FALSE(fs::exists(temporary));
  // The signal may come when all is done.
  const bool whole = fs::exists(out("set"));
  EXPECT_EQ(filesBelow(out("set")).size(), whole ? 24U : 0U);
  if (!whole) {
    EXPECT_EQ(process.exitStatus(), QProcess::NormalExit);
    EXPECT_EQ(process.exitCode(), 3);
  }
}

TEST_F(ExportDataSets, NibabelReadsWhatTheProjectHolds) {
  const QString python = QStringLiteral("/usr/bin/python3");
  if (runTool(python, {QStringLiteral("-c"), QStringLiteral("import nibabel")}).status != 0)
    GTEST_SKIP() << "python3-nibabel is not installed";
  add("P1", 1, obliqueStack(1, 6, false));
  add("P2", 1, obliqueStack(2, 5, true));
  Mask predicted = obliqueMask(obliqueStack(2, 5, true));
  predicted.at(0, 4, 3) = 3;
  predict("P2-s1", predicted);
  for (const auto& [format, files] :
       {std::pair("nifti", "7\n"), std::pair("nnunet", "4\n"), std::pair("emidec", "4\n")}) {
    ASSERT_EQ(exportAs(format, out(format)).status, 0) << format;
    const auto judged =
        runTool(python, {QStringLiteral(GADOLIN_SOURCE_DIR "/tests/support/judge_nifti.py"),
                         q(root()), q(out(format)), QLatin1String(format)});
    EXPECT_EQ(judged.status, 0) << format << judged.error;
    EXPECT_EQ(judged.out, files) << format;
  }
}

TEST_F(ExportDataSets, NamesInAForgedProjectLeadNowhere) {
  const Stack stack = obliqueStack(1, 5, true);
  add("P1", 1, stack, false);
  project.reset();
  ASSERT_TRUE(
      db::test::execute(root() / "project.sqlite",
                        "PRAGMA foreign_keys = OFF;"
                        "UPDATE patient SET name = '../../escaped';"
                        "UPDATE stack SET id = '../../escaped', patient = '../../escaped';"));
  ASSERT_TRUE(writeStack(ProjectPaths{root()}.stack("../../escaped"), stack).ok());
  for (const char* format : {"nifti", "emidec"}) {
    const auto said = exportAs(format, out("deep/down/set"));
    EXPECT_EQ(said.status, 3) << format << said.out;
    EXPECT_FALSE(fs::exists(out("deep")));
  }
  EXPECT_TRUE(
      filesBelow(folder.path()).contains("escaped.safetensors"));  // the test's own, no other
  for (const auto& name : filesBelow(folder.path()))
    EXPECT_FALSE(name.ends_with(".nii.gz")) << name;
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_IMPORT_TEST_MAIN();
