#include "ui/session/unread_names.h"

#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/hash.h"
#include "core/imaging/series_judgement.h"
#include "ui/session/import_layout.h"

namespace gadolin::session {
using namespace Qt::StringLiterals;
namespace {

// More digits may be a patient's number or birth date; behind a word of files they count it.
constexpr qsizetype longest_number = 4, longest_counter = 6;
constexpr std::array<std::string_view, 30> file_words{
    "im",  "img",   "image", "images", "i",        "mr",  "mri", "se",   "ser",   "series",
    "st",  "study", "pa",    "dicom",  "dicomdir", "dcm", "ima", "file", "files", "frame",
    "nii", "gz",    "nrrd",  "nhdr",   "mha",      "mhd", "hdr", "raw",  "seg",   "copy"};

bool saysNothing(const QString& word) {
  static const QRegularExpression pseudonym(u"^p[0-9a-f]{8}$"_s);
  static const QRegularExpression parts(u"^(\\D*)(\\d*)$"_s);
  const QString lower = word.toLower();
  if (pseudonym.match(lower).hasMatch()) return true;
  const auto match = parts.match(lower);
  if (!match.hasMatch()) return false;
  const std::string letters = match.captured(1).toStdString();
  if (match.capturedLength(2) > (letters.empty() ? longest_number : longest_counter)) return false;
  return letters.empty() || std::ranges::find(file_words, letters) != file_words.end() ||
         isSeriesWord(letters);
}

QString endingOf(const QString& name) {
  static const QRegularExpression ending(u"\\.(dcm|ima|img)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
  const auto match = ending.match(name);
  return match.hasMatch() ? match.captured(0)
                          : QString::fromStdString(volumeEndingOf(name.toStdString()));
}

QString withoutNames(const QString& name, const std::string& salt) {
  static const QRegularExpression between(u"[^\\p{L}\\p{M}\\p{N}]+"_s);
  static const QRegularExpression uid(u"\\d+(\\.\\d+){3}"_s);
  const auto words = name.split(between, Qt::SkipEmptyParts);
  if (std::ranges::all_of(words, saysNothing) && !uid.match(name).hasMatch()) return name;
  return u"hidden-"_s + QString::fromStdString(sha256Hex(salt + name.toStdString()).substr(0, 6)) +
         endingOf(name);
}

}  // namespace

std::string withoutUnreadNames(const std::string& path, const std::string& salt) {
  QStringList names = QString::fromStdString(path).split(u'/');
  for (QString& name : names) name = withoutNames(name, salt);
  return names.join(u'/').toStdString();
}

bool isVolumeName(const std::string& path) {
  return !volumeEndingOf(path).empty();
}

}  // namespace gadolin::session
