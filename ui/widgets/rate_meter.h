#pragma once
// How fast something goes on, and how long the rest will take.

#include <QtGlobal>
#include <chrono>
#include <deque>
#include <optional>

namespace gadolin::widgets {

/// Of the last seconds, since what lies behind says little about a slow folder ahead.
class RateMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void begin() { samples_.clear(); }
  /// `done` counts from the beginning.
  void add(qint64 done, Time now = std::chrono::steady_clock::now());

  /// A second; nothing before it can be told.
  [[nodiscard]] std::optional<double> rate() const;
  /// Whole seconds until `total`; nothing before it can be told or while nothing goes on.
  [[nodiscard]] std::optional<qint64> secondsLeft(qint64 total) const;

 private:
  struct Sample {
    Time time;
    qint64 done;
  };
  std::deque<Sample> samples_;
};

}  // namespace gadolin::widgets
