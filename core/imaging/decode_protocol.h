#pragma once
// What is said between an import and the child process that decodes foreign files (`gadolinctl
// decode`): one JSON object a line, one answer a request, in order. Decoding runs in a child
// because the DICOM library aborts on files that can be met in the wild.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"

namespace gadolin {

/// How the numbers of a mask file become Tissue.
enum class LabelTable {
  Tissue,      // EMIDEC: 1 cavity, 2 myocardium, 3 scar, 4 MVO
  Acdc,        // 1 right ventricle (left out), 2 myocardium, 3 cavity
  Myocardium,  // 1 myocardium
};

/// What are these files? Answered by ScanAnswers, an Error for a file that cannot be read among them. Many at
/// a time: asking costs as much as looking. A file that ends the reader ends the answer for all.
struct ScanRequest {
  std::vector<std::string> paths;
};
/// Read an image of a volume file and write it as a stack file, unless it is none but a mask. Answered by StackAnswer.
struct LoadImageRequest {
  std::string path;
  std::string out;
  std::optional<bool> apex_first;  // else from the orientation
  bool former_hash = false;        // answer formerContentHash() too
};
/// Read a mask of a volume file and write it as a mask file. Answered by MaskAnswer.
struct LoadMaskRequest {
  std::string path;
  std::string out;
  LabelTable labels = LabelTable::Tissue;
};
/// Read the images of a plan and write a stack file. Answered by StackAnswer.
struct LoadSeriesRequest {
  SeriesPlan plan;
  std::string out;
  bool former_hash = false;  // as above
};
/// Read a DICOM segmentation and write its planes as a mask file. Answered by SegmentationAnswer.
struct LoadSegmentationRequest {
  std::string path;
  std::string out;
};
using DecodeRequest = std::variant<ScanRequest, LoadImageRequest, LoadMaskRequest, LoadSeriesRequest,
                                   LoadSegmentationRequest>;

/// Volume: NIfTI, NRRD or MetaImage.
enum class FileKind { Other, Volume, Dicom };
struct ScanAnswer {
  FileKind kind = FileKind::Other;
  std::vector<DicomHeader> dicom;  // of FileKind::Dicom, one an image; their paths are empty
};
/// In the order of the request, one for each file.
struct ScanAnswers {
  std::vector<std::variant<Error, ScanAnswer>> files;
};
struct StackAnswer {
  std::string content_hash;
  std::string former_hash;  // empty unless asked for
  Geometry geometry;
  ImageKind kind = ImageKind::Unknown;
  bool apex_first = false;
  std::vector<std::string> notes;
  std::vector<double> label_values;  // labelValues(): it is no image, and nothing was written
};
struct MaskAnswer {
  std::string sha256;  // contentHash
  Geometry geometry;
  std::vector<std::string> notes;
};
/// The images that a segmentation was made on, by their UIDs.
struct SegmentationSource {
  std::vector<std::string> images;  // SOPInstanceUID, those that frames were derived from before those listed
  std::vector<std::string> series;  // SeriesInstanceUID
};
struct SegmentationAnswer {
  std::string sha256;  // contentHash of the planes as they lie in the file
  /// Of the mask file: a slice is a plane with something in it. Axes and pixels count; each plane begins at
  /// its own place.
  Geometry geometry;
  std::vector<Vec3> places_mm;
  std::vector<int> tissues;  // that occur, sorted
  SegmentationSource source;
  std::string made;  // ContentDate and ContentTime: orders several of one stack
  std::vector<std::string> notes;
};
using DecodeAnswer = std::variant<Error, ScanAnswers, StackAnswer, MaskAnswer, SegmentationAnswer>;

/// Without the line end. Paths may hold any bytes: they are percent-encoded.
std::string toLine(const DecodeRequest& request);
std::string toLine(const DecodeAnswer& answer);
Result<DecodeRequest> decodeRequestFromLine(std::string_view line);
Result<DecodeAnswer> decodeAnswerFromLine(std::string_view line);

}  // namespace gadolin
