#pragma once
// Files to a peer: C-STORE (PS3.4 B), as they are or, where the peer does not take their transfer
// syntax, in another uncompressed one.

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
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
  /// Why it ended before all files had their answer: the peer broke off (WorkerLost; the sentence
  /// names the file of which nobody knows whether it arrived) or it was cancelled. What `sent` counts
  /// is there all the same.
  std::optional<Error> ended_early;
};

/// `progress` (sent or refused, of all) is called in this thread after each file. Files that are no
/// DICOM objects, or that the peer does not take, are refused one by one; the others go on.
/// Errors are of what comes before the first file: WorkerLost (nobody there), Conflict (it refuses
/// us), Unsupported (too many kinds), Cancelled. Blocks.
Result<SendOutcome> send(const Peer& peer, const std::vector<std::filesystem::path>& files,
                         const std::function<void(int, int)>& progress,
                         const std::atomic<bool>& cancelled);

}  // namespace gadolin::pacs
