#include "ui/session/import_memory.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <unordered_set>

#include "core/base/hash.h"
#include "database/journal.h"
#include "database/masks.h"
#include "ui/session/import_store.h"
#include "ui/session/json_bytes.h"

namespace gadolin::session {
namespace fs = std::filesystem;
using namespace Qt::StringLiterals;
namespace {

/// To be raised when the same files may be read otherwise than before.
constexpr std::string_view readers = "6";

constexpr std::array<std::string_view, 7> passing{"reader-crashed",    "reader-hung", "io",
                                                  "out-of-memory",     "conflict",    "mask-waits",
                                                  "unreadable-folder"};

QString q(const std::string& text) {
  return QString::fromStdString(text);
}
std::string s(const QJsonValue& value) {
  return value.toString().toStdString();
}

QJsonObject toJson(const JudgedSeries& series) {
  return {{u"description"_s, bytesAsText(series.description)},
          {u"name"_s, bytesAsText(series.name)},
          {u"repeat"_s, bytesAsText(series.repeat)},
          {u"rank"_s, series.rank},
          {u"path"_s, bytesAsText(series.path)},
          {u"slices"_s, series.slices},
          {u"kind"_s, q(std::string(toText(series.kind)))},
          {u"points"_s, series.judgement.points},
          {u"verdict"_s, static_cast<int>(series.judgement.verdict)},
          {u"reasons"_s, textsAsJson(series.judgement.reasons)},
          {u"taken"_s, series.taken},
          {u"decided"_s, series.decided}};
}

JudgedSeries seriesFrom(const QJsonObject& j) {
  JudgedSeries series;
  series.description = bytesFromText(j.value(u"description"_s));
  series.name = bytesFromText(j.value(u"name"_s));
  series.repeat = bytesFromText(j.value(u"repeat"_s));
  series.rank = j.value(u"rank"_s).toInt();
  series.path = bytesFromText(j.value(u"path"_s));
  series.slices = j.value(u"slices"_s).toInt();
  series.kind = imageKindFromText(s(j.value(u"kind"_s)));
  series.judgement = {j.value(u"points"_s).toInt(),
                      static_cast<SeriesVerdict>(j.value(u"verdict"_s).toInt()),
                      textsFromJson(j.value(u"reasons"_s))};
  series.taken = j.value(u"taken"_s).toBool();
  series.decided = j.value(u"decided"_s).toBool();
  return series;
}

QJsonObject toJson(const ImportSummary& summary) {
  QJsonArray refused, series;
  for (const auto& one : summary.refused) {
    QJsonObject row{{u"path"_s, bytesAsText(one.path)},
                    {u"reason"_s, bytesAsText(one.reason)},
                    {u"code"_s, q(one.code)}};
    if (one.series) row[u"series"_s] = bytesAsText(*one.series);
    refused.append(row);
  }
  for (const auto& one : summary.series) series.append(toJson(one));
  return {{u"patients"_s, summary.patients}, {u"stacks"_s, summary.stacks},
          {u"slices"_s, summary.slices},     {u"masks"_s, summary.masks},
          {u"ignored"_s, summary.ignored},   {u"refused"_s, refused},
          {u"series"_s, series},             {u"warnings"_s, textsAsJson(summary.warnings)}};
}

ImportSummary summaryFrom(const QJsonObject& j) {
  ImportSummary summary;
  summary.patients = j.value(u"patients"_s).toInt();
  summary.stacks = j.value(u"stacks"_s).toInt();
  summary.slices = j.value(u"slices"_s).toInt();
  summary.masks = j.value(u"masks"_s).toInt();
  summary.ignored = j.value(u"ignored"_s).toInt();
  for (const auto& value : j.value(u"refused"_s).toArray()) {
    const auto row = value.toObject();
    Refusal refusal{bytesFromText(row.value(u"path"_s)), bytesFromText(row.value(u"reason"_s)),
                    s(row.value(u"code"_s))};
    if (row.contains(u"series"_s)) refusal.series = bytesFromText(row.value(u"series"_s));
    summary.refused.push_back(std::move(refusal));
  }
  for (const auto& value : j.value(u"series"_s).toArray())
    summary.series.push_back(seriesFrom(value.toObject()));
  summary.warnings = textsFromJson(j.value(u"warnings"_s));
  return summary;
}

std::string settingKey(const ImportFingerprint& fingerprint) {
  return "import." + fingerprint.place;
}

std::unordered_set<std::string> namesIn(const fs::path& folder) {
  std::unordered_set<std::string> names;
  std::error_code ignored;  // no folder: no files
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored))
    names.insert(at->path().filename().native());
  return names;
}

