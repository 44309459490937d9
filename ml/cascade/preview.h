#pragma once
// Pictures of fixed validation slices: one row a slice, a column each for what the stage has of
// image, reference, activation map and prediction. Binary PPM.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::ml {

struct PreviewRow {
  std::vector<float> image;               // side*side
  std::vector<std::uint8_t> reference;    // labels 0..3 (cavity, myocardium, fibrosis), or empty
  bool believed = false;                  // the reference is a pseudo-mask, and nobody's
  std::vector<float> activation;          // any scale, or empty
  std::vector<std::uint8_t> prediction;   // labels 0..3, or empty
};

/// The columns drawn, as in run::Preview::columns; "pseudo-mask" in the place of "reference" where all
/// of them are, "target" where some are. An image without labels still shows itself.
Result<std::vector<std::string>> writePreview(const std::filesystem::path& path,
                                              std::span<const PreviewRow> rows, int side);

}  // namespace gadolin::ml
