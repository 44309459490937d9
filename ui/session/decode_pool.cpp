#include "ui/session/decode_pool.h"

#include <utility>

namespace gadolin::session {

DecodePool::DecodePool(QString program, int readers) {
  for (int i = 0; i < readers; ++i) threads_.emplace_back([this, program] { work(program); });
}

DecodePool::~DecodePool() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::future<DecodeOutcome> DecodePool::ask(DecodeRequest request, std::chrono::milliseconds limit) {
  Job job{std::move(request), limit, {}};
  auto future = job.promise.get_future();
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  wake_.notify_one();
  return future;
}

void DecodePool::work(const QString& program) {
  DecodeClient client(program);  // a QProcess belongs to the thread that uses it
  for (;;) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job.promise.set_value(client.ask(job.request, job.limit));
  }
}

}  // namespace gadolin::session
