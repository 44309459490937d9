#pragma once
// A TCP port for a test that starts a server.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace gadolin::test {

/// Of the loopback address. Nobody holds it now; another process may take it before the test does.
inline int freePort() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof address);
  socklen_t length = sizeof generic;
  ::bind(probe, &generic, length);
  ::getsockname(probe, &generic, &length);
  std::memcpy(&address, &generic, sizeof address);
  ::close(probe);
  return ntohs(address.sin_port);
}

}  // namespace gadolin::test
