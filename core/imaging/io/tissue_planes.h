#pragma once
// A DICOM segmentation as a mask: its segments as Tissue, its frames as planes.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/dicom_segmentation.h"
#include "core/imaging/volume.h"

namespace gadolin::io {

/// Tissue of a segment by its label, its description and its coded type (SNOMED CT, SRT, DCM), the
/// first of them that says one; 0 for what is not ours (a right ventricle, an atrium). Nothing when
/// none of them does, when one is unclear (meaningOfName()), or when label and code name two
/// structures of which the label's is no part of the code's.
std::optional<std::uint8_t> tissueOfSegment(const SegmentText& segment);

struct TissuePlanes {
  Mask planes;                // one slice a place, in the order of the places along the normal
  SegmentationAnswer answer;  // without sha256 and geometry
};

/// Frames at one place are one plane, whatever their order; where segments overlap, the inner
/// structure counts. InvalidInput, with all segments by name, when one that has voxels is unknown
/// or unclear, or when nothing of a left ventricle is in it; Unsupported for images that are no MR
/// images; Corrupt when two frames of one segment at one place differ; what
/// DicomSegmentation::read() says.
Result<TissuePlanes> readTissuePlanes(const std::filesystem::path& path);

}  // namespace gadolin::io