/// Whether the files of every stack and of its masks are there. Folders are listed: thousands of questions
/// about single files take longer.
Result<bool> allThere(Project& project, const std::vector<std::string>& stacks) {
  const ProjectPaths& paths = project.paths();
  GADOLIN_TRY(const auto blobs, db::maskBlobsOfStacks(project.reader()));
  const auto stack_files = namesIn(paths.stacks());
  const auto mask_files = namesIn(paths.masks());
  return std::ranges::all_of(stacks, [&](const std::string& stack) {
    if (!stack_files.contains(paths.stack(stack).filename().native())) return false;
    const auto found = blobs.find(stack);
    return found == blobs.end() ||
           std::ranges::all_of(found->second, [&](const std::string& sha256) {
             return mask_files.contains(paths.mask(sha256).filename().native());
           });
  });
}

}  // namespace

Result<ImportFingerprint> fingerprintOf(Project& project, const ImportRequest& request,
                                        const Walk& walk) {
  GADOLIN_TRY(const std::string salt, projectSalt(project));
  const auto text = [](Sha256& hash, std::string_view part) {
    hash.update(std::as_bytes(std::span(part.data(), part.size())));
    hash.update(std::array{std::byte{0}});
  };
  const auto number = [&text](Sha256& hash, auto value) { text(hash, std::to_string(value)); };
  Sha256 place, content;
  for (Sha256* hash : {&place, &content}) {
    text(*hash, salt);
    for (const auto& path : request.paths)
      text(*hash, fs::absolute(path).lexically_normal().string());
    number(*hash, static_cast<int>(request.layout));
    number(*hash, static_cast<int>(request.identity));
  }
  text(content, readers);
  text(content, GADOLIN_VERSION);
  GADOLIN_TRY(const auto decisions, db::settingsBelow(project.reader(), "series."));
  for (const auto& [key, value] : decisions) {
    text(content, key);
    text(content, value);
  }
  for (const auto& refusal : walk.refusals) text(content, refusal.path + refusal.code);
  for (const auto& file : walk.files) {
    text(content, file.path);
    const std::array state{static_cast<std::uint64_t>(file.state.bytes), file.state.inode,
                           static_cast<std::uint64_t>(file.state.modified_ns),
                           static_cast<std::uint64_t>(file.state.changed_ns)};
    content.update(std::as_bytes(std::span(state)));
  }
  return ImportFingerprint{place.finishHex(), content.finishHex()};
}

Result<std::optional<ImportSummary>> recallImport(Project& project,
                                                  const ImportFingerprint& fingerprint) {
  GADOLIN_TRY(const auto kept, db::setting(project.reader(), settingKey(fingerprint)));
  if (!kept) return std::optional<ImportSummary>();
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*kept)).object();
  if (s(object.value(u"content"_s)) != fingerprint.content) return std::optional<ImportSummary>();
  GADOLIN_TRY(const bool there, allThere(project, textsFromJson(object.value(u"ids"_s))));
  if (!there) return std::optional<ImportSummary>();
  return std::optional(summaryFrom(object));
}

Result<void> rememberImport(Project& project, const ImportFingerprint& fingerprint,
                            const ImportSummary& summary, const std::vector<std::string>& stacks) {
  const bool may_pass = std::ranges::any_of(summary.refused, [](const Refusal& refusal) {
    return std::ranges::find(passing, refusal.code) != passing.end();
  });
  if (may_pass || summary.ended_by) return {};
  QJsonObject object = toJson(summary);
  object[u"content"_s] = q(fingerprint.content);
  object[u"ids"_s] = textsAsJson(stacks);
  const std::string text = QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
  return project.writeNow<void>([&](db::Database& database) {
    return db::setSetting(database, settingKey(fingerprint), text);
  });
}

}  // namespace gadolin::session
