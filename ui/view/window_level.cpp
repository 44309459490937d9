#include "ui/view/window_level.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gadolin::view {

WindowLevel autoWindow(const Volume<float>& image) {
  const auto& size = image.geometry.size;
  // At most about 20,000 samples: enough for a percentile, and well under a millisecond.
  constexpr std::size_t most_samples = 20000;
  const std::size_t region = image.geometry.voxels() / 4;
  const int step = std::max(
      1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(region) / most_samples))));
  std::vector<float> values;
  values.reserve(most_samples);
  for (int z = 0; z < size[2]; ++z) {
    for (int y = size[1] / 4; y < size[1] - size[1] / 4; y += step) {
      for (int x = size[0] / 4; x < size[0] - size[0] / 4; x += step) {
        const float value = image.at(x, y, z);
        if (std::isfinite(value)) values.push_back(value);
      }
    }
  }
  if (values.empty()) return {};
  const auto at = [&values](double share) {
    return values.begin() +
           static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  };
  const auto black = at(0.01);
  const auto white = at(0.995);
  std::nth_element(values.begin(), black, values.end());
  const double low = *black;
  std::nth_element(black, white, values.end());  // what is brighter now lies behind it
  const double high = *white;
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
