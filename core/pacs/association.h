#pragma once
// An association that we ask for, for the files of this room: opened with its timeouts, released or
// aborted with the object, and its faults as sentences. DCMTK types stay inside the room.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <functional>
#include <string>

#include "core/pacs/peer.h"

namespace gadolin::pacs {

inline constexpr int connect_timeout_s = 10;
/// For one answer. An archive that fetches from tape or transcodes may think for a while.
inline constexpr int answer_timeout_s = 120;

/// Thread: one at a time.
class Association {
 public:
  /// `propose` adds the presentation contexts. WorkerLost (nobody there, no answer), Conflict (the
  /// peer refused us, and why).
  static Result<Association> request(const Peer& peer,
                                     const std::function<OFCondition(T_ASC_Parameters*)>& propose);
  Association(Association&& other) noexcept;
  Association& operator=(Association&&) = delete;
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;
  /// Aborts when it was not released.
  ~Association();

  void release();
  [[nodiscard]] T_ASC_Association* get() const { return association_; }
  /// Of the context that was accepted for it; 0: none was.
  [[nodiscard]] T_ASC_PresentationContextID contextOf(const char* abstract_syntax) const;

 private:
  Association(T_ASC_Network* network, T_ASC_Association* association)
      : network_(network), association_(association) {}
  T_ASC_Network* network_;
  T_ASC_Association* association_;
};

/// What went wrong in a conversation that had begun. WorkerLost.
Error talkError(const Peer& peer, const OFCondition& condition);

/// "RIS (ARCHIVE at 10.0.0.7:104)".
std::string toText(const Peer& peer);

/// Process-wide settings of DCMTK: it says nothing on stderr, asks no name server, and no read or
/// write on a socket takes longer than this.
void prepareNetwork(int idle_timeout_s);

}  // namespace gadolin::pacs
