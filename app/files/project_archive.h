#pragma once
// A project as one file that another Gadolin opens: a tar file, whole or compressed with gzip or
// zstd, through libarchive. What is in it: NAME.gadolin/ with archive.json (every file with its
// size and SHA-256), project.sqlite, and the project's files but backups and scratch space.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

/// Files done and in all; in the caller's thread.
using ArchiveProgress = std::function<void(std::int64_t done, std::int64_t total)>;

struct ArchiveSummary {
  int files = 0;
  std::uint64_t bytes = 0;  // of the files, uncompressed
};

/// The database as SQLite's backup gives it, then every file that it may speak of; a project that
/// is worked on may be written all the time. The file is read back, every hash compared, and gets
/// its name when that is done. `file` ends in .tar, .tar.gz or .tar.zst. Conflict: it exists.
/// Cancelled, and what reading and writing give; nothing is left behind then.
Result<ArchiveSummary> writeArchive(session::Project& project, const std::filesystem::path& file,
                                    const ArchiveProgress& progress);

/// Makes the project `root` out of such a file. Everything in it is foreign: a name that leads out
/// of the project, a link, a device, a file that archive.json does not list or another hash, a
/// database that is none, is damaged or speaks of unsafe names is refused (Corrupt), as is one of a
/// newer Gadolin (NewerVersion); nothing is left behind then. Conflict: `root` exists. NotFound: no
/// such file. NoSpace when the disk would be full.
Result<ArchiveSummary> openArchive(const std::filesystem::path& file,
                                   const std::filesystem::path& root,
                                   const ArchiveProgress& progress);

}  // namespace gadolin::ctl
