#pragma once
// The segments that a mask becomes in DICOM, and their coded names (PS3.16: CID 7150 to 7152,
// 3704).

#include <cstdint>
#include <string>
#include <vector>

#include "core/imaging/volume.h"

namespace gadolin::io {

struct CodedName {
  const char* scheme;
  const char* value;
  const char* meaning;
};

/// One structure. They nest as the tissues do: MVO is a part of the scar, the scar of the
/// myocardium, so that the voxels of a segment are what its volume is measured on.
struct TissueSegment {
  int number = 0;  // SegmentNumber, from 1 without a gap
  Tissue tissue = Tissue::Background;
  const char* label;  // SegmentLabel
  CodedName category, type;
  CodedName region;         // AnatomicRegion
  std::uint16_t cielab[3];  // recommended colour as DICOM encodes it (PS3.3 C.10.7.1.1)

  [[nodiscard]] bool holds(std::uint8_t label_value) const;
};

/// Those that have a voxel. No "myocardium" for a mask that holds scar alone: it does not say where
/// the rest of the wall is.
std::vector<TissueSegment> tissueSegments(const Mask& mask);

/// SCT 87878005 "Left ventricle": of which everything here is a part.
extern const CodedName left_ventricle;

}  // namespace gadolin::io
