#include "ui/session/import_batch.h"

#include <filesystem>
#include <span>
#include <system_error>

namespace gadolin::session {
Result<void> ImportBatch::add(DecodedStack decoded, std::vector<std::string> sources) {
  stacks_.push_back(std::move(decoded));
  sources_.push_back(std::move(sources));
  return stacks_.size() < stored_at_once ? Result<void>() : store();
}

Result<void> ImportBatch::store() {
  const auto stacks = std::exchange(stacks_, {});
  const auto sources = std::exchange(sources_, {});
  if (stacks.empty()) return {};
  if (storeThese(stacks, sources)) return {};
  for (std::size_t i = 0; i < stacks.size(); ++i)  // those before the one that is at fault
    GADOLIN_CHECK(storeThese({&stacks[i], 1}, {&sources[i], 1}));
  return {};
}

Result<void> ImportBatch::storeThese(std::span<const DecodedStack> stacks,
                                     std::span<const std::vector<std::string>> sources) {
  GADOLIN_TRY(const auto stored, storeStacks(project_, stacks, who_));
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    tally_.noteStored(stacks[i], stored[i], sources[i]);
    const auto overlap = before_.overlapOf(stacks[i].marks, stored[i].id);
    if (stored[i].new_stack && overlap.shared > 0) {
      tally_.warnings.add(stored[i].id,
                          "It shares " + std::to_string(overlap.shared) + " images with stack " +
                              overlap.stack +
                              ", which was in the project before. Set the one aside "
                              "that is not wanted (right click in the cohort table).");
    }
    std::error_code ignored;  // what was known already is left over
    std::filesystem::remove(stacks[i].stack_file, ignored);
    if (stacks[i].mask) std::filesystem::remove(stacks[i].mask_file, ignored);
  }
  return {};
}

}  // namespace gadolin::session
