#pragma once
// What the numbers of a mask file mean as Tissue: by a table of the layout, or by the names that a
// segmentation gives its structures.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

class LabelMeaning {
 public:
  /// By the names of the segments where the file has some, else by the table. InvalidInput when a
  /// name says nothing or is unclear, or two structures claim one label.
  static Result<LabelMeaning> of(const VoxelHeader& header, LabelTable table);

  /// Nothing for a label that has no meaning. 0 is background.
  [[nodiscard]] std::optional<std::uint8_t> tissue(int layer, double label) const;
  [[nodiscard]] std::string inWords() const;

 private:
  LabelTable table_ = LabelTable::Tissue;
  std::map<std::pair<int, double>, std::uint8_t> named_;  // of layer and label
  std::string words_;
};

}  // namespace gadolin::io
