#include "app/files/export_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "core/base/files.h"
#include "core/base/id.h"
#include "core/base/temporary_name.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
void removeDeadExports(const fs::path& parent, const std::string& name) {
  std::error_code code;
  std::vector<fs::path> dead;
  for (auto at = fs::directory_iterator(parent, code); !code && at != fs::directory_iterator();
       at.increment(code)) {
    std::error_code gone;
    if (fs::is_directory(at->symlink_status(gone)) &&
        deadTemporary(at->path().filename().string()) == name)
      dead.push_back(at->path());
  }
  for (const fs::path& folder : dead) fs::remove_all(folder, code);
}

Error differsFromWritten(const fs::path& file) {
  return {ErrorCode::Io, file.filename().string() +
                             " does not hold what was written to it. Check the disk and export "
                             "again."};
}

ExportFolder::ExportFolder(fs::path place, fs::path temporary, std::vector<fs::path> parents)
    : place_(std::move(place)),
      temporary_(std::move(temporary)),
      parents_(std::move(parents)),
      stop_(std::make_unique<StopSignal>()) {}

ExportFolder::ExportFolder(ExportFolder&& other) noexcept
    : place_(std::move(other.place_)),
      temporary_(std::move(other.temporary_)),
      parents_(std::move(other.parents_)),
      names_(std::move(other.names_)),
      stop_(std::move(other.stop_)) {
  other.temporary_.clear();
}

ExportFolder::~ExportFolder() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  for (const fs::path& parent : parents_) fs::remove(parent, ignored);  // those that are empty
}

Result<ExportFolder> ExportFolder::create(const fs::path& out) {
  std::error_code code;
  const bool there = fs::exists(out, code);
  if (code && code != std::errc::no_such_file_or_directory)
    return systemError(code.value(), "look at", out.string());
  if (there && !(fs::is_directory(out, code) && fs::is_empty(out, code)))
    return Error{ErrorCode::Conflict, out.string() +
                                          " is not an empty folder. Choose another; an export "
                                          "never replaces a file."};
  // "folder/" and links to a folder become the folder itself, which is what is replaced.
  fs::path place = there ? fs::canonical(out, code) : fs::absolute(out, code).lexically_normal();
  if (code) return systemError(code.value(), "look at", out.string());
  if (!place.has_filename()) place = place.parent_path();
  const std::string name = place.filename().string();
  std::vector<fs::path> parents;  // that are made here, the innermost first
  for (fs::path up = place.parent_path(); !fs::exists(up, code) && up.has_relative_path();
       up = up.parent_path())
    parents.push_back(up);
  GADOLIN_CHECK(makePrivateFolder(place.parent_path()));
  removeDeadExports(place.parent_path(), name);
  const fs::path temporary = place.parent_path() / temporaryName(name);
  if (::mkdir(temporary.c_str(), 0700) != 0) return systemError(errno, "make", temporary.string());
  return ExportFolder(place, temporary, std::move(parents));
}

Result<fs::path> ExportFolder::file(const std::string& name) {
  const fs::path relative(name);
  const bool safe = !name.empty() && std::ranges::all_of(relative, [](const fs::path& part) {
    return isSafeName(part.string());
  });
  if (!safe)
    return Error{ErrorCode::Corrupt, "The project holds the name '" + name +
                                         "', which is no safe name of a file. Nothing was "
                                         "exported; `gadolinctl check` looks the project over."};
  if (std::ranges::find(names_, name) != names_.end())
    return Error{ErrorCode::Conflict, "Two things would be exported as " + name + "."};
  names_.push_back(name);
  fs::path whole = temporary_ / relative;
  GADOLIN_CHECK(makePrivateFolder(whole.parent_path()));
  return whole;
}

Result<void> ExportFolder::text(const std::string& name, const std::string& content) {
  GADOLIN_TRY(const fs::path path, file(name));
  GADOLIN_CHECK(writeFileAtomically(path, content));
  GADOLIN_TRY(const std::string back, readFile(path));
  if (back != content) return differsFromWritten(path);
  return {};
}

Result<void> ExportFolder::interrupted() const {
  if (!stop_ || !stop_->heard()) return {};
  return Error{ErrorCode::Cancelled, "The export was stopped. Nothing of it was kept."};
}

Result<std::vector<std::string>> ExportFolder::commit() {
  GADOLIN_CHECK(interrupted());
  std::set<fs::path> folders{temporary_};
  std::vector<std::string> files;
  for (const std::string& name : names_) {
    for (fs::path up = (temporary_ / name).parent_path(); up != temporary_; up = up.parent_path())
      folders.insert(up);
    files.push_back((place_ / name).string());
  }
  for (const fs::path& folder : folders) GADOLIN_CHECK(syncFolder(folder));
  std::error_code code;
  fs::rename(temporary_, place_, code);  // over an empty folder too
  if (code == std::errc::device_or_resource_busy)
    return Error{ErrorCode::Conflict,
                 place_.string() + " is the root of a disk. Name a new folder in it."};
  if (code) return systemError(code.value(), "write", place_.string());
  temporary_.clear();
  stop_.reset();
  GADOLIN_CHECK(syncFolder(place_.parent_path()));
  return files;
}

}  // namespace gadolin::ctl
