#include "core/labels/derive.h"

#include <algorithm>

namespace gadolin {

std::vector<SliceLabel> labelsFromMask(const Mask& mask) {
  std::vector<SliceLabel> labels;
  for (int z = 0; z < mask.geometry.size[2]; ++z) {
    labels.push_back(std::ranges::any_of(mask.slice(z), isFibrosis) ? SliceLabel::Fibrosis
                                                                    : SliceLabel::None);
  }
  return labels;
}

}  // namespace gadolin
