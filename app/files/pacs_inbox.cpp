#include "app/files/pacs_inbox.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/files.h"
#include "core/pacs/receiver.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;

Result<Inbox> Inbox::open(const fs::path& folder) {
  GADOLIN_CHECK(makePrivateFolder(folder));
  const fs::path lock_file = folder / "lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return systemError(errno, "write", lock_file.string());
  Inbox inbox(folder, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return Error{ErrorCode::Busy,
                 "Another Gadolin receives for this project already. End it first."};
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    // Never acknowledged: its sender knows.
    if (name.starts_with(pacs::arriving_prefix)) fs::remove_all(entry.path(), ignored);
    constexpr std::chrono::hours long_ago(24 * 365);
    if (name.starts_with(pacs::study_prefix))
      inbox.studies_.emplace(name, Study{Clock::now() - long_ago, {}});
  }
  if (failed) return systemError(failed.value(), "read", folder.string());
  inbox.taken_ = fs::exists(inbox.importing(), failed);
  return inbox;
}

Inbox::Inbox(Inbox&& other) noexcept
    : folder_(std::move(other.folder_)),
      lock_(std::exchange(other.lock_, -1)),
      taken_(other.taken_),
      studies_(std::move(other.studies_)) {}

Inbox::~Inbox() {
  if (lock_ >= 0) ::close(lock_);
}

void Inbox::stored(const std::string& association, const std::string& study) {
  Study& one = studies_[study];
  one.last = Clock::now();
  one.senders.insert(association);
}

void Inbox::ended(const std::string& association) {
  for (auto& [name, study] : studies_) study.senders.erase(association);
}

std::optional<std::string> Inbox::ready(std::chrono::seconds quiet, bool anyhow) const {
  for (const auto& [name, study] : studies_) {
    if (anyhow || (study.senders.empty() && Clock::now() - study.last >= quiet)) return name;
  }
  return std::nullopt;
}

Result<fs::path> Inbox::take(const std::string& study) {
  std::error_code failed;
  fs::rename(folder_ / study, importing(), failed);
  if (failed) return systemError(failed.value(), "move", (folder_ / study).string());
  studies_.erase(study);
  taken_ = true;
  return importing();
}

std::optional<fs::path> Inbox::unfinished() const {
  return taken_ ? std::optional(importing()) : std::nullopt;
}

Result<void> Inbox::finish() {
  std::error_code failed;
  fs::remove_all(importing(), failed);
  if (failed) return systemError(failed.value(), "remove", importing().string());
  taken_ = false;
  return {};
}

}  // namespace gadolin::ctl
