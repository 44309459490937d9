#include "core/imaging/series.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace gadolin {
namespace {

constexpr double same_position_mm = 0.1;
constexpr double same_axis = 5e-3;     // about 0.3 degrees: scanners round direction cosines
constexpr double same_spacing = 1e-3;  // relative
constexpr double even_share = 0.01;    // of the distance between slices
constexpr double even_mm = 0.05;
constexpr double sideways_noted_mm = 0.5;
constexpr double tilt_refused = 0.0175;  // tangent of one degree
constexpr std::size_t fewest_slices = 3;

const std::string mr_image_storage = "1.2.840.10008.5.1.4.1.1.4";
const std::string segmentation_storage = "1.2.840.10008.5.1.4.1.1.66.4";

std::string mm(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g mm", value);
  return text;
}

struct Group {
  std::vector<const DicomHeader*> images;
  std::vector<std::string> notes;
};

/// The series by its name for a person; never a UID.
std::string nameOf(const Group& group) {
  const auto& first = *group.images.front();
  const std::string what = first.series_description.empty()
                               ? "a series without description"
                               : "series '" + first.series_description + "'";
  return what + " (" + std::to_string(group.images.size()) +
         (group.images.size() == 1 ? " image)" : " images)");
}

std::optional<Refusal> refuseImage(const DicomHeader& h) {
  const auto refuse = [&h](std::string reason, std::string code) {
    return Refusal{h.path, std::move(reason), std::move(code)};
  };
  if (h.rows <= 0 || h.columns <= 0)
    return refuse("It is DICOM, but holds no image.", "not-an-image");
  if (h.sop_class == segmentation_storage || h.modality == "SEG")
    return refuse("It is a segmentation, not an image.", "segmentation");
  if (h.samples != 1)
    return refuse("It is a colour image (a screen capture or a report page).", "not-mr");
  if (h.sop_class != mr_image_storage && h.modality != "MR") {
    return refuse("It is no MR image (modality '" + h.modality + "').", "not-mr");
  }
  if (h.frames > 1) {
    return refuse("It holds " + std::to_string(h.frames) +
                      " frames and does not say where each lies; export classic or enhanced MR "
                      "images.",
                  "multi-frame");
  }
  if (("\\" + h.image_type + "\\").find("\\MOSAIC\\") != std::string::npos) {
    return refuse("It is a mosaic (many slices in one picture, as in brain imaging), no cardiac "
                  "image.",
                  "mosaic");
  }
  if (!h.position_mm || !h.directions) {
    return refuse(
        "Its header has no position or orientation (ImagePositionPatient, "
        "ImageOrientationPatient): the slice cannot be placed.",
        "missing-position");
  }
  if (!h.pixel_spacing_mm) {
    return refuse("Its header has no PixelSpacing: nothing in it can be measured.",
                  "missing-spacing");
  }
  const auto& spacing = *h.pixel_spacing_mm;
  if (!(spacing[0] > 0 && spacing[1] > 0))
    return refuse("Its PixelSpacing is not positive.", "missing-spacing");
  const auto& [x, y] = *h.directions;
  if (std::abs(norm(x) - 1) > 1e-2 || std::abs(norm(y) - 1) > 1e-2 || std::abs(dot(x, y)) > 1e-2) {
    return refuse("Its ImageOrientationPatient is no pair of unit vectors at right angles.",
                  "bad-orientation");
  }
  return std::nullopt;
}

bool sameShape(const DicomHeader& a, const DicomHeader& b) {
  const auto close = [](double s, double t) { return std::abs(s / t - 1) < same_spacing; };
  return a.rows == b.rows && a.columns == b.columns && a.image_type == b.image_type &&
         a.frame_of_reference_uid == b.frame_of_reference_uid && a.stack_id == b.stack_id &&
         close((*a.pixel_spacing_mm)[0], (*b.pixel_spacing_mm)[0]) &&
         close((*a.pixel_spacing_mm)[1], (*b.pixel_spacing_mm)[1]) &&
         norm((*a.directions)[0] - (*b.directions)[0]) < same_axis &&
         norm((*a.directions)[1] - (*b.directions)[1]) < same_axis;
}

std::vector<Group> groupImages(const std::vector<const DicomHeader*>& images) {
  std::vector<Group> groups;
  std::map<std::array<std::string, 3>, std::vector<std::size_t>> by_series;
  for (const auto* image : images) {
    auto& candidates = by_series[{image->patient_id, image->study_uid, image->series_uid}];
    const auto found = std::ranges::find_if(
        candidates, [&](std::size_t i) { return sameShape(*groups[i].images.front(), *image); });
    if (found != candidates.end()) {
      groups[*found].images.push_back(image);
    } else {
      candidates.push_back(groups.size());
      groups.push_back({{image}, {}});
    }
  }
  return groups;
}

/// Many scanners give each breath-hold of an LGE acquisition its own series of one image.
std::vector<Group> joinSingles(std::vector<Group> groups) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> singles;
  std::vector<Group> joined;
  for (auto& group : groups) {
    const auto& image = *group.images.front();
    if (group.images.size() > 1) {
      joined.push_back(std::move(group));
      continue;
    }
    auto& candidates = singles[{image.patient_id, image.study_uid}];
    const auto found = std::ranges::find_if(
        candidates, [&](std::size_t i) { return sameShape(*joined[i].images.front(), image); });
    if (found != candidates.end()) {
      joined[*found].images.push_back(&image);
    } else {
      candidates.push_back(joined.size());
      joined.push_back(std::move(group));
    }
  }
  for (const auto& [study, candidates] : singles) {
    for (const auto i : candidates) {
      if (joined[i].images.size() > 1) {
        joined[i].notes.push_back("Joined from " + std::to_string(joined[i].images.size()) +
                                  " series of one image each.");
      }
    }
  }
  return joined;
}

