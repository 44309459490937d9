// A project as one file: out, back, and what is refused of such files.

#include <signal.h>

#include <QElapsedTimer>
#include <QThread>
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "database/labels.h"
#include "database/predictions.h"
#include "tests/database/raw_sql.h"
#include "tests/session/export_fixture.h"
#include "tests/session/qt_main.h"
#include "tests/support/temporary_names.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// One entry of a ustar file (POSIX 1003.1), with any name and type.
std::string tarEntry(const std::string& name, const std::string& content, char type = '0',
                     const std::string& link = {}) {
  std::string header(512, '\0');
  const auto put = [&header](std::size_t at, const std::string& text) {
    std::ranges::copy(text, header.begin() + static_cast<std::ptrdiff_t>(at));
  };
  char size[16];
  std::snprintf(size, sizeof size, "%011zo", content.size());
  put(0, name);
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  put(124, size);
  put(136, "00000000000");
  put(148, "        ");
  header[156] = type;
  put(157, link);
  put(257, std::string("ustar\0", 6) + "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  put(148, text);
  header[154] = '\0';
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512, '\0');
  return header + padded;
}

class ProjectArchive : public ExportProject {
 protected:
  ToolAnswer init(const fs::path& archive, const fs::path& made) const {
    return ctl({QStringLiteral("init"), q(made), QStringLiteral("--from"), q(archive)});
  }
  /// The archive of a small project, unpacked: names with their bytes.
  std::vector<std::pair<std::string, std::string>> entries() {
    add("P1", 1, obliqueStack(1, 5, false));
    EXPECT_EQ(exportAs("archive", out("sound.tar")).status, 0);
    std::vector<std::pair<std::string, std::string>> all;
    const std::string bytes = readFile(out("sound.tar")).value();
    for (std::size_t at = 0; at + 512 <= bytes.size() && bytes[at] != '\0';) {
      const std::string name = bytes.substr(at, 100).c_str();
      const std::size_t size = std::stoul(bytes.substr(at + 124, 11), nullptr, 8);
      if (bytes[at + 156] == '0') all.emplace_back(name, bytes.substr(at + 512, size));
      at += 512 + (size + 511) / 512 * 512;
    }
    return all;
  }
  static std::string tarOf(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string bytes;
    for (const auto& [name, content] : files) bytes += tarEntry(name, content);
    return bytes + std::string(1024, '\0');
  }
  /// Refused, and nothing is left anywhere.
  void expectRefused(const std::string& bytes, const std::string& why,
                     const std::string& words = {}) {
    const auto before = filesBelow(folder.path());
    ASSERT_TRUE(writeFileAtomically(out("forged.tar"), bytes).ok());
    const auto said = init(out("forged.tar"), out("deep.gadolin"));
    EXPECT_EQ(said.status, 3) << why << said.out;
    EXPECT_NE(said.error.find(words), std::string::npos) << why << said.error;
    fs::remove(out("forged.tar"));
    EXPECT_EQ(filesBelow(folder.path()), before) << why;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << why << entry.path();
    EXPECT_FALSE(fs::exists(out("deep.gadolin"))) << why;
  }
};

TEST_F(ProjectArchive, AProjectComesBackFileByFileAndSound) {
  add("P1", 1, obliqueStack(1, 5, false));
  add("P2", 1, obliqueStack(2, 6, true), false);
  predict("P2-s1", obliqueMask(obliqueStack(2, 6, true)));
  const auto labelled = project->writeNow<bool>([](db::Database& database) -> Result<bool> {
    const std::vector<db::SliceChange> changes{{1, SliceLabel::Fibrosis}};
    GADOLIN_CHECK(db::setSliceLabels(database, "P2-s1", changes, "ann", 1, "key"));
    return true;
  });
  ASSERT_TRUE(labelled.ok());
  const auto run = project->paths().run("run-1");
  ASSERT_TRUE(writeFileAtomically(run.control(), "cancel\n").ok());
  ASSERT_TRUE(writeFileAtomically(run.events(), "{}\n").ok());
  for (const char* ending : {"lab.tar", "lab.tar.gz", "lab.tar.zst"}) {
    // The project is open for writing in this process all the time.
    const auto said = exportAs("archive", out(ending));
    ASSERT_EQ(said.status, 0) << said.error;
    const fs::path made = out((std::string(ending) + " back.gadolin").c_str());
    const auto opened = init(out(ending), made);
    ASSERT_EQ(opened.status, 0) << opened.error;
    auto wanted = filesBelow(root()), got = filesBelow(made);
    const auto passing = [](const std::string& name) {
      return name.starts_with("backups/") || name.starts_with("scratch/") ||
             name.ends_with("/control") || name.starts_with("project.sqlite");
    };
    std::erase_if(wanted, passing);
    std::erase_if(got, passing);
    EXPECT_EQ(got, wanted) << ending;
    EXPECT_TRUE(got.contains("runs/run-1/events.jsonl"));
    for (const auto& name : got)
      EXPECT_EQ(readFile(made / name).value(), readFile(root() / name).value()) << name;
    for (const auto& entry : fs::recursive_directory_iterator(made))
      EXPECT_EQ(entry.status().permissions() & fs::perms(0077), fs::perms::none) << entry.path();
    const auto back = Project::open(made, Access::ReadOnly);
    ASSERT_TRUE(back.ok());
    const auto labels = db::sliceLabels((*back)->reader(), "P2-s1", "ann");
    ASSERT_TRUE(labels.ok());
    ASSERT_EQ(labels->size(), 1U);
    EXPECT_EQ(labels->front().label, SliceLabel::Fibrosis);
    EXPECT_TRUE(db::latestPrediction((*back)->reader(), "P2-s1")->has_value());
  }
  EXPECT_EQ(exportAs("archive", out("lab.tar")).status, 3) << "an export replaces nothing";
  EXPECT_EQ(exportAs("archive", out("lab.zip")).status, 2);
  EXPECT_EQ(init(out("lab.tar"), root()).status, 3) << "nor does init";
  EXPECT_FALSE(fs::exists(out("lab.zip")));
}

