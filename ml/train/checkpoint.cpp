#include "ml/train/checkpoint.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/safetensors.h"

namespace gadolin::ml {
namespace {

using nlohmann::json;

json optional(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}
std::optional<double> optional(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

std::string toJson(const Progress& progress, std::int64_t optimiser_steps) {
  json curve = json::array();
  for (const run::Epoch& e : progress.curve)
    curve.push_back({{"epoch", e.epoch},
                     {"train_loss", e.train_loss},
                     {"val_loss", optional(e.val_loss)},
                     {"val_dice", optional(e.val_dice)},
                     {"val_auroc", optional(e.val_auroc)},
                     {"learning_rate", e.learning_rate},
                     {"seconds", e.seconds}});
  return json{{"stage", progress.stage},
              {"seed", progress.seed},
              {"epoch", progress.epoch},
              {"step", progress.step},
              {"loss_sum", progress.loss_sum},
              {"best", optional(progress.best)},
              {"best_epoch", progress.best_epoch},
              {"finished", progress.finished},
              {"pieces", progress.pieces},
              {"optimiser", {{"name", "adamw"}, {"steps", optimiser_steps}}},
              {"random_state",
               {{"seed", progress.seed}, {"epoch", progress.epoch}, {"step", progress.step}}},
              {"curve", std::move(curve)}}
      .dump(1, ' ', false, json::error_handler_t::replace);
}

Result<std::pair<Progress, std::int64_t>> fromJson(const std::filesystem::path& path,
                                                   const SafetensorsFile& file) {
  const auto found = file.metadata().find("gadolin");
  const json document =
      found == file.metadata().end() ? json() : json::parse(found->second, nullptr, false);
  Progress p;
  try {
    p.stage = document.at("stage").get<std::string>();
    p.seed = document.at("seed").get<std::uint64_t>();
    p.epoch = document.at("epoch").get<int>();
    p.step = document.at("step").get<int>();
    p.loss_sum = document.at("loss_sum").get<double>();
    p.best = optional(document.at("best"));
    p.best_epoch = document.at("best_epoch").get<int>();
    p.finished = document.at("finished").get<bool>();
    p.pieces = std::max(document.value("pieces", 1), 1);
    for (const json& row : document.at("curve")) {
      run::Epoch e;
      e.stage = p.stage;
      e.epoch = row.at("epoch").get<int>();
      // A loss that was not a number comes back as null and stays one.
      e.train_loss = optional(row.at("train_loss")).value_or(0);
      e.val_loss = optional(row.at("val_loss"));
      e.val_dice = optional(row.at("val_dice"));
      e.val_auroc = optional(row.at("val_auroc"));
      e.learning_rate = row.at("learning_rate").get<double>();
      e.seconds = row.at("seconds").get<double>();
      p.curve.push_back(e);
    }
    return std::pair(p, document.at("optimiser").at("steps").get<std::int64_t>());
  } catch (const json::exception& fault) {
    return Error{ErrorCode::Corrupt,
                 path.string() + ": this is not a checkpoint of Gadolin (" + fault.what() + ")."};
  }
}

/// All tensors of a state under their names in the file.
NamedTensors named(const TrainState& state) {
  NamedTensors all;
  for (auto& [name, tensor] : stateOf(*state.network)) all.emplace_back("network." + name, tensor);
  for (auto& [name, tensor] : stateOf(*state.average)) all.emplace_back("average." + name, tensor);
  for (std::size_t i = 0; i < state.optimiser->first().size(); ++i) {
    all.emplace_back("adam.first." + std::to_string(i), state.optimiser->first()[i]);
    all.emplace_back("adam.second." + std::to_string(i), state.optimiser->second()[i]);
  }
  return all;
}

Result<void> copyInto(const std::filesystem::path& path, const SafetensorsFile& file,
                      const std::string& name, torch::Tensor tensor) {
  const TensorView* view = file.find(name);
  const bool whole = tensor.scalar_type() == torch::kInt64;
  if (view == nullptr || view->shape != tensor.sizes().vec() ||
      view->dtype != (whole ? Dtype::I64 : Dtype::F32))
    return Error{ErrorCode::InvalidInput,
                 path.string() + ": '" + name +
                     "' is missing or of another shape; the checkpoint was "
                     "made with other settings."};
  const torch::NoGradGuard no_grad;
  // from_blob wants a mutable pointer; the tensor is only copied from.
  auto* bytes = const_cast<std::byte*>(view->bytes.data());
  tensor.copy_(torch::from_blob(bytes, tensor.sizes(), whole ? torch::kInt64 : torch::kFloat32));
  return {};
}

}  // namespace

Result<void> writeTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata) {
  std::vector<torch::Tensor> keep;
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    keep.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const torch::Tensor& t = keep.back();
    views.push_back({name,
                     t.scalar_type() == torch::kInt64 ? Dtype::I64 : Dtype::F32,
                     t.sizes().vec(),
                     {static_cast<const std::byte*>(t.data_ptr()),
                      static_cast<std::size_t>(t.numel()) * t.element_size()}});
  }
  return writeSafetensors(path, views, metadata);
}

Result<void> writeCheckpoint(const std::filesystem::path& path, const TrainState& state) {
  const std::string progress = toJson(state.progress, state.optimiser->steps());
  GADOLIN_CHECK(writeTensors(path, named(state), {{"gadolin", progress}}));
  return writeSidecar(path, state);
}

Result<void> writeSidecar(const std::filesystem::path& path, const TrainState& state) {
  auto sidecar = path;
  return writeFileAtomically(sidecar.replace_extension(".json"),
                             toJson(state.progress, state.optimiser->steps()) + "\n");
}

Result<void> readCheckpoint(const std::filesystem::path& path, TrainState& state) {
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  GADOLIN_TRY(auto read, fromJson(path, file));
  for (const auto& [name, tensor] : named(state)) GADOLIN_CHECK(copyInto(path, file, name, tensor));
  state.progress = std::move(read.first);
  state.optimiser->setSteps(read.second);
  return {};
}

Result<Progress> readProgress(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::NotFound, path.string() + ": there is no such checkpoint."};
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  GADOLIN_TRY(auto read, fromJson(path, file));
  return std::move(read.first);
}

Result<void> readWeights(const std::filesystem::path& path, Network& network) {
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  for (const auto& [name, tensor] : stateOf(network))
    GADOLIN_CHECK(copyInto(path, file, "average." + name, tensor));
  network.eval();
  return {};
}

}  // namespace gadolin::ml
