#pragma once
// Which images of an import belong to one stack, before their order is known.

#include <string>
#include <vector>

#include "core/imaging/series.h"

namespace gadolin {

/// Images of one stack; slices that were acquired again are in it with all their images.
struct SeriesGroup {
  std::vector<const DicomHeader*> images;  // never empty; owned by the caller of groupSeries
  std::vector<std::string> notes;
};

/// The series by its name for a person; never a UID.
std::string nameOf(const SeriesGroup& group);

/// Groups by patient, study, series, frame of reference, image type, matrix, pixel size and
/// orientation (tolerances for what scanners round), in the order in which their first images are
/// given. Series of one image each are joined. A series of the same words that lies at some of the
/// places of another, acquired at another time, holds slices that were acquired again: it joins
/// that one. Every image has a position, directions and a pixel spacing.
std::vector<SeriesGroup> groupSeries(const std::vector<const DicomHeader*>& images);

}  // namespace gadolin
