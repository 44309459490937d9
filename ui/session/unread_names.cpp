#include "ui/session/unread_names.h"

#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/hash.h"
#include "core/imaging/series_judgement.h"

namespace gadolin::session {
using namespace Qt::StringLiterals;
namespace {

constexpr qsizetype longest_number = 6;  // more digits may be a patient's number or birth date
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
  if (!match.hasMatch() || match.capturedLength(2) > longest_number) return false;
  const std::string letters = match.captured(1).toStdString();
  return letters.empty() || std::ranges::find(file_words, letters) != file_words.end() ||
         isSeriesWord(letters);
}

QString endingOf(const QString& name) {
  static const QRegularExpression ending(u"\\.(dcm|ima|img|nii|nii\\.gz|nrrd|mha|mhd|hdr)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
  const auto match = ending.match(name);
  return match.hasMatch() ? match.captured(0) : QString();
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
  static const QRegularExpression ending(u"\\.(nii|nii\\.gz|nrrd|nhdr|mha|mhd|hdr|hdr\\.gz|mgz)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
  return ending.match(QString::fromStdString(path)).hasMatch();
}

}  // namespace gadolin::session
