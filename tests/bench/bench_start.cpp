// From the start of the process to the first painted window, and to the first painted project.
//
//   bench_start [--json] [--project NAME.gadolin]
//
// "Cold" means that the program, its libraries and the project are dropped from the page cache
// before the start, as after a reboot; "warm" that they are in it.

#include <fcntl.h>
#include <unistd.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSet>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/bench/samples.h"
#include "tests/support/phantom_project.h"
#include "tests/support/temp_folder.h"

namespace {

namespace fs = std::filesystem;
constexpr int rounds = 5;
constexpr int patience_ms = 30'000;

struct Start {
  double window_ms = -1;
  double project_ms = -1;
  QSet<QString> files;  // what the process had mapped
};

QSet<QString> mappedFiles(qint64 pid) {
  QSet<QString> files;
  QFile maps(QStringLiteral("/proc/%1/maps").arg(pid));
  if (!maps.open(QIODevice::ReadOnly)) return files;
  for (const QByteArray& line : maps.readAll().split('\n')) {
    const auto path = line.indexOf('/');
    if (path > 0) files.insert(QString::fromUtf8(line.mid(path)));
  }
  return files;
}

/// Takes a file out of the page cache. Pages that another process has mapped stay.
void dropFromCache(const QString& path) {
  const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ::fdatasync(file);
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
}

Start startOnce(const QString& program, const QString& project) {
  Start start;
  QProcess process;
  process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  QElapsedTimer timer;
  timer.start();
  process.start(program, {project, QStringLiteral("--print-start-time")});
  while (timer.elapsed() < patience_ms && process.waitForReadyRead(patience_ms)) {
    const auto passed_ms = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    const QByteArray said = process.readAllStandardOutput();
    if (said.contains("first window")) start.window_ms = passed_ms;
    if (said.contains("project shown")) start.project_ms = passed_ms;
    if (start.project_ms >= 0) break;
  }
  start.files = mappedFiles(process.processId());
  process.terminate();
  if (!process.waitForFinished(patience_ms)) process.kill();
  return start;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  QCommandLineParser parser;
  const QCommandLineOption as_json(QStringLiteral("json"));
  const QCommandLineOption given(QStringLiteral("project"), {}, QStringLiteral("folder"));
  parser.addOptions({as_json, given});
  parser.process(application);

  const gadolin::test::TempFolder folder;
  qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString((folder.path() / "settings").string()));
  QString project = parser.value(given);
  if (project.isEmpty()) {
    const fs::path root = folder.path() / "bench.gadolin";
    const auto made = gadolin::test::makePhantomProject(root, {.patients = 12});
    if (!made) {
      std::fprintf(stderr, "bench_start: %s\n", made.error().message.c_str());
      return 3;
    }
    project = QString::fromStdString(root.string());
  }
  const QString program =
      QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/gadolin");

  QSet<QString> files = startOnce(program, project).files;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(project.toStdString(), ignored))
    files.insert(QString::fromStdString(entry.path().string()));
  std::vector<double> cold, warm, cold_project, warm_project;
  for (int round = 0; round < rounds; ++round) {
    for (const QString& file : files) dropFromCache(file);
    const Start first = startOnce(program, project);
    const Start second = startOnce(program, project);
    if (first.project_ms < 0 || second.project_ms < 0) {
      std::fprintf(stderr, "bench_start: gadolin did not show the project.\n");
      return 3;
    }
    cold.push_back(first.window_ms);
    cold_project.push_back(first.project_ms);
    warm.push_back(second.window_ms);
    warm_project.push_back(second.project_ms);
  }
  using gadolin::bench::percentile;
  const nlohmann::json result{{"name", "start"},
                              {"cold_ms", percentile(cold_project, 0.5)},
                              {"warm_ms", percentile(warm_project, 0.5)},
                              {"cold_window_ms", percentile(cold, 0.5)},
                              {"warm_window_ms", percentile(warm, 0.5)},
                              {"rounds", rounds}};
  if (parser.isSet(as_json)) {
    std::printf("%s\n", result.dump().c_str());
  } else {
    std::printf(
        "first window: cold %.0f ms, warm %.0f ms; project shown: cold %.0f ms, warm %.0f ms\n",
        percentile(cold, 0.5), percentile(warm, 0.5), percentile(cold_project, 0.5),
        percentile(warm_project, 0.5));
  }
  return 0;
}
