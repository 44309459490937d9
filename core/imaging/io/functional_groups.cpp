#include "core/imaging/io/functional_groups.h"

#include <utility>

#include "core/imaging/io/dicom_elements.h"
#include "core/imaging/io/dicom_time.h"

namespace gadolin::io {
namespace {

const gdcm::Tag shared_groups(0x5200, 0x9229);
const gdcm::Tag per_frame_groups(0x5200, 0x9230);
const gdcm::Tag plane_position(0x0020, 0x9113);
const gdcm::Tag plane_orientation(0x0020, 0x9116);
const gdcm::Tag pixel_measures(0x0028, 0x9110);
const gdcm::Tag value_transformation(0x0028, 0x9145);
const gdcm::Tag frame_content(0x0020, 0x9111);
const gdcm::Tag frame_type(0x0018, 0x9226);
const gdcm::Tag modifier(0x0018, 0x9115);

}  // namespace

FunctionalGroups::FunctionalGroups(const gdcm::DataSet& set)
    : per_frame_(itemsAt(set, per_frame_groups)) {
  auto shared = itemsAt(set, shared_groups);
  if (!shared.empty()) shared_ = std::move(shared.front());
}

gdcm::DataSet FunctionalGroups::group(int frame, const gdcm::Tag& sequence) const {
  for (const gdcm::DataSet* holder : {&per_frame_[static_cast<std::size_t>(frame)], &shared_}) {
    auto items = itemsAt(*holder, sequence);
    if (!items.empty()) return std::move(items.front());
  }
  return {};
}

Result<DicomHeader> FunctionalGroups::headerOf(int frame, const DicomHeader& file) const {
  DicomHeader h = file;
  h.frame = frame;
  h.frames = 1;
  GADOLIN_TRY(const auto position, numbersAt(group(frame, plane_position), {0x0020, 0x0032},
                                             "ImagePositionPatient"));
  if (position.size() == 3) h.position_mm = Vec3{position[0], position[1], position[2]};
  GADOLIN_TRY(const auto axes, numbersAt(group(frame, plane_orientation), {0x0020, 0x0037},
                                         "ImageOrientationPatient"));
  if (axes.size() == 6) {
    h.directions = std::array<Vec3, 2>{{{axes[0], axes[1], axes[2]}, {axes[3], axes[4], axes[5]}}};
  }
  const auto measures = group(frame, pixel_measures);
  GADOLIN_TRY(const auto spacing, numbersAt(measures, {0x0028, 0x0030}, "PixelSpacing"));
  if (spacing.size() == 2) h.pixel_spacing_mm = std::array<double, 2>{spacing[1], spacing[0]};
  GADOLIN_TRY(const auto thickness, numbersAt(measures, {0x0018, 0x0050}, "SliceThickness"));
  if (!thickness.empty()) h.thickness_mm = thickness[0];
  const std::string type = textAt(group(frame, frame_type), {0x0008, 0x9007});
  if (!type.empty()) h.image_type = type;
    const auto content = group(frame, frame_content);
  h.stack_id = textAt(content, {0x0020, 0x9056});
  // FrameAcquisitionDateTime and FrameReferenceDateTime.
  if (const auto at = secondsFrom(textAt(content, {0x0018, 0x9074}))) h.acquired_s = at;
  if (const auto at = secondsFrom(textAt(content, {0x0018, 0x9151}))) h.made_s = at;
  const auto inversion = doublesAt(group(frame, modifier), {0x0018, 0x9079});
  if (!inversion.empty()) h.inversion_time_ms = inversion[0];
  return h;
}

Result<Rescale> FunctionalGroups::rescaleOf(int frame, Rescale file) const {
  if (frame >= frames()) return file;
  const auto transformation = group(frame, value_transformation);
  GADOLIN_TRY(const auto slope, numbersAt(transformation, {0x0028, 0x1053}, "RescaleSlope"));
  GADOLIN_TRY(const auto intercept, numbersAt(transformation, {0x0028, 0x1052}, "RescaleIntercept"));
  if (!slope.empty()) file.slope = slope[0];
  if (!intercept.empty()) file.intercept = intercept[0];
  return file;
}

}  // namespace gadolin::io
