#pragma once
// Where the images of a stack lie along its axis: which share a place, and how far places are
// apart.

#include <optional>
#include <string>
#include <vector>

#include "core/imaging/series.h"

namespace gadolin {

/// Images at most this far apart lie at one place.
inline constexpr double same_position_mm = 0.1;

/// Images of one acquisition at one place: one image, or copies that must hold the same pixels.
using Acquisition = std::vector<const DicomHeader*>;

/// By a clock that both have; nothing where there is none, or where the day is not known and may
/// have changed.
std::optional<double> secondsBetween(const DicomHeader& a, const DicomHeader& b);

/// Whether two images at one place are of one acquisition: less than a second apart, as the phases
/// of a cine and the reconstructions of one breath-hold are, or of unknown time.
bool sameAcquisition(const DicomHeader& a, const DicomHeader& b);

struct Place {
  double position_mm = 0;                 // along the axis
  std::vector<Acquisition> acquisitions;  // the latest first; never empty
};

/// In the order of their position along the unit vector `axis`. A slice that was acquired again a
/// little beside itself (besideItself_mm) is one place.
std::vector<Place> placesAlong(const Vec3& axis, std::vector<const DicomHeader*> images);

/// How far from itself a slice may lie that was acquired again: a fifth of the usual distance, at
/// most a millimetre; zero where slices are as near to each other as that.
double besideItself_mm(const std::vector<Place>& places);

/// Several images at most places that are no repeats: phases, inversion times, dynamics.
bool isTimeSeries(const std::vector<Place>& places);

/// One acquisition of every place: the one `rank` before the latest, or the earliest where there
/// are fewer. Each place of the result has one acquisition, and its position along `axis`.
std::vector<Place> pickAcquisitions(const std::vector<Place>& places, std::size_t rank,
                                    const Vec3& axis);

/// Median distance between places, or the mean where all are even; notes where they vary, with the files.
/// At least two places.
double distanceBetween(const std::vector<Place>& places, std::vector<std::string>& notes);

/// In-plane shifts between slices: those of breath-holds are noted, a steady shear is the reason
/// that is returned. At least two places.
std::optional<std::string> checkSideways(const std::vector<Place>& places, const Vec3& axis,
                                         std::vector<std::string>& notes);

}  // namespace gadolin
