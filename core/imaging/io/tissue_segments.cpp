#include "core/imaging/io/tissue_segments.h"

#include <algorithm>
#include <array>

namespace gadolin::io {
namespace {

constexpr CodedName ventricle{"SCT", "87878005", "Left ventricle"};
constexpr CodedName anatomical{"SCT", "123037004", "Anatomical Structure"};
constexpr CodedName tissue_category{"SCT", "85756007", "Tissue"};
constexpr CodedName abnormal{"SCT", "49755003", "Morphologically Abnormal Structure"};

// No code of PS3.16 or SNOMED CT that DICOM uses says MVO, so it has one of ours: the scheme's name
// begins with 99 as private ones do (PS3.3 8.2). Colours: those
// of the window's first palette, in CIELab under D50.
constexpr std::array tissue_segments{
    TissueSegment{
        0, Tissue::Cavity, "LV cavity", anatomical, ventricle, ventricle, {45400, 28579, 23766}},
    TissueSegment{0,
                  Tissue::Myocardium,
                  "LV myocardium",
                  tissue_category,
                  {"SCT", "74281007", "Myocardium"},
                  ventricle,
                  {44819, 19770, 36363}},
    TissueSegment{0,
                  Tissue::Scar,
                  "Scar",
                  abnormal,
                  {"SCT", "12402003", "Scar"},
                  ventricle,
                  {44668, 41577, 51828}},
    TissueSegment{0,
                  Tissue::Mvo,
                  "Microvascular obstruction",
                  abnormal,
                  {"99GADOLIN", "MVO", "Microvascular obstruction"},
                  ventricle,
                  {41266, 44292, 27667}},
};

}  // namespace

const CodedName left_ventricle = ventricle;

bool TissueSegment::holds(std::uint8_t label_value) const {
  switch (tissue) {
    case Tissue::Cavity:
      return label_value == 1;
    case Tissue::Myocardium:
      return isMyocardium(label_value);
    case Tissue::Scar:
      return isFibrosis(label_value);
    case Tissue::Mvo:
      return label_value == 4;
    case Tissue::Background:
      break;
  }
  return false;
}

std::vector<TissueSegment> tissueSegments(const Mask& mask) {
  std::array<bool, 5> there{};
  for (const std::uint8_t label : mask.voxels)
    if (label < there.size()) there[label] = true;
  std::vector<TissueSegment> segments;
  for (TissueSegment segment : tissue_segments) {
    bool wanted = false;
    for (std::uint8_t label = 1; label < there.size(); ++label)
      wanted = wanted || (there[label] && segment.holds(label));
    if (segment.tissue == Tissue::Myocardium) wanted = there[2];
    if (!wanted) continue;
    segment.number = static_cast<int>(segments.size()) + 1;
    segments.push_back(segment);
  }
  return segments;
}

}  // namespace gadolin::io
