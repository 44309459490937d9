#pragma once
// What an import has done so far, said to whoever listens as it happens.

#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "ui/session/decode_client.h"
#include "ui/session/import_request.h"
#include "ui/session/import_store.h"
#include "ui/session/import_warnings.h"

namespace gadolin::session {

/// Of one call of Importer::run(), in its thread.
class ImportTally {
 public:
  explicit ImportTally(const std::atomic<bool>& cancelled) : cancelled_(cancelled) {}

  std::function<void(const std::string& what, std::size_t done, std::size_t total)> on_progress;
  std::function<void(const Refusal&)> on_refusal;
  std::function<void(const JudgedSeries&)> on_series;

  void refuse(Refusal refusal);
  void judge(const JudgedSeries& series);
  /// A fault of the file is a refusal (false); a fault of the machine ends the import (Error).
  Result<bool> accept(const DecodeOutcome& outcome, const std::string& shown);
  /// `sources`: paths for a person, the image first.
  void noteStored(const DecodedStack& decoded, const StoredStack& stored,
                  const std::vector<std::string>& sources);
  /// Cancelled when somebody asked for it.
  [[nodiscard]] Result<void> checkCancelled() const;

  /// With the counts and warnings of everything up to now.
  [[nodiscard]] ImportSummary summary() const;
  /// Ids of the stacks that came in or got a mask, sorted.
  [[nodiscard]] std::vector<std::string> touchedStacks() const;

  ImportSummary so_far;  // refusals, series, what is new; the other counts are in summary()
  ImportWarnings warnings;
  std::set<std::string> patients, masked;  // masked: stacks with a reference mask
  std::set<std::string> taken;             // shown paths of files that are in
  std::vector<PlacedFile> placed;          // further ones, known by their place already
  std::map<std::string, int> stacks;       // slices by id

 private:
  const std::atomic<bool>& cancelled_;
};

}  // namespace gadolin::session
