#pragma once
// Which validation slices are shown while a stage trains, and how their picture comes about.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ml/cascade/batches.h"
#include "ml/cascade/preview.h"

namespace gadolin::ml {

/// Which validation slices are drawn: evenly spread, those with something to see first.
std::vector<std::size_t> previewItems(const Refs& refs, long long count,
                                      const std::function<bool(const SliceRef&)>& interesting);

/// Collects the rows of a picture while a validation runs, and says where it is.
class PreviewPainter {
 public:
  PreviewPainter(const TrainContext& context, std::string stage, std::vector<std::size_t> items)
      : context_(context), stage_(std::move(stage)), items_(std::move(items)) {}

  [[nodiscard]] bool wants(std::size_t item) const {
    return std::find(items_.begin(), items_.end(), item) != items_.end();
  }
  void add(PreviewRow row) { rows_.push_back(std::move(row)); }
  /// Writes the picture and emits where it is; nothing without rows.
  void finish(int epoch, int side);

 private:
  const TrainContext& context_;
  std::string stage_;
  std::vector<std::size_t> items_;
  std::vector<PreviewRow> rows_;
};

/// The image channel of item n.
PreviewRow imageRow(const Batch& batch, std::size_t n);
std::vector<std::uint8_t> asLabels(const torch::Tensor& tensor);

}  // namespace gadolin::ml
