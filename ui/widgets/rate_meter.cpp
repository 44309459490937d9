#include "ui/widgets/rate_meter.h"

#include <algorithm>
#include <cmath>

namespace gadolin::widgets {
namespace {

constexpr std::chrono::seconds looked_back{8};
constexpr std::chrono::milliseconds shortest{500};

}  // namespace

void RateMeter::add(qint64 done, Time now) {
  if (!samples_.empty() && done < samples_.back().done) samples_.clear();  // something else began
  samples_.push_back({now, done});
  while (samples_.size() > 2 && now - samples_[1].time >= looked_back) samples_.pop_front();
}

std::optional<double> RateMeter::rate() const {
  if (samples_.size() < 2) return std::nullopt;
  const auto time = samples_.back().time - samples_.front().time;
  if (time < shortest) return std::nullopt;
  return static_cast<double>(samples_.back().done - samples_.front().done) /
         std::chrono::duration<double>(time).count();
}

std::optional<qint64> RateMeter::secondsLeft(qint64 total) const {
  const auto now = rate();
  if (!now || *now <= 0) return std::nullopt;
  const auto left = std::max<qint64>(total - samples_.back().done, 0);
  return static_cast<qint64>(std::ceil(static_cast<double>(left) / *now));
}

}  // namespace gadolin::widgets
