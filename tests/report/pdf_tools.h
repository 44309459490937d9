#pragma once
// Independent judges of a PDF: poppler's tools.

#include <QProcess>
#include <QString>
#include <QStringList>
#include <filesystem>

namespace gadolin::report::testing {

/// What the tool prints about the file; empty when it is not installed or fails.
inline QString pdfTool(const QString& program, QStringList options,
                       const std::filesystem::path& file, bool to_stdout) {
  options << QString::fromStdString(file.string());
  if (to_stdout) options << QStringLiteral("-");
  QProcess process;
  process.start(program, options);
  if (!process.waitForFinished(20000) || process.exitCode() != 0) return {};
  return QString::fromUtf8(process.readAllStandardOutput());
}

}  // namespace gadolin::report::testing
