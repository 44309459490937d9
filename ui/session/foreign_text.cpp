#include "ui/session/foreign_text.h"

#include <QString>

namespace gadolin::session {

std::string asUtf8(const std::string& bytes) {
  const auto text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
  if (!text.contains(QChar::ReplacementCharacter)) return text.toStdString();
  return QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())).toStdString();
}

}  // namespace gadolin::session
