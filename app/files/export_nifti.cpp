#include "app/files/export_nifti.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "core/imaging/io/volume_reader.h"
#include "core/imaging/io/nifti_writer.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/stacks.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

Error different(const fs::path& file) {
  return {ErrorCode::Io, file.string() +
                             " does not hold what was written to it. Check the disk and "
                             "export again."};
}

/// NIfTI keeps geometry in 32-bit numbers: a hundredth of a millimetre is more than they lose.
bool sameAfterFloat(const Geometry& a, const Geometry& b) {
  return sameGrid(a, b, 0.01, 1e-4);
}

class Exporter {
 public:
  Exporter(session::Project& project, fs::path out) : project_(project), out_(std::move(out)) {}

  Result<void> writeStack(const db::StackRecord& record,
                          const std::map<std::string, db::MaskRecord, std::less<>>& masks,
                          const db::PredictionRecord* prediction) {
    const auto& paths = project_.paths();
    GADOLIN_TRY(const Stack stack, readStack(paths.stack(record.id)));
    noteWhatIsLost(record.id, stack);
    GADOLIN_CHECK(writeImage(place("images", record.id), stack.image));
    const Geometry& geometry = stack.image.geometry;
    if (const auto mask = masks.find(record.id); mask != masks.end()) {
      GADOLIN_CHECK(writeBlob(place("labels", record.id), mask->second.sha256, geometry));
    }
    if (prediction != nullptr) GADOLIN_CHECK(writePrediction(*prediction, geometry));
    return {};
  }

  [[nodiscard]] NiftiExport take() { return std::move(result_); }

  /// Takes back what has been written, after an error.
  void undo() {
    std::error_code ignored;
    for (const auto& file : result_.files) fs::remove(file, ignored);
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
      fs::remove(*folder, ignored);  // only when it is empty
    }
  }

  Result<void> makeFolder(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(folder, ignored)) return {};
    if (folder.has_parent_path()) GADOLIN_CHECK(makeFolder(folder.parent_path()));
    GADOLIN_CHECK(makePrivateFolder(folder));
    folders_.push_back(folder);
    return {};
  }

 private:
  [[nodiscard]] fs::path place(const fs::path& folder, const std::string& stem) const {
    return out_ / folder / (stem + ".nii.gz");
  }

  void noteWhatIsLost(const std::string& id, const Stack& stack) {
    const double nominal_mm = stack.image.geometry.spacing_mm[2];
    for (std::size_t z = 1; z < stack.slices.size(); ++z) {
      const double apart_mm = norm(stack.slices[z].origin_mm - stack.slices[z - 1].origin_mm);
      if (std::abs(apart_mm - nominal_mm) > 0.01) {
        result_.warnings.push_back(id +
                                   ": its slices are unevenly spaced, which NIfTI cannot say; "
                                   "the file has one distance for all.");
        return;
      }
    }
  }

  Result<void> writeImage(const fs::path& file, const Volume<float>& image) {
    GADOLIN_CHECK(makeFolder(file.parent_path()));
    GADOLIN_CHECK(io::writeNifti(file, image));
    result_.files.push_back(file.string());
    GADOLIN_TRY(const Stack back, io::readVolumeStack(file, std::nullopt));
    if (back.image.voxels != image.voxels || !sameAfterFloat(back.image.geometry, image.geometry)) {
      return different(file);
    }
    return {};
  }

  Result<void> writeMaskFile(const fs::path& file, const Mask& mask) {
    GADOLIN_CHECK(makeFolder(file.parent_path()));
    GADOLIN_CHECK(io::writeNifti(file, mask));
    result_.files.push_back(file.string());
    GADOLIN_TRY(const io::ReadMask back, io::readVolumeMask(file, LabelTable::Tissue));
    if (back.mask.voxels != mask.voxels || !sameAfterFloat(back.mask.geometry, mask.geometry)) {
      return different(file);
    }
    return {};
  }

  Result<void> writeBlob(const fs::path& file, const std::string& sha256,
                         const Geometry& geometry) {
    GADOLIN_TRY(const Mask mask, readMaskOn(project_.paths().mask(sha256), geometry));
    return writeMaskFile(file, mask);
  }

  Result<void> writePrediction(const db::PredictionRecord& prediction, const Geometry& geometry) {
    const auto& paths = project_.paths();
    const fs::path folder = fs::path("predictions") / prediction.run;
    GADOLIN_TRY(const auto revision, db::maskById(project_.reader(), prediction.mask));
    GADOLIN_CHECK(writeBlob(place(folder, prediction.stack + "_mask"), revision.sha256, geometry));
    const fs::path source = paths.run(prediction.run).prediction(prediction.stack);
    std::error_code ignored;
    if (!fs::exists(source, ignored)) {
      result_.warnings.push_back(prediction.stack + ": run " + prediction.run +
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
      GADOLIN_CHECK(writeImage(place(folder, prediction.stack + "_" + name), probability));
    }
    return {};
  }

  session::Project& project_;
  fs::path out_;
  NiftiExport result_;
  std::vector<fs::path> folders_;  // made here, parents first
};

}  // namespace

Result<NiftiExport> exportNifti(session::Project& project, const fs::path& out,
                                const std::string& run, Output& output) {
  db::Database& database = project.reader();
  std::error_code ignored;
  if (fs::exists(out, ignored) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored))) {
    return Error{ErrorCode::Conflict, out.string() +
                                          " is not an empty folder. Choose another; an "
                                          "export never replaces a file."};
  }
  if (!run.empty()) GADOLIN_CHECK(db::runById(database, run));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  if (stacks.empty()) {
    return Error{ErrorCode::InvalidInput, "There is no stack in the project. Import some first."};
  }
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto predictions,
              run.empty() ? db::latestPredictions(database) : db::predictionsOfRun(database, run));

  Exporter exporter(project, out);
  const auto write = [&]() -> Result<void> {
    GADOLIN_CHECK(exporter.makeFolder(out));
    std::int64_t done = 0;
    for (const auto& stack : stacks) {
      output.progress("Writing", done++, static_cast<std::int64_t>(stacks.size()));
      const auto own = std::ranges::find(predictions, stack.id, &db::PredictionRecord::stack);
      GADOLIN_CHECK(exporter.writeStack(stack, masks, own == predictions.end() ? nullptr : &*own));
    }
    output.progress("Writing", done, done);
    return {};
  };
  if (auto written = write(); !written) {
    exporter.undo();
    return written.error();
  }
  return exporter.take();
}

}  // namespace gadolin::ctl
