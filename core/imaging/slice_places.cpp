#include "core/imaging/slice_places.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace gadolin {
namespace {

constexpr double same_acquisition_s = 1;
constexpr std::size_t most_repeats = 3;  // at most places; more are a series over time
constexpr double beside_share = 0.2;     // of the distance between slices
constexpr double beside_most_mm = 1;
constexpr double even_share = 0.01;      // of the distance between slices
constexpr double even_mm = 0.05;
constexpr double sideways_noted_mm = 0.5;
constexpr double tilt_refused = 0.0175;  // tangent of one degree

std::string mm(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g mm", value);
  return text;
}

/// "IM3.dcm and IM5.dcm", or "frames 3 and 5 of IM1.dcm".
std::string imagesOf(const Place& before, const Place& after) {
  const auto& a = *before.acquisitions.front().front();
  const auto& b = *after.acquisitions.front().front();
  const auto name = [](const DicomHeader& image) {
    return std::filesystem::path(image.path).filename().string();
  };
  if (a.path == b.path)
    return "frames " + std::to_string(a.frame + 1) + " and " + std::to_string(b.frame + 1) +
           " of " + name(a);
  return name(a) + " and " + name(b);
}

constexpr double day_s = 86'400;

using Clock = std::optional<double> DicomHeader::*;

/// The clock that all these images have, with or without the day; nothing where none can order
/// them.
std::optional<Clock> clockOf(const std::vector<const DicomHeader*>& images) {
  for (const Clock clock : {&DicomHeader::acquired_s, &DicomHeader::made_s}) {
    if (!std::ranges::all_of(images, [clock](const auto* h) { return (h->*clock).has_value(); }))
      continue;
    const auto [first, last] =
        std::ranges::minmax(images, {}, [clock](const auto* h) { return *(h->*clock); });
    const bool days_known = *(first->*clock) >= day_s;
    const bool no_day_known = *(last->*clock) < day_s;
    // Without the day 23:59 may come before 00:01.
    if (days_known || (no_day_known && *(last->*clock) - *(first->*clock) < day_s / 2))
      return clock;
  }
  return std::nullopt;
}

std::vector<Acquisition> acquisitionsOf(std::vector<const DicomHeader*> images) {
  const auto clock = clockOf(images);
  if (!clock) return {std::move(images)};
  const auto at = [&clock](const DicomHeader* h) { return *(h->**clock); };
  std::ranges::stable_sort(images, std::ranges::greater(), at);
  std::vector<Acquisition> acquisitions;
  for (const auto* image : images) {
    if (acquisitions.empty() || at(acquisitions.back().back()) - at(image) >= same_acquisition_s)
      acquisitions.emplace_back();
    acquisitions.back().push_back(image);
  }
  return acquisitions;
}

/// All images of both, when no two of them are of one acquisition; nothing otherwise.
std::optional<std::vector<const DicomHeader*>> repeatsOfOneSlice(const Place& a, const Place& b) {
  std::vector<const DicomHeader*> images;
  for (const auto* place : {&a, &b})
    for (const auto& acquisition : place->acquisitions)
      images.insert(images.end(), acquisition.begin(), acquisition.end());
  for (std::size_t i = 0; i < images.size(); ++i)
    for (std::size_t j = i + 1; j < images.size(); ++j)
      if (sameAcquisition(*images[i], *images[j])) return std::nullopt;
  return images;
}

/// The plan of a slice that is acquired again is often drawn again, or rounded otherwise.
std::vector<Place> joinBeside(std::vector<Place> places) {
  const double limit_mm = besideItself_mm(places);
  std::vector<Place> joined;
  for (auto& place : places) {
    if (!joined.empty() && place.position_mm - joined.back().position_mm <= limit_mm) {
      if (auto images = repeatsOfOneSlice(joined.back(), place)) {
        joined.back().acquisitions = acquisitionsOf(std::move(*images));
        continue;
      }
    }
    joined.push_back(std::move(place));
  }
  return joined;
}

}  // namespace

std::optional<double> secondsBetween(const DicomHeader& a, const DicomHeader& b) {
  const auto clock = clockOf({&a, &b});
  if (!clock) return std::nullopt;
  return std::abs(*(a.**clock) - *(b.**clock));
}

bool sameAcquisition(const DicomHeader& a, const DicomHeader& b) {
  const auto apart = secondsBetween(a, b);
  return !apart || *apart < same_acquisition_s;
}

std::vector<Place> placesAlong(const Vec3& axis, std::vector<const DicomHeader*> images) {
  std::ranges::stable_sort(images, {},
                           [&](const DicomHeader* h) { return dot(*h->position_mm, axis); });
  std::vector<Place> places;
  std::vector<const DicomHeader*> here;
  const auto finish = [&] {
    if (!here.empty())
      places.push_back({dot(*here.front()->position_mm, axis), acquisitionsOf(std::move(here))});
    here.clear();
  };
  for (const auto* image : images) {
    if (!here.empty() &&
        dot(*image->position_mm - *here.front()->position_mm, axis) > same_position_mm)
      finish();
    here.push_back(image);
  }
  finish();
  return joinBeside(std::move(places));
}

double besideItself_mm(const std::vector<Place>& places) {
  std::vector<double> steps;  // of slices that are certainly two
  for (std::size_t i = 1; i < places.size(); ++i) {
    const double step = places[i].position_mm - places[i - 1].position_mm;
    if (step > beside_most_mm) steps.push_back(step);
  }
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::ranges::nth_element(steps, middle);
  return std::min(beside_most_mm, beside_share * *middle);
}

bool isTimeSeries(const std::vector<Place>& places) {
  const auto crowded = std::ranges::count_if(places, [](const Place& place) {
    return place.acquisitions.size() > most_repeats ||
           std::ranges::any_of(place.acquisitions,
                               [](const Acquisition& a) { return a.size() > 1; });
  });
  return crowded > 0 && 2 * static_cast<std::size_t>(crowded) >= places.size();
}

std::vector<Place> pickAcquisitions(const std::vector<Place>& places, std::size_t rank,
                                    const Vec3& axis) {
  std::vector<Place> picked;
  for (const auto& place : places) {
    const auto& acquisition = place.acquisitions[std::min(rank, place.acquisitions.size() - 1)];
    picked.push_back({dot(*acquisition.front()->position_mm, axis), {acquisition}});
  }
  return picked;
}

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
                            mm(usual) + " (" + imagesOf(places[i], places[i + 1]) + ")";
    notes.push_back(steps[i] > 1.5 * usual
                        ? gap + ": a slice seems to be missing. Real positions are kept."
                        : gap + ". Real positions are kept.");
  }
  if (!even) return usual;
  return (places.back().position_mm - places.front().position_mm) /
         static_cast<double>(steps.size());
}

std::optional<std::string> checkSideways(const std::vector<Place>& places, const Vec3& axis,
                                         std::vector<std::string>& notes) {
  const Vec3 first = *places.front().acquisitions.front().front()->position_mm;
  const auto sideways = [&](const Place& place) {
    const Vec3 step = *place.acquisitions.front().front()->position_mm - first;
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

}  // namespace gadolin
