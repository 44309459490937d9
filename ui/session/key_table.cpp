#include "ui/session/key_table.h"

#include <sys/stat.h>

#include <array>
#include <vector>

#include "core/base/csv.h"
#include "core/base/files.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

constexpr std::array columns{"pseudonym", "patient_id", "patient_name", "birth_date", "first_file"};
constexpr std::size_t largest_bytes = std::size_t{1} << 28;

/// csvLine() guards spreadsheets with an apostrophe; here the text is what counts.
std::string unguarded(std::string text) {
  if (text.size() > 1 && text[0] == '\'' && std::string_view("=+-@").find(text[1]) != std::string_view::npos)
    text.erase(0, 1);
  return text;
}

}  // namespace

Result<void> checkKeyTablePlace(const fs::path& file) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(fs::absolute(file), ignored);
  for (fs::path folder = whole.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(ProjectPaths{folder}.database(), ignored)) {
      return Error{ErrorCode::InvalidInput,
                   file.string() + " lies in the project " + folder.string() +
                       ". The table from pseudonyms to patients must not: choose a place outside."};
    }
    if (folder == folder.root_path()) break;
  }
  if (fs::is_directory(whole, ignored))
    return Error{ErrorCode::InvalidInput, file.string() + " is a folder: give the name of a file."};
  if (fs::exists(whole, ignored)) {
    GADOLIN_TRY(const auto there, readKeyTable(file));
    static_cast<void>(there);
  } else if (!fs::is_directory(whole.parent_path(), ignored)) {
    return Error{ErrorCode::NotFound, "There is no folder " + whole.parent_path().string() +
                                          " for the key table: make it first."};
  }
  return {};
}

Result<KeyTable> readKeyTable(const fs::path& file) {
  GADOLIN_TRY(const std::string text, readFile(file, largest_bytes));
  const auto table = parseCsv(text);
  std::array<int, columns.size()> at{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    at[i] = table ? table->column(columns[i]) : -1;
    if (at[i] < 0) {
      return Error{ErrorCode::InvalidInput,
                   file.string() + " is no key table (columns pseudonym, patient_id, patient_name, "
                                   "birth_date, first_file): choose another file."};
    }
  }
  KeyTable rows;
  for (const auto& row : table->rows) {
    const auto field = [&](std::size_t i) { return unguarded(row.fields[static_cast<std::size_t>(at[i])]); };
    rows[field(0)] = {field(1), field(2), field(3), field(4)};
  }
  return rows;
}

Result<void> addToKeyTable(const fs::path& file, const KeyTable& rows) {
  GADOLIN_CHECK(checkKeyTablePlace(file));
  KeyTable all;
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    GADOLIN_TRY(all, readKeyTable(file));
  }
  const KeyTable before = all;
  for (const auto& [name, row] : rows) {
    auto [place, fresh] = all.try_emplace(name, row);
    if (!fresh) {
      const std::string first = place->second.first_file;
      place->second = row;
      place->second.first_file = first;
    }
  }
  if (all == before && fs::exists(file, ignored)) return {};
  std::string text = csvLine({columns.begin(), columns.end()});
  for (const auto& [name, row] : all)
    text += csvLine({name, row.patient_id, row.patient_name, row.birth_date, row.first_file});
  return writeFileAtomically(file, text);
}

}  // namespace gadolin::session
