#include "ui/view/window_level.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gadolin::view {

WindowLevel autoWindow(const Volume<float>& image) {
  const auto& size = image.geometry.size;
  // At most about 40,000 samples: enough for a percentile, and under a millisecond.
  const std::size_t region = image.geometry.voxels() / 4;
  const int step = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(region) / 40000.0)));
  std::vector<float> values;
  for (int z = 0; z < size[2]; ++z) {
    for (int y = size[1] / 4; y < size[1] - size[1] / 4; y += step) {
      for (int x = size[0] / 4; x < size[0] - size[0] / 4; x += step) {
        const float value = image.at(x, y, z);
        if (std::isfinite(value)) values.push_back(value);
      }
    }
  }
  if (values.empty()) return {};
  const auto percentile = [&values](double share) {
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return static_cast<double>(values[static_cast<std::size_t>(rank)]);
  };
  const double low = percentile(0.01);
  const double high = percentile(0.995);
  const double width = high > low ? high - low : 1.0;
  return {low + width / 2, width};
}

WindowLevel applied(const RelativeWindow& relative, const WindowLevel& automatic) {
  return {automatic.centre + relative.shift * automatic.width, automatic.width * relative.factor};
}

RelativeWindow relativeTo(const WindowLevel& automatic, const WindowLevel& window) {
  return {(window.centre - automatic.centre) / automatic.width, window.width / automatic.width};
}

}  // namespace gadolin::view
