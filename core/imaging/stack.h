#pragma once
// One short-axis LGE stack: the unit that is labelled, trained on and reported.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/imaging/volume.h"

namespace gadolin {

/// How the scanner reconstructed the image. Unknown where no header says it.
enum class ImageKind { Unknown, Magnitude, Psir };
std::string_view toText(ImageKind kind);                  // "unknown", "magnitude", "psir"
ImageKind imageKindFromText(std::string_view text);      // Unknown for any other text

/// What is known about one slice.
struct SliceInfo {
  Vec3 origin_mm{0, 0, 0};      // LPS of the centre of pixel (0, 0) of this slice
  double extent_mm = 0;         // share of the slice axis that this slice stands for (volumes)
  std::optional<double> thickness_mm;
  std::optional<double> inversion_time_ms;
  std::string source;           // file name below the imported folder; never an absolute path
};

/// Immutable after import. Slices are in the order of their positions along the slice axis.
struct Stack {
  Volume<float> image;          // values after rescale, in the scanner's units
  ImageKind kind = ImageKind::Unknown;
  std::vector<SliceInfo> slices;  // one per slice
  /// True when slice 0 is the apex; views and reports show base first.
  bool apex_first = false;
  std::vector<std::string> notes;  // what the import repaired or assumed, in sentences

  [[nodiscard]] int sliceCount() const { return image.geometry.size[2]; }
  /// Volume that one pixel of slice z stands for, in ml.
  [[nodiscard]] double voxelVolume_ml(int z) const {
    return image.geometry.pixelArea_mm2() * slices[static_cast<std::size_t>(z)].extent_mm * 1e-3;
  }
};

/// Sets each slice's extent from the distances to its neighbours along the slice axis: half the way
/// to each, and the full nominal distance at the ends. One slice: the geometry's spacing.
void setExtentsFromPositions(Stack& stack);

}  // namespace gadolin
