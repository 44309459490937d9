#pragma once
// gadolinctl as a script calls it, with --json.

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <string>
#include <vector>

namespace gadolin::test {

/// What a call said and how it ended.
struct Answer {
  int status = -1;                 // -1: it was killed, or did not end
  std::vector<QJsonObject> lines;  // of stdout, those that are JSON objects
  QByteArray errors;               // stderr

  [[nodiscard]] QJsonObject summary() const { return lines.empty() ? QJsonObject() : lines.back(); }
  [[nodiscard]] int count(const char* type) const {
    return static_cast<int>(std::ranges::count_if(lines, [type](const QJsonObject& line) {
      return line.value(QLatin1String("type")).toString() == QLatin1String(type);
    }));
  }
  [[nodiscard]] std::string said() const { return errors.toStdString(); }
};

inline QString program(const char* name) {
  return QStringLiteral(GADOLIN_BIN_DIR "/") + QLatin1String(name);
}

/// Waits for the end; what was read of stdout before is not in it.
inline Answer answerOf(QProcess& process) {
  process.waitForFinished(280'000);
  Answer answer;
  answer.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  answer.errors = process.readAllStandardError();
  for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
    const QJsonDocument document = QJsonDocument::fromJson(line);
    if (document.isObject()) answer.lines.push_back(document.object());
  }
  return answer;
}

/// Words with one blank between them; "@" stands for the project.
inline QStringList wordsOf(const QString& text, const QString& project = {}) {
  QStringList words;
  for (const QString& word : text.split(QLatin1Char(' ')))
    words << (word == QLatin1String("@") ? project : word);
  return words;
}

inline void startCtl(QProcess& process, const QStringList& words) {
  process.start(program("gadolinctl"), QStringList{QStringLiteral("--json")} + words);
}

inline Answer ctl(const QStringList& words) {
  QProcess process;
  startCtl(process, words);
  return answerOf(process);
}

}  // namespace gadolin::test
