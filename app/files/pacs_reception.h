#pragma once
// A port that peers may connect to. Each connection is served by a child process; this one reads no
// byte of the network.

#include <QSocketNotifier>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/pacs/receiver.h"

class QProcess;
class QTimer;

namespace gadolin::ctl {

struct ReceptionSetup {
  std::string address = "127.0.0.1";  // IPv4; "0.0.0.0": all of this computer
  int port = 11112;                   // 0: any that is free
  pacs::ReceiveRules rules;           // the tag of the store is set here
  /// More peers wait until one of these has ended.
  int most_associations = 16;
  /// Without a whole object or an end; a peer that dribbles is then cut off.
  int patience_s = 600;
};

/// Thread: that of its event loop. Callbacks come from there.
class Reception {
 public:
  using Event = pacs::ReceiveEvent;
  explicit Reception(ReceptionSetup setup);
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;
  /// As stop().
  ~Reception();

  /// InvalidInput (no IPv4 address), Busy (the port is taken), ReadOnly (a port that this user may
  /// not open), Io; each with what to do.
  Result<void> listen();
  /// Closes the port and cuts off who is still connected; what was acknowledged is on the disk.
  void stop();

  [[nodiscard]] int port() const { return setup_.port; }
  [[nodiscard]] int associations() const { return static_cast<int>(served_.size()); }

  /// `association` tells connections apart. A child that crashes ends with Broken.
  std::function<void(const std::string& association, const Event& event)> on_event;
  /// The connection is over, after its last event.
  std::function<void(const std::string& association)> on_end;

 private:
  struct Served;
  void accept();
  void serve(int socket);
  void read(Served& served);
  void over(std::string tag);

  ReceptionSetup setup_;
  int socket_ = -1;
  int count_ = 0;
  std::string run_;  // part of every tag, so that two runs never meet in a name
  std::unique_ptr<QSocketNotifier> notifier_;
  std::map<std::string, std::unique_ptr<Served>> served_;
};

}  // namespace gadolin::ctl
