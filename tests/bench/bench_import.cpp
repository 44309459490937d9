// A DICOM archive scanned and imported, beside dcm2niix on the same folder.
//
//   bench_import [--json] [--files 10000] [--rounds 3] [--archive DIR]
//
// The archive is made from the phantom: series of some subjects, each written under many names with
// two voxels of its own, so that no two are the same. Every round imports into a new project, then
// again into the same one, then lets dcm2niix convert the folder (uncompressed). All begin with the
// archive in the page cache. --archive keeps the files in a folder, to look at them with other tools.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QStandardPaths>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/imaging/io/dicom_writer.h"
#include "core/phantom/subject.h"
#include "tests/bench/samples.h"
#include "tests/support/temp_folder.h"

namespace {

namespace fs = std::filesystem;

/// Writes at least `wanted` files; returns how many.
int writeArchive(const fs::path& folder, int wanted) {
  constexpr int subjects = 8;
  const auto cohort = gadolin::phantom::cohort(3, subjects);
  int files = 0;
  for (int series = 0; files < wanted; ++series) {
    gadolin::Stack stack = cohort[static_cast<std::size_t>(series % subjects)].shown();
    stack.image.voxels[0] = static_cast<float>(2 * (series % 2000));
    stack.image.voxels[1] = static_cast<float>(2 * (series / 2000));
    gadolin::io::DicomSeries header;
    header.patient_id = "bench-" + std::to_string(series);
    header.patient_name = "Bench^" + std::to_string(series);
    header.study_key = header.patient_id;
    header.series_description = "LGE SAX";
    const auto written = gadolin::io::writeDicomSeries(folder / header.patient_id, stack, header);
    if (!written) {
      std::fprintf(stderr, "bench_import: %s\n", written.error().message.c_str());
      return -1;
    }
    files += static_cast<int>(written->size());
  }
  return files;
}

struct Cost {
  double seconds = 0;
  double peak_mb = 0;  // the largest of the process and its children
  int status = -1;
};

Cost runProgram(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(127);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  Cost cost;
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  cost.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  cost.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  QCommandLineParser parser;
  const QCommandLineOption as_json(QStringLiteral("json"));
  const QCommandLineOption count(QStringLiteral("files"), {}, QStringLiteral("number"),
                                 QStringLiteral("10000"));
  const QCommandLineOption repeat(QStringLiteral("rounds"), {}, QStringLiteral("number"),
                                  QStringLiteral("3"));
  const QCommandLineOption kept(QStringLiteral("archive"), {}, QStringLiteral("folder"));
  parser.addOptions({as_json, count, repeat, kept});
  parser.process(application);

  const gadolin::test::TempFolder folder;
  const fs::path archive = parser.isSet(kept) ? fs::path(parser.value(kept).toStdString())
                                              : folder.path() / "archive";
  const int files = writeArchive(archive, parser.value(count).toInt());
  if (files <= 0) return 3;
  const std::string ctl =
      (QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/gadolinctl")).toStdString();
  const bool has_other = !QStandardPaths::findExecutable(QStringLiteral("dcm2niix")).isEmpty();
  if (!has_other) std::fprintf(stderr, "bench_import: dcm2niix is not installed; no comparison.\n");

  std::vector<double> ours, again, theirs, ratios, peaks;
  for (int round = 0; round < parser.value(repeat).toInt(); ++round) {
    const std::string project = (folder.path() / "p.gadolin").string();
    std::error_code ignored;
    fs::remove_all(project, ignored);
    if (runProgram({ctl, "init", project}).status != 0) return 3;
    const Cost first = runProgram({ctl, "--json", "import", project, archive.string()});
    const Cost second = runProgram({ctl, "--json", "import", project, archive.string()});
    if (first.status != 0 || second.status != 0) {
      std::fprintf(stderr, "bench_import: the import ended with status %d and %d.\n", first.status,
                   second.status);
      return 3;
    }
    ours.push_back(first.seconds);
    again.push_back(first.seconds / second.seconds);
    peaks.push_back(std::max(first.peak_mb, second.peak_mb));
    if (!has_other) continue;
    const fs::path out = folder.path() / "out";
    fs::remove_all(out, ignored);
    fs::create_directory(out);
    const Cost other = runProgram({"dcm2niix", "-z", "n", "-b", "n", "-f", "%i_%s", "-o", out.string(),
                                   archive.string()});
    theirs.push_back(other.seconds);
    ratios.push_back(other.seconds / first.seconds);
  }
  using gadolin::bench::percentile;
  nlohmann::json result{{"name", "import"},
                        {"files", files},
                        {"files_per_s", files / percentile(ours, 0.5)},
                        {"peak_mb", percentile(peaks, 0.5)},
                        {"second_import_ratio", percentile(again, 0.5)},
                        {"rounds", ours.size()}};
  if (has_other) {
    result["dcm2niix_files_per_s"] = files / percentile(theirs, 0.5);
    result["ratio"] = percentile(ratios, 0.5);  // above 1: the import is faster
  }
  if (parser.isSet(as_json)) {
    std::printf("%s\n", result.dump().c_str());
  } else {
    std::printf("%d files: %.0f files/s, %.1f times dcm2niix, the second import %.1f times faster, %.0f MB\n",
                files, result["files_per_s"].get<double>(), result.value("ratio", 0.0),
                result["second_import_ratio"].get<double>(), result["peak_mb"].get<double>());
  }
  return 0;
}
