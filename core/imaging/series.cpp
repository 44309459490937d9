#include "core/imaging/series.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/imaging/series_groups.h"
#include "core/imaging/slice_places.h"

namespace gadolin {
namespace {

constexpr std::size_t fewest_slices = 3;
constexpr std::size_t most_offered = 3;  // stacks made of one series with repeated slices

const std::string mr_image_storage = "1.2.840.10008.5.1.4.1.1.4";
// Of voxels, of surfaces, as a label map.
const std::array<std::string, 3> segmentation_classes{"1.2.840.10008.5.1.4.1.1.66.4",
                                                      "1.2.840.10008.5.1.4.1.1.66.5",
                                                      "1.2.840.10008.5.1.4.1.1.66.7"};

std::optional<Refusal> refuseImage(const DicomHeader& h) {
  const auto refuse = [&h](std::string reason, std::string code) {
    return Refusal{h.path, std::move(reason), std::move(code)};
  };
  if (h.rows <= 0 || h.columns <= 0)
    return refuse("It is DICOM, but holds no image.", "not-an-image");
  if (isSegmentation(h)) return refuse("It is a segmentation, not an image.", "segmentation");
  if (h.burned_in) {
    return refuse("Its header says that text which identifies the patient is burned into the pixels "
                  "(BurnedInAnnotation).",
                  "burned-in");
  }
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
    return refuse(
        "It is a mosaic (many slices in one picture, as in brain imaging), no cardiac "
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

/// "3, 4 and 7".
std::string listed(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) text += i + 1 == numbers.size() ? " and " : ", ";
    text += std::to_string(numbers[i]);
  }
  return text;
}

std::string inWords(double seconds) {
  const auto minutes = std::lround(seconds / 60);
  return minutes < 2 ? std::to_string(std::lround(seconds)) + " s"
                     : std::to_string(minutes) + " min";
}

/// What the stack with the images of this rank is, where some places were acquired more than once.
RepeatChoice repeatOf(const std::vector<Place>& places, std::size_t rank, std::size_t offered) {
  RepeatChoice choice;
  choice.rank = static_cast<int>(rank);
  choice.count = static_cast<int>(offered);
  double longest_s = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& all = places[i].acquisitions;
    if (all.size() < 2) continue;
    choice.slices.push_back(static_cast<int>(i) + 1);
    longest_s = std::max(longest_s, secondsBetween(*all.front().front(), *all.back().front()).value_or(0));
    for (const auto& acquisition : all)
      for (const auto* image : acquisition) choice.images.push_back(image->sop_uid);
  }
  std::ranges::sort(choice.images);
  const bool one = choice.slices.size() == 1;
  const std::string which =
      (choice.slices.size() == places.size()
           ? "Every slice was"
           : (one ? "Slice " : "Slices ") + listed(choice.slices) + (one ? " was" : " were")) +
      " acquired again, up to " + inWords(longest_s) + " later; ";
  choice.note = which + (rank == 0 ? "the latest images were taken."
                         : rank + 1 == offered && offered > 2
                             ? "this stack holds the earliest ones."
                             : "this stack holds the images before the latest ones.");
  return choice;
}

void takeSlices(const std::vector<Place>& picked, SeriesPlan& plan) {
  bool lossy = false;
  for (const auto& place : picked) {
    PlannedSlice slice;
    for (const auto* image : place.acquisitions.front()) {
      slice.sources.push_back({image->path, image->frame, image->plain});
      lossy = lossy || image->lossy;
    }
    const auto& image = *place.acquisitions.front().front();
    slice.info.origin_mm = *image.position_mm;
    slice.info.thickness_mm = image.thickness_mm;
    slice.info.inversion_time_ms = image.inversion_time_ms;
    plan.slices.push_back(std::move(slice));
  }
  if (lossy) plan.notes.emplace_back("The images were compressed with loss.");
}

SeriesJudgement judge(const SeriesGroup& group, const Geometry& geometry) {
  const auto& first = *group.images.front();
  SeriesFacts facts{first.series_description, first.protocol_name, first.image_type, {}, geometry};
  for (const auto* image : group.images) {
    const auto& time = image->inversion_time_ms;
    if (time && (!facts.inversion_time_ms || *time < *facts.inversion_time_ms))
      facts.inversion_time_ms = time;
  }
  return judgeSeries(facts);
}

/// Right-handed or left-handed: the image's x and y, and the normal that points to the apex.
std::array<Vec3, 3> axesOf(const DicomHeader& image) {
  const Vec3 x = (1.0 / norm((*image.directions)[0])) * (*image.directions)[0];
  Vec3 y = (*image.directions)[1] - dot((*image.directions)[1], x) * x;
  y = (1.0 / norm(y)) * y;
  Vec3 axis = cross(x, y);
  if (dot(axis, towardsApex()) < 0) axis = -1.0 * axis;
  return {x, y, axis};
}

/// The plans (one for each repeat of its slices), or why there is none.
std::vector<SeriesPlan> planGroup(const SeriesGroup& group, Refusal& refusal) {
  const auto& first = *group.images.front();
  const auto refuse = [&](const std::string& why, std::string code) {
    std::string name = nameOf(group);
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    refusal = {first.path, name + ": " + why + ".", std::move(code)};
    return std::vector<SeriesPlan>();
  };
  const auto axes = axesOf(first);
  const auto places = placesAlong(axes[2], group.images);
  if (isTimeSeries(places)) {
    return refuse(
        "several images lie at one position (a time or inversion-time series, or acquired again more than "
        "twice or at unknown times); a stack has one image a position",
        "several-per-position");
  }
  if (places.size() < fewest_slices) {
    return refuse("it has images at only " + std::to_string(places.size()) +
                      " position(s), and a short-axis stack has at least " +
                      std::to_string(fewest_slices),
                  "too-few-slices");
  }
  std::size_t most = 1;
  for (const auto& place : places) most = std::max(most, place.acquisitions.size());
  const std::size_t offered = std::min(most, most_offered);
  std::vector<SeriesPlan> plans;
  for (std::size_t rank = 0; rank < offered; ++rank) {
    const auto picked = pickAcquisitions(places, rank, axes[2]);
    SeriesPlan plan;
    plan.patient_id = first.patient_id;
    plan.study_uid = first.study_uid;
    plan.description = first.series_description;
    plan.kind = kindOf(first);
    plan.notes = group.notes;
    const double distance_mm = distanceBetween(picked, plan.notes);
    if (const auto why = checkSideways(picked, axes[2], plan.notes)) {
      if (rank == 0) return refuse(*why, "sheared");
      break;
    }
    plan.geometry.size = {first.columns, first.rows, static_cast<int>(picked.size())};
    plan.geometry.spacing_mm = {(*first.pixel_spacing_mm)[0], (*first.pixel_spacing_mm)[1],
                                distance_mm};
    plan.geometry.origin_mm = *picked.front().acquisitions.front().front()->position_mm;
    plan.geometry.axes = axes;
    takeSlices(picked, plan);
    if (offered > 1) {
      plan.repeat = repeatOf(places, rank, offered);
      plan.notes.push_back(plan.repeat->note);
    }
    plan.judgement = judge(group, plan.geometry);
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace

Vec3 towardsApex() {
  const double part = 1.0 / std::sqrt(3.0);
  return {part, -part, -part};
}

bool isSegmentation(const DicomHeader& header) {
  return std::ranges::find(segmentation_classes, header.sop_class) != segmentation_classes.end() ||
         header.modality == "SEG";
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
  for (const auto& group : groupSeries(images)) {
    Refusal refusal;
    auto plans = planGroup(group, refusal);
    if (plans.empty()) sorting.refusals.push_back(std::move(refusal));
    for (auto& plan : plans) sorting.plans.push_back(std::move(plan));
  }
  return sorting;
}

}  // namespace gadolin
