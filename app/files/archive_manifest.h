#pragma once
// archive.json: what a project's archive holds.

#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.h"

namespace gadolin::ctl {

inline constexpr const char* archive_manifest_name = "archive.json";
inline constexpr int archive_version = 1;

struct ArchivedFile {
  std::uint64_t bytes = 0;
  std::string sha256;
  bool operator==(const ArchivedFile&) const = default;
};
/// By name below the project's folder.
using ArchivedFiles = std::map<std::string, ArchivedFile>;

std::string manifestText(const std::string& project, const ArchivedFiles& files);
/// Corrupt, NewerVersion.
Result<ArchivedFiles> filesOfManifest(const std::string& text);

/// Whether a file of that name belongs into an archive: a plain name below the folders of a
/// project, no part of which is unsafe, hidden or temporary.
bool belongsIntoArchive(const std::string& name);

}  // namespace gadolin::ctl
