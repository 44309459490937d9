#include "app/ctl/receive_command.h"

#include <signal.h>
#include <sys/resource.h>

#include <iostream>
#include <string>

#include "core/pacs/receiver.h"

namespace gadolin::ctl {
namespace {

// Objects go to the disk as they come; what is held is a header.
constexpr rlim_t receiver_memory_bytes = rlim_t{1} << 30;

void limitReceiver() {
#ifndef __SANITIZE_ADDRESS__  // the sanitizer reserves terabytes of addresses
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_max >= receiver_memory_bytes) {
    limit.rlim_cur = receiver_memory_bytes;
    ::setrlimit(RLIMIT_AS, &limit);
  }
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);  // a crash leaves no image of a patient
}

}  // namespace

int runReceiver() {
  limitReceiver();
  // Ctrl-C in a terminal reaches the whole group; the listener ends us.
  ::signal(SIGINT, SIG_IGN);
  std::string line;
  std::getline(std::cin, line);
  const auto rules = pacs::receiveRulesFromLine(line);
  if (!rules) {
    std::cerr << rules.error().message << std::endl;
    return 2;
  }
  const auto served = pacs::receiveAssociation(
      receive_socket, *rules,
      [](const pacs::ReceiveEvent& event) { std::cout << pacs::toLine(event) << std::endl; });
  if (!served) {
    pacs::ReceiveEvent broken;
    broken.kind = pacs::ReceiveEvent::Kind::Broken;
    broken.why = served.error().message;
    std::cout << pacs::toLine(broken) << std::endl;
  }
  return 0;
}

}  // namespace gadolin::ctl
