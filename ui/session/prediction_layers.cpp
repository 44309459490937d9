#include "ui/session/prediction_layers.h"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/safetensors.h"
#include "ui/session/project.h"

namespace gadolin::session {

namespace {

Result<std::shared_ptr<const ByteVolume>> volumeOf(const SafetensorsFile& file, const char* name,
                                                   const Geometry& geometry) {
  const TensorView* tensor = file.find(name);
  if (tensor == nullptr) return std::shared_ptr<const ByteVolume>();
  const std::vector<std::int64_t> wanted{geometry.size[2], geometry.size[1], geometry.size[0]};
  if (tensor->dtype != Dtype::U8 || tensor->shape != wanted)
    return Error{ErrorCode::Corrupt, std::string("the layer ") + name +
                                         " has not the shape of the stack; predict again"};
  auto volume = std::make_shared<ByteVolume>(geometry);
  const auto bytes = tensor->as<std::uint8_t>();
  std::copy(bytes.begin(), bytes.end(), volume->voxels.begin());
  return std::shared_ptr<const ByteVolume>(std::move(volume));
}

Result<PredictionLayers> read(const std::filesystem::path& path, const Stack& stack) {
  if (!std::filesystem::exists(path))
    return Error{ErrorCode::NotFound, path.filename().string() +
                                          ": the run folder holds no probabilities; predict again"};
  GADOLIN_TRY(const auto file, SafetensorsFile::open(path));
  PredictionLayers layers;
  GADOLIN_TRY(layers.fibrosis, volumeOf(file, "p_fibrosis", stack.image.geometry));
  GADOLIN_TRY(layers.cam, volumeOf(file, "cam", stack.image.geometry));
  if (const TensorView* tensor = file.find("slice_probability");
      tensor != nullptr && tensor->dtype == Dtype::F32 &&
      tensor->elementCount() == static_cast<std::size_t>(stack.sliceCount())) {
    const auto values = tensor->as<float>();
    layers.slice_probability.assign(values.begin(), values.end());
  }
  return layers;
}

}  // namespace

std::vector<std::string> strangenessOf(const std::filesystem::path& prediction) {
  const auto file = SafetensorsFile::open(prediction);
  if (!file) return {};
  const auto found = file->metadata().find("outside_training");
  if (found == file->metadata().end()) return {};
  const auto list = nlohmann::json::parse(found->second, nullptr, false);
  std::vector<std::string> reasons;
  if (list.is_array())
    for (const auto& reason : list)
      if (reason.is_string()) reasons.push_back(reason.get<std::string>());
  return reasons;
}

QFuture<Result<PredictionLayers>> loadPredictionLayers(const Project& project, std::string run,
                                                       std::string stack_id,
                                                       std::shared_ptr<const Stack> stack) {
  const auto path = project.paths().run(run).prediction(stack_id);
  return QtConcurrent::run([path, stack = std::move(stack)] { return read(path, *stack); });
}

}  // namespace gadolin::session
