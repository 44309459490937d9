#pragma once
// One association of the listener: a peer that connected to us and stores objects (C-STORE,
// C-ECHO).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gadolin::pacs {

/// Where objects go and what is refused.
struct StoreRules {
  /// Private folder. Each object becomes FOLDER/study-<hash>/<tag>-<number>.dcm, where the hash is
  /// of its study's UID; while it arrives it lies in FOLDER/.arriving-<tag>/.
  std::filesystem::path folder;
  std::string tag;                                          // of this association; a safe name
  std::uint64_t most_bytes = std::uint64_t{2} << 30;        // of one object
  std::uint64_t least_free_bytes = std::uint64_t{2} << 30;  // of the disk, beside the object
  /// UIDs; others are refused. Empty: all are taken.
  std::set<std::string> only_series;
};

struct ReceiveRules {
  std::string ae_title;                   // called AE that we answer to
  std::vector<std::string> only_callers;  // calling AEs; empty: everybody
  int idle_timeout_s = 60;                // without a byte
  StoreRules store;
};

/// What happened on the association.
struct ReceiveEvent {
  enum class Kind {
    Opened,   // an association of `caller`
    Stored,   // an object is safe on the disk and acknowledged
    Refused,  // an object, or the association; `why`
    Closed,   // by the peer, in order
    Broken,   // by the peer or by a fault; `why`
  };
  Kind kind = Kind::Opened;
  std::string caller;  // calling AE, as a sentence can hold it
  std::string study;   // name of the study's folder
  std::string series;  // hash of the series' UID, to count by
  std::uint64_t bytes = 0;
  std::string why;
};

/// One JSON line and back, for the pipe between the listener and its children.
std::string toLine(const ReceiveEvent& event);
Result<ReceiveEvent> receiveEventFromLine(std::string_view line);
std::string toLine(const ReceiveRules& rules);
Result<ReceiveRules> receiveRulesFromLine(std::string_view line);

/// Serves the connected socket until the peer releases or is lost. Sets process-wide limits (file
/// size, file modes) and state of DCMTK: for a process that does nothing else. Blocks.
Result<void> receiveAssociation(int socket, const ReceiveRules& rules,
                                const std::function<void(const ReceiveEvent&)>& event);

/// The folder of an ObjectStore or of an association that died: what in it never arrived whole.
inline constexpr std::string_view arriving_prefix = ".arriving-";
inline constexpr std::string_view study_prefix = "study-";

/// For the process that stores: files are private, and one that would pass the limit fails with an
/// error instead of a signal. Returns the limit that held before.
std::uint64_t limitStoredFiles(std::uint64_t most_bytes);

}  // namespace gadolin::pacs
