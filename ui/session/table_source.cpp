#include "ui/session/table_source.h"

#include <regex>

#include "core/base/files.h"
#include "ui/session/import_walk.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_table_bytes = std::size_t{1} << 28;
constexpr std::size_t most_sheet_bytes = std::size_t{1} << 16;

bool mayBeSheet(const fs::path& file) {
  static const std::regex names("case[ _-]?[a-z]?[0-9]+\\.txt|info\\.cfg", std::regex::icase);
  return std::regex_match(file.filename().string(), names);
}

/// ACDC's Info.cfg names no patient: its folder does, or the images beside it
/// ("patient101_frame01.nii.gz").
std::string patientOfPlace(const fs::path& file) {
  static const std::regex image("(patient[0-9]+)_(frame[0-9]+(_gt)?|4d)\\.nii(\\.gz)?",
                                std::regex::icase);
  std::error_code ignored;
  std::string patient;
  for (fs::directory_iterator each(file.parent_path(), ignored), end; !ignored && each != end;
       each.increment(ignored)) {
    std::smatch parts;
    const std::string name = each->path().filename().string();
    if (!std::regex_match(name, parts, image)) continue;
    if (!patient.empty() && patient != parts[1].str()) return {};  // images of several patients
    patient = parts[1].str();
  }
  if (!patient.empty()) return patient;
  return fs::absolute(file, ignored).parent_path().filename().string();
}

std::optional<CaseSheet> sheetOf(const fs::path& file) {
  const auto bytes = readFile(file, most_sheet_bytes);
  if (!bytes) return std::nullopt;
  return readCaseSheet(*bytes, file.filename().string(), patientOfPlace(file));
}

}  // namespace

std::vector<CaseSheet> findCaseSheets(const std::vector<fs::path>& files) {
  std::vector<CaseSheet> sheets;
  for (const auto& file : files) {
    if (!mayBeSheet(file)) continue;
    if (auto sheet = sheetOf(file)) sheets.push_back(std::move(*sheet));
  }
  return sheets;
}

Result<TextTable> readTable(const fs::path& path, std::optional<char> separator) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    GADOLIN_TRY(const auto walk, walkFiles({path}));
    std::vector<fs::path> files;
    for (const auto& file : walk.files) files.push_back(file.path);
    const auto sheets = findCaseSheets(files);
    if (sheets.empty()) {
      return Error{ErrorCode::InvalidInput,
                   path.string() +
                       ": there is no 'Case P100.txt' of EMIDEC and no 'Info.cfg' of ACDC in this "
                       "folder. Tables are given by the name of their file."};
    }
    return tableOfSheets(sheets);
  }
  if (mayBeSheet(path)) {
    if (auto sheet = sheetOf(path)) return tableOfSheets({std::move(*sheet)});
  }
  GADOLIN_TRY(const std::string bytes, readFile(path, most_table_bytes));
  auto table = readTextTable(bytes, separator);
  if (!table) return table.error().within(path.filename().string());
  return table;
}

}  // namespace gadolin::session
