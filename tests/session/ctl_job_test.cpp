#include "ui/session/ctl_job.h"

#include <sys/stat.h>

#include <fstream>
#include <optional>

#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin::session {
namespace {

using gadolin::test::waitFor;

/// A job whose gadolinctl is a shell script.
class Job : public ::testing::Test {
 protected:
  Job() {
    QObject::connect(&job, &CtlJob::progress, &job,
                     [this](const QString&, qint64 done, qint64) { progress.push_back(done); });
    QObject::connect(&job, &CtlJob::refused, &job,
                     [this](const QString& path, const QString&, const QString& code) {
                       refused << path + QLatin1Char(' ') + code;
                     });
    QObject::connect(&job, &CtlJob::message, &job, [this](const QJsonObject&) { ++messages; });
    QObject::connect(&job, &CtlJob::finished, &job, [this](const QJsonObject& object, int status) {
      summary = object;
      exit_status = status;
    });
    QObject::connect(&job, &CtlJob::failed, &job, [this](const Error& one) { error = one; });
  }
  void run(const std::string& body) {
    const auto script = temp.path() / "gadolinctl";
    std::ofstream(script) << "#!/bin/sh\n" << body << "\n";
    ASSERT_EQ(::chmod(script.c_str(), 0700), 0);
    qputenv("GADOLINCTL", QByteArray::fromStdString(script.string()));
    job.start({QStringLiteral("import"), QStringLiteral("P")});
  }
  bool over() {
    return waitFor([this] { return exit_status || error; });
  }
  gadolin::test::TempFolder temp;
  CtlJob job{QStringLiteral("Import")};
  std::vector<qint64> progress;
  QStringList refused;
  int messages = 0;
  QJsonObject summary;
  std::optional<int> exit_status;
  std::optional<Error> error;
};

TEST_F(Job, LinesBecomeSignals) {
  run(R"(test "$1 $2 $3" = "--json import P" || exit 3
echo '{"type":"progress","what":"Reading","done":1,"total":2}'
echo '{"type":"refused","path":"a.dcm","reason":"Not an image.","code":"unsupported"}'
printf '{"type":"pro'; sleep 0.05; echo 'gress","what":"Reading","done":2,"total":2}'
echo '{"type":"epoch","epoch":1}'
echo '{"type":"summary","patients":3}'
exit 1)");
  ASSERT_TRUE(over());
  EXPECT_EQ(exit_status, 1);
  EXPECT_EQ(progress, (std::vector<qint64>{1, 2}));
  EXPECT_EQ(refused, QStringList{QStringLiteral("a.dcm unsupported")});
  EXPECT_EQ(messages, 1);
  EXPECT_EQ(summary.value(QLatin1String("patients")).toInt(), 3);
}

TEST_F(Job, AnErrorKeepsItsCodeAndSentence) {
  run(R"(echo '{"type":"error","code":"no-space","message":"The disk is full."}'; exit 3)");
  ASSERT_TRUE(over());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::NoSpace);
  EXPECT_EQ(error->message, "The disk is full.");
}

TEST_F(Job, AJobThatEndedInPartByAnErrorIsNotAnnouncedAsFinished) {
  run(R"(echo '{"type":"error","code":"no-space","message":"The disk is full. 3 stacks are in."}'
echo '{"type":"summary","stacks":3}'; exit 1)");
  ASSERT_TRUE(over());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "The disk is full. 3 stacks are in.");
}

TEST_F(Job, ACrashTellsWhatStderrSaid) {
  run("echo 'terminate called after throwing' >&2; kill -ABRT $$");
  ASSERT_TRUE(over());
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::WorkerLost);
  EXPECT_NE(error->message.find("terminate called"), std::string::npos);
}

TEST_F(Job, CancellingEndsTheChild) {
  run("echo '{\"type\":\"progress\",\"what\":\"x\",\"done\":1,\"total\":9}'; exec sleep 30");
  ASSERT_TRUE(waitFor([this] { return !progress.empty(); }));
  job.cancel();
  ASSERT_TRUE(over());
  EXPECT_EQ(error->code, ErrorCode::Cancelled);
  EXPECT_FALSE(job.isRunning());
}

TEST_F(Job, AMissingProgramIsNamed) {
  qputenv("GADOLINCTL", "/nonexistent/gadolinctl");
  job.start({QStringLiteral("check")});
  ASSERT_TRUE(over());
  EXPECT_EQ(error->code, ErrorCode::NotFound);
  EXPECT_NE(error->message.find("/nonexistent/gadolinctl"), std::string::npos);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
