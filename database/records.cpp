#include "database/records.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace gadolin::db {
namespace {

constexpr std::array<std::string_view, 3> mask_sources{"reference", "reader", "prediction"};
constexpr std::array<std::string_view, 5> run_states{"prepared", "running", "finished", "cancelled",
                                                     "failed"};
constexpr std::array<std::string_view, 3> verdicts{"none", "accepted", "rejected"};

template <typename Enum>
std::optional<Enum> fromText(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view toText(MaskSource source) {
  return mask_sources[static_cast<std::size_t>(source)];
}
std::optional<MaskSource> maskSourceFromText(std::string_view text) {
  return fromText<MaskSource>(mask_sources, text);
}
std::string_view toText(RunState state) {
  return run_states[static_cast<std::size_t>(state)];
}
std::optional<RunState> runStateFromText(std::string_view text) {
  return fromText<RunState>(run_states, text);
}
std::string_view toText(Verdict verdict) {
  return verdicts[static_cast<std::size_t>(verdict)];
}
std::optional<Verdict> verdictFromText(std::string_view text) {
  return fromText<Verdict>(verdicts, text);
}

}  // namespace gadolin::db
