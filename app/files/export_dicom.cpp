#include "app/files/export_dicom.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/files/dicom_images.h"
#include "app/files/export_folder.h"
#include "app/files/mask_facts.h"
#include "app/files/mask_figures.h"
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

/// The report, read back: every figure with its segment and unit.
Result<void> writeReport(const fs::path& file, const fs::path& segmentation, const Mask& mask,
                         const std::vector<io::SourceImage>& images, const io::MaskFacts& facts,
                         const MaskFigures& measured) {
  const auto segments = io::tissueSegments(mask);
  GADOLIN_CHECK(io::writeMeasurementReport(file, segmentation, segments, images, facts,
                                           measured.figures, measured.remarks));
  GADOLIN_TRY(const auto back, io::readMeasurementReport(file));
  GADOLIN_TRY(const auto of, io::readSourceImage(segmentation));
  bool same = of && back.size() == measured.figures.size();
  for (std::size_t i = 0; same && i < back.size(); ++i) {
    const io::SegmentFigure& wanted = measured.figures[i];
    const auto segment = std::ranges::find(segments, wanted.segment, &io::TissueSegment::tissue);
    same = segment != segments.end() && back[i].segment_number == segment->number &&
           back[i].segmentation_uid == of->sop_uid &&
           back[i].concept_value == io::conceptOf(wanted.figure).value &&
           back[i].unit == io::unitOf(wanted.figure).value && back[i].value == wanted.value;
  }
  return same ? Result<void>() : differsFromWritten(file);
}

class DicomExporter {
 public:
  DicomExporter(session::Project& project, ExportFolder folder, ReferredImages images,
                const DicomWishes& wishes)
      : project_(project),
        folder_(std::move(folder)),
        wishes_(wishes),
        images_(std::move(images)) {}

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
        GADOLIN_TRY(images, images_.of(folder_, record, stack));
      }
      GADOLIN_TRY(const auto history,
                  maskHistory(project_, record, one.record, images.front().study_uid));
      GADOLIN_TRY(const fs::path file, folder_.file(record.id + "/" + one.name + "-seg.dcm"));
      GADOLIN_CHECK(io::writeDicomSegmentation(file, stack, mask, images, history.facts));
      GADOLIN_CHECK(compareSegmentation(file, stack, mask));
      ++written_;
      if (!wishes_.reports) continue;
      GADOLIN_TRY(const auto figures, measureMask(project_, stack, mask, one.record, history.facts,
                                                  history.began_as_prediction));
      GADOLIN_TRY(const fs::path report, folder_.file(record.id + "/" + one.name + "-sr.dcm"));
      GADOLIN_CHECK(writeReport(report, file, mask, images, history.facts, figures));
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
    std::ranges::move(images_.sentences(), std::back_inserter(warnings));
    GADOLIN_TRY(auto files, folder_.commit());
    return ExportOutcome{std::move(files), std::move(warnings)};
  }

 private:
  session::Project& project_;
  ExportFolder folder_;
  const DicomWishes& wishes_;
  ReferredImages images_;
  std::vector<std::string> empty_;
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
  GADOLIN_TRY(auto images, ReferredImages::find(project, wishes.images));
  GADOLIN_TRY(auto folder, ExportFolder::create(out));
  DicomExporter exporter(project, std::move(folder), std::move(images), wishes);
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
