#include "core/imaging/io/tissue_planes.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/imaging/io/label_words.h"

namespace gadolin::io {
namespace {

struct Code {
  std::string_view scheme, value;
  std::uint8_t tissue;
};

// DICOM PS3.16: codes of types whose meaning may be given in any language. SRT is the older
// spelling of SCT.
constexpr std::array codes_of_tissue{
    Code{"SCT", "74281007", 2},                              // myocardium structure
    Code{"DCM", "122112", 2},                                // normal myocardium
    Code{"SCT", "55641003", 3},                              // infarct
    Code{"SCT", "22298006", 3}, Code{"SRT", "D3-15000", 3},  // myocardial infarction
    Code{"SCT", "12402003", 3}, Code{"SRT", "M-78060", 3},   // scar
    Code{"DCM", "122113", 3},                                // scarred myocardium
    Code{"DCM", "111168", 3},                                // scar tissue
    Code{"SCT", "53085002", 0}, Code{"SRT", "T-32500", 0},   // right ventricle
};

NameMeaning meaningOfCode(const SegmentText& segment) {
  const auto found = std::ranges::find_if(codes_of_tissue, [&](const Code& code) {
    return code.scheme == segment.code_scheme && code.value == segment.code;
  });
  if (found != codes_of_tissue.end()) return {NameMeaning::Says::Tissue, found->tissue};
  return meaningOfName(segment.code_meaning);
}

/// Words may name a part of what others name, since no code says MVO: an infarct's, the
/// myocardium's.
bool isPartOf(std::uint8_t inner, std::uint8_t outer) {
  return outer >= 2 && inner > outer;
}

NameMeaning meaningOf(const SegmentText& segment) {
  using Says = NameMeaning::Says;
  const auto label = meaningOfName(segment.label);
  const auto description = meaningOfName(segment.description);
  const auto code = meaningOfCode(segment);
  if (label.unclear()) return label;
  // Beside a clear label a description may well name the structures around it.
  if (description.says == Says::Negated) return description;
  if (label.says == Says::Nothing && description.unclear()) return description;
  if (code.unclear()) return code;
  const auto words = label.says == Says::Tissue ? label : description;
  if (words.says != Says::Tissue) return code;
  if (code.says == Says::Tissue && code.tissue != words.tissue &&
      !isPartOf(words.tissue, code.tissue))
    return {Says::Several};
  return words;
}

std::string nameOf(const SegmentText& segment) {
  std::string name = "'" + segment.label + "'";
  if (!segment.code_meaning.empty() && segment.code_meaning != segment.label)
    name += " (" + segment.code_meaning + ")";
  return name;
}

/// At most a few: a slide has hundreds.
std::string listOf(const std::vector<SegmentText>& segments) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < segments.size() && i < most; ++i)
    list += (i > 0 ? ", " : "") + nameOf(segments[i]);
  if (segments.size() > most) list += " and " + std::to_string(segments.size() - most) + " more";
  return list;
}

/// Segments that own at least one voxel.
std::set<int> occurringIn(const DicomSegmentation& s) {
  std::set<int> occurring;
  for (int frame = 0; frame < s.frames(); ++frame) {
    if (s.coding != SegmentCoding::LabelMap &&
        occurring.contains(s.segment_of_frame[static_cast<std::size_t>(frame)]))
      continue;
    int last = 0;
    for (std::size_t i = 0; i < s.area(); ++i) {
      const int number = s.segmentAt(frame, i);
      if (number == last) continue;
      last = number;
      if (number != 0) occurring.insert(number);
    }
  }
  return occurring;
}

using Meanings = std::map<int, std::uint8_t>;  // of segments that occur

Result<Meanings> meaningsOf(const DicomSegmentation& s, std::vector<std::string>& notes) {
  const std::string all = " Its segments are " + listOf(s.segments) + ".";
  Meanings meanings;
  std::string left_out;
  bool automatic = false;
  const auto occurring = occurringIn(s);
  for (const int number : occurring) {
    const auto segment = std::ranges::find(s.segments, number, &SegmentText::number);
    if (segment == s.segments.end())
      return Error{ErrorCode::Corrupt, "holds voxels of segment " + std::to_string(number) +
                                           ", which it does not describe."};
    const NameMeaning said = meaningOf(*segment);
    const auto tissue = said.clearTissue();
    if (!tissue)
      return Error{ErrorCode::InvalidInput, "holds the segment " + nameOf(*segment) + ", which " +
                                                whyNoTissue(said) +
                                                ": name it cavity, myocardium, scar or MVO, as its "
                                                "label and its coded type." +
                                                all};
    meanings[number] = *tissue;
    automatic = automatic || (segment->automatic && *tissue != 0);
    if (*tissue == 0) left_out += (left_out.empty() ? "" : ", ") + nameOf(*segment);
  }
  if (occurring.empty())
    return Error{ErrorCode::InvalidInput, "is empty: no voxel is segmented." + all};
  if (std::ranges::all_of(meanings, [](const auto& meaning) { return meaning.second == 0; }))
    return Error{ErrorCode::InvalidInput, "holds nothing of the left ventricle." + all};
  if (!left_out.empty()) notes.push_back("Left out of the segmentation: " + left_out + ".");
  if (automatic)
    notes.emplace_back(
        "The segmentation was made by an algorithm alone (SegmentAlgorithmType AUTOMATIC).");
  return meanings;
}

