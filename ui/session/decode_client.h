#pragma once
// The parent's side of core/imaging/decode_protocol.h: a `gadolinctl decode` child that is started
// when needed and replaced when a file has killed it.

#include <QProcess>
#include <QString>
#include <chrono>
#include <memory>
#include <string>

#include "core/imaging/decode_protocol.h"

namespace gadolin::session {

struct DecodeOutcome {
  DecodeAnswer answer;
  std::string code;  // of an Error: its name, or "reader-crashed", "reader-hung", "reader-missing"
};

/// gadolinctl beside this program, or what the environment variable GADOLINCTL names.
QString gadolinctlProgram();

/// Blocks; never in the GUI thread. One thread at a time.
class DecodeClient {
 public:
  explicit DecodeClient(QString program);
  ~DecodeClient();

  /// One request, one answer. A child that dies or does not answer within `limit` gives an Error
  /// (WorkerLost) and is gone; the next request starts another.
  DecodeOutcome ask(const DecodeRequest& request, std::chrono::milliseconds limit);

 private:
  bool start();
  void end();

  QString program_;
  std::unique_ptr<QProcess> child_;
};

}  // namespace gadolin::session
