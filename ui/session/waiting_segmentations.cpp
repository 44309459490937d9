#include "ui/session/waiting_segmentations.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <optional>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/imaging/stack_file.h"
#include "ui/session/json_bytes.h"

namespace gadolin::session {
namespace fs = std::filesystem;
using namespace Qt::StringLiterals;
namespace {

constexpr std::string_view description_ending = ".json";

std::string contentOf(const FoundSegmentation& s) {
  std::string text = s.patient + "\n" + s.answer.sha256 + "\n" + s.marks.space;
  for (const auto* list : {&s.marks.series, &s.marks.images})
    for (const auto& mark : *list) text += "\n" + mark;
  for (const auto& place : s.answer.places_mm)
    for (const double x : place) text += "\n" + std::to_string(x);
  return text;
}

std::optional<FoundSegmentation> readWaiting(const fs::path& file) {
  const auto text = readFile(file);
  if (!text) return std::nullopt;
  const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
  const auto answer = decodeAnswerFromLine(bytesFromText(object.value(u"planes"_s)));
  if (!answer || !std::holds_alternative<SegmentationAnswer>(*answer)) return std::nullopt;
  FoundSegmentation s;
  s.shown = bytesFromText(object.value(u"shown"_s));
  // Projects from before places know a refused file by its path.
  s.place = object.contains(u"place"_s) ? object.value(u"place"_s).toString().toStdString() : s.shown;
  s.patient = bytesFromText(object.value(u"patient"_s));
  s.marks = {bytesFromText(object.value(u"space"_s)), textsFromJson(object.value(u"series"_s)),
             textsFromJson(object.value(u"images"_s))};
  s.answer = std::get<SegmentationAnswer>(*answer);
  s.file = fs::path(file).replace_extension(".safetensors");
  s.waited = true;
  std::error_code ignored;
  if (!fs::exists(s.file, ignored)) return std::nullopt;
  return s;
}

}  // namespace

bool sameContent(const FoundSegmentation& a, const FoundSegmentation& b) {
  return contentOf(a) == contentOf(b);
}

Result<std::vector<FoundSegmentation>> waitingSegmentations(const ProjectPaths& paths) {
  std::vector<fs::path> files;
  std::error_code none;  // no folder: nothing waits
  for (const auto& entry : fs::directory_iterator(paths.waiting(), none))
    if (entry.path().extension() == description_ending) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<FoundSegmentation> waiting;
  for (const auto& file : files)
    if (auto one = readWaiting(file)) waiting.push_back(std::move(*one));
  return waiting;
}

Result<void> keepWaiting(const ProjectPaths& paths, const FoundSegmentation& segmentation) {
  GADOLIN_CHECK(makePrivateFolder(paths.waiting()));
  const std::string name = sha256Hex(contentOf(segmentation)).substr(0, 32);
  GADOLIN_TRY(const Mask planes, readMask(segmentation.file));
  GADOLIN_CHECK(writeMask(paths.waiting() / (name + ".safetensors"), planes));
  SegmentationAnswer answer = segmentation.answer;
  answer.source = {};  // UIDs; their marks are kept
  const QJsonObject object{{u"shown"_s, bytesAsText(segmentation.shown)},
                           {u"place"_s, QString::fromStdString(segmentation.place)},
                           {u"patient"_s, bytesAsText(segmentation.patient)},
                           {u"space"_s, bytesAsText(segmentation.marks.space)},
                           {u"series"_s, textsAsJson(segmentation.marks.series)},
                           {u"images"_s, textsAsJson(segmentation.marks.images)},
                           {u"planes"_s, bytesAsText(toLine(DecodeAnswer(answer)))}};
  return writeFileAtomically(paths.waiting() / (name + std::string(description_ending)),
                             QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
}

Result<void> forgetWaiting(const FoundSegmentation& segmentation) {
  for (const char* ending : {".json", ".safetensors"}) {
    std::error_code fault;
    const fs::path file = fs::path(segmentation.file).replace_extension(ending);
    fs::remove(file, fault);
    if (fault) return systemError(fault.value(), "remove", file.string());
  }
  return {};
}

}  // namespace gadolin::session
