#pragma once
// Paths and header texts in JSON documents of the project: they may be no UTF-8, JSON is.

#include <QByteArray>
#include <QJsonArray>
#include <QJsonValue>
#include <QString>
#include <string>
#include <vector>

namespace gadolin::session {

inline QString bytesAsText(const std::string& bytes) {
  return QString::fromLatin1(QByteArray::fromStdString(bytes).toPercentEncoding());
}
inline std::string bytesFromText(const QJsonValue& value) {
  return QByteArray::fromPercentEncoding(value.toString().toLatin1()).toStdString();
}

inline QJsonArray textsAsJson(const std::vector<std::string>& texts) {
  QJsonArray list;
  for (const auto& text : texts) list.append(bytesAsText(text));
  return list;
}
inline std::vector<std::string> textsFromJson(const QJsonValue& value) {
  std::vector<std::string> texts;
  for (const auto& text : value.toArray()) texts.push_back(bytesFromText(text));
  return texts;
}

}  // namespace gadolin::session
