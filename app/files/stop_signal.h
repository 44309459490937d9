#pragma once
// Ctrl-C and SIGTERM as a question, for work that cleans up behind itself and has no event loop.

namespace gadolin::ctl {

/// While it lives, the first signal is only noted; a second one ends the program as it does without
/// this. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  [[nodiscard]] bool heard() const;
};

}  // namespace gadolin::ctl
