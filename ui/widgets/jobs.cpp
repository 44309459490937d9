#include "ui/widgets/jobs.h"

#include <algorithm>

namespace gadolin::widgets {

std::optional<double> JobEntry::rate() const {
  const double counting_s = seconds - counting_since_s;
  if (done <= counted_from || counting_s <= 0) return std::nullopt;
  return static_cast<double>(done - counted_from) / counting_s;
}

std::optional<double> JobEntry::secondsLeft() const {
  const auto per_second = rate();
  if (!per_second || total <= 0 || done > total) return std::nullopt;
  return static_cast<double>(total - done) / *per_second;
}

JobEntry* JobList::find(int id) {
  const auto found =
      std::find_if(jobs_.begin(), jobs_.end(), [id](const JobEntry& job) { return job.id == id; });
  return found == jobs_.end() ? nullptr : &*found;
}

int JobList::start(const QString& title, std::function<void()> cancel) {
  JobEntry job;
  job.id = next_id_++;
  job.title = title;
  job.cancel = std::move(cancel);
  const int id = job.id;
  jobs_.push_back(std::move(job));
  Clock clock{id, {}};
  clock.timer.start();
  clocks_.push_back(clock);
  Q_EMIT changed();
  return id;
}

void JobList::report(int id, qint64 done, qint64 total, const QString& detail) {
  JobEntry* job = find(id);
  if (job == nullptr || job->state != JobState::Running) return;
  const bool new_count = total != job->total || done < job->done;
  job->done = done;
  job->total = total;
  job->detail = detail;
  readClock(*job);
  if (new_count) {
    job->counted_from = done;
    job->counting_since_s = job->seconds;
  }
  Q_EMIT changed();
}

void JobList::reportShare(int id, double share, const QString& words) {
  JobEntry* job = find(id);
  if (job == nullptr || job->state != JobState::Running) return;
  job->done = share < 0 ? 0 : static_cast<qint64>(share * 1000);
  job->total = share < 0 ? 0 : 1000;
  job->words = words;
  readClock(*job);
  Q_EMIT changed();
}

void JobList::readClock(JobEntry& job) {
  for (const Clock& clock : clocks_)
    if (clock.id == job.id) job.seconds = static_cast<double>(clock.timer.elapsed()) * 1e-3;
}

void JobList::end(int id, JobState state, const QString& detail) {
  JobEntry* job = find(id);
  if (job == nullptr || job->state != JobState::Running) return;
  readClock(*job);
  std::erase_if(clocks_, [id](const Clock& clock) { return clock.id == id; });
  job->state = state;
  job->detail = detail;
  job->cancel = {};
  Q_EMIT changed();
  Q_EMIT ended(id);
}

void JobList::cancel(int id) {
  JobEntry* job = find(id);
  // A copy: cancelling may end the job, and with it the function that is being called.
  if (job != nullptr && job->cancel) std::function<void()>(job->cancel)();
}

int JobList::running() const {
  return static_cast<int>(std::count_if(jobs_.begin(), jobs_.end(), [](const JobEntry& job) {
    return job.state == JobState::Running;
  }));
}

void JobList::clearEnded() {
  std::erase_if(jobs_, [](const JobEntry& job) { return job.state != JobState::Running; });
  Q_EMIT changed();
}

}  // namespace gadolin::widgets
