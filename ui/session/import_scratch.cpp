#include "ui/session/import_scratch.h"

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <string>
#include <utility>

#include "core/base/files.h"

namespace gadolin::session {
namespace fs = std::filesystem;
Result<ImportScratch> ImportScratch::make(const fs::path& folder, std::string_view what) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    int pid = 0;
    if (!name.starts_with(what)) continue;
    std::from_chars(name.data() + what.size(), name.data() + name.size(), pid);
    if (pid > 0 && pid != ::getpid() && ::kill(pid, 0) != 0) fs::remove_all(entry.path(), ignored);
  }
  ImportScratch scratch(folder / (std::string(what) + std::to_string(::getpid())));
  GADOLIN_CHECK(makePrivateFolder(scratch.path_));
  return scratch;
}

ImportScratch::ImportScratch(ImportScratch&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ImportScratch::~ImportScratch() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace gadolin::session
