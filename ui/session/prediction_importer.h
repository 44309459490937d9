#pragma once
// From predictions/<stack>.safetensors of a run into the project: a mask revision and its figures.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/volume.h"
#include "core/run/run_folder.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

class Project;

/// A prediction as the project keeps it.
struct PredictionFigures {
  std::string stack;
  std::string mask_sha256;   // the blob is on disk
  double myocardium_ml = 0;  // scar and MVO included
  double scar_ml = 0;        // scar and MVO together
  double uncertainty = 0;    // 0..1
};

/// Mean binary entropy (base 2) of the fibrosis probability over the voxels that `mask` calls
/// myocardium, scar or MVO; 0 when there are none. `probability`: 0..255 stands for 0..1.
double fibrosisUncertainty(const Mask& mask, std::span<const std::uint8_t> probability);

/// Checks the file against the stack, stores the mask blob, computes volumes with the extent of
/// each slice. NotFound, Corrupt. Thread: any; some 10 ms.
Result<PredictionFigures> readPrediction(const ProjectPaths& paths, const run::RunFolder& folder,
                                         const std::string& stack);

/// readPrediction() and the rows, in one transaction. False when the project already has exactly
/// this prediction of this run: repeating is safe. Waits for the writer: not for the GUI thread.
Result<bool> importPrediction(Project& project, const std::string& run, const std::string& stack);

}  // namespace gadolin::session
