#include "core/imaging/io/metaimage_header.h"

#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "core/imaging/io/axes.h"
#include "core/imaging/io/header_text.h"

namespace gadolin::io {
namespace metaimage {
namespace {

struct Text {
  std::map<std::string, std::string> fields;  // names in lower case
  std::size_t end = 0;
};

/// ElementDataFile is the last line of the header.
std::optional<Text> split(std::string_view text) {
  Text result;
  std::size_t at = 0;
  while (const auto line = nextLine(text, at)) {
    const auto equals = line->find('=');
    if (equals == std::string_view::npos) {
      if (trimmed(*line).empty()) continue;
      return std::nullopt;
    }
    const std::string name = lowered(trimmed(line->substr(0, equals)));
    result.fields[name] = trimmed(line->substr(equals + 1));
    if (name == "elementdatafile") {
      result.end = at;
      return result;
    }
  }
  return std::nullopt;
}

Result<VoxelType> typeOf(const std::string& name) {
  static const std::map<std::string, VoxelType> known{
      {"MET_CHAR", VoxelType::Int8},       {"MET_UCHAR", VoxelType::Uint8},
      {"MET_SHORT", VoxelType::Int16},     {"MET_USHORT", VoxelType::Uint16},
      {"MET_INT", VoxelType::Int32},       {"MET_UINT", VoxelType::Uint32},
      {"MET_LONG", VoxelType::Int32},      {"MET_ULONG", VoxelType::Uint32},
      {"MET_LONG_LONG", VoxelType::Int64}, {"MET_ULONG_LONG", VoxelType::Uint64},
      {"MET_FLOAT", VoxelType::Float32},   {"MET_DOUBLE", VoxelType::Float64}};
  const auto found = known.find(name);
  if (found == known.end()) return unsupportedHeader("Its voxel type '" + name + "' is not supported.");
  return found->second;
}

class Reader {
 public:
  explicit Reader(Text text) : text_(std::move(text)) {}

  Result<VoxelHeader> read() {
    GADOLIN_TRY(header_.type, typeOf(field({"elementtype"})));
    GADOLIN_CHECK(readGrid());
    GADOLIN_CHECK(readOrientation());
    GADOLIN_CHECK(readStorage());
    return std::move(header_);
  }

 private:
  [[nodiscard]] std::string field(std::initializer_list<const char*> names) const {
    for (const char* name : names)
      if (const auto found = text_.fields.find(name); found != text_.fields.end())
        return found->second;
    return {};
  }

  [[nodiscard]] std::vector<std::optional<double>> numbers(
      std::initializer_list<const char*> names) const {
    std::vector<std::optional<double>> values;
    const std::string text = field(names);
    for (const auto word : words(text)) values.push_back(numberIn(word));
    return values;
  }

  [[nodiscard]] bool isTrue(std::initializer_list<const char*> names) const {
    const std::string text = lowered(field(names));
    return text == "true" || text == "1" || text == "t";
  }

