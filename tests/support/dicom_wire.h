#pragma once
// A peer that speaks DICOM byte by byte over a TCP connection, so that it can speak it wrongly:
// A-ASSOCIATE, P-DATA with C-STORE, in implicit little endian (PS3.8 9.3, PS3.7 9.3.1).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace gadolin::test {

inline constexpr const char* mr_storage = "1.2.840.10008.5.1.4.1.1.4";

class WirePeer {
 public:
  explicit WirePeer(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &address, sizeof address);
    connected_ = ::connect(socket_, &generic, sizeof generic) == 0;
  }
  WirePeer(const WirePeer&) = delete;
  WirePeer& operator=(const WirePeer&) = delete;
  ~WirePeer() { hangUp(); }

  [[nodiscard]] bool connected() const { return connected_; }
  void hangUp() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  void send(const std::string& bytes) const {
    static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// One PDU with its header, or nothing within the time or when the other side hung up.
  [[nodiscard]] std::optional<std::string> receive(int limit_ms = 10'000) const {
    const auto header = take(6, limit_ms);
    if (!header) return std::nullopt;
    std::uint32_t length = 0;
    for (int i = 2; i < 6; ++i) length = (length << 8) | static_cast<unsigned char>((*header)[i]);
    const auto body = take(length, limit_ms);
    return body ? std::optional(*header + *body) : std::nullopt;
  }
  /// True when the other side hangs up within the time.
  [[nodiscard]] bool isHungUp(int limit_ms) const {
    char byte = 0;
    pollfd waiting{socket_, POLLIN, 0};
    return ::poll(&waiting, 1, limit_ms) == 1 && ::recv(socket_, &byte, 1, 0) <= 0;
  }

  /// An association that offers MR storage in implicit little endian; true when it was accepted.
  [[nodiscard]] bool associate(const std::string& calling, const std::string& called) const {
    send(associateRequest(calling, called));
    const auto answer = receive();
    return answer && answer->front() == 2;
  }
  static std::string associateRequest(const std::string& calling, const std::string& called) {
    const std::string syntaxes = item(0x30, mr_storage) + item(0x40, "1.2.840.10008.1.2");
    std::string user = item(0x51, big(16384, 4)) + item(0x52, "1.2.3");
    std::string body = big(1, 2) + big(0, 2) + padded(called) + padded(calling) +
                       std::string(32, '\0') + item(0x10, "1.2.840.10008.3.1.1.1") +
                       item(0x20, std::string("\1\0\0\0", 4) + syntaxes) + item(0x50, user);
    return pdu(1, body);
  }

  /// C-STORE-RQ for MR storage. Returns the status of the answer, nothing when there is none.
  void request(const std::string& sop_instance) const {
    std::string command;
    command += element(0x0002, even(mr_storage));
    command += element(0x0100, little(1, 2));
    command += element(0x0110, little(7, 2));
    command += element(0x0700, little(0, 2));
    command += element(0x0800, little(0x0001, 2));
    command += element(0x1000, even(sop_instance));
    send(data(element(0x0000, little(static_cast<std::uint32_t>(command.size()), 4)) + command,
              true, true));
  }
  void dataSet(const std::string& bytes, bool last = true) const {
    constexpr std::size_t piece = 16'000;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      send(data(bytes.substr(at, piece), false, last && at + piece >= bytes.size()));
  }
  [[nodiscard]] std::optional<std::uint16_t> status() const {
    const auto answer = receive();
    if (!answer || answer->front() != 4) return std::nullopt;
    // (0000,0900) US, implicit little endian.
    const auto at = answer->find(std::string("\0\0\0\x09\2\0\0\0", 8));
    if (at == std::string::npos || at + 10 > answer->size()) return std::nullopt;
    return static_cast<std::uint16_t>(static_cast<unsigned char>((*answer)[at + 8]) |
                                      (static_cast<unsigned char>((*answer)[at + 9]) << 8));
  }
  void release() const {
    send(pdu(5, big(0, 4)));
    static_cast<void>(receive());
  }

  /// The identifying part of an MR image in implicit little endian, with `pixel_bytes` of pixels.
  static std::string image(const std::string& sop_instance, const std::string& study,
                           const std::string& series, std::size_t pixel_bytes = 8) {
    return element(0x0016, even(mr_storage), 0x0008) + element(0x0018, even(sop_instance), 0x0008) +
           element(0x0060, "MR", 0x0008) + element(0x0020, "Wire", 0x0010) +
           element(0x000d, even(study), 0x0020) + element(0x000e, even(series), 0x0020) +
           element(0x0010, std::string(pixel_bytes, '\x7'), 0x7fe0);
  }

 private:
  [[nodiscard]] std::optional<std::string> take(std::size_t count, int limit_ms) const {
    std::string bytes;
    while (bytes.size() < count) {
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, limit_ms) != 1) return std::nullopt;
      char piece[4096];
      const auto got = ::recv(socket_, piece, std::min(sizeof piece, count - bytes.size()), 0);
      if (got <= 0) return std::nullopt;
      bytes.append(piece, static_cast<std::size_t>(got));
    }
    return bytes;
  }
  static std::string big(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((value >> (8 * i)) & 0xff);
    return out;
  }
  static std::string little(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
    return out;
  }
  static std::string even(std::string text) {
    if (text.size() % 2 != 0) text += '\0';
    return text;
  }
  static std::string padded(std::string title) {
    title.resize(16, ' ');
    return title;
  }
  static std::string item(char type, const std::string& value) {
    return std::string{type, '\0'} + big(static_cast<std::uint32_t>(value.size()), 2) + value;
  }
  static std::string pdu(char type, const std::string& body) {
    return std::string{type, '\0'} + big(static_cast<std::uint32_t>(body.size()), 4) + body;
  }
  static std::string element(std::uint16_t number, const std::string& value,
                             std::uint16_t group = 0) {
    return little(group, 2) + little(number, 2) +
           little(static_cast<std::uint32_t>(value.size()), 4) + value;
  }
  static std::string data(const std::string& bytes, bool command, bool last) {
    const char control = static_cast<char>((command ? 1 : 0) | (last ? 2 : 0));
    return pdu(4, big(static_cast<std::uint32_t>(bytes.size() + 2), 4) +
                      std::string{'\1', control} + bytes);
  }

  int socket_;
  bool connected_ = false;
};

}  // namespace gadolin::test
