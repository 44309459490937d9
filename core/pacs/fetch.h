#pragma once
// Series from a peer: C-GET on the same association, or C-MOVE, which makes the peer send them to a
// listener (PS3.4 C.4.2, C.4.3; study root model, one request a series).

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/pacs/peer.h"
#include "core/pacs/receiver.h"

namespace gadolin::pacs {

struct SeriesKey {
  std::string study_uid, series_uid;  // an empty series: all of the study
};

/// While it runs. Numbers are the peer's; `known` is false until it gave any.
struct FetchProgress {
  int series = 0;  // being fetched, from 1
  int of_series = 0;
  int images = 0;      // of all series so far
  int remaining = -1;  // of this series, -1: the peer does not say
};

struct FetchOutcome {
  int images = 0;                    // that the peer says it sent, or that were stored
  int failed = 0;                    // that the peer says it could not send
  std::vector<std::string> refused;  // why objects were not stored, each reason once
  std::vector<std::string> faults;   // of whole series, in words
};

/// Stores under the rules of `store`. Unsupported: the peer has no C-GET (nothing was fetched;
/// C-MOVE may go). WorkerLost, Conflict, Cancelled. Blocks; for a process that has called
/// limitStoredFiles().
Result<FetchOutcome> fetchByGet(const Peer& peer, const std::vector<SeriesKey>& series,
                                const StoreRules& store,
                                const std::function<void(const FetchProgress&)>& progress,
                                const std::atomic<bool>& cancelled);

/// Asks the peer to send to its destination peer.own_ae_title. Errors as above; Conflict too when
/// the peer does not know that destination. Blocks.
Result<FetchOutcome> fetchByMove(const Peer& peer, const std::vector<SeriesKey>& series,
                                 const std::function<void(const FetchProgress&)>& progress,
                                 const std::atomic<bool>& cancelled);

}  // namespace gadolin::pacs
