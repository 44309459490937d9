#pragma once
// A project whose stacks are hard to export rightly: oblique, with pixels that are not square, from
// either end; and gadolinctl to export it.

#include <gtest/gtest.h>

#include <QProcess>
#include <QStringList>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "core/imaging/stack_file.h"
#include "database/clinical.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "tests/support/temp_folder.h"
#include "ui/session/project.h"

namespace gadolin::session::test {

struct ToolAnswer {
  int status = -1;
  std::string out, error;
};

/// Any program; status -1 when it cannot be started or was killed.
inline ToolAnswer runTool(const QString& program, const QStringList& words) {
  QProcess process;
  process.start(program, words);
  if (!process.waitForStarted()) return {};
  process.waitForFinished(120'000);
  return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
          process.readAllStandardOutput().toStdString(),
          process.readAllStandardError().toStdString()};
}

inline QString q(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

/// Size 7 x 5 x `slices` with pixels of 1.25 x 0.9375 mm, turned out of every plane of the body.
inline Stack obliqueStack(int seed, int slices, bool apex_first) {
  Geometry g;
  g.size = {7, 5, slices};
  g.spacing_mm = {1.25, 0.9375, 8.5};
  g.origin_mm = {-37.125, 81.0 + seed, 12.5};
  // Columns of a rotation matrix with short decimals.
  g.axes = {{{0.36, 0.48, -0.8}, {-0.8, 0.6, 0.0}, {0.48, 0.64, 0.6}}};
  Stack stack;
  stack.image = Volume<float>(g);
  stack.kind = seed % 2 == 0 ? ImageKind::Magnitude : ImageKind::Psir;
  stack.apex_first = apex_first;
  for (std::size_t i = 0; i < stack.image.voxels.size(); ++i)
    stack.image.voxels[i] = static_cast<float>((i * 61 + static_cast<std::size_t>(seed)) % 1021);
  for (int z = 0; z < slices; ++z) {
    SliceInfo info;
    info.origin_mm = g.toWorld(0, 0, z);
    info.extent_mm = 8.5;
    info.thickness_mm = 8;
    stack.slices.push_back(info);
  }
  return stack;
}

/// A ring with a scar that differs by slice; MVO on slice 1; the last slice is empty.
inline Mask obliqueMask(const Stack& stack) {
  Mask mask(stack.image.geometry);
  const int last = stack.sliceCount() - 1;
  for (int z = 0; z < last; ++z) {
    for (int y = 1; y < 4; ++y)
      for (int x = 1; x < 6; ++x) mask.at(x, y, z) = 2;
    mask.at(2, 2, z) = mask.at(3, 2, z) = mask.at(4, 2, z) = 1;
    mask.at(1 + z % 4, 1, z) = 3;
  }
  mask.at(5, 3, 1) = 4;
  return mask;
}

class ExportProject : public ::testing::Test {
 protected:
  ExportProject() {
    auto made = Project::create(root());
    EXPECT_TRUE(made.ok()) << made.error().message;
    project = std::move(made).value();
  }
  [[nodiscard]] std::filesystem::path root() const { return folder.path() / "lab.gadolin"; }
  [[nodiscard]] std::filesystem::path out(const char* name) const { return folder.path() / name; }

  /// Stack "<patient>-s<number>"; with a mask of a person unless told otherwise.
  std::int64_t add(const std::string& patient, int number, const Stack& stack, bool masked = true,
                   const std::string& author = "reference") {
    db::StackRecord record;
    record.id = patient + "-s" + std::to_string(number);
    record.patient = patient;
    record.kind = stack.kind;
    record.size = stack.image.geometry.size;
    record.spacing_mm = stack.image.geometry.spacing_mm;
    record.apex_first = stack.apex_first;
    record.content_hash = contentHash(stack);
    EXPECT_TRUE(writeStack(project->paths().stack(record.id), stack).ok());
    db::MaskRecord revision;
    if (masked) {
      const Mask mask = obliqueMask(stack);
      revision.stack = record.id;
      revision.author = author;
      revision.sha256 = contentHash(mask);
      EXPECT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
    }
    const auto added =
        project->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
          GADOLIN_CHECK(db::addStack(database, record));
          if (!masked) return std::int64_t{0};
          return db::addMask(database, revision);
        });
    EXPECT_TRUE(added.ok()) << added.error().message;
    return added ? *added : 0;
  }

  /// Run "run-1" says the mask of `stack` and maps of probabilities. Returns the mask's revision.
  std::int64_t predict(const std::string& stack, const Mask& mask) {
    const std::string blob = contentHash(mask);
    EXPECT_TRUE(writeMask(project->paths().mask(blob), mask).ok());
    std::vector<std::uint8_t> myocardium, fibrosis;
    for (std::size_t i = 0; i < mask.voxels.size(); ++i) {
      myocardium.push_back(static_cast<std::uint8_t>(i * 7 % 256));
      fibrosis.push_back(static_cast<std::uint8_t>(i * 13 % 256));
    }
    const std::vector<std::int64_t> shape{mask.geometry.size[2], mask.geometry.size[1],
                                          mask.geometry.size[0]};
    const run::RunFolder run = project->paths().run("run-1");
    EXPECT_TRUE(makePrivateFolder(run.prediction(stack).parent_path()).ok());
    EXPECT_TRUE(
        writeSafetensors(run.prediction(stack),
                         {tensorView<std::uint8_t>("p_myocardium", Dtype::U8, shape, myocardium),
                          tensorView<std::uint8_t>("p_fibrosis", Dtype::U8, shape, fibrosis)},
                         {{"stack", stack}})
            .ok());
    const auto added =
        project->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
          if (!db::runById(database, "run-1")) {
            db::RunRecord record;
            record.id = "run-1";
            record.supervision = "slice";
            record.preset = "quick";
            record.stage = "all";
            record.device = "cpu";
            GADOLIN_CHECK(db::addRun(database, record));
          }
          db::MaskRecord revision;
          revision.stack = stack;
          revision.source = db::MaskSource::Prediction;
          revision.author = revision.run = "run-1";
          revision.sha256 = blob;
          db::PredictionRecord prediction;
          GADOLIN_TRY(prediction.mask, db::addMask(database, revision));
          prediction.run = "run-1";
          prediction.stack = stack;
          GADOLIN_CHECK(db::addPrediction(database, prediction));
          return prediction.mask;
        });
    EXPECT_TRUE(added.ok()) << added.error().message;
    return added ? *added : 0;
  }

  void split(const std::vector<db::SplitRecord>& records) {
    const auto done = project->writeNow<bool>([&](db::Database& database) -> Result<bool> {
      GADOLIN_CHECK(db::replaceSplit(database, records));
      return true;
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  ToolAnswer ctl(const QStringList& words) const {
    return runTool(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
                   QStringList{QStringLiteral("--json")} + words);
  }
  ToolAnswer exportAs(const char* format, const std::filesystem::path& to,
                      const QStringList& more = {}) const {
    return ctl(QStringList{QStringLiteral("export"), q(root()), QStringLiteral("--format"),
                           QLatin1String(format), QStringLiteral("--out"), q(to)} +
               more);
  }

  /// Files below a folder, without the folder's own name.
  static std::set<std::string> filesBelow(const std::filesystem::path& place) {
    std::set<std::string> names;
    std::error_code code;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place, code))
      if (entry.is_regular_file()) names.insert(entry.path().lexically_relative(place).string());
    return names;
  }

  gadolin::test::TempFolder folder;
  std::unique_ptr<Project> project;
};

}  // namespace gadolin::session::test
