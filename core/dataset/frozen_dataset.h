#pragma once
// The frozen input of a run: dataset.safetensors. Tensor "image/<stack>" float32 and, where there is
// a mask, "mask/<stack>" uint8 (labels 0..4), both [slices, rows, columns] in the stack's own grid;
// spacing, labels and split as JSON in the metadata key "gadolin".

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/safetensors.h"
#include "core/labels/slice_label.h"

namespace gadolin::dataset {

enum class Part { None, Train, Validation, Test };
std::string_view toText(Part part);  // "none", "train", "val", "test"
std::optional<Part> partFromText(std::string_view text);

/// One stack of a frozen dataset. The spans point into the mapped file (or the writer's memory).
struct FrozenStack {
  std::string stack;
  std::string patient;
  Part part = Part::None;
  std::string kind;                          // "magnitude", "psir", "unknown"
  std::array<int, 3> size{0, 0, 0};          // columns, rows, slices
  std::array<double, 3> spacing_mm{1, 1, 1};
  std::vector<double> slice_extent_mm;       // one per slice
  std::vector<SliceLabel> labels;            // one per slice; empty when none is known
  std::optional<SliceLabel> stack_label;     // said of the whole stack
  std::span<const float> image;              // columns*rows*slices, column fastest
  std::span<const std::uint8_t> mask;        // the same size, or empty
  /// False: the mask says where the heart is and nothing of fibrosis (its labels are 1 and 2).
  bool mask_shows_fibrosis = true;
  /// Slices that the mask says nothing of, ascending: somebody began to draw on other slices.
  std::vector<int> undrawn_slices;

  [[nodiscard]] bool isDrawn(int z) const {
    return !std::ranges::binary_search(undrawn_slices, z);
  }
};

/// Writes all stacks at once and atomically (75 stacks of a lab: 140 MB). InvalidInput, naming the
/// stack, for sizes that disagree, labels above 4, names that are not safe or that occur twice.
Result<void> writeFrozenDataset(const std::filesystem::path& path,
                                const std::vector<FrozenStack>& stacks);

class FrozenDataset {
 public:
  /// Corrupt when the file contradicts itself.
  static Result<FrozenDataset> open(const std::filesystem::path& path);
  [[nodiscard]] const std::vector<FrozenStack>& stacks() const { return stacks_; }

 private:
  explicit FrozenDataset(SafetensorsFile file) : file_(std::move(file)) {}
  SafetensorsFile file_;
  std::vector<FrozenStack> stacks_;
};

}  // namespace gadolin::dataset
