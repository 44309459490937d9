#include "app/files/receive_command.h"

#include <signal.h>

#include <cstddef>
#include <iostream>
#include <string>

#include "app/files/child_limits.h"
#include "core/pacs/receiver.h"

namespace gadolin::ctl {
namespace {

// Objects go to the disk as they come; what is held is a header.
constexpr std::size_t receiver_memory_bytes = std::size_t{1} << 30;

}  // namespace

int runReceiver() {
  limitChild(receiver_memory_bytes);
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
