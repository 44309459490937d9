#pragma once
// What a peer has: C-ECHO and C-FIND with the study root model (PS3.4 C.6.2).

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/pacs/peer.h"

namespace gadolin::pacs {

/// C-ECHO: whether the peer is there and talks to us. Returns milliseconds from connecting to its
/// answer. WorkerLost, Conflict. Blocks.
Result<double> echo(const Peer& peer);

/// Empty fields do not matter. Texts may hold the wild cards * and ?; names and descriptions
/// without one match as a part of the whole. Case does not matter in the series' description; in
/// the other fields that is up to the peer.
struct Query {
  std::string patient_id, patient_name;
  std::string from, to;  // study date, YYYY-MM-DD or YYYYMMDD
  std::string modality = "MR";
  std::string study_description, series_description;
  std::string study_uid, series_uid;
  int most_series = 500;
};

/// One series. Texts in UTF-8 as far as the peer says its character set.
struct FoundSeries {
  std::string patient_id, patient_name;
  std::string study_uid, study_date, study_description;  // date as YYYY-MM-DD where it is one
  std::string series_uid, series_number, modality, description;
  int images = -1;  // -1: the peer does not say
};

struct FindAnswer {
  int studies = 0;
  std::vector<FoundSeries> series;
  bool more = false;  // most_series were reached and the peer has others
};

/// InvalidInput (a date that is none), WorkerLost, Conflict, Unsupported, Cancelled. `found` is
/// called in this thread with every series that fits. Blocks; `cancelled` ends it after the next
/// answer.
Result<FindAnswer> find(const Peer& peer, const Query& query,
                        const std::function<void(const FoundSeries&)>& found,
                        const std::atomic<bool>& cancelled);

}  // namespace gadolin::pacs
