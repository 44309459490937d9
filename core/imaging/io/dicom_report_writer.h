#pragma once
// Measurements on a segmentation as a structured report: TID 1500 "Measurement Report" (PS3.16) in
// an Enhanced SR, through DCMTK's dcmsr and cmr.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/io/dicom_segmentation_writer.h"
#include "core/imaging/io/tissue_segments.h"

namespace gadolin::io {

/// What is measured of a segment.
enum class Figure {
  Volume_ml,
  Mass_g,
  PercentOfMyocardium,  // of the LV myocardium's volume, scar and MVO included
};

struct SegmentFigure {
  Tissue segment = Tissue::Background;
  Figure figure = Figure::Volume_ml;
  double value = 0;
};

/// One measurement group a segment that has figures, with its number in the segmentation, its
/// tracking identifiers, the images' series (the images, where they are of
/// several) and who measured it; figures of tissues that are no
/// segment are InvalidInput. `remarks`: sentences that belong to the figures. Patient and study are
/// those of `images`. The same input gives the same bytes. Errors: as writeDicomSegmentation().
Result<void> writeMeasurementReport(const std::filesystem::path& path,
                                    const std::filesystem::path& segmentation,
                                    const std::vector<TissueSegment>& segments,
                                    const std::vector<SourceImage>& images, const MaskFacts& facts,
                                    const std::vector<SegmentFigure>& figures,
                                    const std::vector<std::string>& remarks);

/// What such a report says, read back.
struct ReportedFigure {
  int segment_number = 0;
  std::string segmentation_uid;
  std::string concept_value, unit;  // codes
  double value = 0;
};
Result<std::vector<ReportedFigure>> readMeasurementReport(const std::filesystem::path& path);

/// The code of a figure, for who compares.
CodedName conceptOf(Figure figure);
CodedName unitOf(Figure figure);

}  // namespace gadolin::io
