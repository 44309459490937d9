#pragma once
// The folder in which one import keeps stacks and masks until they are stored, or what was fetched for
// one until it is read.

#include <filesystem>
#include <string_view>

#include "core/base/result.h"

namespace gadolin::session {

/// Private, named after this process, gone with the object. One of each kind at a time in a process.
class ImportScratch {
 public:
  /// Makes it below `folder`, and removes what dead processes left behind there. `what` begins its
  /// name. Io, NoSpace, ReadOnly.
  static Result<ImportScratch> make(const std::filesystem::path& folder, std::string_view what = "import-");
  ImportScratch(ImportScratch&& other) noexcept;
  ImportScratch(const ImportScratch&) = delete;
  ImportScratch& operator=(const ImportScratch&) = delete;
  ImportScratch& operator=(ImportScratch&&) = delete;
  ~ImportScratch();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path file(std::string_view name) const { return path_ / name; }

 private:
  explicit ImportScratch(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace gadolin::session
