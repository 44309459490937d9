#pragma once
// Ctrl-C as an event of the loop, so that a command can end its work politely.

#include <QSocketNotifier>
#include <functional>
#include <memory>

namespace gadolin::ctl {

/// While it lives, SIGINT and SIGTERM call `interrupted` from the event loop; a second one ends the
/// program at once, as without it. One at a time.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> interrupted);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

 private:
  int pipe_[2] = {-1, -1};
  std::unique_ptr<QSocketNotifier> notifier_;
};

}  // namespace gadolin::ctl