/// Places along the normal, each once, with the plane that each frame belongs to.
std::vector<int> planesOf(const DicomSegmentation& s, const Vec3& normal,
                          std::vector<Vec3>& places) {
  constexpr double same_place_mm = 0.01;
  std::vector<std::size_t> order(s.places_mm.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return dot(s.places_mm[i], normal); });
  std::vector<int> plane(order.size());
  for (const std::size_t frame : order) {
    // Sideways shifts make another plane of it too: then both go onto their own voxels.
    if (places.empty() || norm(s.places_mm[frame] - places.back()) > same_place_mm)
      places.push_back(s.places_mm[frame]);
    plane[frame] = static_cast<int>(places.size()) - 1;
  }
  return plane;
}

/// Two frames of one segment, or of a label map, in one plane that do not hold the same.
std::optional<std::pair<int, int>> contradictingFrames(const DicomSegmentation& s,
                                                       const std::vector<int>& plane_of_frame) {
  std::map<std::pair<int, int>, int> seen;  // frame by plane and segment
  for (int frame = 0; frame < s.frames(); ++frame) {
    const auto at = static_cast<std::size_t>(frame);
    const auto [first, fresh] =
        seen.try_emplace({plane_of_frame[at], s.segment_of_frame[at]}, frame);
    if (fresh) continue;
    for (std::size_t i = 0; i < s.area(); ++i)
      if (s.segmentAt(frame, i) != s.segmentAt(first->second, i))
        return std::pair(first->second, frame);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> tissueOfSegment(const SegmentText& segment) {
  return meaningOf(segment).clearTissue();
}

Result<TissuePlanes> readTissuePlanes(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  GADOLIN_TRY(const auto s, DicomSegmentation::read(path));
  if (!s.not_mr.empty())
    return Error{ErrorCode::Unsupported, name + " segments " + s.not_mr + " images, no MR images."};
  TissuePlanes result;
  SegmentationAnswer& answer = result.answer;
  const auto meanings = meaningsOf(s, answer.notes);
  if (!meanings) return Error{meanings.error().code, name + " " + meanings.error().message};
  if (s.coding == SegmentCoding::Fractional)
    answer.notes.emplace_back(
        "The segmentation is fractional; voxels of half of the maximum or more count.");

  Vec3 x = (1.0 / norm(s.directions[0])) * s.directions[0];
  Vec3 y = s.directions[1] - dot(s.directions[1], x) * x;
  y = (1.0 / norm(y)) * y;
  const Vec3 normal = cross(x, y);
  const auto plane_of_frame = planesOf(s, normal, answer.places_mm);
  const auto& places = answer.places_mm;
  Geometry geometry;
  geometry.size = {s.columns, s.rows, static_cast<int>(places.size())};
  geometry.spacing_mm = {s.pixel_spacing_mm[0], s.pixel_spacing_mm[1], 1};
  for (std::size_t i = 1; i < places.size(); ++i) {  // for a sentence that names the grid
    const double apart = dot(places[i] - places[i - 1], normal);
    if (apart > 1e-3 && (i == 1 || apart < geometry.spacing_mm[2])) geometry.spacing_mm[2] = apart;
  }
  geometry.origin_mm = places.front();
  geometry.axes = {x, y, normal};

  if (const auto pair = contradictingFrames(s, plane_of_frame)) {
    return Error{ErrorCode::Corrupt,
                 name + " contradicts itself: frames " + std::to_string(pair->first + 1) + " and " +
                     std::to_string(pair->second + 1) +
                     " are of the same segment at the same place, and differ. Export it again."};
  }
  result.planes = Mask(geometry);
  std::set<int> tissues;
  for (int frame = 0; frame < s.frames(); ++frame) {
    const auto plane = result.planes.slice(plane_of_frame[static_cast<std::size_t>(frame)]);
    for (std::size_t i = 0; i < plane.size(); ++i) {
      const int number = s.segmentAt(frame, i);
      if (number == 0) continue;
      const std::uint8_t tissue = meanings->at(number);
      plane[i] = std::max(plane[i], tissue);
      if (tissue != 0) tissues.insert(tissue);
    }
  }
  answer.tissues.assign(tissues.begin(), tissues.end());
  answer.source = s.source;
  answer.made = s.made;
  return result;
}

}  // namespace gadolin::io
