#pragma once
// The folder that an export writes: whole under its name, or not there.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/files/stop_signal.h"
#include "core/base/result.h"

namespace gadolin::ctl {

/// Everything is written below a hidden name beside the final one (".tmp-PID@HOST-NAME") and is moved to
/// it by commit(). Destroyed without, also after Ctrl-C, nothing is left; what a killed export left
/// behind goes when the next one of the same name begins. Folders are 0700, files 0600.
/// Thread: one at a time, and one object a process.
class ExportFolder {
 public:
  /// Conflict when `out` is anything but absent or an empty folder.
  static Result<ExportFolder> create(const std::filesystem::path& out);
  ExportFolder(ExportFolder&& other) noexcept;
  ExportFolder& operator=(ExportFolder&&) = delete;
  ExportFolder(const ExportFolder&) = delete;
  ExportFolder& operator=(const ExportFolder&) = delete;
  ~ExportFolder();

  /// Where to write the file for now; makes its folders. `name` is below the export's folder, with
  /// '/'. Corrupt when a part of it is no safe name: the project says something that must not
  /// become a path.
  Result<std::filesystem::path> file(const std::string& name);
  /// file(), then the text, read back and compared.
  Result<void> text(const std::string& name, const std::string& content);
  /// Cancelled after Ctrl-C or SIGTERM. To be asked between files.
  [[nodiscard]] Result<void> interrupted() const;
  /// Syncs, gives the folder its name and returns the full names of all files, in the order in
  /// which they were asked for.
  Result<std::vector<std::string>> commit();

 private:
  ExportFolder(std::filesystem::path place, std::filesystem::path temporary,
               std::vector<std::filesystem::path> parents);
  std::filesystem::path place_;
  std::filesystem::path temporary_;             // empty: moved from, or committed
  std::vector<std::filesystem::path> parents_;  // of it that were not there before
  std::vector<std::string> names_;
  std::unique_ptr<StopSignal> stop_;
};

/// Removes the folders in `parent` in which exports or projects of this name were being made by
/// processes of this machine that have ended.
void removeDeadExports(const std::filesystem::path& parent, const std::string& name);

/// `file` does not hold what was written to it. Io.
Error differsFromWritten(const std::filesystem::path& file);

}  // namespace gadolin::ctl
