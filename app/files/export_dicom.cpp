#include "app/files/export_dicom.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/files/dicom_originals.h"
#include "app/files/export_folder.h"
#include "app/files/mask_facts.h"
#include "core/base/hash.h"
#include "core/imaging/io/dicom_pixels.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/io/tissue_planes.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/stacks.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

/// A mask to be exported, and how its files are called.
struct NamedMask {
  std::string name;
  db::MaskRecord record;
};

/// The images of a stack anew, as a series that its masks can refer to.
class ImageWriter {
 public:
  explicit ImageWriter(ExportFolder& folder) : folder_(folder) {}

  Result<std::vector<io::SourceImage>> write(const db::StackRecord& record, const Stack& stack) {
    io::DicomSeries series;
    series.patient_id = identityOf(record.patient);
    series.patient_name = series.patient_id;
    series.study_key = "export " + record.patient + " " + record.content_hash;
    series.study_date.clear();
    series.study_description = "Late gadolinium enhancement";
    series.series_description = ("LGE " + record.id).substr(0, 64);
    series.manufacturer = "Gadolin";
    series.bits = 16;
    series.derived = true;
    // The names are asked for first: those of the writer must be these.
    std::vector<fs::path> wanted;
    for (int z = 0; z < stack.sliceCount(); ++z) {
      char name[32];
      std::snprintf(name, sizeof name, "/images/IM%04d.dcm", z + 1);
      GADOLIN_TRY(wanted.emplace_back(), folder_.file(record.id + name));
    }
    GADOLIN_TRY(const auto files,
                io::writeDicomSeries(wanted.front().parent_path(), stack, series));
    if (files != wanted)
      return Error{ErrorCode::Internal, "The images of " + record.id + " got other names."};
    std::vector<io::SourceImage> images;
    for (std::size_t z = 0; z < files.size(); ++z) {
      GADOLIN_CHECK(compare(files[z], stack, static_cast<int>(z)));
      GADOLIN_TRY(const auto image, io::readSourceImage(files[z]));
      if (!image) return differsFromWritten(files[z]);
      images.push_back(*image);
    }
    return images;
  }

 private:
  /// The pseudonym, in at most 64 characters.
  static std::string identityOf(const std::string& patient) {
    if (patient.size() <= 64) return patient;
    return patient.substr(0, 57) + "-" + sha256Hex(patient).substr(0, 6);
  }

  /// 16 bits hold every stack of whole numbers exactly, and others to half of a step.
  static Result<void> compare(const fs::path& file, const Stack& stack, int z) {
    GADOLIN_TRY(const auto pixels, io::DicomPixels::open(file));
    const auto wanted = stack.image.slice(z);
    std::vector<float> back(wanted.size());
    if (pixels.rows() != stack.image.geometry.size[1] ||
        pixels.columns() != stack.image.geometry.size[0])
      return differsFromWritten(file);
    GADOLIN_CHECK(pixels.frame(0, back));
    const auto [low, high] = std::ranges::minmax(stack.image.voxels);
    const double range = std::max(0.0, double{high}) - std::min(0.0, double{low});
    const bool whole = range <= 65535 && std::ranges::all_of(stack.image.voxels, [](float value) {
                         return value == std::floor(value);
                       });
    const double most = whole ? 0 : range / 65535 * 0.51 + 1e-6 * range;
    for (std::size_t i = 0; i < back.size(); ++i)
      if (std::abs(double{back[i]} - double{wanted[i]}) > most) return differsFromWritten(file);
    return {};
  }

  ExportFolder& folder_;
};

/// As the importer reads it: every label at its place, and nothing beside them.
Result<void> compareSegmentation(const fs::path& file, const Stack& stack, const Mask& mask) {
  GADOLIN_TRY(const io::TissuePlanes back, io::readTissuePlanes(file));
  const Geometry &a = stack.image.geometry, &b = back.planes.geometry;
  constexpr double same_mm = 1e-3;
  bool same = a.size[0] == b.size[0] && a.size[1] == b.size[1] &&
              std::abs(a.spacing_mm[0] - b.spacing_mm[0]) < same_mm &&
              std::abs(a.spacing_mm[1] - b.spacing_mm[1]) < same_mm &&
              norm(a.axes[0] - b.axes[0]) < 1e-5 && norm(a.axes[1] - b.axes[1]) < 1e-5;
  const auto& places = back.answer.places_mm;
  std::size_t found = 0;
  for (int z = 0; same && z < mask.geometry.size[2]; ++z) {
    const Vec3& place = stack.slices[static_cast<std::size_t>(z)].origin_mm;
    const auto at = std::ranges::find_if(
        places, [&place](const Vec3& one) { return norm(one - place) < same_mm; });
    const auto wanted = mask.slice(z);
    if (at == places.end()) {
      same = std::ranges::all_of(wanted, [](std::uint8_t label) { return label == 0; });
      continue;
    }
    ++found;
    same = std::ranges::equal(wanted, back.planes.slice(static_cast<int>(at - places.begin())));
  }
  if (!same || found != places.size()) return differsFromWritten(file);
  return {};
}

