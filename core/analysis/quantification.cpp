#include "core/analysis/quantification.h"

#include <array>
#include <string>

namespace gadolin::analysis {

Result<StackVolumes> measureVolumes(const Stack& stack, const Mask& mask) {
  if (stack.image.geometry.size != mask.geometry.size ||
      stack.slices.size() != static_cast<std::size_t>(stack.sliceCount()) ||
      mask.voxels.size() != mask.geometry.voxels()) {
    return Error{ErrorCode::InvalidInput,
                 "The mask has another size than its stack, so its volume is not known. Import or "
                 "predict the mask again."};
  }
  StackVolumes result;
  const bool outlined = outlinesMyocardium(mask.voxels);
  for (int z = 0; z < stack.sliceCount(); ++z) {
    std::array<std::size_t, 5> count{};
    for (const std::uint8_t label : mask.slice(z)) {
      if (label < count.size()) ++count[label];
    }
    const double voxel_ml = stack.voxelVolume_ml(z);
    TissueVolumes slice;
    slice.cavity_ml = static_cast<double>(count[1]) * voxel_ml;
    slice.mvo_ml = static_cast<double>(count[4]) * voxel_ml;
    slice.scar_ml = static_cast<double>(count[3] + count[4]) * voxel_ml;
    if (outlined)
      slice.myocardium_ml = static_cast<double>(count[2] + count[3] + count[4]) * voxel_ml;
    result.total += slice;
    result.slices.push_back(slice);
  }
  return result;
}

}  // namespace gadolin::analysis
