#include "core/imaging/io/dicom_source.h"

#include "core/imaging/io/dicom_encoding.h"

namespace gadolin::io {
namespace {

std::string sourceText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFString(tag, value).bad()) return {};
  return {value.c_str(), value.size()};
}

}  // namespace

Result<std::optional<SourceImage>> readSourceImage(const std::filesystem::path& path) {
  GADOLIN_CHECK(prepareDcmtk());
  DcmFileFormat file;
  // 64 KiB: longer elements stay on the disk until they are asked for.
  const auto read = file.loadFileUntilTag(path.c_str(), EXS_Unknown, EGL_noChange, 65536,
                                          ERM_autoDetect, DCM_PixelData);
  if (read.bad()) return std::optional<SourceImage>();
  DcmDataset& set = *file.getDataset();
  SourceImage image;
  image.path = path;
  image.sop_class = sourceText(set, DCM_SOPClassUID);
  image.sop_uid = sourceText(set, DCM_SOPInstanceUID);
  image.series_uid = sourceText(set, DCM_SeriesInstanceUID);
  image.study_uid = sourceText(set, DCM_StudyInstanceUID);
  image.frame_of_reference_uid = sourceText(set, DCM_FrameOfReferenceUID);
  Uint16 size = 0;
  if (set.findAndGetUint16(DCM_Rows, size).good()) image.rows = size;
  if (set.findAndGetUint16(DCM_Columns, size).good()) image.columns = size;
  Sint32 frames = 1;
  if (set.findAndGetSint32(DCM_NumberOfFrames, frames).good()) image.frames = frames;
  image.lossy = sourceText(set, DCM_LossyImageCompression) == "01";
  image.lossy_ratio = sourceText(set, DCM_LossyImageCompressionRatio);
  image.lossy_method = sourceText(set, DCM_LossyImageCompressionMethod);
  Vec3 position{};
  bool placed = true;
  for (unsigned long i = 0; i < 3; ++i)
    placed = placed && set.findAndGetFloat64(DCM_ImagePositionPatient, position[i], i).good();
  if (placed) image.position_mm = position;
  if (image.sop_class.empty() || image.sop_uid.empty() || image.rows == 0 || image.columns == 0)
    return std::optional<SourceImage>();
  return std::optional(image);
}

}  // namespace gadolin::io
