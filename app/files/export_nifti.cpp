#include "app/files/export_nifti.h"

#include <algorithm>
#include <map>

#include "app/files/export_folder.h"
#include "app/files/export_volume.h"
#include "core/base/safetensors.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/stacks.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

class NiftiWriter {
 public:
  NiftiWriter(session::Project& project, ExportFolder folder)
      : project_(project), folder_(std::move(folder)) {}

  Result<void> writeStack(const db::StackRecord& record,
                          const std::map<std::string, db::MaskRecord, std::less<>>& masks,
                          const db::PredictionRecord* prediction) {
    GADOLIN_CHECK(folder_.interrupted());
    const auto& paths = project_.paths();
    GADOLIN_TRY(const Stack stack, readStack(paths.stack(record.id)));
    if (const auto sentence = unevenlySpaced(record.id, stack)) warnings_.push_back(*sentence);
    GADOLIN_CHECK(exportImage(folder_, "images/" + record.id + ".nii.gz", stack.image));
    const Geometry& geometry = stack.image.geometry;
    if (const auto mask = masks.find(record.id); mask != masks.end())
      GADOLIN_CHECK(writeBlob("labels/" + record.id + ".nii.gz", mask->second.sha256, geometry));
    if (prediction != nullptr) GADOLIN_CHECK(writePrediction(*prediction, geometry));
    return {};
  }

  Result<ExportOutcome> finish() {
    GADOLIN_TRY(auto files, folder_.commit());
    return ExportOutcome{std::move(files), std::move(warnings_)};
  }

 private:
  Result<void> writeBlob(const std::string& name, const std::string& sha256,
                         const Geometry& geometry) {
    GADOLIN_TRY(const Mask mask, readMaskOn(project_.paths().mask(sha256), geometry));
    return exportMask(folder_, name, mask);
  }

  Result<void> writePrediction(const db::PredictionRecord& prediction, const Geometry& geometry) {
    const auto& paths = project_.paths();
    const std::string stem = "predictions/" + prediction.run + "/" + prediction.stack + "_";
    GADOLIN_TRY(const auto revision, db::maskById(project_.reader(), prediction.mask));
    GADOLIN_CHECK(writeBlob(stem + "mask.nii.gz", revision.sha256, geometry));
    const fs::path source = paths.run(prediction.run).prediction(prediction.stack);
    std::error_code ignored;
    if (!fs::exists(source, ignored)) {
      warnings_.push_back(prediction.stack + ": run " + prediction.run +
                          " has no probabilities any more; only the mask was written.");
      return {};
    }
    GADOLIN_TRY(const auto file, SafetensorsFile::open(source));
    for (const char* name : {"p_myocardium", "p_fibrosis", "cam"}) {
      const TensorView* tensor = file.find(name);
      if (tensor == nullptr) continue;
      const auto bytes = tensor->as<std::uint8_t>();
      if (tensor->dtype != Dtype::U8 || bytes.size() != geometry.voxels()) {
        return Error{ErrorCode::Corrupt,
                     source.string() + ": '" + name +
                         "' does not have the grid of its stack. Predict again."};
      }
      Volume<float> probability(geometry);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        probability.voxels[i] = static_cast<float>(bytes[i]) / 255.0F;
      }
      GADOLIN_CHECK(exportImage(folder_, stem + name + ".nii.gz", probability));
    }
    return {};
  }

  session::Project& project_;
  ExportFolder folder_;
  std::vector<std::string> warnings_;
};

}  // namespace

Result<ExportOutcome> exportNifti(session::Project& project, const fs::path& out,
                                  const std::string& run, Output& output) {
  db::Database& database = project.reader();
  if (!run.empty()) GADOLIN_CHECK(db::runById(database, run));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  if (stacks.empty()) {
    return Error{ErrorCode::InvalidInput, "There is no stack in the project. Import some first."};
  }
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto predictions,
              run.empty() ? db::latestPredictions(database) : db::predictionsOfRun(database, run));

  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  NiftiWriter writer(project, std::move(folder));
  std::int64_t done = 0;
  for (const auto& stack : stacks) {
    output.progress("Writing", done++, static_cast<std::int64_t>(stacks.size()));
    const auto own = std::ranges::find(predictions, stack.id, &db::PredictionRecord::stack);
    GADOLIN_CHECK(writer.writeStack(stack, masks, own == predictions.end() ? nullptr : &*own));
  }
  output.progress("Writing", done, done);
  return writer.finish();
}

}  // namespace gadolin::ctl
