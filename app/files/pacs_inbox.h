#pragma once
// What a listener has received and the importer has not: a private folder of the project, one
// folder a study. It outlives the process, so that nothing that was acknowledged is lost.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/base/result.h"

namespace gadolin::ctl {

/// Thread: one at a time. One process a project.
class Inbox {
 public:
  using Clock = std::chrono::steady_clock;

  /// Makes the folder, locks it against a second listener (Busy), and finds what an earlier one
  /// left.
  static Result<Inbox> open(const std::filesystem::path& folder);
  Inbox(Inbox&& other) noexcept;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  Inbox& operator=(Inbox&&) = delete;
  ~Inbox();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// An image of the study arrived on that association.
  void stored(const std::string& association, const std::string& study);
  void ended(const std::string& association);

  [[nodiscard]] bool empty() const { return studies_.empty() && !taken_; }
  /// A study of which no association that is open has sent, and of which nothing came for `quiet`;
  /// all of them with `anyhow`.
  [[nodiscard]] std::optional<std::string> ready(std::chrono::seconds quiet,
                                                 bool anyhow = false) const;
  /// Puts the study's folder where the importer reads it. What comes of it from now on is a new
  /// folder.
  Result<std::filesystem::path> take(const std::string& study);
  /// What an earlier process had taken and did not finish.
  [[nodiscard]] std::optional<std::filesystem::path> unfinished() const;
  /// What was taken is in the project, or is of no use: it is removed.
  Result<void> finish();

 private:
  Inbox(std::filesystem::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  [[nodiscard]] std::filesystem::path importing() const { return folder_ / "importing"; }

  struct Study {
    Clock::time_point last;
    std::set<std::string> senders;  // associations that are open
  };
  std::filesystem::path folder_;
  int lock_ = -1;
  bool taken_ = false;
  std::map<std::string, Study> studies_;
};

}  // namespace gadolin::ctl
