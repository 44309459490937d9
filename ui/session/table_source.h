#pragma once
// Where a table comes from: one file, or the case sheets of a folder.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/labels/case_sheet.h"

namespace gadolin::session {

/// A text table of at most 256 MiB, a case sheet, or a folder with case sheets (also in folders
/// below). NotFound, Io; InvalidInput: a folder without any; the errors of readTextTable(). Blocks.
Result<TextTable> readTable(const std::filesystem::path& path, std::optional<char> separator = {});

/// EMIDEC's "Case P100.txt" and ACDC's "Info.cfg" among these files. What only has such a name is
/// left out. Blocks.
std::vector<CaseSheet> findCaseSheets(const std::vector<std::filesystem::path>& files);

}  // namespace gadolin::session
