#pragma once
// Pictures of fixed validation slices: one row a slice, columns image, reference, activation map,
// prediction. Binary PPM.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace gadolin::ml {

struct PreviewRow {
  std::vector<float> image;               // side*side
  std::vector<std::uint8_t> reference;    // labels 0..3 (cavity, myocardium, fibrosis), or empty
  std::vector<float> activation;          // any scale, or empty
  std::vector<std::uint8_t> prediction;   // labels 0..3, or empty
};

Result<void> writePreview(const std::filesystem::path& path, std::span<const PreviewRow> rows, int side);

}  // namespace gadolin::ml
