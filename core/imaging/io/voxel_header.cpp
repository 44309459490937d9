#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

std::size_t sizeBytes(VoxelType type) {
  switch (type) {
    case VoxelType::Uint8:
    case VoxelType::Int8:
      return 1;
    case VoxelType::Int16:
    case VoxelType::Uint16:
      return 2;
    case VoxelType::Int32:
    case VoxelType::Uint32:
    case VoxelType::Float32:
      return 4;
    case VoxelType::Float64:
    case VoxelType::Int64:
    case VoxelType::Uint64:
      break;
  }
  return 8;
}

}  // namespace gadolin::io