TEST_F(ProjectArchive, AFolderWithBlanksInItsNameIsArchivedToo) {
  project.reset();
  const fs::path blank = out("my lab (2).gadolin");
  fs::rename(root(), blank);
  ASSERT_EQ(ctl({QStringLiteral("export"), q(blank), QStringLiteral("--format"),
                 QStringLiteral("archive"), QStringLiteral("--out"), q(out("lab.tar"))})
                .status,
            0);
  EXPECT_EQ(init(out("lab.tar"), out("back.gadolin")).status, 0);
}

TEST_F(ProjectArchive, WhatLeadsOutOfTheProjectIsRefused) {
  const auto sound = entries();
  ASSERT_GE(sound.size(), 4U);
  const std::string end(1024, '\0');
  std::string head = tarOf(sound);
  head.resize(head.size() - 1024);
  for (const char* name :
       {"lab.gadolin/../escaped", "../escaped", "/tmp/gadolin-escaped",
        "lab.gadolin/stacks/../../x", "lab.gadolin/stacks/.hidden", "lab.gadolin/backups/x.sqlite",
        "lab.gadolin/other", "lab.gadolin/runs/a/b/c/d/e/f/g", "elsewhere/stacks/x.safetensors"})
    expectRefused(head + tarEntry(name, "x") + end, name, "no plain file of a project");
  expectRefused(head + tarEntry("lab.gadolin/stacks/l", "", '2', "/etc") +
                    tarEntry("lab.gadolin/stacks/l/x", "x") + end,
                "a link and a file behind it", "no plain file");
  expectRefused(head + tarEntry("lab.gadolin/masks/l", "", '1', "lab.gadolin/project.sqlite") + end,
                "a hard link", "no plain file");
  expectRefused(head + tarEntry("lab.gadolin/masks/d", "", '3') + end, "a device", "no plain file");
  expectRefused(head + tarEntry("lab.gadolin/masks/p", "", '6') + end, "a pipe", "no plain file");
  EXPECT_FALSE(fs::exists("/tmp/gadolin-escaped"));
}

TEST_F(ProjectArchive, WhatItsListDoesNotSayIsRefused) {
  const auto sound = entries();
  const auto without = [&sound](const std::string& part) {
    auto files = sound;
    std::erase_if(files,
                  [&part](const auto& file) { return file.first.find(part) != std::string::npos; });
    return files;
  };
  expectRefused(tarOf(without("archive.json")), "no list", "archive.json");
  expectRefused(tarOf(without("stacks/")), "a stack is missing", "is missing");
  expectRefused(tarOf(without("project.sqlite")), "no database", "is missing");
  auto more = sound;
  more.emplace_back("lab.gadolin/stacks/another.safetensors", "x");
  expectRefused(tarOf(more), "one more file", "does not know");
  more.back() = sound.front();
  expectRefused(tarOf(more), "a file twice", "twice");
  auto changed = sound;
  for (auto& [name, content] : changed)
    if (name.find("stacks/") != std::string::npos) content.back() ^= 1;
  expectRefused(tarOf(changed), "one bit", "not what its list says");
  auto newer = sound;
  for (auto& [name, content] : newer)
    if (name.ends_with("archive.json")) {
      json list = json::parse(content);
      list["version"] = 99;
      content = list.dump();
    }
  expectRefused(tarOf(newer), "a newer list", "newer Gadolin");
  const std::string whole = tarOf(sound);
  expectRefused(whole.substr(0, whole.size() / 2), "cut off");
  expectRefused("no tar file at all", "text", "no archive of a project");
  EXPECT_EQ(init(out("absent.tar"), out("deep.gadolin")).status, 3);
}

