#pragma once
// Values of DICOM elements, read strictly: what is not a number is an error, never a guess.

#include <gdcmDataSet.h>

#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::io {

inline const gdcm::Tag pixel_data(0x7fe0, 0x0010);

/// Without the padding at both ends; empty when the element is absent or has no value.
std::string textAt(const gdcm::DataSet& set, const gdcm::Tag& tag);

/// Values of a DS or IS element; empty when it is absent or has no value. InvalidInput, with `name`,
/// when one is no number.
Result<std::vector<double>> numbersAt(const gdcm::DataSet& set, const gdcm::Tag& tag,
                                      const char* name);

/// First value of an US element, `otherwise` when it is absent or has no value.
int unsignedShortAt(const gdcm::DataSet& set, const gdcm::Tag& tag, int otherwise);

/// First value of an FD element; empty when it is absent or no finite number.
std::vector<double> doublesAt(const gdcm::DataSet& set, const gdcm::Tag& tag);

/// Items of a sequence, in order; empty when it is absent or no sequence.
std::vector<gdcm::DataSet> itemsAt(const gdcm::DataSet& set, const gdcm::Tag& tag);

}  // namespace gadolin::io
