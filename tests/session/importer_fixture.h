#pragma once
// A project beside a folder of foreign files that the test writes, and an import of it.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "core/base/hash.h"
#include "database/journal.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/nifti_bytes.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {

namespace fs = std::filesystem;

class ImporterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto project = Project::create(folder_.path() / "p.gadolin");
    ASSERT_TRUE(project.ok()) << project.error().message;
    project_ = std::move(*project);
    fs::create_directory(input());
  }

  [[nodiscard]] fs::path input() const { return folder_.path() / "in"; }
  void write(const fs::path& below, const std::string& bytes) {
    fs::create_directories((input() / below).parent_path());
    std::ofstream(input() / below, std::ios::binary) << bytes;
  }
  /// X/Images/X.nii and X/Contours/X.nii, different for every `seed`.
  void writeEmidecCase(const std::string& name, double seed) {
    auto image = test::emidecSpec();
    image.voxels.assign(image.count(), seed);
    write(fs::path(name) / "Images" / (name + ".nii"), test::niftiBytes(image));
    auto mask = test::emidecSpec();
    mask.type = 2;
    mask.voxels.assign(mask.count(), 2);
    mask.voxels[0] = 3;
    mask.voxels[1] = static_cast<double>(static_cast<int>(seed) % 2);
    write(fs::path(name) / "Contours" / (name + ".nii"), test::niftiBytes(mask));
  }
  void writeSeries(const fs::path& below, const test::DicomSpec& like, int slices) {
    for (int i = 0; i < slices; ++i) {
      test::DicomSpec spec = like;
      spec.sop += "." + std::to_string(i);
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.pixels[0] = static_cast<std::int16_t>(i);
      write(below / ("im" + std::to_string(i)), test::dicomBytes(spec));
    }
  }
  Result<ImportSummary> import(ImportRequest request = {}) {
    if (request.paths.empty()) request.paths = {input()};
    Importer importer(*project_);
    return importer.run(request);
  }
  /// Every file of the project with its content, but the database; and what the rows say.
  std::map<std::string, std::string> state() {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(project_->paths().root)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || name.starts_with("project.sqlite") ||
          entry.path().string().find("/backups/") != std::string::npos)
        continue;
      struct stat status {};
      ::stat(entry.path().c_str(), &status);
      files[entry.path().string()] =
          *sha256HexOfFile(entry.path()) + " " + std::to_string(status.st_mtim.tv_nsec);
    }
    auto& database = project_->reader();
    const auto stacks = db::allStacks(database).value();
    for (const auto& stack : stacks) {
      files["stack " + stack.id] = stack.patient + stack.content_hash + stack.imported_utc;
      const auto masks = db::masksOfStack(database, stack.id).value();
      for (const auto& mask : masks)
        files["mask " + std::to_string(mask.id)] = mask.sha256 + mask.created_utc;
    }
    const auto refusals = db::refusals(database).value();
    for (const auto& row : refusals) files["refusal " + row.path] = row.reason + row.at_utc;
    const auto audit = db::audit(database).value();
    for (const auto& row : audit) files["audit " + std::to_string(row.id)] = row.at_utc;
    return files;
  }
  /// A decoder that answers like the real one but dies or sleeps at files with those words.
  QString moodyDecoder() {
    const fs::path script = folder_.path() / "decoder";
    std::ofstream(script)
        << "#!/bin/bash\n"
           "coproc REAL { exec '" GADOLIN_BIN_DIR
           "/gadolinctl' decode; }\n"
           "while IFS= read -r line; do\n"
           "  case \"$line\" in *crash*) kill -ABRT $$;; *hang*) exec sleep 60;; esac\n"
           "  printf '%s\\n' \"$line\" >&\"${REAL[1]}\"\n"
           "  IFS= read -r answer <&\"${REAL[0]}\"\n"
           "  printf '%s\\n' \"$answer\"\n"
           "done\n";
    fs::permissions(script, fs::perms::owner_all);
    return QString::fromStdString(script.string());
  }

  test::TempFolder folder_;
  std::unique_ptr<Project> project_;
};

}  // namespace gadolin::session
