#include "app/ctl/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

namespace gadolin::ctl {
namespace {

volatile sig_atomic_t write_end = -1;

/// Only what is allowed in a signal handler: one byte into a pipe.
void onSignal(int number) {
  ::signal(number, SIG_DFL);
  const char byte = 1;
  if (::write(write_end, &byte, 1) != 1) ::raise(number);
}

}  // namespace

Interrupt::Interrupt(std::function<void()> interrupted) {
  if (::pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) return;  // Ctrl-C then ends us as it always did
  write_end = pipe_[1];
  notifier_ = std::make_unique<QSocketNotifier>(pipe_[0], QSocketNotifier::Read);
  QObject::connect(notifier_.get(), &QSocketNotifier::activated, notifier_.get(),
                   [from = pipe_[0], interrupted = std::move(interrupted)] {
                     char byte = 0;
                     if (::read(from, &byte, 1) == 1) interrupted();
                   });
  ::signal(SIGINT, onSignal);
  ::signal(SIGTERM, onSignal);
  ::signal(SIGHUP, onSignal);  // the terminal was closed
}

Interrupt::~Interrupt() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGHUP, SIG_DFL);
  notifier_.reset();
  for (const int descriptor : pipe_) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

}  // namespace gadolin::ctl
