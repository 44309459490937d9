#include "ml/cascade/preview_painter.h"

#include <array>
#include <cstdio>

namespace gadolin::ml {

std::vector<std::size_t> previewItems(const Refs& refs, long long count,
                                      const std::function<bool(const SliceRef&)>& interesting) {
  std::vector<std::size_t> chosen, rest;
  for (std::size_t i = 0; i < refs.size(); ++i) (interesting(refs[i]) ? chosen : rest).push_back(i);
  if (chosen.empty()) chosen = rest;
  std::vector<std::size_t> spread;
  const auto wanted = std::min(static_cast<std::size_t>(std::max(count, 0LL)), chosen.size());
  for (std::size_t k = 0; k < wanted; ++k) spread.push_back(chosen[k * chosen.size() / wanted]);
  return spread;
}

void PreviewPainter::finish(int epoch, int side) {
  if (rows_.empty()) return;
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "-%04d.ppm", epoch);
  const auto path = context_.folder.previews() / (stage_ + number.data());
  const auto written = writePreview(path, rows_, side);
  if (written)
    context_.reporter->emit(run::Preview{
        stage_, epoch, path.lexically_relative(context_.folder.root).string(), *written});
  else
    context_.reporter->emit(run::Warning{"preview", written.error().message});
}

PreviewRow imageRow(const Batch& batch, std::size_t n) {
  const auto area = static_cast<std::size_t>(batch.side) * static_cast<std::size_t>(batch.side);
  const float* image = batch.input.data() + n * static_cast<std::size_t>(batch.channels) * area;
  PreviewRow row;
  row.image.assign(image, image + area);
  return row;
}

std::vector<std::uint8_t> asLabels(const torch::Tensor& tensor) {
  const torch::Tensor whole = tensor.to(torch::kCPU, torch::kUInt8).contiguous();
  return {whole.data_ptr<std::uint8_t>(), whole.data_ptr<std::uint8_t>() + whole.numel()};
}

}  // namespace gadolin::ml
