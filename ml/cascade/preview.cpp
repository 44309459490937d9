#include "ml/cascade/preview.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/files.h"

namespace gadolin::ml {
namespace {

using Colour = std::array<double, 3>;
constexpr std::array<Colour, 4> label_colours{
    {{0, 0, 0}, {70, 120, 220}, {80, 190, 110}, {235, 70, 60}}};

}  // namespace

Result<std::vector<std::string>> writePreview(const std::filesystem::path& path,
                                              std::span<const PreviewRow> rows, int side) {
  const auto any = [&rows](auto member) {
    return std::any_of(rows.begin(), rows.end(),
                       [member](const PreviewRow& row) { return !(row.*member).empty(); });
  };
  std::vector<std::string> columns{"image"};
  const auto believed = std::ranges::count_if(rows, &PreviewRow::believed);
  const bool has_reference = any(&PreviewRow::reference);
  if (has_reference)
    columns.emplace_back(believed == 0                                         ? "reference"
                         : believed == static_cast<std::ptrdiff_t>(rows.size()) ? "pseudo-mask"
                                                                                : "target");
  if (any(&PreviewRow::activation)) columns.emplace_back("cam");
  if (any(&PreviewRow::prediction)) columns.emplace_back("prediction");

  const auto edge = static_cast<std::size_t>(side);
  const std::size_t width = columns.size() * edge, height = rows.size() * edge;
  std::vector<unsigned char> pixels(width * height * 3, 0);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const PreviewRow& row = rows[r];
    const auto [low, high] = std::minmax_element(row.image.begin(), row.image.end());
    const double span = std::max(static_cast<double>(*high) - static_cast<double>(*low), 1e-6);
    float top = 1e-6F;
    for (const float a : row.activation) top = std::max(top, a);
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const bool heat_map = columns[column] == "cam" && !row.activation.empty();
      const std::vector<std::uint8_t>* labels = nullptr;
      if (has_reference && column == 1) labels = &row.reference;
      if (columns[column] == "prediction") labels = &row.prediction;
      for (std::size_t i = 0; i < edge * edge; ++i) {
        const double grey =
            255 * (static_cast<double>(row.image[i]) - static_cast<double>(*low)) / span;
        const Colour colour{grey, grey, grey};
        double share = 0;
        Colour over{};
        if (labels != nullptr && !labels->empty() && (*labels)[i] != 0) {
          over = label_colours[std::min<std::size_t>((*labels)[i], 3)];
          share = (*labels)[i] == 3 ? 0.65 : 0.35;
        }
        if (heat_map) {
          const double heat = std::clamp(static_cast<double>(row.activation[i] / top), 0.0, 1.0);
          over = {255, 200 * heat, 30};
          share = 0.7 * heat;
        }
        unsigned char* out =
            pixels.data() + ((r * edge + i / edge) * width + column * edge + i % edge) * 3;
        for (std::size_t c = 0; c < 3; ++c)
          out[c] = static_cast<unsigned char>((1 - share) * colour[c] + share * over[c]);
      }
    }
  }
  std::string file = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  file.append(pixels.begin(), pixels.end());
  GADOLIN_CHECK(writeFileAtomically(path, file));
  return columns;
}

}  // namespace gadolin::ml
