#pragma once
// A project with small stacks and reference masks for the tests of this folder.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "tests/support/temp_folder.h"
#include "ui/session/project.h"

namespace gadolin::session::test {

/// 16 x 12 voxels a slice; voxel values make every stack differ.
inline Stack sampleImage(int seed, int slices) {
  Geometry geometry;
  geometry.size = {16, 12, slices};
  geometry.spacing_mm = {1.5, 1.5, 10};
  Stack stack;
  stack.image = Volume<float>(geometry);
  for (std::size_t i = 0; i < stack.image.voxels.size(); ++i) {
    stack.image.voxels[i] = static_cast<float>((i * 7 + static_cast<std::size_t>(seed)) % 251);
  }
  for (int z = 0; z < slices; ++z) {
    SliceInfo info;
    info.origin_mm = {0, 0, 10.0 * z};
    info.extent_mm = 10;
    stack.slices.push_back(info);
  }
  return stack;
}

/// Myocardium everywhere, scar on the slices below `scarred`, MVO on slice 0 when there is scar.
inline Mask sampleMask(int slices, int scarred) {
  Geometry geometry;
  geometry.size = {16, 12, slices};
  geometry.spacing_mm = {1.5, 1.5, 10};
  Mask mask(geometry, 2);
  for (int z = 0; z < scarred; ++z) mask.at(3, 4, z) = z == 0 ? 4 : 3;
  return mask;
}

/// Adds stack "<patient>-s1"; a mask with `scarred` scarred slices unless negative.
inline void addSample(Project& project, const std::string& patient, int slices, int scarred) {
  const int seed = std::stoi(patient.substr(1));
  const Stack image = sampleImage(seed, slices);
  db::StackRecord record;
  record.id = patient + "-s1";
  record.patient = patient;
  record.size = image.image.geometry.size;
  record.spacing_mm = image.image.geometry.spacing_mm;
  record.content_hash = contentHash(image);
  ASSERT_TRUE(writeStack(project.paths().stack(record.id), image).ok());
  db::MaskRecord revision;
  if (scarred >= 0) {
    const Mask mask = sampleMask(slices, scarred);
    revision.stack = record.id;
    revision.author = "reference";
    revision.sha256 = contentHash(mask);
    ASSERT_TRUE(writeMask(project.paths().mask(revision.sha256), mask).ok());
  }
  const auto added = project.writeNow<int>([&](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::addStack(database, record));
    if (scarred >= 0) GADOLIN_CHECK(db::addMask(database, revision));
    return 0;
  });
  ASSERT_TRUE(added.ok()) << added.error().message;
}

class SampleProject : public ::testing::Test {
 protected:
  SampleProject() {
    auto made = Project::create(root());
    EXPECT_TRUE(made.ok());
    project = std::move(made).value();
    addSample(*project, "P1", 6, 2);
    addSample(*project, "P2", 5, 0);
    addSample(*project, "P3", 4, -1);
  }
  [[nodiscard]] std::filesystem::path root() const { return folder.path() / "lab.gadolin"; }

  gadolin::test::TempFolder folder;
  std::unique_ptr<Project> project;
};

}  // namespace gadolin::session::test
