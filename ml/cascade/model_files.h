#pragma once
// The networks of a run as files for others, and a look at networks that others have made.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run/run_config.h"
#include "core/run/run_folder.h"

namespace gadolin::ml {

/// One network as it was written.
struct ModelNetwork {
  std::string stage;    // "myocardium", "classifier", "fibrosis"
  std::string kind;     // "U-Net", "DRN-D-22"
  std::string weights;  // file names in the folder
  std::string torchscript;
  int channels_in = 1, channels_out = 1;
  int side_px = 0;  // of the square it was trained on; others of multiple_of work too
  int multiple_of = 16;
  std::int64_t parameters = 0;
  double largest_difference = 0;  // between the outputs of the network and of the file read back
};

/// Writes <stage>.safetensors (every parameter and buffer under its own name) and
/// <stage>.torchscript.pt with the same weights into `out`, reads both back, and compares weights
/// to the bit and outputs of the same random input. Myocardium and fibrosis must be there. Errors:
/// InvalidInput without these networks, Corrupt when what is read back differs, Unsupported, what
/// writing gives.
Result<std::vector<ModelNetwork>> exportNetworks(const run::RunFolder& folder,
                                                 const run::RunConfig& config,
                                                 const std::filesystem::path& out);

/// Reads the checkpoints of the run into networks of its settings: every tensor there, of the right
/// shape, all of them numbers, and none besides. Myocardium and fibrosis must be there.
/// InvalidInput or Corrupt with the first that is not.
Result<void> checkNetworks(const run::RunFolder& folder, const run::RunConfig& config);

}  // namespace gadolin::ml
