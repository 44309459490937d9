#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "app/files/archive_manifest.h"
#include "app/files/export_folder.h"
#include "app/files/project_archive.h"
#include "app/files/stop_signal.h"
#include "app/files/tar_file.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/temporary_name.h"
#include "database/backup.h"
#include "database/masks.h"
#include "database/migration.h"
#include "database/runs.h"
#include "database/stacks.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_manifest_bytes = std::size_t{64} << 20;
constexpr std::uint64_t least_free_bytes = std::uint64_t{512} << 20;

Error refusedArchive(const fs::path& file, const std::string& why) {
  return {ErrorCode::Corrupt, file.filename().string() + ": " + why +
                                  " It is damaged, or no archive of a project. Nothing was made."};
}

Error stoppedOpening() {
  return {ErrorCode::Cancelled, "Stopped. Nothing was made."};
}

/// A folder that goes unless it was given its name.
struct TemporaryFolder {
  fs::path path;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

/// The name below the project's folder, which every entry must be in; nothing for another name.
std::optional<std::string> insideName(const std::string& entry, std::string& top) {
  std::string name = entry.starts_with("./") ? entry.substr(2) : entry;
  while (name.ends_with('/')) name.pop_back();
  const auto slash = name.find('/');
  const std::string first = name.substr(0, slash);
  // Only compared, never a path.
  if (first.empty() || (!top.empty() && first != top)) return std::nullopt;
  top = first;
  return slash == std::string::npos ? std::string() : name.substr(slash + 1);
}

/// Takes entries into a folder that nobody knows yet.
class Unpacker {
 public:
  Unpacker(const fs::path& file, fs::path into, const StopSignal& stop)
      : file_(file), into_(std::move(into)), stop_(stop) {}

  Result<void> take(TarReader& tar, const TarReader::Entry& entry) {
    const auto name = insideName(entry.name, top_);
    if (!name || entry.kind == TarReader::Entry::Kind::Other)
      return refusedArchive(file_,
                            "it holds '" + entry.name + "', which is no plain file of a project.");
    if (entry.kind == TarReader::Entry::Kind::Folder) return {};
    if (*name == archive_manifest_name) return takeManifest(tar);
    if (!belongsIntoArchive(*name))
      return refusedArchive(file_,
                            "it holds '" + entry.name + "', which is no plain file of a project.");
    if (files_.contains(*name))
      return refusedArchive(file_, "it holds '" + entry.name + "' twice.");
    GADOLIN_CHECK(leaveRoom(entry.bytes));
    const fs::path place = into_ / *name;
    GADOLIN_CHECK(makePrivateFolder(place.parent_path()));
    GADOLIN_TRY(auto out, AtomicFile::create(place));
    Sha256 hash;
    std::uint64_t bytes = 0;
    GADOLIN_CHECK(tar.content([&](std::span<const std::byte> block) -> Result<void> {
      if (stop_.heard()) return stoppedOpening();
      hash.update(block);
      bytes += block.size();
      return out.write(block);
    }));
    GADOLIN_CHECK(out.commit(Durability::Later));
    files_[*name] = {bytes, hash.finishHex()};
    return {};
  }

  /// Everything that the list names is there with its hash, and nothing else.
  Result<ArchiveSummary> finish() const {
    if (!manifest_) return refusedArchive(file_, "it has no list of its files (archive.json).");
    const auto listed = filesOfManifest(*manifest_);
    if (!listed) return listed.error().within(file_.filename().string());
    for (const auto& [name, about] : *listed) {
      const auto found = files_.find(name);
      if (found == files_.end()) return refusedArchive(file_, "'" + name + "' is missing.");
      if (found->second != about)
        return refusedArchive(file_, "'" + name + "' is not what its list says.");
    }
    for (const auto& [name, about] : files_)
      if (!listed->contains(name))
        return refusedArchive(file_, "its list does not know '" + name + "'.");
    if (!files_.contains("project.sqlite"))
      return refusedArchive(file_, "it has no project.sqlite.");
    ArchiveSummary summary;
    for (const auto& [name, about] : files_) {
      ++summary.files;
      summary.bytes += about.bytes;
    }
    return summary;
  }

 private:
  Result<void> takeManifest(TarReader& tar) {
    std::string text;
    GADOLIN_CHECK(tar.content([&](std::span<const std::byte> block) -> Result<void> {
      if (text.size() + block.size() > most_manifest_bytes)
        return refusedArchive(file_, "its list of files is too long.");
      text.append(reinterpret_cast<const char*>(block.data()), block.size());
      return {};
    }));
    if (manifest_) return refusedArchive(file_, "it has two lists of its files.");
    manifest_ = std::move(text);
    return {};
  }

