#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/files/archive_manifest.h"
#include "app/files/project_archive.h"
#include "app/files/stop_signal.h"
#include "app/files/tar_file.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/temporary_name.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

class FileHandle {
 public:
  explicit FileHandle(int number) : number_(number) {}
  ~FileHandle() {
    if (number_ >= 0) ::close(number_);
  }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

/// A file that goes unless it was given its name.
struct TemporaryFile {
  fs::path path;
  ~TemporaryFile() {
    if (!path.empty()) ::unlink(path.c_str());
  }
};

/// Names below the project of all files that belong into an archive, sorted. Folders are listed
/// with
/// '/' at their end, before what is in them.
Result<std::vector<std::string>> archivedNames(const fs::path& root) {
  std::vector<std::string> names;
  std::error_code code;
  auto at = fs::recursive_directory_iterator(root, code);
  for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
    std::error_code gone;
    const std::string name = at->path().lexically_relative(root).string();
    if (at->is_symlink(gone)) continue;
    if (at->is_regular_file(gone) && name != "project.sqlite" && belongsIntoArchive(name))
      names.push_back(name);
  }
  if (code) return systemError(code.value(), "look through", root.string());
  std::ranges::sort(names);
  return names;
}

Error stopped() {
  return {ErrorCode::Cancelled, "The export was stopped. Nothing of it was kept."};
}

class ArchiveBuilder {
 public:
  ArchiveBuilder(TarWriter tar, std::string top, const StopSignal& stop)
      : tar_(std::move(tar)), top_(std::move(top)), stop_(stop) {}

  Result<void> addTop() { return tar_.folder(top_); }

  /// False when the file is not there any more.
  Result<bool> add(const fs::path& file, const std::string& name) {
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (handle.get() < 0 && errno == ENOENT) return false;
    if (handle.get() < 0) return systemError(errno, "read", file.string());
    struct stat status {};
    if (::fstat(handle.get(), &status) != 0) return systemError(errno, "read", file.string());
    GADOLIN_CHECK(addFolders(name));
    // What is appended meanwhile (a run's events) is of another day.
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    Sha256 hash;
    GADOLIN_CHECK(
        tar_.file(top_ + "/" + name, bytes, [&](std::span<std::byte> block) -> Result<std::size_t> {
          if (stop_.heard()) return stopped();
          const ssize_t got = ::read(handle.get(), block.data(), block.size());
          if (got < 0) return systemError(errno, "read", file.string());
          const auto count = static_cast<std::size_t>(got);
          hash.update(block.first(count));
          return count;
        }));
    files_[name] = {bytes, hash.finishHex()};
    return true;
  }

  Result<ArchivedFiles> finish(const std::string& project) {
    const std::string text = manifestText(project, files_);
    std::size_t given = 0;
    GADOLIN_CHECK(tar_.file(top_ + "/" + archive_manifest_name, text.size(),
                            [&](std::span<std::byte> block) -> Result<std::size_t> {
                              const auto part =
                                  std::as_bytes(std::span(text))
                                      .subspan(given, std::min(block.size(), text.size() - given));
                              std::ranges::copy(part, block.begin());
                              given += part.size();
                              return part.size();
                            }));
    GADOLIN_CHECK(tar_.close());
    return files_;
  }

 private:
  /// So that who unpacks it with tar gets private folders too.
  Result<void> addFolders(const std::string& name) {
    for (std::size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1)) {
      const std::string folder = name.substr(0, at);
      if (std::ranges::find(folders_, folder) != folders_.end()) continue;
      folders_.push_back(folder);
      GADOLIN_CHECK(tar_.folder(top_ + "/" + folder));
    }
    return {};
  }

  TarWriter tar_;
  std::string top_;
  const StopSignal& stop_;
  ArchivedFiles files_;
  std::vector<std::string> folders_;
};

/// Every file as it stands in the archive, against what was written.
Result<void> compareArchive(const fs::path& file, const std::string& top,
                            const ArchivedFiles& files, const StopSignal& stop) {
  GADOLIN_TRY(auto tar, TarReader::open(file));
  ArchivedFiles found;
  TarReader::Entry entry;
  while (true) {
    GADOLIN_TRY(const bool more, tar.next(entry));
    if (!more) break;
    if (entry.kind != TarReader::Entry::Kind::File) continue;
    Sha256 hash;
    GADOLIN_CHECK(tar.content([&](std::span<const std::byte> block) -> Result<void> {
      if (stop.heard()) return stopped();
      hash.update(block);
      return {};
    }));
    const std::string name = entry.name.substr(std::min(entry.name.size(), top.size() + 1));
    if (name != archive_manifest_name) found[name] = {entry.bytes, hash.finishHex()};
  }
  if (found == files) return {};
  return Error{ErrorCode::Io,
               "The archive does not hold what was written to it. Check the disk "
               "and export again."};
}

}  // namespace

Result<ArchiveSummary> writeArchive(session::Project& project, const fs::path& file,
                                    const ArchiveProgress& progress) {
  const StopSignal stop;
  std::error_code code;
  const fs::path place = fs::absolute(file, code).lexically_normal();
  if (fs::exists(fs::symlink_status(place, code)))
    return Error{ErrorCode::Conflict, file.string() +
                                          " exists already. Choose another name; an export never "
                                          "replaces a file."};
  GADOLIN_CHECK(removeDeadTemporaries(place.parent_path()));
  // What a kill leaves is removed by the next one.
  const std::string stem = temporaryName(place.filename().string());
  TemporaryFile database{place.parent_path() / (stem + ".sqlite")};
  TemporaryFile archive{place.parent_path() / stem};
  const FileHandle out(
      ::open(archive.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (out.get() < 0) {
    archive.path.clear();
    return systemError(errno, "write", place.string());
  }
  GADOLIN_TRY(auto tar, TarWriter::open(out.get(), place.filename().string()));
  // First the database: every mask and stack that it speaks of was on the disk before its row.
  const auto copied = project.reader().copyTo(database.path, [&stop] { return stop.heard(); });
  if (stop.heard()) return stopped();
  GADOLIN_CHECK(copied);
  GADOLIN_TRY(const auto names, archivedNames(project.paths().root));
  const std::string name = project.name().toStdString();
  const std::string top = toSafeName(project.paths().root.filename().string());
  ArchiveBuilder builder(std::move(tar), top, stop);
  GADOLIN_CHECK(builder.addTop());
  GADOLIN_CHECK(builder.add(database.path, "project.sqlite"));
  std::int64_t done = 0;
  for (const std::string& one : names) {
    if (stop.heard()) return stopped();
    progress(done++, static_cast<std::int64_t>(names.size()));
    // A run that goes on replaces its checkpoints; what else is gone is missed by `check`.
    GADOLIN_CHECK(builder.add(project.paths().root / one, one));
  }
  GADOLIN_TRY(const auto files, builder.finish(name));
  if (::fsync(out.get()) != 0) return systemError(errno, "write", place.string());
  GADOLIN_CHECK(compareArchive(archive.path, top, files, stop));
  if (stop.heard()) return stopped();
  if (::rename(archive.path.c_str(), place.c_str()) != 0)
    return systemError(errno, "write", place.string());
  archive.path.clear();
  GADOLIN_CHECK(syncFolder(place.parent_path()));
  progress(static_cast<std::int64_t>(names.size()), static_cast<std::int64_t>(names.size()));
  ArchiveSummary summary;
  for (const auto& [each, about] : files) {
    ++summary.files;
    summary.bytes += about.bytes;
  }
  return summary;
}

}  // namespace gadolin::ctl
