#include "ui/session/segmentation_parts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "core/base/files.h"
#include "core/imaging/stack_file.h"
#include "database/journal.h"
#include "ui/session/json_bytes.h"

namespace gadolin::session {
namespace fs = std::filesystem;
using namespace Qt::StringLiterals;
namespace {

constexpr std::string_view parts_prefix = "segmentations.";

std::string settingOf(std::string_view stack) {
  return std::string(parts_prefix) + std::string(stack);
}

/// "101010", "101010.0" and "101010.000000" are one time.
std::string comparable(std::string made) {
  if (made.find('.') == std::string::npos) return made;
  while (made.ends_with('0')) made.pop_back();
  if (made.ends_with('.')) made.pop_back();
  return made;
}

bool shareATissue(const SegmentationPart& a, const SegmentationPart& b) {
  return std::ranges::find_first_of(a.tissues, b.tissues) != a.tissues.end();
}

}  // namespace

std::vector<std::size_t> countingParts(const std::vector<SegmentationPart>& parts) {
  const auto age = [&](std::size_t i) {
    return std::tuple(comparable(parts[i].made), parts[i].tissues.size(), i);
  };
  std::vector<std::size_t> counting;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bool replaced = false;
    for (std::size_t k = 0; k < parts.size(); ++k)
      replaced = replaced || (age(k) > age(i) && shareATissue(parts[k], parts[i]));
    if (!replaced) counting.push_back(i);
  }
  return counting;
}

std::size_t addPart(std::vector<SegmentationPart>& parts, SegmentationPart part) {
  const auto known = std::ranges::find(parts, part.mask, &SegmentationPart::mask);
  if (known == parts.end()) {
    parts.push_back(std::move(part));
    return parts.size() - 1;
  }
  if (comparable(known->made) < comparable(part.made)) known->made = part.made;
  return static_cast<std::size_t>(known - parts.begin());
}

std::vector<int> tissuesIn(const Mask& mask) {
  const std::set<int> tissues(mask.voxels.begin(), mask.voxels.end());
  std::vector<int> list(tissues.begin(), tissues.end());
  std::erase(list, 0);
  return list;
}

void addInner(Mask& whole, const Mask& part) {
  std::ranges::transform(whole.voxels, part.voxels, whole.voxels.begin(),
                         [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

Result<SegmentationParts> partsOfStack(db::Database& database, std::string_view stack) {
  GADOLIN_TRY(const auto text, db::setting(database, settingOf(stack)));
  SegmentationParts result;
  if (!text) return result;
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
  result.whole = bytesFromText(object.value(u"whole"_s));
  for (const auto& value : object.value(u"parts"_s).toArray()) {
    const auto item = value.toObject();
    SegmentationPart part{bytesFromText(item.value(u"mask"_s)),
                          bytesFromText(item.value(u"made"_s)),
                          {},
                          item.value(u"taken"_s).toBool()};
    for (const auto& tissue : item.value(u"tissues"_s).toArray())
      part.tissues.push_back(tissue.toInt());
    result.parts.push_back(std::move(part));
  }
  return result;
}

Result<void> setPartsOfStack(db::Database& database, std::string_view stack,
                             const SegmentationParts& parts) {
  QJsonArray list;
  for (const auto& part : parts.parts) {
    QJsonArray tissues;
    for (const int tissue : part.tissues) tissues.append(tissue);
    list.append(QJsonObject{{u"mask"_s, bytesAsText(part.mask)},
                            {u"made"_s, bytesAsText(part.made)},
                            {u"tissues"_s, tissues},
                            {u"taken"_s, part.taken}});
  }
  const QJsonObject object{{u"whole"_s, bytesAsText(parts.whole)}, {u"parts"_s, list}};
  const auto text = QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
  GADOLIN_TRY(const auto known, db::setting(database, settingOf(stack)));
  if (known == text) return {};
  return db::setSetting(database, settingOf(stack), text);
}

Result<Mask> readPart(const ProjectPaths& paths, const std::string& mask, const Geometry& grid) {
  std::error_code ignored;
  const fs::path kept = paths.segmentation(mask);
  return readMaskOn(fs::exists(kept, ignored) ? kept : paths.mask(mask), grid);
}

Result<void> keepPart(const ProjectPaths& paths, const std::string& hash, const Mask& mask) {
  std::error_code ignored;
  if (fs::exists(paths.segmentation(hash), ignored) || fs::exists(paths.mask(hash), ignored))
    return {};
  GADOLIN_CHECK(makePrivateFolder(paths.segmentations()));
  return writeMask(paths.segmentation(hash), mask);
}

}  // namespace gadolin::session
