#pragma once
// A database with a few stacks for the tests of this folder.

#include <gtest/gtest.h>

#include "database/migration.h"
#include "database/stacks.h"
#include "tests/support/temp_folder.h"

namespace gadolin::db::test {

inline StackRecord sampleStack(const std::string& patient, int number, int slices = 8) {
  StackRecord stack;
  stack.id = patient + "-s" + std::to_string(number);
  stack.patient = patient;
  stack.kind = ImageKind::Psir;
  stack.size = {96, 80, slices};
  stack.spacing_mm = {1.25, 1.5, 8.0};
  stack.apex_first = true;
  stack.content_hash = "hash-of-" + stack.id;
  stack.description = "LGE short axis";
  stack.notes = {"Spacing taken from positions.", "Slices sorted."};
  return stack;
}

class Sample : public ::testing::Test {
 protected:
  Sample() : database(make(folder.path())) {}

  static Database make(const std::filesystem::path& folder) {
    auto made = Database::create(folder / "project.sqlite");
    EXPECT_TRUE(made.ok());
    EXPECT_TRUE(migrate(*made, folder / "backups").ok());
    return std::move(made).value();
  }

  gadolin::test::TempFolder folder;
  Database database;
};

}  // namespace gadolin::db::test
