#include "ui/session/import_walk.h"

#include <dirent.h>
#include <sys/stat.h>
#include <QString>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string_view>

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

using FileKey = std::pair<dev_t, ino_t>;

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
      file(path, several_ ? ownName(nameOf(path)) : nameOf(path), status, true);
    }
    if (cancelled_) return Error{ErrorCode::Cancelled, "The import was cancelled."};
    return {};
  }

  Walk result;

 private:
  static std::string nameOf(const fs::path& path) {
    const fs::path whole = fs::absolute(path);
    const fs::path name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    return QString::fromStdString(name.string()).toStdString();
  }
  /// Two of the given paths may have one name.
  std::string ownName(const std::string& name) {
    const int count = ++roots_[name];
    return count == 1 ? name : name + " (" + std::to_string(count) + ")";
  }

  void refuse(const fs::path& path, std::string shown, std::string reason, std::string code) {
    result.places[shown] = fs::absolute(path).lexically_normal().string();
    result.refusals.push_back({std::move(shown), std::move(reason), std::move(code)});
  }

  void file(const fs::path& path, std::string shown, const struct stat& status, bool asked_for) {
    if (!S_ISREG(status.st_mode)) {
      refuse(path, std::move(shown), "It is a pipe, socket or device, not a file.", "not-a-file");
      return;
    }
    if (!seen_files_.insert({status.st_dev, status.st_ino}).second) return;  // linked twice
    result.places[shown] = fs::absolute(path).lexically_normal().string();
    result.files.push_back({path, std::move(shown), asked_for});
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
    for (const auto& name : names) {
      const fs::path child = path / name;
      const std::string readable = QString::fromStdString(name).toStdString();
      const std::string child_shown = shown.empty() ? readable : shown + "/" + readable;
      struct stat status {};
      if (::stat(child.c_str(), &status) != 0) {
        linkToNowhere(child, child_shown, errno);
      } else if (S_ISDIR(status.st_mode)) {
        folder(child, child_shown, {status.st_dev, status.st_ino});
      } else {
        file(child, child_shown, status, false);
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
  std::set<FileKey> seen_folders_;
  std::set<FileKey> seen_files_;
};

}  // namespace

Result<Walk> walkFiles(const std::vector<fs::path>& roots,
                       const std::function<bool(std::size_t)>& go_on) {
  Walker walker(go_on, roots.size() > 1);
  for (const auto& root : roots) GADOLIN_CHECK(walker.root(root));
  return std::move(walker.result);
}

}  // namespace gadolin::session
