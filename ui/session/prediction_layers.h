#pragma once
// What a run left beside the mask of a prediction: probabilities and activation maps, for overlays.

#include <QFuture>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin::session {

class Project;

using ByteVolume = Volume<std::uint8_t>;  // 0..255 stands for 0..1

struct PredictionLayers {
  std::shared_ptr<const ByteVolume> fibrosis;  // probability; null where the run has none
  std::shared_ptr<const ByteVolume> cam;       // class activation; null without a classifier
  std::vector<float> slice_probability;        // one a slice, 0..1; empty without a classifier
};

/// Reads the layers of `stack` from the folder of `run` in a pool thread. NotFound when the run
/// has no file for it any more, Corrupt when its shape is not that of the stack.
QFuture<Result<PredictionLayers>> loadPredictionLayers(const Project& project, std::string run,
                                                       std::string stack_id,
                                                       std::shared_ptr<const Stack> stack);

/// Why the stack of a prediction is unlike the training data, as its file says: a sentence each. Empty
/// where nothing is strange, and of a run that kept no profile of its cohort. Thread: any; opens a
/// file.
std::vector<std::string> strangenessOf(const std::filesystem::path& prediction);

}  // namespace gadolin::session
