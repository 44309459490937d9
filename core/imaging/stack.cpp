#include "core/imaging/stack.h"

#include <cmath>

namespace gadolin {

std::string_view toText(ImageKind kind) {
  switch (kind) {
    case ImageKind::Magnitude: return "magnitude";
    case ImageKind::Psir: return "psir";
    case ImageKind::Unknown: break;
  }
  return "unknown";
}

ImageKind imageKindFromText(std::string_view text) {
  if (text == "magnitude") return ImageKind::Magnitude;
  if (text == "psir") return ImageKind::Psir;
  return ImageKind::Unknown;
}

void setExtentsFromPositions(Stack& stack) {
  const auto& geometry = stack.image.geometry;
  auto& slices = stack.slices;
  const auto position = [&](std::size_t i) { return dot(slices[i].origin_mm, geometry.axes[2]); };
  const double nominal_mm = geometry.spacing_mm[2];
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const double before = i > 0 ? std::abs(position(i) - position(i - 1)) : nominal_mm;
    const double after = i + 1 < slices.size() ? std::abs(position(i + 1) - position(i)) : nominal_mm;
    slices[i].extent_mm = 0.5 * (before + after);
  }
}

}  // namespace gadolin
