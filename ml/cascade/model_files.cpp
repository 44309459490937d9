#include "ml/cascade/model_files.h"

#include <algorithm>

#include "core/base/safetensors.h"
#include "ml/cascade/devices.h"
#include "ml/cascade/domain.h"
#include "ml/cascade/guarded.h"
#include "ml/cascade/inference.h"
#include "ml/model/torchscript.h"
#include "ml/train/checkpoint.h"
#include "ml/train/optimiser.h"

namespace gadolin::ml {
namespace {

constexpr const char* memory_advice = "Close other programs and try again.";
constexpr double allowed_difference = 1e-4;  // of logits; other kernels may be chosen for a file

struct Named {
  std::string stage;
  NetworkPtr network;
  ModelNetwork facts;
};

/// Networks of the settings, without weights; those whose checkpoint is not there are left out.
std::vector<Named> networksOf(const run::RunFolder& folder, const run::RunConfig& config) {
  const run::Settings& settings = config.settings;
  const auto whole = [&settings](const char* key) {
    return static_cast<int>(settings.integer(key));
  };
  const bool three = settings.choice("myocardium.target") == "cavity+myocardium";
  const int pair = settings.flag("classifier.myocardium_input") ? 2 : 1;
  std::vector<Named> all;
  all.push_back({"myocardium", makeMyocardiumNetwork(settings), {}});
  all.back().facts = {"myocardium", "U-Net", {}, {}, 1, three ? 3 : 1, whole("myocardium.side_px")};
  all.push_back({"classifier", makeClassifier(settings), {}});
  all.back().facts = {"classifier", "DRN-D-22", {}, {}, pair, 1, whole("roi.net_px"), 4};
  all.push_back({"fibrosis", makeFibrosisNetwork(settings, fibrosisSeesMyocardium(config)), {}});
  all.back().facts = {
      "fibrosis", "U-Net", {}, {}, fibrosisSeesMyocardium(config) ? 2 : 1, 1, whole("roi.net_px")};
  std::erase_if(all, [&folder](const Named& one) {
    std::error_code ignored;
    return !std::filesystem::exists(folder.weights(one.stage), ignored);
  });
  return all;
}

/// A model predicts fibrosis inside the myocardium: it has both networks.
Result<void> checkThere(const run::RunFolder& folder, const std::vector<Named>& networks) {
  for (const char* needed : {"myocardium", "fibrosis"})
    if (std::ranges::none_of(networks, [needed](const Named& one) { return one.stage == needed; }))
      return Error{ErrorCode::InvalidInput,
                   folder.root.string() + ": this run has no trained " + needed +
                       " network. Take a run whose training came to its end."};
  return {};
}

Error differs(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::Corrupt, path.string() + ": what was read back differs from the network (" +
                                  what + "). Check the disk and export again."};
}

Result<void> compareWeights(const std::filesystem::path& path, const Named& one) {
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  for (const auto& [name, tensor] : stateOf(*one.network)) {
    const TensorView* view = file.find(name);
    const torch::Tensor own = tensor.detach().to(torch::kCPU).contiguous();
    const auto* bytes = static_cast<const std::byte*>(own.data_ptr());
    const std::size_t size = static_cast<std::size_t>(own.numel()) * own.element_size();
    if (view == nullptr || view->shape != own.sizes().vec() || view->bytes.size() != size ||
        !std::equal(view->bytes.begin(), view->bytes.end(), bytes))
      return differs(path, name);
  }
  return {};
}

/// Saves, loads, and runs both on the same random numbers.
Result<double> writeScript(const std::filesystem::path& path, const Named& one) {
  const torch::NoGradGuard no_grad;
  GADOLIN_TRY(torch::jit::Module module, scriptOf(*one.network));
  module.save(path.string());
  GADOLIN_CHECK(syncFile(path));
  torch::jit::Module back = torch::jit::load(path.string());
  back.eval();
  torch::manual_seed(1);
  const torch::Tensor x =
      torch::randn({2, one.facts.channels_in, one.facts.side_px, one.facts.side_px});
  const torch::Tensor ours = one.network->forward(x);
  const torch::Tensor theirs = back.forward({x}).toTensor();
  if (ours.sizes() != theirs.sizes()) return differs(path, "the shape of its output");
  const double difference = (ours - theirs).abs().max().item<double>();
  if (!(difference <= allowed_difference))
    return differs(path, "outputs are up to " + std::to_string(difference) + " apart");
  return difference;
}

Result<void> checkNumbers(const std::filesystem::path& path, const Network& network) {
  for (const auto& [name, tensor] : stateOf(network))
    if (tensor.is_floating_point() && !torch::isfinite(tensor).all().item<bool>())
      return Error{ErrorCode::Corrupt,
                   path.string() + ": '" + name + "' holds values that are no numbers."};
  return {};
}

Result<std::vector<ModelNetwork>> writeAll(const run::RunFolder& folder,
                                           const run::RunConfig& config,
                                           const std::filesystem::path& out) {
  std::vector<Named> networks = networksOf(folder, config);
  GADOLIN_CHECK(checkThere(folder, networks));
  std::vector<ModelNetwork> done;
  for (Named& one : networks) {
    GADOLIN_CHECK(readWeights(folder.weights(one.stage), *one.network));
    one.facts.weights = one.stage + ".safetensors";
    one.facts.torchscript = one.stage + ".torchscript.pt";
    one.facts.parameters = parameterCount(*one.network);
    GADOLIN_CHECK(writeTensors(out / one.facts.weights, stateOf(*one.network),
                               {{"format", "gadolin-model"}, {"stage", one.stage}}));
    GADOLIN_CHECK(compareWeights(out / one.facts.weights, one));
    GADOLIN_TRY(one.facts.largest_difference, writeScript(out / one.facts.torchscript, one));
    done.push_back(one.facts);
  }
  return done;
}

Result<void> checkAll(const run::RunFolder& folder, const run::RunConfig& config) {
  std::error_code ignored;
  if (std::filesystem::exists(folder.cohortProfile(), ignored)) {
    GADOLIN_TRY(const std::string text, readFile(folder.cohortProfile(), 1U << 20));
    GADOLIN_CHECK(profileFromJson(text));
  }
  const std::vector<Named> networks = networksOf(folder, config);
  GADOLIN_CHECK(checkThere(folder, networks));
  for (const Named& one : networks) {
    const auto path = folder.weights(one.stage);
    GADOLIN_CHECK(readWeights(path, *one.network));
    GADOLIN_CHECK(checkNumbers(path, *one.network));
    GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
    const std::size_t known = stateOf(*one.network).size();
    if (file.tensors().size() != known)
      return Error{ErrorCode::InvalidInput, path.string() + " has " +
                                                std::to_string(file.tensors().size()) +
                                                " tensors where its settings make a network of " +
                                                std::to_string(known) + "."};
  }
  return {};
}

}  // namespace

Result<std::vector<ModelNetwork>> exportNetworks(const run::RunFolder& folder,
                                                 const run::RunConfig& config,
                                                 const std::filesystem::path& out) {
  return guarded(memory_advice, [&] { return writeAll(folder, config, out); });
}

Result<void> checkNetworks(const run::RunFolder& folder, const run::RunConfig& config) {
  return guarded(memory_advice, [&] { return checkAll(folder, config); });
}

}  // namespace gadolin::ml
