#include "ui/session/worker_client.h"

#include <sys/stat.h>

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <cstdio>

#include "core/run/run_folder.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin::session {
namespace {

using gadolin::test::waitFor;

/// A client with short patience on a fake worker, and what it said.
class WorkerClientTest : public ::testing::Test {
 protected:
  WorkerClientTest() : client({.silence_ms = 300, .polite_ms = 300, .terminate_ms = 300}) {
    QObject::connect(&client, &WorkerClient::events, &client,
                     [this](const std::vector<run::Event>& some) {
                       events.insert(events.end(), some.begin(), some.end());
                     });
    QObject::connect(&client, &WorkerClient::warning, &client, [this] { ++warnings; });
    QObject::connect(&client, &WorkerClient::respondingChanged, &client,
                     [this](bool now) { silent = silent || !now; });
    QObject::connect(&client, &WorkerClient::ended, &client, [this](const WorkerEnd& how) {
      EXPECT_FALSE(end) << "ended twice";
      end = how;
    });
  }
  void start(const char* mode) {
    qputenv("GADOLIN_FAKE_MODE", mode);
    client.start(FAKE_WORKER,
                 {QStringLiteral("train"), QStringLiteral("--run-dir"),
                  QString::fromStdString(temp.path().string())},
                 folder.log(), folder.events());
  }
  bool waitForEnd(int limit_ms = 10'000) {
    return waitFor([this] { return end.has_value(); }, limit_ms);
  }
  template <class Body>
  [[nodiscard]] auto count() const {
    return std::ranges::count_if(
        events, [](const run::Event& event) { return std::holds_alternative<Body>(event.body); });
  }
  void expectGapless() const {
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].seq, i + 1);
  }

  gadolin::test::TempFolder temp;
  run::RunFolder folder{temp.path()};
  WorkerClient client;
  std::vector<run::Event> events;
  std::optional<WorkerEnd> end;
  int warnings = 0;
  bool silent = false;
};

TEST_F(WorkerClientTest, AnOrderlyWorkerIsHeardToItsEnd) {
  start("ok");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(end->exit_status, run::exit_finished);
  ASSERT_TRUE(end->done);
  EXPECT_EQ(end->done->status, "finished");
  EXPECT_FALSE(end->fault);
  EXPECT_EQ(count<run::Epoch>(), 3);
  EXPECT_EQ(events.size(), 7u);
  expectGapless();
}

TEST_F(WorkerClientTest, TheLogOfAWorkerIsItsUsersAlone) {
  start("ok");
  ASSERT_TRUE(waitForEnd());
  struct stat status {};
  ASSERT_EQ(::stat(folder.log().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(WorkerClientTest, ALogThatCannotBeWrittenEndsItAfterTheStartNotInIt) {
  client.start(FAKE_WORKER, {}, temp.path() / "absent" / "worker.log", folder.events());
  EXPECT_FALSE(end) << "the caller does not wait for the end yet";
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(end->fault);
  EXPECT_NE(end->fault->message.find("worker.log"), std::string::npos) << end->fault->message;
}

TEST_F(WorkerClientTest, LinesThatComeInPiecesAreWhole) {
  start("half-lines");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(events.size(), 7u);
  EXPECT_EQ(warnings, 0);
  expectGapless();
}

TEST_F(WorkerClientTest, OneStrayLineIsAWarningOnly) {
  start("one-bad-line");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(warnings, 1);
  EXPECT_FALSE(end->fault);
  EXPECT_EQ(events.size(), 7u);
}

TEST_F(WorkerClientTest, TenStrayLinesEndIt) {
  start("garbage");
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(end->fault);
  EXPECT_EQ(end->fault->code, ErrorCode::WorkerLost);
  EXPECT_NE(end->fault->message.find("10 lines"), std::string::npos) << end->fault->message;
  EXPECT_EQ(warnings, 10);
}

TEST_F(WorkerClientTest, AnotherProtocolIsRefusedWithBothVersions) {
  start("version");
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(end->fault);
  EXPECT_EQ(end->fault->code, ErrorCode::Unsupported);
  EXPECT_NE(end->fault->message.find("version 2"), std::string::npos) << end->fault->message;
  EXPECT_TRUE(events.empty());
}

TEST_F(WorkerClientTest, WhatThePipeLostIsReadFromTheFile) {
  start("gap");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(count<run::Epoch>(), 3);
  EXPECT_EQ(events.size(), 7u);
  expectGapless();
}

TEST_F(WorkerClientTest, SilenceIsNoticedAndTheWorkerStillObeys) {
  start("silent");
  ASSERT_TRUE(waitFor([this] { return silent; }));
  EXPECT_FALSE(client.responding());
  QElapsedTimer clock;
  clock.start();
  client.cancel();
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(end->exit_status, run::exit_cancelled);
  EXPECT_EQ(end->done->status, "cancelled");
  EXPECT_LT(clock.elapsed(), 300);  // long before the ladder's next step
}

TEST_F(WorkerClientTest, ADeafWorkerIsEndedAfterTheWholeLadder) {
  start("deaf");
  ASSERT_TRUE(waitFor([this] { return count<run::Heartbeat>() > 0; }));
  QElapsedTimer clock;
  clock.start();
  client.cancel();
  ASSERT_TRUE(waitForEnd());
  EXPECT_FALSE(end->exit_status);  // by a signal
  EXPECT_FALSE(end->done);
  EXPECT_GE(clock.elapsed(), 540);  // both rungs; the timers are coarse, some 5 %
  EXPECT_LT(clock.elapsed(), 3000);
}

TEST_F(WorkerClientTest, AKilledWorkerHasNoLastWord) {
  start("crash");
  ASSERT_TRUE(waitForEnd());
  EXPECT_FALSE(end->exit_status);
  EXPECT_FALSE(end->done);
  EXPECT_EQ(count<run::CheckpointSaved>(), 1);
}

TEST_F(WorkerClientTest, AWorkerThatIsNoProgramIsNamed) {
  client.start("/nonexistent/gadolin-worker", {}, folder.log(), folder.events());
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(end->fault);
  EXPECT_NE(end->fault->message.find("/nonexistent/gadolin-worker"), std::string::npos);
}

TEST_F(WorkerClientTest, AFloodDoesNotStopTheEventLoop) {
  QElapsedTimer turn;
  qint64 longest_ms = 0;
  QTimer pulse;
  QObject::connect(&pulse, &QTimer::timeout, &pulse,
                   [&] { longest_ms = std::max(longest_ms, turn.restart()); });
  events.reserve(200'100);  // growing is the test's own work
  turn.start();
  pulse.start(0);
  start("flood");
  ASSERT_TRUE(waitForEnd(60'000));
  std::printf("200,000 lines; longest turn of the event loop %lld ms\n",
              static_cast<long long>(longest_ms));
  EXPECT_EQ(count<run::Batch>(), 200'000);
  expectGapless();
  EXPECT_LT(longest_ms, 100);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
