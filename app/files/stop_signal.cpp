#include "app/files/stop_signal.h"

#include <signal.h>

#include <initializer_list>

namespace gadolin::ctl {
namespace {

volatile sig_atomic_t stop_heard = 0;

void noteStop(int) {
  stop_heard = 1;
}

void hearSignals(bool on) {
  struct sigaction action {};
  action.sa_handler = on ? noteStop : SIG_DFL;
  if (on) action.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  stop_heard = 0;
  hearSignals(true);
}
StopSignal::~StopSignal() {
  hearSignals(false);
}
bool StopSignal::heard() const {
  return stop_heard != 0;
}

}  // namespace gadolin::ctl
