#pragma once
// gadolinctl and the programs that it talks to, all on this computer's loopback and on free ports.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QThread>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "database/stacks.h"
#include "tests/support/free_port.h"
#include "tests/support/temp_folder.h"
#include "ui/session/project.h"

namespace gadolin::test {

inline QString q(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

/// What a program said and how it ended.
struct Said {
  int status = -1;
  std::vector<QJsonObject> lines;
  std::string errors;
  [[nodiscard]] QJsonObject summary() const { return lines.empty() ? QJsonObject() : lines.back(); }
};

/// A program in the background, killed with the object.
class Background {
 public:
  Background(const QString& program, const QStringList& arguments) {
    process_.setProcessChannelMode(QProcess::SeparateChannels);
    process_.start(program, arguments);
    process_.waitForStarted();
  }
  ~Background() {
    process_.kill();
    process_.waitForFinished();
  }
  /// Reads until an event fits; nothing after the time.
  std::optional<QJsonObject> waitFor(const std::function<bool(const QJsonObject&)>& fits,
                                     int limit_ms = 20'000) {
    QElapsedTimer timer;
    timer.start();
    while (true) {
      for (; seen_ < events_.size(); ++seen_)
        if (fits(events_[seen_])) return events_[seen_++];
      if (timer.elapsed() > limit_ms) return std::nullopt;
      process_.waitForReadyRead(50);
      read();
      if (process_.state() == QProcess::NotRunning && seen_ == events_.size()) return std::nullopt;
    }
  }
  std::optional<QJsonObject> waitFor(const char* type, int limit_ms = 20'000) {
    return waitFor(
        [type](const QJsonObject& event) {
          return event.value(QLatin1String("type")) == QLatin1String(type);
        },
        limit_ms);
  }
  void signal(int number) { ::kill(static_cast<pid_t>(process_.processId()), number); }
  Said end(int number = SIGTERM) {
    if (number != 0) signal(number);
    process_.waitForFinished(30'000);
    read();
    return {process_.exitStatus() == QProcess::NormalExit ? process_.exitCode() : -1, events_,
            errors()};
  }
  std::string errors() {
    errors_ += process_.readAllStandardError().toStdString();
    return errors_;
  }
  [[nodiscard]] bool isRunning() const { return process_.state() == QProcess::Running; }

 private:
  void read() {
    rest_ += process_.readAllStandardOutput();
    for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n')) {
      const QJsonDocument line = QJsonDocument::fromJson(rest_.left(end));
      if (line.isObject()) events_.push_back(line.object());
      rest_.remove(0, end + 1);
    }
  }
  QProcess process_;
  QByteArray rest_;
  std::string errors_;
  std::vector<QJsonObject> events_;
  std::size_t seen_ = 0;
};

/// A phantom's DICOM files, the project that took them from the folder, and one that gets them by
/// network.
class PacsTest : public ::testing::Test {
 protected:
  /// Once for all tests of the program.
  static void SetUpTestSuite() {
    if (shared_) return;
    shared_ = std::make_unique<TempFolder>();
    qputenv("XDG_CONFIG_HOME", q(shared_->path() / "config").toUtf8());
    qputenv("TCP_NODELAY", "1");  // else DCMTK's programs wait 40 ms at every image
    ASSERT_EQ(ctl({QStringLiteral("init"), q(direct())}).status, 0);
    const Said demo =
        ctl({QStringLiteral("demo"), q(direct()), QStringLiteral("--patients"), QStringLiteral("3"),
             QStringLiteral("--files"), q(shared_->path() / "files")});
    ASSERT_EQ(demo.status, 0) << demo.errors;
    // What lies in the folder as NIfTI cannot come by network.
    ASSERT_EQ(ctl({QStringLiteral("init"), q(folderProject())}).status, 0);
    ASSERT_EQ(ctl({QStringLiteral("import"), q(folderProject()), q(files())}).status, 0);
    ASSERT_EQ(hashes(folderProject()).size(), 2u);
  }
  void SetUp() override { ASSERT_EQ(ctl({QStringLiteral("init"), q(project())}).status, 0); }

  static std::filesystem::path direct() { return shared_->path() / "direct.gadolin"; }
  static std::filesystem::path folderProject() { return shared_->path() / "folder.gadolin"; }
  static std::filesystem::path files() { return shared_->path() / "files" / "dicom"; }
  [[nodiscard]] std::filesystem::path project() const { return own_.path() / "p.gadolin"; }

  static QString ctlProgram() { return QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"); }
  static Said ctl(const QStringList& arguments) {
    Background process(ctlProgram(), QStringList{QStringLiteral("--json")} + arguments);
    return process.end(0);
  }
  /// Runs one of DCMTK's programs; its exit status.
  static int tool(const char* name, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QLatin1String(name), arguments);
    if (!process.waitForFinished(60'000)) return -1;
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  }
  /// storescu of the folder with some options.
  static int sendFolder(int port, const std::filesystem::path& folder, QStringList options = {},
                        const char* called = "GADOLIN", const char* calling = "SENDER") {
    options << QStringLiteral("-aet") << QLatin1String(calling) << QStringLiteral("-aec")
            << QLatin1String(called) << QStringLiteral("+sd") << QStringLiteral("+r")
            << QStringLiteral("127.0.0.1") << QString::number(port) << q(folder);
    return tool("storescu", options);
  }
  /// Voxels and geometry of all stacks.
  static std::multiset<std::string> hashes(const std::filesystem::path& root) {
    std::multiset<std::string> all;
    const auto opened = session::Project::open(root);
    if (!opened) return all;
    const auto stacks = db::allStacks((*opened)->reader());
    if (!stacks) return all;
    for (const auto& stack : *stacks) all.insert(stack.content_hash);
    return all;
  }
  /// Files that wait for the importer, or were never whole.
  static int leftovers(const std::filesystem::path& root) {
    int count = 0;
    std::error_code ignored;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(root / "scratch", ignored))
      count += entry.is_regular_file() && entry.path().filename() != "lock" ? 1 : 0;
    return count;
  }

  static inline std::unique_ptr<TempFolder> shared_;
  TempFolder own_;
};

/// `gadolinctl pacs listen` on a free port.
class ListenTest : public PacsTest {
 protected:
  void listen(QStringList options = {QStringLiteral("--quiet"), QStringLiteral("0")}) {
    listener_ = std::make_unique<Background>(
        ctlProgram(),
        QStringList{QStringLiteral("--json"), QStringLiteral("pacs"), QStringLiteral("listen"),
                    q(project()), QStringLiteral("--port"), QStringLiteral("0")} +
            options);
    const auto listening = listener_->waitFor("listening");
    ASSERT_TRUE(listening) << listener_->errors();
    port_ = listening->value(QLatin1String("port")).toInt();
  }
  /// Waits until so many new stacks came in.
  bool imported(int stacks) {
    int seen = 0;
    while (seen < stacks) {
      const auto event = listener_->waitFor("imported");
      if (!event) return false;
      seen += event->value(QLatin1String("new_stacks")).toInt();
    }
    return seen == stacks;
  }
  std::unique_ptr<Background> listener_;
  int port_ = 0;
};

}  // namespace gadolin::test
