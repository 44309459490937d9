#pragma once
// Files to a peer: C-STORE (PS3.4 B), as they are or, where the peer does not take their transfer
// syntax, in another uncompressed one.

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/pacs/peer.h"

namespace gadolin::pacs {

struct NotSent {
  std::filesystem::path file;
  std::string why;  // a sentence
};

struct SendOutcome {
  int sent = 0;  // that the peer says it stored
  std::vector<NotSent> refused;
};

/// `progress` (sent or refused, of all) is called in this thread after each file. Files that are no
/// DICOM objects, or that the peer does not take, are refused one by one; the others go on.
/// WorkerLost when the peer breaks off: those before are there. Conflict, Unsupported (it takes
/// nothing of this kind), Cancelled. Blocks.
Result<SendOutcome> send(const Peer& peer, const std::vector<std::filesystem::path>& files,
                         const std::function<void(int, int)>& progress,
                         const std::atomic<bool>& cancelled);

}  // namespace gadolin::pacs