ImageKind kindOf(const DicomHeader& h) {
  const auto upper = [](std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
  };
  const std::string type = "\\" + upper(h.image_type) + "\\";
  const std::string description = upper(h.series_description);
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  if (has(type, "PSIR") || has(type, "\\R\\") || has(type, "\\REAL\\")) return ImageKind::Psir;
  const bool magnitude_type = has(type, "\\M\\") || has(type, "MAG");
  const bool psir_words = has(description, "PSIR") && !has(description, "MAG");
  // Both images of one acquisition often share its description: then the grey values decide.
  if (psir_words) return magnitude_type ? ImageKind::Unknown : ImageKind::Psir;
  if (magnitude_type || has(description, "MAG")) return ImageKind::Magnitude;
  return ImageKind::Unknown;
}

/// Images at one place along the slice axis.
struct Place {
  double position_mm = 0;
  std::vector<const DicomHeader*> images;
};

std::vector<Place> placesAlong(const Vec3& axis, std::vector<const DicomHeader*> images) {
  std::ranges::stable_sort(images, {},
                           [&](const DicomHeader* h) { return dot(*h->position_mm, axis); });
  std::vector<Place> places;
  for (const auto* image : images) {
    const double position = dot(*image->position_mm, axis);
    if (places.empty() || position - places.back().position_mm > same_position_mm) {
      places.push_back({position, {}});
    }
    places.back().images.push_back(image);
  }
  return places;
}

/// Distance between slices, and notes where it varies.
double distanceBetween(const std::vector<Place>& places, std::vector<std::string>& notes) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < places.size(); ++i) {
    steps.push_back(places[i].position_mm - places[i - 1].position_mm);
  }
  auto sorted = steps;
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
  const double usual = sorted[sorted.size() / 2];
  bool even = true;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (std::abs(steps[i] - usual) <= std::max(even_share * usual, even_mm)) continue;
    even = false;
    const std::string gap = "Between slices " + std::to_string(i + 1) + " and " +
                            std::to_string(i + 2) + " lie " + mm(steps[i]) + " instead of " +
                            mm(usual);
    notes.push_back(steps[i] > 1.5 * usual
                        ? gap + ": a slice seems to be missing. Real positions are kept."
                        : gap + ". Real positions are kept.");
  }
  if (!even) return usual;
  return (places.back().position_mm - places.front().position_mm) /
         static_cast<double>(steps.size());
}

/// In-plane shifts between slices: breath-holds are noted, a steady shear is refused.
std::optional<std::string> checkSideways(const std::vector<Place>& places, const Vec3& axis,
                                         std::vector<std::string>& notes) {
  const Vec3 first = *places.front().images.front()->position_mm;
  const auto sideways = [&](const Place& place) {
    const Vec3 step = *place.images.front()->position_mm - first;
    return step - dot(step, axis) * axis;
  };
  const double length = places.back().position_mm - places.front().position_mm;
  const Vec3 slope = (1.0 / length) * sideways(places.back());
  double largest = 0, from_line = 0;
  for (const auto& place : places) {
    const Vec3 shift = sideways(place);
    largest = std::max(largest, norm(shift));
    from_line =
        std::max(from_line, norm(shift - (place.position_mm - places.front().position_mm) * slope));
  }
  if (largest <= sideways_noted_mm) return std::nullopt;
  if (norm(slope) > tilt_refused && from_line < 0.2 * largest) {
    return "its slices are not stacked at right angles to their plane (" +
           std::to_string(
               static_cast<int>(std::lround(std::atan(norm(slope)) * 57.29577951308232))) +
           " degrees off): a sheared stack cannot be measured";
  }
  notes.push_back("Slices are shifted in their plane by up to " + mm(largest) +
                  " (breath-holds). Real positions are kept.");
  return std::nullopt;
}

