#pragma once
// What objects that refer to images have in common, for the writers of this folder.

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <string>

#include "core/imaging/io/dicom_segmentation_writer.h"
#include "core/imaging/io/tissue_segments.h"

namespace gadolin::io {

/// The header of an image without its pixels, its texts in UTF-8 where DCMTK can convert them.
/// Corrupt when it cannot be read any more.
Result<void> loadHeader(const std::filesystem::path& path, DcmFileFormat& file);

/// InvalidInput unless there is one image a slice, all of one study and of the stack's size.
Result<void> checkSources(const Stack& stack, const Mask& mask,
                          const std::vector<SourceImage>& images);

/// SOP instance, series and content date and time, and Gadolin as the equipment. `kind`: "seg".
Result<void> describeObject(DcmDataset& set, const MaskFacts& facts, const std::string& kind,
                            const std::string& series_description);

/// By which reports and segmentations speak of one structure (TrackingUID).
std::string trackingUid(const MaskFacts& facts, const TissueSegment& segment);

/// A text as an element of this length holds it: control characters and backslashes are blanks, and
/// no letter of several bytes is cut in two.
std::string fitting(const std::string& utf8, std::size_t most);
/// The same as a person's name: without its separators.
std::string fittingName(const std::string& utf8);

/// The first condition that is bad, as an error that says what could not be done.
class Conditions {
 public:
  explicit Conditions(std::string doing) : doing_(std::move(doing)) {}
  /// True when it is good.
  bool note(const OFCondition& condition);
  [[nodiscard]] Result<void> outcome() const;

 private:
  std::string doing_, fault_;
};

}  // namespace gadolin::io
