#pragma once
// One input imported alone into a fresh project, with what a person would measure of the result,
// and the rows of docs/intake.md that say it in words.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {

using Codes = std::map<std::string, int>;

struct Outcome {
  std::vector<db::StackRecord> stacks;
  std::vector<double> sums;  // of all voxels, after rescale; one a stack
  /// Voxels of the labels 0 to 4 in the reference masks together.
  std::array<int, 5> labels{};
  int masks = 0;
  Codes codes;
  std::string warnings, refusals;
  std::string error;
};

inline double sumOf(const Stack& stack) {
  double sum = 0;
  for (const float voxel : stack.image.voxels) sum += static_cast<double>(voxel);
  return sum;
}

inline Outcome importAlone(const std::vector<std::filesystem::path>& inputs) {
  const test::TempFolder folder;
  auto project = Project::create(folder.path() / "p.gadolin");
  EXPECT_TRUE(project.ok());
  if (!project) return {};
  ImportRequest request;
  request.paths = inputs;
  Importer importer(**project);
  const auto summary = importer.run(request);
  Outcome outcome;
  if (!summary) {
    outcome.error = summary.error().message;
    return outcome;
  }
  outcome.stacks = db::allStacks((*project)->reader()).value();
  for (const auto& record : outcome.stacks) {
    const auto stack = readStack((*project)->paths().stack(record.id));
    EXPECT_TRUE(stack.ok());
    outcome.sums.push_back(stack ? sumOf(*stack) : 0);
    const auto masks = db::masksOfStack((*project)->reader(), record.id).value();
    for (const auto& row : masks) {
      const auto mask = readMask((*project)->paths().mask(row.sha256));
      EXPECT_TRUE(mask.ok());
      ++outcome.masks;
      if (mask)
        for (const auto voxel : mask->voxels) ++outcome.labels.at(voxel);
    }
  }
  for (const auto& refusal : summary->refused) {
    ++outcome.codes[refusal.code];
    EXPECT_FALSE(refusal.reason.empty());
    outcome.refusals += refusal.path + ": " + refusal.reason + "\n";
  }
  for (const auto& warning : summary->warnings) outcome.warnings += warning + "\n";
  return outcome;
}

/// "79,248,885".
inline std::string grouped(double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.0f", value);
  std::string text(digits);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

/// Lines of the tables of docs/intake.md whose first cell names the input in backquotes.
inline std::vector<std::string> rowsOf(const std::string& name) {
  std::ifstream file(std::filesystem::path(GADOLIN_SOURCE_DIR) / "docs" / "intake.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| ")) continue;
    const std::string first = line.substr(0, line.find(" |", 2));
    if (first == "| " + name || first.find("`" + name + "`") != std::string::npos)
      rows.push_back(line);
  }
  return rows;
}

/// The row of that input, which must be one; empty and a failure where it is not.
inline std::string rowOf(const std::string& name) {
  const auto rows = rowsOf(name);
  EXPECT_EQ(rows.size(), 1U) << "docs/intake.md has not one row for " << name;
  return rows.size() == 1 ? rows.front() : std::string();
}

}  // namespace gadolin::session
