#pragma once
// Several readers at work side by side: what one file costs, crashes or hangs, the others go on.

#include <QString>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "ui/session/decode_client.h"

namespace gadolin::session {

/// Each reader is a child process with a thread of its own here. Any thread may ask.
class DecodePool {
 public:
  /// readers >= 1; their children start with their first request.
  DecodePool(QString program, int readers);
  /// Forgets what has not begun (its futures are broken) and waits for what is being read.
  ~DecodePool();
  DecodePool(const DecodePool&) = delete;
  DecodePool& operator=(const DecodePool&) = delete;

  /// Begun in the order of asking. What DecodeClient::ask() says, later.
  std::future<DecodeOutcome> ask(DecodeRequest request, std::chrono::milliseconds limit);

  [[nodiscard]] int readers() const { return static_cast<int>(threads_.size()); }

 private:
  struct Job {
    DecodeRequest request;
    std::chrono::milliseconds limit;
    std::promise<DecodeOutcome> promise;
  };
  void work(const QString& program);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gadolin::session