/// The archive of a project whose database was changed by hand.
TEST_F(ProjectArchive, AForgedDatabaseIsRefused) {
  auto files = entries();
  const auto forge = [&](const char* sql) {
    auto forged = files;
    const auto database = std::ranges::find_if(
        forged, [](const auto& file) { return file.first.ends_with("project.sqlite"); });
    EXPECT_TRUE(writeFileAtomically(out("forge.sqlite"), database->second).ok());
    EXPECT_TRUE(db::test::execute(out("forge.sqlite"), sql));
    database->second = readFile(out("forge.sqlite")).value();
    for (const char* ending : {"", "-wal", "-shm"})
      fs::remove(out((std::string("forge.sqlite") + ending).c_str()));
    for (auto& [name, content] : forged)
      if (name.ends_with("archive.json")) {
        json list = json::parse(content);
        list["files"]["project.sqlite"] = {{"bytes", database->second.size()},
                                           {"sha256", sha256Hex(database->second)}};
        content = list.dump();
      }
    return tarOf(forged);
  };
  expectRefused(forge("PRAGMA journal_mode = DELETE; PRAGMA user_version = 9999;"),
                "a newer schema", "newer Gadolin");
  expectRefused(forge("PRAGMA journal_mode = DELETE;"
                      "CREATE TEMP TABLE forged AS SELECT * FROM stack;"
                      "UPDATE forged SET id = '../../escaped', content_hash = 'x';"
                      "INSERT INTO stack SELECT * FROM forged;"),
                "a name that leads out", "no safe name");
  auto text = files;
  for (auto& [name, content] : text)
    if (name.ends_with("project.sqlite")) content = "no database";
  for (auto& [name, content] : text)
    if (name.ends_with("archive.json")) {
      json list = json::parse(content);
      list["files"]["project.sqlite"] = {{"bytes", 11}, {"sha256", sha256Hex("no database")}};
      content = list.dump();
    }
  expectRefused(tarOf(text), "no database");
}

TEST_F(ProjectArchive, AFullDiskLeavesNoArchive) {
  add("P1", 1, obliqueStack(1, 40, false));
  const auto said = runTool(
      QStringLiteral("bash"),
      {QStringLiteral("-c"),
       QStringLiteral(
           "trap '' XFSZ; ulimit -f 20; exec \"$0\" export \"$1\" --format archive --out \"$2\""),
       QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"), q(root()), q(out("lab.tar"))});
  EXPECT_EQ(said.status, 3) << said.error;
  EXPECT_FALSE(fs::exists(out("lab.tar")));
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << entry.path();
}

TEST_F(ProjectArchive, AnExportIsStoppedInTheMiddleOfALargeFileToo) {
  add("P1", 1, obliqueStack(1, 5, false));
  // 16 GB without a block on the disk: reading them takes long, and no file comes after it.
  const fs::path large = project->paths().stack("zz-large");
  ASSERT_TRUE(makePrivateFile(large).ok());
  fs::resize_file(large, std::uintmax_t{16} << 30);
  QProcess process;
  process.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
                {QStringLiteral("export"), q(root()), QStringLiteral("--format"),
                 QStringLiteral("archive"), QStringLiteral("--out"), q(out("lab.tar.zst"))});
  ASSERT_TRUE(process.waitForStarted());
  const auto half = folder.path() / gadolin::test::temporaryNameOf(
                                        static_cast<pid_t>(process.processId()), "lab.tar.zst");
  std::error_code none;
  QElapsedTimer timer;
  timer.start();
  while (!fs::exists(half, none) && timer.elapsed() < 20'000) QThread::msleep(5);
  ASSERT_TRUE(fs::exists(half));
  QThread::msleep(100);
  ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
  ASSERT_TRUE(process.waitForFinished(60'000));
  EXPECT_EQ(process.exitStatus(), QProcess::NormalExit);
  EXPECT_EQ(process.exitCode(), 3);
  EXPECT_FALSE(fs::exists(out("lab.tar.zst")));
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << entry.path();
}

TEST_F(ProjectArchive, WhatAKilledOpeningLeftGoesWithTheNextAndThatOfAnotherMachineStays) {
  add("P1", 1, obliqueStack(1, 5, false));
  ASSERT_EQ(exportAs("archive", out("lab.tar")).status, 0);
  const pid_t gone = gadolin::test::deadProcess();
  const auto dead = folder.path() / gadolin::test::temporaryNameOf(gone, "new.gadolin");
  const auto alive = folder.path() / temporaryName("new.gadolin");
  const auto elsewhere =
      folder.path() / (".tmp-" + std::to_string(gone) + "@another.machine-new.gadolin");
  for (const auto& path : {dead, alive, elsewhere}) fs::create_directories(path / "stacks");
  ASSERT_EQ(init(out("lab.tar"), out("new.gadolin")).status, 0);
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(alive));
  EXPECT_TRUE(fs::exists(elsewhere));
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_QT_TEST_MAIN();
