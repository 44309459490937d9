#pragma once
// A network that breaks: passes bytes to a server on this machine until so many have gone through.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>

namespace gadolin::test {

/// One connection; what the client sends counts. Works in a thread of its own until it is
/// destroyed.
class CuttingProxy {
 public:
  CuttingProxy(int server_port, std::int64_t bytes) : left_(bytes) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr generic = loopback(0);
    ::bind(listener_, &generic, sizeof generic);
    ::listen(listener_, 1);
    socklen_t length = sizeof generic;
    ::getsockname(listener_, &generic, &length);
    sockaddr_in address{};
    std::memcpy(&address, &generic, sizeof address);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, server_port] { work(server_port); });
  }
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy() {
    over_ = true;
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] int port() const { return port_; }

 private:
  static sockaddr loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &address, sizeof address);
    return generic;
  }
  static bool passOn(int to, const char* bytes, ssize_t count) {
    while (count > 0) {
      const ssize_t sent = ::send(to, bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes += sent;
      count -= sent;
    }
    return true;
  }
  void work(int server_port) {
    pollfd coming{listener_, POLLIN, 0};
    while (!over_ && ::poll(&coming, 1, 50) != 1) {
    }
    if (over_) return;
    const int client = ::accept(listener_, nullptr, nullptr);
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr generic = loopback(server_port);
    bool open = ::connect(server, &generic, sizeof generic) == 0;
    std::array<char, 4096> bytes{};
    while (open && !over_ && left_ > 0) {
      std::array<pollfd, 2> both{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
      if (::poll(both.data(), 2, 50) <= 0) continue;
      for (const bool from_client : {true, false}) {
        if (both[from_client ? 0 : 1].revents == 0) continue;
        const ssize_t got = ::recv(from_client ? client : server, bytes.data(), bytes.size(), 0);
        open = open && got > 0 && passOn(from_client ? server : client, bytes.data(), got);
        if (from_client) left_ -= got;
      }
    }
    ::close(client);
    ::close(server);
  }

  int listener_ = -1;
  int port_ = 0;
  std::int64_t left_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace gadolin::test