  /// A few bytes can swell to fill a disk.
  Result<void> leaveRoom(std::uint64_t bytes) const {
    struct statvfs disk {};
    if (::statvfs(into_.c_str(), &disk) != 0) return systemError(errno, "look at", into_.string());
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (free > least_free_bytes && bytes < free - least_free_bytes) return {};
    return Error{ErrorCode::NoSpace, "There is not enough room for what is in " +
                                         file_.filename().string() + ". Nothing was made."};
  }

  const fs::path& file_;
  fs::path into_;
  const StopSignal& stop_;
  std::string top_;  // the folder that all entries are in
  ArchivedFiles files_;
  std::optional<std::string> manifest_;
};

/// A sound database of a schema that is known, brought to ours, whose names may become paths.
Result<void> checkDatabase(const fs::path& file, const session::ProjectPaths& paths) {
  GADOLIN_TRY(auto database, db::Database::open(paths.database(), db::Mode::ReadWrite));
  GADOLIN_TRY(const int version, database.schemaVersion());
  if (version > db::currentSchemaVersion())
    return Error{ErrorCode::NewerVersion,
                 file.filename().string() +
                     ": the project was written by a newer Gadolin. Update this one. Nothing was "
                     "made."};
  GADOLIN_TRY(const auto faults, database.findFaults(false));
  if (!faults.empty())
    return refusedArchive(file, "its database is damaged (" + faults.front() + ").");
  GADOLIN_CHECK(db::migrate(database, paths.backups()));
  GADOLIN_CHECK(db::makeBackup(database, paths.backups()));
  const auto check = [&file](const std::string& name) -> Result<void> {
    if (isSafeName(name)) return {};
    return refusedArchive(file, "its database speaks of '" + name + "', which is no safe name.");
  };
  GADOLIN_TRY(const auto stacks, db::allStacks(database, db::Which::All));
  for (const auto& stack : stacks) GADOLIN_CHECK(check(stack.id));
  GADOLIN_TRY(const auto runs, db::runs(database));
  for (const auto& run : runs) GADOLIN_CHECK(check(run.id));
  GADOLIN_TRY(const auto blobs, db::maskBlobs(database));
  for (const auto& blob : blobs) GADOLIN_CHECK(check(blob));
  return {};
}

}  // namespace

Result<ArchiveSummary> openArchive(const fs::path& file, const fs::path& root,
                                   const ArchiveProgress& progress) {
  const StopSignal stop;
  std::error_code code;
  fs::path place = fs::absolute(root, code).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  if (fs::exists(fs::symlink_status(place, code)))
    return Error{ErrorCode::Conflict, root.string() + " exists already. Choose another name."};
  GADOLIN_TRY(auto tar, TarReader::open(file));
  removeDeadExports(place.parent_path(), place.filename().string());
  TemporaryFolder made{place.parent_path() / temporaryName(place.filename().string())};
  if (::mkdir(made.path.c_str(), 0700) != 0) {
    const int number = errno;
    made.path.clear();
    return systemError(number, "make", root.string());
  }
  Unpacker unpacker(file, made.path, stop);
  TarReader::Entry entry;
  for (std::int64_t done = 0;; ++done) {
    if (stop.heard()) return stoppedOpening();
    GADOLIN_TRY(const bool more, tar.next(entry));
    if (!more) break;
    GADOLIN_CHECK(unpacker.take(tar, entry));
    progress(done, 0);
  }
  GADOLIN_TRY(const ArchiveSummary summary, unpacker.finish());
  const session::ProjectPaths paths{made.path};
  for (const auto& folder : {paths.stacks(), paths.masks(), paths.runs(), paths.backups()})
    GADOLIN_CHECK(makePrivateFolder(folder));
  GADOLIN_CHECK(checkDatabase(file, paths));
  const int folder = ::open(made.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::syncfs(folder) == 0;
  const int number = errno;
  if (folder >= 0) ::close(folder);
  if (!synced) return systemError(number, "write", root.string());
  if (stop.heard()) return stoppedOpening();
  fs::rename(made.path, place, code);
  if (code) return systemError(code.value(), "make", root.string());
  made.path.clear();
  GADOLIN_CHECK(syncFolder(place.parent_path()));
  return summary;
}

}  // namespace gadolin::ctl
