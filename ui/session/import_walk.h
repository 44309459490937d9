#pragma once
// Every file below the given paths. A walk of our own: links that lead in circles or nowhere and
// folders that cannot be read cost themselves and nothing else.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"

namespace gadolin::session {

/// By what a file that nobody changed is known. Times since 1970.
struct FileState {
  std::int64_t bytes = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
};

struct WalkedFile {
  std::string path;  // text: of ten thousand, taking each apart costs
  std::string shown;       // below the given path; what messages and the database say
  bool asked_for = false;  // given by name, not found in a folder
  FileState state;         // when it was found
};

struct Walk {
  std::vector<WalkedFile> files;  // in the order of their names, folder by folder
  std::vector<Refusal> refusals;
  std::vector<std::filesystem::path> refused;  // where the refusals lie, in their order
};
/// The absolute path of every file and refusal, by what is shown of it.
std::map<std::string, std::string> placesOf(const Walk& walk);

/// Of several given folders each shown path begins with its folder's name, told apart where two
/// have the same. NotFound names the path that does not exist. Follows links to files and folders,
/// each folder once. Leaves out hidden files and what other systems leave in folders (Thumbs.db,
/// __MACOSX). Never opens a pipe, socket or device. `go_on` is told how many files were found,
/// folder by folder; false ends the walk (Cancelled).
Result<Walk> walkFiles(const std::vector<std::filesystem::path>& roots,
                       const std::function<bool(std::size_t)>& go_on = {});

}  // namespace gadolin::session
