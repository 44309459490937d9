#include "ui/session/prediction_importer.h"

#include <array>
#include <cmath>
#include <filesystem>

#include "core/base/safetensors.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "ui/session/project.h"

namespace gadolin::session {
namespace {

Result<std::span<const std::uint8_t>> bytesOf(const SafetensorsFile& file, const char* name,
                                              const Geometry& geometry,
                                              const std::filesystem::path& path) {
  const TensorView* tensor = file.find(name);
  if (tensor == nullptr) {
    return Error{ErrorCode::Corrupt, path.string() + " has no tensor '" + name + "'."};
  }
  const std::vector<std::int64_t> expected{geometry.size[2], geometry.size[1], geometry.size[0]};
  if (tensor->dtype != Dtype::U8 || tensor->shape != expected) {
    return Error{ErrorCode::Corrupt, path.string() + ": '" + name +
                                         "' does not have the grid of its stack. Predict again."};
  }
  return tensor->as<std::uint8_t>();
}

}  // namespace

double fibrosisUncertainty(const Mask& mask, std::span<const std::uint8_t> probability) {
  std::array<double, 256> entropy{};
  for (std::size_t i = 1; i < 255; ++i) {
    const double p = static_cast<double>(i) / 255.0;
    entropy[i] = -p * std::log2(p) - (1 - p) * std::log2(1 - p);
  }
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < mask.voxels.size(); ++i) {
    if (!isMyocardium(mask.voxels[i])) continue;
    sum += entropy[probability[i]];
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

Result<PredictionFigures> readPrediction(const ProjectPaths& paths, const run::RunFolder& folder,
                                         const std::string& stack_id) {
  const std::filesystem::path path = folder.prediction(stack_id);
  GADOLIN_TRY(const Stack stack, readStack(paths.stack(stack_id)));
  GADOLIN_TRY(const auto file, SafetensorsFile::open(path));
  const Geometry& geometry = stack.image.geometry;
  GADOLIN_TRY(const auto labels, bytesOf(file, "mask", geometry, path));
  GADOLIN_TRY(const auto probability, bytesOf(file, "p_fibrosis", geometry, path));

  Mask mask(geometry);
  mask.voxels.assign(labels.begin(), labels.end());
  PredictionFigures figures;
  figures.stack = stack_id;
  figures.mask_sha256 = contentHash(mask);
  for (int z = 0; z < stack.sliceCount(); ++z) {
    std::size_t myocardium = 0, scar = 0;
    for (const std::uint8_t label : mask.slice(z)) {
      myocardium += isMyocardium(label) ? 1 : 0;
      scar += isFibrosis(label) ? 1 : 0;
    }
    figures.myocardium_ml += static_cast<double>(myocardium) * stack.voxelVolume_ml(z);
    figures.scar_ml += static_cast<double>(scar) * stack.voxelVolume_ml(z);
  }
  figures.uncertainty = fibrosisUncertainty(mask, probability);
  std::error_code code;
  if (!std::filesystem::exists(paths.mask(figures.mask_sha256), code)) {
    GADOLIN_CHECK(writeMask(paths.mask(figures.mask_sha256), mask));
  }
  return figures;
}

Result<bool> importPrediction(Project& project, const std::string& run, const std::string& stack) {
  GADOLIN_TRY(const PredictionFigures figures,
              readPrediction(project.paths(), project.paths().run(run), stack));
  return project.writeNow<bool>([&figures, &run](db::Database& database) -> Result<bool> {
    GADOLIN_TRY(const auto known, db::predictionsOfRun(database, run));
    for (const db::PredictionRecord& prediction : known) {
      if (prediction.stack != figures.stack) continue;
      GADOLIN_TRY(const db::MaskRecord mask, db::maskById(database, prediction.mask));
      if (mask.sha256 == figures.mask_sha256) return false;
    }
    db::MaskRecord mask;
    mask.stack = figures.stack;
    mask.source = db::MaskSource::Prediction;
    mask.author = "gadolin";
    mask.run = run;
    mask.sha256 = figures.mask_sha256;
    db::PredictionRecord prediction;
    GADOLIN_TRY(prediction.mask, db::addMask(database, mask));
    prediction.run = run;
    prediction.stack = figures.stack;
    prediction.myocardium_ml = figures.myocardium_ml;
    prediction.scar_ml = figures.scar_ml;
    prediction.uncertainty = figures.uncertainty;
    GADOLIN_CHECK(db::addPrediction(database, prediction));
    return true;
  });
}

}  // namespace gadolin::session
