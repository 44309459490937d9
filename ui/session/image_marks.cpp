#include "ui/session/image_marks.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "core/base/hash.h"
#include "database/journal.h"
#include "ui/session/json_bytes.h"

namespace gadolin::session {
namespace {

using namespace Qt::StringLiterals;
constexpr std::string_view marks_prefix = "images.";

ImageMarks marksFromText(const std::string& text) {
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
  return {bytesFromText(object.value(u"space"_s)), textsFromJson(object.value(u"series"_s)),
          textsFromJson(object.value(u"images"_s))};
}

void addNew(const std::vector<std::string>& marks, std::vector<std::string>& known) {
  for (const auto& mark : marks)
    if (std::ranges::find(known, mark) == known.end()) known.push_back(mark);
}

}  // namespace

std::string markOf(const std::string& salt, const std::string& uid) {
  return uid.empty() ? std::string() : sha256Hex(salt + "uid " + uid).substr(0, 16);
}

Result<void> addMarks(db::Database& database, std::string_view stack, const ImageMarks& marks) {
  if (marks.empty()) return {};
  const std::string key = std::string(marks_prefix) + std::string(stack);
  GADOLIN_TRY(const auto text, db::setting(database, key));
  const ImageMarks known = text ? marksFromText(*text) : ImageMarks();
  ImageMarks all = known;
  all.space = marks.space;
  addNew(marks.series, all.series);
  addNew(marks.images, all.images);
  if (all == known) return {};
  const QJsonObject object{{u"space"_s, bytesAsText(all.space)},
                           {u"series"_s, textsAsJson(all.series)},
                           {u"images"_s, textsAsJson(all.images)}};
  return db::setSetting(database, key,
                        QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
}

Result<std::map<std::string, ImageMarks>> allMarks(db::Database& database) {
  GADOLIN_TRY(const auto settings, db::settingsBelow(database, marks_prefix));
  std::map<std::string, ImageMarks> marks;
  for (const auto& [key, value] : settings)
    marks[key.substr(marks_prefix.size())] = marksFromText(value);
  return marks;
}

}  // namespace gadolin::session
