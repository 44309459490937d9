#include "core/labels/slice_label.h"

#include <algorithm>
#include <array>

namespace gadolin {
namespace {
constexpr std::array<std::string_view, 5> names{"unlabelled", "none", "fibrosis", "unsure",
                                                "not-diagnostic"};
}

std::string_view toText(SliceLabel label) { return names[static_cast<std::size_t>(label)]; }

std::optional<SliceLabel> sliceLabelFromText(std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<SliceLabel>(found - names.begin());
}

SliceLabel stackLabel(std::span<const SliceLabel> slices) {
  const auto has = [slices](SliceLabel label) { return std::ranges::find(slices, label) != slices.end(); };
  if (has(SliceLabel::Fibrosis)) return SliceLabel::Fibrosis;
  if (has(SliceLabel::Unlabelled)) return SliceLabel::Unlabelled;
  if (has(SliceLabel::Unsure)) return SliceLabel::Unsure;
  return has(SliceLabel::None) ? SliceLabel::None : SliceLabel::Unlabelled;
}

}  // namespace gadolin