class DicomExporter {
 public:
  DicomExporter(session::Project& project, ExportFolder folder, const DicomWishes& wishes)
      : project_(project), folder_(std::move(folder)), wishes_(wishes) {}

  Result<void> findOriginals() {
    if (wishes_.images.empty()) return {};
    GADOLIN_TRY(originals_, DicomOriginals::find(project_, wishes_.images));
    return {};
  }

  Result<void> writeStack(const db::StackRecord& record, const std::vector<NamedMask>& masks) {
    GADOLIN_CHECK(folder_.interrupted());
    GADOLIN_TRY(const Stack stack, readStack(project_.paths().stack(record.id)));
    std::vector<io::SourceImage> images;
    for (const NamedMask& one : masks) {
      GADOLIN_TRY(const Mask mask,
                  readMaskOn(project_.paths().mask(one.record.sha256), stack.image.geometry));
      if (std::ranges::all_of(mask.voxels, [](std::uint8_t label) { return label == 0; })) {
        empty_.push_back(record.id + " (" + one.name + ")");
        continue;
      }
      if (images.empty()) {
        GADOLIN_TRY(images, imagesOf(record, stack));
      }
      GADOLIN_TRY(const auto facts,
                  maskFacts(project_, record, one.record, images.front().study_uid));
      GADOLIN_TRY(const fs::path file, folder_.file(record.id + "/" + one.name + "-seg.dcm"));
      GADOLIN_CHECK(io::writeDicomSegmentation(file, stack, mask, images, facts));
      GADOLIN_CHECK(compareSegmentation(file, stack, mask));
      ++written_;
    }
    return {};
  }

  Result<ExportOutcome> finish(std::vector<std::string> warnings) {
    if (written_ == 0)
      return Error{ErrorCode::InvalidInput,
                   "Every mask in the project is empty, and DICOM has no segmentation without a "
                   "voxel."};
    if (!empty_.empty())
      warnings.push_back("Masks without a voxel, which DICOM has no segmentation for: " +
                         listOfNames(empty_) + ".");
    if (!not_found_.empty())
      warnings.push_back("Not all of their images are below " + wishes_.images.string() +
                         ", or they are in one file of many frames; images were written anew "
                         "beside the masks of: " +
                         listOfNames(not_found_) + ".");
    GADOLIN_TRY(auto files, folder_.commit());
    return ExportOutcome{std::move(files), std::move(warnings)};
  }

 private:
  Result<std::vector<io::SourceImage>> imagesOf(const db::StackRecord& record, const Stack& stack) {
    if (originals_) {
      auto images = originals_->of(record.id, stack);
      if (!images.empty()) return images;
      not_found_.push_back(record.id);
    }
    return ImageWriter(folder_).write(record, stack);
  }

  session::Project& project_;
  ExportFolder folder_;
  const DicomWishes& wishes_;
  std::optional<DicomOriginals> originals_;
  std::vector<std::string> empty_, not_found_;
  int written_ = 0;
};

}  // namespace

Result<ExportOutcome> exportDicom(session::Project& project, const fs::path& out,
                                  const DicomWishes& wishes, Output& output) {
  db::Database& database = project.reader();
  if (!wishes.run.empty()) GADOLIN_CHECK(db::runById(database, wishes.run));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto persons, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto predictions, wishes.run.empty()
                                          ? db::latestPredictions(database)
                                          : db::predictionsOfRun(database, wishes.run));
  std::vector<std::pair<db::StackRecord, std::vector<NamedMask>>> work;
  std::vector<std::string> without;
  for (const db::StackRecord& stack : stacks) {
    std::vector<NamedMask> masks;
    if (const auto person = persons.find(stack.id); person != persons.end())
      masks.push_back({std::string(toText(person->second.source)), person->second});
    const auto prediction = std::ranges::find(predictions, stack.id, &db::PredictionRecord::stack);
    if (prediction != predictions.end()) {
      GADOLIN_TRY(auto record, db::maskById(database, prediction->mask));
      masks.push_back({"prediction-" + prediction->run, std::move(record)});
    }
    if (masks.empty())
      without.push_back(stack.id);
    else
      work.emplace_back(stack, std::move(masks));
  }
  if (work.empty())
    return Error{ErrorCode::InvalidInput,
                 "There is no mask in the project to export. Import, draw or predict some."};
  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  DicomExporter exporter(project, std::move(folder), wishes);
  GADOLIN_CHECK(exporter.findOriginals());
  std::int64_t done = 0;
  const auto total = static_cast<std::int64_t>(work.size());
  for (const auto& [stack, masks] : work) {
    output.progress("Writing", done++, total);
    GADOLIN_CHECK(exporter.writeStack(stack, masks));
  }
  output.progress("Writing", total, total);
  std::vector<std::string> warnings;
  if (!without.empty())
    warnings.push_back("Left out, because they have no mask: " + listOfNames(without) + ".");
  return exporter.finish(std::move(warnings));
}

}  // namespace gadolin::ctl
