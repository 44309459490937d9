#include "ui/session/event_tail.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

using gadolin::test::waitFor;

class Tail : public ::testing::Test {
 protected:
  Tail() : tail(folder, {.silence_ms = 300, .poll_ms = 20}) {
    QObject::connect(&tail, &EventTail::events, &tail, [this](const std::vector<run::Event>& some) {
      for (const run::Event& event : some) seqs.push_back(event.seq);
    });
    QObject::connect(&tail, &EventTail::warning, &tail, [this] { ++warnings; });
    QObject::connect(&tail, &EventTail::ended, &tail, [this](const WorkerEnd& how) { end = how; });
  }
  ~Tail() override { release(); }
  /// This process plays the worker: another open file, so another owner of the lock.
  void hold() {
    lock = ::open(folder.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
    ASSERT_EQ(::pwrite(lock, "4711\n", 5, 0), 5);
  }
  void release() {
    if (lock >= 0) ::close(lock);
    lock = -1;
  }
  void append(const std::string& text) {
    std::ofstream(folder.events(), std::ios::app | std::ios::binary) << text;
  }
  static std::string beat(std::uint64_t seq) {
    return run::encode({seq, "t", run::Heartbeat{1, {}}}) + "\n";
  }
  static std::string hello() {
    return run::encode({1, "t", run::Hello{"0.1.0", "fake", "cpu", 1, 4711}}) + "\n";
  }
  bool waitForCount(std::size_t count) {
    return waitFor([&] { return seqs.size() >= count; }, 5000);
  }
  bool waitForEnd() {
    return waitFor([this] { return end.has_value(); }, 5000);
  }

  gadolin::test::TempFolder temp;
  run::RunFolder folder{temp.path()};
  EventTail tail;
  std::vector<std::uint64_t> seqs;
  std::optional<WorkerEnd> end;
  int warnings = 0;
  int lock = -1;
};

TEST_F(Tail, HalfALineWaitsForItsOtherHalf) {
  hold();
  const std::string line = beat(2);
  append(hello() + line.substr(0, 10));
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForCount(1));
  waitFor([] { return false; }, 100);
  EXPECT_EQ(seqs.size(), 1u);
  append(line.substr(10));
  ASSERT_TRUE(waitForCount(2));
  EXPECT_EQ(warnings, 0);
  EXPECT_FALSE(end);
}

TEST_F(Tail, TheLastLinesOfAWorkerThatIsGoneAreStillRead) {
  hold();
  append(hello());
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForCount(1));
  append(beat(2) + run::encode({3, "t", run::Done{"finished", "", ""}}) + "\n");
  release();
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 2, 3}));
  ASSERT_TRUE(end->done);
  EXPECT_EQ(end->done->status, "finished");
}

TEST_F(Tail, ADeadWorkerEndsWithoutALastWord) {
  hold();
  append(hello());
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForCount(1));
  release();
  ASSERT_TRUE(waitForEnd());
  EXPECT_FALSE(end->done);
}

TEST_F(Tail, ANewLifeForgetsTheLastWordOfTheOldOne) {
  hold();
  append(hello() + run::encode({2, "t", run::Done{"cancelled", "", ""}}) + "\n" + hello());
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForCount(3));
  release();
  ASSERT_TRUE(waitForEnd());
  EXPECT_FALSE(end->done);
  EXPECT_EQ(readCurves(folder)->lives, 2);
}

TEST_F(Tail, APredictionMeanwhileOrAfterwardsIsNotTheTrainingsEnd) {
  hold();
  const std::string predicting =
      run::encode({1, "t", run::Hello{"0.1.0", "fake", "cpu", 1, 4711, run::Work::Predict}}) + "\n";
  const std::string finished = run::encode({2, "t", run::Done{"finished", "", ""}}) + "\n";
  append(predicting + finished + hello());
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForCount(1));
  // The training ends, and somebody predicts with what it has before the next look.
  append(run::encode({3, "t", run::Done{"cancelled", "", "cancelled"}}) + "\n" + predicting);
  ASSERT_EQ(::ftruncate(lock, 0), 0);
  ASSERT_EQ(::pwrite(lock, "4712\npredict\n", 13, 0), 13);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{1, 3}));
  ASSERT_TRUE(end->done);
  EXPECT_EQ(end->done->status, "cancelled");
  append(finished);
  const auto history = readCurves(folder);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->lives, 1);
  EXPECT_EQ(history->done->status, "cancelled");
}

TEST_F(Tail, APredictionOfAnOlderWorkerIsKnownByItsStage) {
  append(hello() + run::encode({2, "t", run::Done{"failed", "why", "internal"}}) + "\n" + hello() +
         run::encode({2, "t", run::StageBegin{"predict", 0, 1, 0, 5}}) + "\n" +
         run::encode({3, "t", run::Done{"finished", "", ""}}) + "\n");
  const auto history = readCurves(folder);
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history->lives, 1);
  EXPECT_TRUE(history->stages.empty());
  ASSERT_TRUE(history->done);
  EXPECT_EQ(history->done->status, "failed");
}

TEST_F(Tail, WhatWasThereBeforeTheStartIsNotTakenForNew) {
  hold();
  append(hello() + beat(2));
  tail.positionAtEnd()();
  append(beat(3));
  tail.start(EventTail::From::Here);
  ASSERT_TRUE(waitForCount(1));
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{3}));
}

TEST_F(Tail, GarbageIsNotFollowedForEver) {
  hold();
  append(hello());
  for (int i = 0; i < 12; ++i) append("rubbish\n");
  tail.start(EventTail::From::Start);
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(end->fault);
  EXPECT_EQ(end->fault->code, ErrorCode::Corrupt);
  EXPECT_EQ(warnings, 10);
}

TEST_F(Tail, TheHolderOfTheLockIsKnownByItsPid) {
  EXPECT_FALSE(workerAlive(folder));
  hold();
  EXPECT_TRUE(workerAlive(folder));
  EXPECT_EQ(workerPid(folder), 4711);
  EXPECT_EQ(workAt(folder), run::Work::Train);
  ASSERT_EQ(::pwrite(lock, "4711\npredict\n", 13, 0), 13);
  EXPECT_EQ(workerPid(folder), 4711);
  EXPECT_EQ(workAt(folder), run::Work::Predict);
  release();
  EXPECT_FALSE(workerAlive(folder));
  EXPECT_FALSE(workerPid(folder)) << "the pid of a worker that is gone is nobody's";
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