/// The plan, or why there is none.
std::optional<SeriesPlan> planGroup(const Group& group, Refusal& refusal) {
  const auto& first = *group.images.front();
  const auto refuse = [&](const std::string& why, std::string code) {
    std::string name = nameOf(group);
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    refusal = {first.path, name + ": " + why + ".", std::move(code)};
    return std::nullopt;
  };
  SeriesPlan plan;
  plan.patient_id = first.patient_id;
  plan.study_uid = first.study_uid;
  plan.description = first.series_description;
  plan.kind = kindOf(first);
  plan.notes = group.notes;

  Vec3 x = (1.0 / norm((*first.directions)[0])) * (*first.directions)[0];
  Vec3 y = (*first.directions)[1] - dot((*first.directions)[1], x) * x;
  y = (1.0 / norm(y)) * y;
  Vec3 axis = cross(x, y);
  if (dot(axis, towardsApex()) < 0) axis = -1.0 * axis;

  const auto places = placesAlong(axis, group.images);
  const auto crowded =
      std::ranges::count_if(places, [](const Place& p) { return p.images.size() > 1; });
  if (crowded > 0 && 2 * static_cast<std::size_t>(crowded) >= places.size()) {
    return refuse(
        "several images lie at one position (a time or inversion-time series, or a repeated "
        "acquisition); a stack has one image a position",
        "several-per-position");
  }
  if (places.size() < fewest_slices) {
    return refuse("it has images at only " + std::to_string(places.size()) +
                      " position(s), and a short-axis stack has at least " +
                      std::to_string(fewest_slices),
                  "too-few-slices");
  }
  const double distance_mm = distanceBetween(places, plan.notes);
  if (const auto why = checkSideways(places, axis, plan.notes)) return refuse(*why, "sheared");

  plan.geometry.size = {first.columns, first.rows, static_cast<int>(places.size())};
  plan.geometry.spacing_mm = {(*first.pixel_spacing_mm)[0], (*first.pixel_spacing_mm)[1],
                              distance_mm};
  plan.geometry.origin_mm = *places.front().images.front()->position_mm;
  plan.geometry.axes = {x, y, axis};
  bool lossy = false;
  for (const auto& place : places) {
    PlannedSlice slice;
    for (const auto* image : place.images) {
      slice.sources.push_back({image->path, image->frame});
      lossy = lossy || image->lossy;
    }
    const auto& image = *place.images.front();
    slice.info.origin_mm = *image.position_mm;
    slice.info.thickness_mm = image.thickness_mm;
    slice.info.inversion_time_ms = image.inversion_time_ms;
    plan.slices.push_back(std::move(slice));
  }
  if (lossy) plan.notes.emplace_back("The images were compressed with loss.");
  SeriesFacts facts{first.series_description, first.protocol_name, first.image_type, {}, plan.geometry};
  for (const auto* image : group.images) {
    const auto& time = image->inversion_time_ms;
    if (time && (!facts.inversion_time_ms || *time < *facts.inversion_time_ms))
      facts.inversion_time_ms = time;
  }
  plan.judgement = judgeSeries(facts);
  return plan;
}

}  // namespace

Vec3 towardsApex() {
  const double part = 1.0 / std::sqrt(3.0);
  return {part, -part, -part};
}

SeriesSorting sortSeries(const std::vector<DicomHeader>& headers) {
  SeriesSorting sorting;
  std::vector<const DicomHeader*> images;
  std::map<std::string, std::set<std::string>> patients_of_series;
  std::map<std::tuple<std::string, std::string, int>, Vec3> seen;  // patient, instance, frame
  std::size_t copies = 0;
  for (const auto& header : headers) {
    if (auto refusal = refuseImage(header)) {
      const bool said = header.frame > 0 && !sorting.refusals.empty() &&
                        sorting.refusals.back().path == refusal->path &&
                        sorting.refusals.back().reason == refusal->reason;
      if (!said) sorting.refusals.push_back(std::move(*refusal));
      continue;
    }
    const auto [place, fresh] =
        seen.try_emplace({header.patient_id, header.sop_uid, header.frame}, *header.position_mm);
    if (!fresh && !header.sop_uid.empty() &&
        norm(place->second - *header.position_mm) < same_position_mm) {
      if (header.frame == 0) ++copies;
      continue;
    }
    patients_of_series[header.series_uid].insert(header.patient_id);
    images.push_back(&header);
  }
  if (copies > 0) {
    sorting.warnings.push_back(std::to_string(copies) +
                               (copies == 1 ? " file is a copy" : " files are copies") +
                               " of another (the same SOPInstanceUID) and counted once.");
  }
  for (const auto& [uid, patients] : patients_of_series) {
    if (patients.size() > 1 && !uid.empty()) {
      sorting.warnings.push_back("One series number (SeriesInstanceUID) is used by " +
                                 std::to_string(patients.size()) +
                                 " patients; their images were kept apart.");
    }
  }
  for (const auto& group : joinSingles(groupImages(images))) {
    Refusal refusal;
    if (auto plan = planGroup(group, refusal))
      sorting.plans.push_back(std::move(*plan));
    else
      sorting.refusals.push_back(std::move(refusal));
  }
  return sorting;
}

}  // namespace gadolin
