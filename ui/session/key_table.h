#pragma once
// The table from pseudonyms back to patients: a file outside every project, written only when asked for.

#include <filesystem>
#include <map>
#include <string>

#include "core/base/result.h"

namespace gadolin::session {

struct KeyRow {
  std::string patient_id, patient_name, birth_date;  // UTF-8, as the headers say
  std::string first_file;                            // below the folder that was imported
  bool operator==(const KeyRow&) const = default;
};

/// Rows by pseudonym.
using KeyTable = std::map<std::string, KeyRow>;

/// InvalidInput when the file lies in a project (no export and no copy of a project may carry it), or is
/// something else than a key table; ReadOnly, NotFound when it could not be written there.
Result<void> checkKeyTablePlace(const std::filesystem::path& file);

/// Adds the rows to those of the file, which begins where there is none; mode 0600. Atomic. A pseudonym
/// that is there already keeps its first file.
Result<void> addToKeyTable(const std::filesystem::path& file, const KeyTable& rows);

/// InvalidInput when it is no key table.
Result<KeyTable> readKeyTable(const std::filesystem::path& file);

}  // namespace gadolin::session