  Result<void> readGrid() {
    const auto dimensions = wholeIn(field({"ndims"}));
    const auto sizes = numbers({"dimsize"});
    if (!dimensions || sizes.size() != static_cast<std::size_t>(std::max(*dimensions, 0LL)))
      return refuseHeader("Its NDims and DimSize do not fit together.");
    for (const auto& size : sizes)
      if (!size || !(*size >= 1 && *size <= 100'000) || *size != std::floor(*size))
        return refuseHeader("Its DimSize is impossible.");
    dimensions_ = sizes.size();
    if (dimensions_ == 4 && *sizes[3] > 1)
      return unsupportedHeader("It holds " + std::to_string(static_cast<int>(*sizes[3])) +
                         " volumes (a time series): give one volume a file.");
    if (dimensions_ < 3 || dimensions_ > 4)
      return unsupportedHeader("It has " + std::to_string(dimensions_) + " dimensions; three are needed.");
    const auto spacing = numbers({"elementspacing"});
    if (spacing.size() < 3)
      return refuseHeader("Its header has no ElementSpacing: nothing in it can be measured.");
    for (std::size_t i = 0; i < 3; ++i) {
      if (!spacing[i] || !std::isfinite(*spacing[i]) || !(*spacing[i] > 0))
        return refuseHeader("Its ElementSpacing is no positive number: nothing in it can be measured.");
      header_.geometry.size[i] = static_cast<int>(*sizes[i]);
      header_.geometry.spacing_mm[i] = *spacing[i];
    }
    const std::string channels = field({"elementnumberofchannels"});
    if (!channels.empty() && channels != "1")
      return unsupportedHeader("It has " + channels + " values a voxel; an LGE image has one.");
    return {};
  }

  Result<void> readOrientation() {
    auto& g = header_.geometry;
    const auto offset = numbers({"offset", "position", "origin"});
    for (std::size_t i = 0; i < 3 && i < offset.size(); ++i) {
      if (!offset[i] || !std::isfinite(*offset[i])) return refuseHeader("Its Offset is no number.");
      g.origin_mm[i] = *offset[i];
    }
    const auto matrix = numbers({"transformmatrix", "rotation", "orientation"});
    if (matrix.empty()) {
      header_.oriented = false;
      header_.notes.emplace_back(
          "The header has no orientation (TransformMatrix): left, right, front and back are "
          "assumed.");
      return {};
    }
    if (matrix.size() != dimensions_ * dimensions_)
      return refuseHeader("Its TransformMatrix has another number of values than its dimensions ask for.");
    std::array<Vec3, 3> columns{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (std::size_t i = 0; i < 3; ++i) {
        const auto& value = matrix[axis * dimensions_ + i];
        if (!value || !std::isfinite(*value)) return refuseHeader("Its TransformMatrix is no number.");
        columns[axis][i] = *value;
      }
      if (!(norm(columns[axis]) > 1e-6)) return refuseHeader("Its TransformMatrix is no rotation.");
    }
    GADOLIN_TRY(g.axes, orthonormalAxes(columns, "The axes of its TransformMatrix", header_.notes));
    return {};
  }

  Result<void> readStorage() {
    if (!isTrue({"binarydata"}) && !field({"binarydata"}).empty())
      return unsupportedHeader("Its voxels are text; save them as binary data.");
    const bool big = isTrue({"binarydatabyteordermsb", "elementbyteordermsb"});
    header_.swapped = big != (std::endian::native == std::endian::big);
    header_.voxels_compressed = isTrue({"compresseddata"});
    const std::string file = field({"elementdatafile"});
    const std::string lower = lowered(file);
    if (lower.starts_with("list") || file.find('%') != std::string::npos)
      return unsupportedHeader("Its voxels lie in several files; save them as one.");
    const bool inside = lower == "local";
    if (!inside) {
      GADOLIN_TRY(header_.data_file, nameBeside(file));
    }
    const std::string skip_text = field({"headersize"});
    const auto skip = skip_text.empty() ? std::optional(0LL) : wholeIn(skip_text);
    if (!skip || *skip < -1 || *skip > 1'000'000 || (*skip == -1 && header_.voxels_compressed))
      return unsupportedHeader("Its HeaderSize is not supported.");
    header_.at_end = *skip == -1;
    header_.voxel_offset = inside ? text_.end : static_cast<std::size_t>(std::max(*skip, 0LL));
    return {};
  }

  Text text_;
  VoxelHeader header_;
  std::size_t dimensions_ = 3;
};

}  // namespace
}  // namespace metaimage

bool looksLikeMetaImage(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto first = text.substr(0, text.find('\n'));
  const std::string name = lowered(trimmed(first.substr(0, first.find('='))));
  return first.find('=') != std::string_view::npos &&
         (name == "objecttype" || name == "ndims" || name == "comment" || name == "formtypename");
}

Result<VoxelHeader> parseMetaImageHeader(std::span<const std::byte> bytes) {
  auto text = metaimage::split({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!text) return Error{ErrorCode::Corrupt, "It ends within its header."};
  return metaimage::Reader(std::move(*text)).read();
}

}  // namespace gadolin::io
