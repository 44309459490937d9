#include "core/imaging/io/nrrd_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "core/imaging/io/axes.h"
#include "core/imaging/io/header_text.h"

namespace gadolin::io {
namespace nrrd {
namespace {

using Fields = std::map<std::string, std::string>;

struct Text {
  Fields fields;  // names in lower case: "space directions"
  Fields pairs;   // "Segment0_Name"
  std::size_t end = 0;
  bool ended = false;  // by an empty line: voxels follow
};

Text split(std::string_view text) {
  Text result;
  std::size_t at = 0;
  nextLine(text, at);  // the magic
  while (const auto line = nextLine(text, at)) {
    if (trimmed(*line).empty()) {
      result.ended = true;
      break;
    }
    if (line->starts_with('#')) continue;
    const auto pair = line->find(":=");
    const auto field = line->find(':');
    if (pair != std::string_view::npos && pair == field) {
      result.pairs[std::string(line->substr(0, pair))] = line->substr(pair + 2);
    } else if (field != std::string_view::npos) {
      result.fields[lowered(trimmed(line->substr(0, field)))] = trimmed(line->substr(field + 1));
    }
  }
  result.end = at;
  return result;
}

std::string fieldOf(const Fields& fields, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto found = fields.find(name); found != fields.end()) return found->second;
  return {};
}

Result<VoxelType> typeOf(const std::string& name) {
  static const std::map<std::string, VoxelType> known{
      {"signed char", VoxelType::Int8},     {"int8", VoxelType::Int8},
      {"int8_t", VoxelType::Int8},          {"uchar", VoxelType::Uint8},
      {"unsigned char", VoxelType::Uint8},  {"uint8", VoxelType::Uint8},
      {"uint8_t", VoxelType::Uint8},        {"short", VoxelType::Int16},
      {"short int", VoxelType::Int16},      {"signed short", VoxelType::Int16},
      {"signed short int", VoxelType::Int16}, {"int16", VoxelType::Int16},
      {"int16_t", VoxelType::Int16},        {"ushort", VoxelType::Uint16},
      {"unsigned short", VoxelType::Uint16}, {"unsigned short int", VoxelType::Uint16},
      {"uint16", VoxelType::Uint16},        {"uint16_t", VoxelType::Uint16},
      {"int", VoxelType::Int32},            {"signed int", VoxelType::Int32},
      {"int32", VoxelType::Int32},          {"int32_t", VoxelType::Int32},
      {"uint", VoxelType::Uint32},          {"unsigned int", VoxelType::Uint32},
      {"uint32", VoxelType::Uint32},        {"uint32_t", VoxelType::Uint32},
      {"longlong", VoxelType::Int64},       {"long long", VoxelType::Int64},
      {"long long int", VoxelType::Int64},  {"signed long long", VoxelType::Int64},
      {"int64", VoxelType::Int64},          {"int64_t", VoxelType::Int64},
      {"ulonglong", VoxelType::Uint64},     {"unsigned long long", VoxelType::Uint64},
      {"unsigned long long int", VoxelType::Uint64}, {"uint64", VoxelType::Uint64},
      {"uint64_t", VoxelType::Uint64},      {"float", VoxelType::Float32},
      {"double", VoxelType::Float64}};
  const auto found = known.find(lowered(name));
  if (found == known.end()) return unsupportedHeader("Its voxel type '" + name + "' is not supported.");
  return found->second;
}

/// "(1,2,3)"
std::optional<Vec3> vectorIn(std::string_view word) {
  if (!word.starts_with('(') || !word.ends_with(')')) return std::nullopt;
  word.remove_prefix(1);
  word.remove_suffix(1);
  Vec3 vector{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto comma = word.find(',');
    if ((comma == std::string_view::npos) != (i == 2)) return std::nullopt;
    const auto value = numberIn(trimmed(word.substr(0, comma)));
    if (!value || !std::isfinite(*value)) return std::nullopt;
    vector[i] = *value;
    if (i < 2) word.remove_prefix(comma + 1);
  }
  return vector;
}

/// "(1, 2, 3) none (4,5,6)": a vector an axis, nothing for "none" and for what is no vector.
std::vector<std::optional<Vec3>> vectorsIn(std::string_view text) {
  std::vector<std::optional<Vec3>> vectors;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const bool bracket = text.front() == '(';
    const auto end = bracket ? text.find(')') : text.find_first_of(" \t");
    const auto length = end == std::string_view::npos ? text.size() : end + (bracket ? 1 : 0);
    vectors.push_back(vectorIn(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return vectors;
}

/// Signs that turn the space's axes into LPS.
std::optional<Vec3> toLps(const std::string& space) {
  const std::string name = lowered(space);
  if (name == "left-posterior-superior" || name == "lps") return Vec3{1, 1, 1};
  if (name == "right-anterior-superior" || name == "ras") return Vec3{-1, -1, 1};
  if (name == "left-anterior-superior" || name == "las") return Vec3{1, -1, 1};
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(Text text) : text_(std::move(text)) {}

  Result<VoxelHeader> read() {
    GADOLIN_TRY(header_.type, typeOf(field({"type"})));
    GADOLIN_CHECK(readSizes());
    GADOLIN_CHECK(readPlace());
    GADOLIN_CHECK(readStorage());
    readSegments();
    return std::move(header_);
  }

 private:
  [[nodiscard]] std::string field(std::initializer_list<const char*> names) const {
    return fieldOf(text_.fields, names);
  }

  Result<void> readSizes() {
    const auto dimension = wholeIn(field({"dimension"}));
    const std::string sizes = field({"sizes"});
    const auto list = words(sizes);
    if (!dimension || *dimension < 2 || *dimension > 4 ||
        list.size() != static_cast<std::size_t>(*dimension))
      return refuseHeader("Its dimension and sizes do not fit together.");
    std::vector<int> numbers;
    for (const auto word : list) {
      const auto value = wholeIn(word);
      if (!value || *value < 1 || *value > 100'000) return refuseHeader("Its sizes are impossible.");
      numbers.push_back(static_cast<int>(*value));
    }
    if (numbers.size() == 4) {
      const std::string kinds_text = lowered(field({"kinds"}));
      const auto kinds = words(kinds_text);
      const auto directions = vectorsIn(field({"space directions"}));
      const auto isList = [&](std::size_t axis) {
        const bool named = kinds.size() == 4 && kinds[axis] != "domain" && kinds[axis] != "space";
        return named || (directions.size() == 4 && !directions[axis]);
      };
      if (numbers[3] == 1 && !isList(0)) {
        numbers.pop_back();
      } else if (isList(0)) {
        first_ = 1;
        header_.layers = numbers[0];
        numbers.erase(numbers.begin());
      } else {
        return unsupportedHeader("It holds " + std::to_string(numbers[3]) +
                           " volumes (a list or a time series): give one volume a file.");
      }
    }
    header_.geometry.size = {numbers[0], numbers[1], numbers.size() > 2 ? numbers[2] : 1};
    if (numbers.size() < 3)
      return unsupportedHeader("It is a single picture without the distance of slices.");
    return {};
  }

  Result<void> readPlace() {
    auto& g = header_.geometry;
    const auto directions = vectorsIn(field({"space directions"}));
    const std::string spacings_text = field({"spacings"});
    if (directions.size() >= first_ + 3) {
      std::array<Vec3, 3> columns{};
      for (std::size_t i = 0; i < 3; ++i) {
        const auto& direction = directions[first_ + i];
        if (!direction || !(norm(*direction) > 1e-6))
          return refuseHeader("Its space directions are no numbers: nothing in it can be measured.");
        columns[i] = *direction;
        g.spacing_mm[i] = norm(*direction);
      }
      const auto signs = toLps(field({"space"}));
      header_.oriented = signs.has_value();
      if (!signs)
        header_.notes.emplace_back(
            "Its space is none of the patient: left, right, front and back are assumed.");
      const Vec3 sign = signs.value_or(Vec3{1, 1, 1});
      const auto turned = [&sign](const Vec3& v) {
        return Vec3{sign[0] * v[0], sign[1] * v[1], sign[2] * v[2]};
      };
      for (auto& column : columns) column = turned(column);
      GADOLIN_TRY(g.axes, orthonormalAxes(columns, "Its space directions", header_.notes));
      if (const auto origin = vectorIn(field({"space origin"}))) g.origin_mm = turned(*origin);
      return {};
    }
    const auto spacings = words(spacings_text);
    if (spacings.size() != first_ + 3)
      return refuseHeader("Its header has no spacing: nothing in it can be measured.");
    for (std::size_t i = 0; i < 3; ++i) {
      const auto value = numberIn(spacings[first_ + i]);
      if (!value || !std::isfinite(*value) || !(*value > 0))
        return refuseHeader("Its spacing is no positive number: nothing in it can be measured.");
      g.spacing_mm[i] = *value;
    }
    header_.oriented = false;
    header_.notes.emplace_back(
        "The header has no orientation: left, right, front and back are assumed.");
    return {};
  }

  Result<void> readStorage() {
    const std::string encoding = lowered(field({"encoding"}));
    header_.voxels_compressed = encoding == "gzip" || encoding == "gz";
    if (encoding != "raw" && !header_.voxels_compressed)
      return unsupportedHeader("Its encoding '" + encoding + "' is not supported; save it as raw or gzip.");
    const std::string endian = lowered(field({"endian"}));
    if (endian.empty() && sizeBytes(header_.type) > 1)
      return refuseHeader("Its header does not say the order of its bytes (endian).");
    header_.swapped = endian == (std::endian::native == std::endian::little ? "big" : "little");
    const std::string lines = field({"line skip", "lineskip"});
    if (!lines.empty() && lines != "0") return unsupportedHeader("Its line skip is not supported.");
    const std::string skip_text = field({"byte skip", "byteskip"});
    const auto skip = skip_text.empty() ? std::optional(0LL) : wholeIn(skip_text);
    if (!skip || *skip < -1 || (*skip != 0 && header_.voxels_compressed) || *skip > 1'000'000)
      return unsupportedHeader("Its byte skip is not supported.");
    header_.at_end = *skip == -1;
    const std::string file = field({"data file", "datafile"});
    if (!file.empty()) {
      if (lowered(file).starts_with("list") || file.find('%') != std::string::npos)
        return unsupportedHeader("Its voxels lie in several files; save them as one.");
      GADOLIN_TRY(header_.data_file, nameBeside(file));
    } else if (!text_.ended) {
      return Error{ErrorCode::Corrupt, "It ends within its header."};
    }
    header_.voxel_offset =
        (file.empty() ? text_.end : 0) + (header_.at_end ? 0 : static_cast<std::size_t>(*skip));
    return {};
  }

  void readSegments() {
    for (int i = 0; i < 1000; ++i) {
      const std::string prefix = "Segment" + std::to_string(i) + "_";
      const auto value = [&](const char* what) {
        const auto found = text_.pairs.find(prefix + what);
        return found == text_.pairs.end() ? std::string() : std::string(trimmed(found->second));
      };
      if (value("ID").empty() && value("Name").empty()) break;
      Segment segment;
      segment.name = value("Name").empty() ? value("ID") : value("Name");
      segment.label = numberIn(value("LabelValue")).value_or(1);
      segment.layer = static_cast<int>(wholeIn(value("Layer")).value_or(0));
      header_.segments.push_back(std::move(segment));
    }
  }

  Text text_;
  VoxelHeader header_;
  std::size_t first_ = 0;  // axis of x: 1 behind a list of layers
};

}  // namespace
}  // namespace nrrd

bool looksLikeNrrd(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.starts_with("NRRD000");
}

Result<VoxelHeader> parseNrrdHeader(std::span<const std::byte> bytes) {
  return nrrd::Reader(nrrd::split({reinterpret_cast<const char*>(bytes.data()), bytes.size()})).read();
}

}  // namespace gadolin::io
