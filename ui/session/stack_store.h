#pragma once
// Stacks and masks in memory: loaded in the background, kept while the budget lasts.

#include <QFuture>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// The least recently used go first when the budget is spent; what somebody still holds stays alive
/// with its holder. Files never change, so neither does what is kept. Thread: any.
class StackStore {
 public:
  using StackPointer = std::shared_ptr<const Stack>;
  using MaskPointer = std::shared_ptr<const Mask>;

  explicit StackStore(ProjectPaths paths, std::size_t budget_bytes = std::size_t{512} << 20);
  /// Waits for loads on their way.
  ~StackStore();
  StackStore(const StackStore&) = delete;
  StackStore& operator=(const StackStore&) = delete;

  /// What is in memory now, or nullptr. Never waits for a file.
  [[nodiscard]] StackPointer cached(const std::string& id);
  /// Two calls for the same stack share one read. The future is finished at once when cached.
  QFuture<Result<StackPointer>> load(const std::string& id);
  /// Loads what is not there yet, in this order, after whatever load() has asked for. A later call
  /// replaces what is still waiting.
  void prefetch(const std::vector<std::string>& ids);

  /// The same for masks, by the hash that names the blob. The content is compared with the hash.
  [[nodiscard]] MaskPointer cachedMask(const std::string& sha256);
  QFuture<Result<MaskPointer>> loadMask(const std::string& sha256);

  [[nodiscard]] std::size_t heldBytes() const;

 private:
  struct Shelf;
  std::unique_ptr<Shelf> shelf_;
};

}  // namespace gadolin::session
