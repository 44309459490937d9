#pragma once
// A network as TorchScript, for programs that have LibTorch or Python and no Gadolin.

#include <torch/script.h>

#include "core/base/result.h"
#include "ml/model/network.h"

namespace gadolin::ml {

/// The network in evaluation mode as a module of its own: C++ modules cannot be scripted, so its
/// forward is written out from the layers that are there, as calls of torch's functions, and takes
/// and gives what the network does. Parameters and buffers are copies under their own names with
/// '_' for '.', as a name in TorchScript cannot hold a dot. Unsupported for a network that is
/// neither a U-Net nor a DRN, or whose layers this does not know.
Result<torch::jit::Module> scriptOf(const Network& network);

}  // namespace gadolin::ml
