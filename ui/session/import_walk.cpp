#include "ui/session/import_walk.h"

#include <dirent.h>
#include <sys/stat.h>

#include <QString>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

using FileKey = std::pair<dev_t, ino_t>;
struct KeyHash {
  std::size_t operator()(const FileKey& key) const {
    return std::hash<std::uint64_t>()(static_cast<std::uint64_t>(key.second) * 31 +
                                      static_cast<std::uint64_t>(key.first));
  }
};

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

/// Bytes that are no UTF-8 replaced.
std::string readable(const std::string& name) {
  if (std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return name;
  return QString::fromStdString(name).toStdString();
}

bool isLitter(std::string_view name) {
  constexpr std::array<std::string_view, 4> known{"Thumbs.db", "desktop.ini", "AUTORUN.INF",
                                                  "__MACOSX"};
  return name.starts_with('.') || std::ranges::find(known, name) != known.end();
}

class Walker {
 public:
  Walker(const std::function<bool(std::size_t)>& go_on, bool several)
      : go_on_(go_on), several_(several) {}

  Result<void> root(const fs::path& given) {
    const fs::path path = given.lexically_normal();
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) {
        return Error{ErrorCode::NotFound,
                     given.string() + " does not exist: give a folder or a file to import."};
      }
      return systemError(errno, "read", given.string());
    }
    if (S_ISDIR(status.st_mode)) {
      folder(path, several_ ? ownName(nameOf(path)) : "", {status.st_dev, status.st_ino});
    } else {
      file(path.native(), several_ ? ownName(nameOf(path)) : nameOf(path), status, true);
    }
    if (cancelled_) return Error{ErrorCode::Cancelled, "The import was cancelled."};
    return {};
  }

  Walk result;

 private:
  static std::string nameOf(const fs::path& path) {
    const fs::path whole = fs::absolute(path);
    const fs::path name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    return readable(name.string());
  }
  /// Two of the given paths may have one name.
  std::string ownName(const std::string& name) {
    const int count = ++roots_[name];
    return count == 1 ? name : name + " (" + std::to_string(count) + ")";
  }

  void refuse(const fs::path& path, std::string shown, std::string reason, std::string code) {
    result.refused.push_back(path);
    result.refusals.push_back({std::move(shown), std::move(reason), std::move(code)});
  }

  void file(std::string path, std::string shown, const struct stat& status, bool asked_for) {
    if (!S_ISREG(status.st_mode)) {
      refuse(path, std::move(shown), "It is a pipe, socket or device, not a file.", "not-a-file");
      return;
    }
    if (!seen_files_.insert({status.st_dev, status.st_ino}).second) return;  // linked twice
    result.files.push_back({std::move(path), std::move(shown), asked_for,
                            {status.st_size, status.st_ino, nanoseconds(status.st_mtim),
                             nanoseconds(status.st_ctim)}});
  }

  void folder(const fs::path& path, const std::string& shown, FileKey key) {
    if (!seen_folders_.insert(key).second) return;  // a link back to where we have been
    cancelled_ = cancelled_ || (go_on_ && !go_on_(result.files.size()));
    if (cancelled_) return;
    const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(path.c_str()), ::closedir);
    if (!handle) {
      refuse(path, shown.empty() ? path.filename().string() : shown,
             std::string("The folder cannot be read: ") + std::strerror(errno) + ".",
             "unreadable-folder");
      return;
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(handle.get())) {
      if (!isLitter(entry->d_name)) names.emplace_back(entry->d_name);
    }
    std::ranges::sort(names);
    const std::string below = (path / "").native();
    const std::string shown_below = shown.empty() ? shown : shown + "/";
    for (const auto& name : names) {
      std::string child = below + name;
      std::string child_shown = shown_below + readable(name);
      struct stat status {};
      if (::fstatat(::dirfd(handle.get()), name.c_str(), &status, 0) != 0) {
        linkToNowhere(child, child_shown, errno);
      } else if (S_ISDIR(status.st_mode)) {
        folder(child, child_shown, {status.st_dev, status.st_ino});
      } else {
        file(std::move(child), std::move(child_shown), status, false);
      }
    }
  }

  void linkToNowhere(const fs::path& path, const std::string& shown, int reason) {
    struct stat status {};
    const bool link = ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
    if (link && reason == ELOOP) {
      refuse(path, shown, "It is a link that leads in a circle.", "link-loop");
    } else if (link && reason == ENOENT) {
      refuse(path, shown,
             "It is a link to a file that is not there (its content has not been fetched).",
             "dangling-link");
    } else {
      refuse(path, shown, std::string("It cannot be read: ") + std::strerror(reason) + ".",
             "unreadable");
    }
  }

  const std::function<bool(std::size_t)>& go_on_;
  bool several_;
  std::map<std::string, int> roots_;  // how often a name was given
  bool cancelled_ = false;
  std::unordered_set<FileKey, KeyHash> seen_folders_;
  std::unordered_set<FileKey, KeyHash> seen_files_;
};

}  // namespace

std::map<std::string, std::string> placesOf(const Walk& walk) {
  std::map<std::string, std::string> places;
  const auto add = [&places](const std::string& shown, const fs::path& path) {
    places[shown] = fs::absolute(path).lexically_normal().string();
  };
  for (const auto& file : walk.files) add(file.shown, file.path);
  for (std::size_t i = 0; i < walk.refusals.size(); ++i)
    add(walk.refusals[i].path, walk.refused[i]);
  return places;
}

Result<Walk> walkFiles(const std::vector<fs::path>& roots,
                       const std::function<bool(std::size_t)>& go_on) {
  Walker walker(go_on, roots.size() > 1);
  for (const auto& root : roots) GADOLIN_CHECK(walker.root(root));
  return std::move(walker.result);
}

}  // namespace gadolin::session
