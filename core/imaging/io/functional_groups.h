#pragma once
// Enhanced multi-frame DICOM (PS3.3 C.7.6.16): where each frame lies, what it shows and how its
// values are scaled stands in sequences that all frames share or that each has of its own.

#include <gdcmDataSet.h>

#include <vector>

#include "core/base/result.h"
#include "core/imaging/io/grey_values.h"
#include "core/imaging/series.h"

namespace gadolin::io {

class FunctionalGroups {
 public:
  explicit FunctionalGroups(const gdcm::DataSet& set);

  /// Frames that have an item of their own; 0 where the file has no functional groups.
  [[nodiscard]] int frames() const { return static_cast<int>(per_frame_.size()); }

  /// What holds for the whole file, with the frame's own position, orientation, pixel size, type,
  /// stack, inversion time and lossiness. InvalidInput when a number is none.
  [[nodiscard]] Result<DicomHeader> headerOf(int frame, const DicomHeader& file) const;

  /// Of the frame; `file` where no functional group says another.
  [[nodiscard]] Result<Rescale> rescaleOf(int frame, Rescale file) const;

  /// The first item of `sequence`, the frame's own before the shared one; empty without any.
  /// 0 <= frame < frames().
  [[nodiscard]] gdcm::DataSet group(int frame, const gdcm::Tag& sequence) const;

 private:
  gdcm::DataSet shared_;
  std::vector<gdcm::DataSet> per_frame_;
};

}  // namespace gadolin::io
