#pragma once
// Every file below the given paths. A walk of our own: links that lead in circles or nowhere and
// folders that cannot be read cost themselves and nothing else.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"

namespace gadolin::session {

struct WalkedFile {
  std::filesystem::path path;
  std::string shown;       // below the given path; what messages and the database say
  bool asked_for = false;  // given by name, not found in a folder
};

struct Walk {
  std::vector<WalkedFile> files;  // in the order of their names, folder by folder
  std::vector<Refusal> refusals;
};

/// NotFound names the path that does not exist. Follows links to files and folders, each folder
/// once. Leaves out hidden files and what other systems leave in folders (Thumbs.db, __MACOSX).
/// Never opens a pipe, socket or device.
Result<Walk> walkFiles(const std::vector<std::filesystem::path>& roots);

}  // namespace gadolin::session
