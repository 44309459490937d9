#include "database/backup.h"

#include <algorithm>
#include <vector>

#include "core/base/files.h"
#include "core/base/time.h"

namespace gadolin::db {
namespace fs = std::filesystem;
namespace {

/// Names sort by time. Other files in the folder are a person's own and are left alone.
std::vector<fs::path> backupsIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("project-") && name.ends_with(".sqlite")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

Result<fs::path> makeBackup(Database& database, const fs::path& folder) {
  GADOLIN_CHECK(makePrivateFolder(folder));
  GADOLIN_TRY(const int version, database.schemaVersion());
  std::string stamp = utcNow();  // 2026-01-31T12:00:00.000Z
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':' || c == '.'; });
  const fs::path file = folder / ("project-" + stamp + "-v" + std::to_string(version) + ".sqlite");
  GADOLIN_CHECK(database.copyTo(file));
  auto all = backupsIn(folder);
  std::error_code ignored;  // an old copy that stays is no reason to fail
  for (std::size_t i = 0; i + kept_backups < all.size(); ++i) fs::remove(all[i], ignored);
  return file;
}

bool backupIsDue(const fs::path& folder, std::chrono::hours age) {
  const auto all = backupsIn(folder);
  if (all.empty()) return true;
  std::error_code code;
  const auto written = fs::last_write_time(all.back(), code);
  return code || fs::file_time_type::clock::now() - written > age;
}

}  // namespace gadolin::db
