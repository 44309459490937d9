#pragma once
// Every file below the given paths. A walk of our own: links that lead in circles or nowhere and
// folders that cannot be read cost themselves and nothing else.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
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
  /// The absolute path of everything above, files and refusals, by what is shown of it.
  std::map<std::string, std::string> places;
};

/// Of several given folders each shown path begins with its folder's name, told apart where two
/// have the same. NotFound names the path that does not exist. Follows links to files and folders,
/// each folder once. Leaves out hidden files and what other systems leave in folders (Thumbs.db,
/// __MACOSX). Never opens a pipe, socket or device. `go_on` is told how many files were found,
/// folder by folder; false ends the walk (Cancelled).
Result<Walk> walkFiles(const std::vector<std::filesystem::path>& roots,
                       const std::function<bool(std::size_t)>& go_on = {});

}  // namespace gadolin::session
