#pragma once
// Stacks on their way into the project, a few at a time: several wait for the disk hardly longer
// than one.

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "ui/session/import_store.h"
#include "ui/session/import_tally.h"
#include "ui/session/known_images.h"
#include "ui/session/project.h"

namespace gadolin::session {

class ImportBatch {
 public:
  /// Stacks of one transaction: its three waits for the disk are theirs together.
  static constexpr std::size_t stored_at_once = 16;

  /// `before`: the images of the project before this import.
  ImportBatch(Project& project, ImportTally& tally, std::string who, KnownImages before)
      : project_(project), tally_(tally), who_(std::move(who)), before_(std::move(before)) {}

  /// Stores when enough have come together. `sources`: paths for a person, the image first. Blocks.
  Result<void> add(DecodedStack decoded, std::vector<std::string> sources);
  /// Stores what there is; after a fault what came before the stack at fault is in. Blocks.
  Result<void> store();

 private:
  Result<void> storeThese(std::span<const DecodedStack> stacks,
                          std::span<const std::vector<std::string>> sources);

  Project& project_;
  ImportTally& tally_;
  std::string who_;
  KnownImages before_;
  std::vector<DecodedStack> stacks_;
  std::vector<std::vector<std::string>> sources_;
};

}  // namespace gadolin::session
