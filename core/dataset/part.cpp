#include <algorithm>
#include <array>

#include "core/dataset/frozen_dataset.h"

namespace gadolin::dataset {
namespace {
constexpr std::array<std::string_view, 4> names{"none", "train", "val", "test"};
}

std::string_view toText(Part part) {
  return names[static_cast<std::size_t>(part)];
}

std::optional<Part> partFromText(std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Part>(found - names.begin());
}

}  // namespace gadolin::dataset
