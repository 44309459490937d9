#include "app/files/archive_manifest.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/id.h"
#include "core/base/time.h"

namespace gadolin::ctl {
namespace {

using nlohmann::json;

constexpr const char* format_name = "gadolin-project-archive";

// Backups and scratch space stay: the archive is a copy itself.
constexpr std::array<std::string_view, 6> archived_folders{"stacks",  "masks", "segmentations",
                                                           "waiting", "runs",  "studies"};
// What says that somebody is at work on this machine.
constexpr std::array<std::string_view, 2> passing_names{"control", "worker.lock"};
constexpr std::size_t most_depth = 6;

}  // namespace

std::string manifestText(const std::string& project, const ArchivedFiles& files) {
  json list = json::object();
  for (const auto& [name, file] : files)
    list[name] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
  const json document{{"format", format_name}, {"version", archive_version},
                      {"project", project},    {"gadolin", GADOLIN_VERSION},
                      {"made_utc", utcNow()},  {"files", list}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<ArchivedFiles> filesOfManifest(const std::string& text) {
  const Error broken{ErrorCode::Corrupt, "its list of files (archive.json) is damaged."};
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object() || document.value("format", json()) != json(format_name)) return broken;
  try {
    if (document.at("version").get<int>() > archive_version)
      return Error{ErrorCode::NewerVersion, "it was made by a newer Gadolin (" +
                                                document.value("gadolin", "?") +
                                                "). Update this one."};
    ArchivedFiles files;
    for (const auto& [name, entry] : document.at("files").items())
      files[name] = {entry.at("bytes").get<std::uint64_t>(), entry.at("sha256").get<std::string>()};
    return files;
  } catch (const json::exception&) {
    return broken;
  }
}

bool belongsIntoArchive(const std::string& name) {
  if (name == "project.sqlite") return true;
  const std::filesystem::path path(name);
  if (path.is_absolute() || path.lexically_normal() != path) return false;
  std::size_t depth = 0;
  for (const auto& part : path) {
    const std::string text = part.string();
    if (!isSafeName(text) || ++depth > most_depth) return false;  // no leading dot, no ".."
    if (std::ranges::find(passing_names, text) != passing_names.end()) return false;
  }
  return depth >= 2 &&
         std::ranges::find(archived_folders, path.begin()->string()) != archived_folders.end();
}

}  // namespace gadolin::ctl
