#include "core/imaging/series_groups.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "core/imaging/slice_places.h"

namespace gadolin {
namespace {

constexpr double same_axis = 5e-3;     // about 0.3 degrees: scanners round direction cosines
constexpr double same_spacing = 1e-3;  // relative

bool sameShape(const DicomHeader& a, const DicomHeader& b) {
  const auto close = [](double s, double t) { return std::abs(s / t - 1) < same_spacing; };
  return a.rows == b.rows && a.columns == b.columns && a.image_type == b.image_type &&
         a.frame_of_reference_uid == b.frame_of_reference_uid && a.stack_id == b.stack_id &&
         close((*a.pixel_spacing_mm)[0], (*b.pixel_spacing_mm)[0]) &&
         close((*a.pixel_spacing_mm)[1], (*b.pixel_spacing_mm)[1]) &&
         norm((*a.directions)[0] - (*b.directions)[0]) < same_axis &&
         norm((*a.directions)[1] - (*b.directions)[1]) < same_axis;
}

std::vector<SeriesGroup> groupImages(const std::vector<const DicomHeader*>& images) {
  std::vector<SeriesGroup> groups;
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
std::vector<SeriesGroup> joinSingles(std::vector<SeriesGroup> groups) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> singles;
  std::vector<SeriesGroup> joined;
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

/// The words of a description without those that only say that it was done again.
std::string wordsOfRepeat(const std::string& description) {
  static const std::set<std::string> again{
      "repeat", "repeated", "rep",          "again", "redo",    "wdh",     "wh",
      "neu",    "nochmal",  "wiederholung", "bis",   "opnieuw", "herhaald"};
  std::istringstream words(decisionKey(description));
  std::string kept;
  for (std::string word; words >> word;)
    if (!again.contains(word)) kept += word + ' ';
  return kept;
}

/// Of a stack. More are a series over time: each a stack of its own.
constexpr int most_whole_repeats = 3;

/// How near to an image of the group another one lies at the same place, in mm.
double nearnessIn(const SeriesGroup& group) {
  const auto& directions = *group.images.front()->directions;
  return std::max(same_position_mm,
                  besideItself_mm(placesAlong(cross(directions[0], directions[1]), group.images)));
}

/// Whether every image of `few` lies where one of `many` does, and was acquired at another time:
/// some slices, or the whole stack.
bool repeatsSlicesOf(const SeriesGroup& few, const SeriesGroup& many, double near_mm) {
  if (few.images.size() > many.images.size()) return false;
  return std::ranges::all_of(few.images, [&](const DicomHeader* image) {
    bool here = false;
    for (const auto* other : many.images) {
      if (norm(*other->position_mm - *image->position_mm) > near_mm) continue;
      if (sameAcquisition(*other, *image)) return false;
      here = true;
    }
    return here;
  });
}

/// Slices that were acquired again often come as a series of their own, and so do whole stacks.
std::vector<SeriesGroup> joinRepeats(std::vector<SeriesGroup> groups) {
  std::map<std::array<std::string, 3>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& first = *groups[i].images.front();
    alike[{first.patient_id, first.study_uid, wordsOfRepeat(first.series_description)}].push_back(
        i);
  }
  std::vector<bool> joined(groups.size(), false);
  for (const auto& [what, candidates] : alike) {
    if (candidates.size() < 2) continue;
    // Before any is joined: of four whole stacks at one place none is a repeat of another.
    std::map<std::size_t, std::vector<std::size_t>> homes;
    std::map<std::size_t, int> wholes;  // stacks of the same places, itself among them
    std::map<std::size_t, double> near_mm;
    for (const auto many : candidates) near_mm[many] = nearnessIn(groups[many]);
    for (const auto few : candidates) {
      wholes[few] = 1;
      for (const auto many : candidates) {
        if (many == few ||
            !sameShape(*groups[many].images.front(), *groups[few].images.front()) ||
            !repeatsSlicesOf(groups[few], groups[many], near_mm[many]))
          continue;
        homes[few].push_back(many);
        if (groups[few].images.size() == groups[many].images.size()) ++wholes[few];
      }
    }
    for (const auto few : candidates) {
      if (wholes[few] > most_whole_repeats) continue;
      const auto home =
          std::ranges::find_if(homes[few], [&](std::size_t many) { return !joined[many]; });
      if (home == homes[few].end()) continue;
      auto& images = groups[*home].images;
      images.insert(images.end(), groups[few].images.begin(), groups[few].images.end());
      joined[few] = true;
    }
  }
  std::vector<SeriesGroup> left;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (!joined[i]) left.push_back(std::move(groups[i]));
  return left;
}

}  // namespace

std::string nameOf(const SeriesGroup& group) {
  const auto& first = *group.images.front();
  const std::string what = first.series_description.empty()
                               ? "a series without description"
                               : "series '" + first.series_description + "'";
  return what + " (" + std::to_string(group.images.size()) +
         (group.images.size() == 1 ? " image)" : " images)");
}

std::vector<SeriesGroup> groupSeries(const std::vector<const DicomHeader*>& images) {
  return joinRepeats(joinSingles(groupImages(images)));
}

}  // namespace gadolin
