#include "ui/session/dataset_freezer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "core/base/hash.h"
#include "core/imaging/stack_file.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/splits.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

/// A stack in memory until the file is written.
struct Loaded {
  db::StackRecord record;
  dataset::Part part = dataset::Part::None;
  Stack stack;
  std::vector<SliceLabel> labels;
  std::optional<Mask> mask;
};

Result<Stack> load(const ProjectPaths& paths, const db::StackRecord& record) {
  auto stack = readStack(paths.stack(record.id));
  if (!stack) return stack.error().within("Stack " + record.id);
  if (stack->image.geometry.size != record.size) {
    return Error{ErrorCode::Corrupt, "Stack " + record.id +
                                         ": its file has another size than the database says. Run "
                                         "`gadolinctl check` on the project."};
  }
  return stack;
}

Result<Mask> loadMask(const ProjectPaths& paths, const db::MaskRecord& record, const Stack& stack) {
  auto mask = readMaskOn(paths.mask(record.sha256), stack.image.geometry);
  if (!mask) return mask.error().within("Mask of " + record.stack);
  return mask;
}

void hideScar(Mask& mask) {
  for (std::uint8_t& label : mask.voxels) {
    if (isFibrosis(label)) label = static_cast<std::uint8_t>(Tissue::Myocardium);
  }
}

Result<FreezeSummary> write(const std::vector<std::unique_ptr<Loaded>>& all,
                            const std::filesystem::path& file) {
  FreezeSummary summary;
  std::vector<dataset::FrozenStack> frozen;
  for (const auto& loaded : all) {
    dataset::FrozenStack out;
    const Geometry& geometry = loaded->stack.image.geometry;
    out.stack = loaded->record.id;
    out.patient = loaded->record.patient;
    out.part = loaded->part;
    out.kind = toText(loaded->record.kind);  // a person may know better than the file
    out.size = geometry.size;
    out.spacing_mm = geometry.spacing_mm;
    for (const SliceInfo& slice : loaded->stack.slices)
      out.slice_extent_mm.push_back(slice.extent_mm);
    out.labels = loaded->labels;
    if (!out.labels.empty()) {
      const SliceLabel whole = stackLabel(out.labels);
      if (whole != SliceLabel::Unlabelled) out.stack_label = whole;
    }
    out.image = loaded->stack.image.voxels;
    if (loaded->mask) {
      out.mask = loaded->mask->voxels;
      ++summary.masks;
      const bool scar = std::ranges::any_of(out.mask, [](std::uint8_t label) { return label >= 3; });
      if (scar && out.part == dataset::Part::Train) ++summary.scar_masks_in_training;
    }
    frozen.push_back(std::move(out));
  }
  GADOLIN_CHECK(dataset::writeFrozenDataset(file, frozen));
  summary.stacks = static_cast<int>(frozen.size());
  GADOLIN_TRY(summary.sha256, sha256HexOfFile(file));
  return summary;
}

}  // namespace

Result<FreezeSummary> freezeForTraining(db::Database& database, const ProjectPaths& paths,
                                        run::Supervision supervision,
                                        const std::filesystem::path& file,
                                        const FreezeProgress& progress,
                                        const std::atomic<bool>& cancel) {
  GADOLIN_TRY(const auto split, db::split(database));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto labels, db::allConsensusLabels(database));
  std::map<std::string, dataset::Part> part_of;
  for (const auto& row : split) part_of[row.patient] = row.part;

  std::vector<std::unique_ptr<Loaded>> all;
  for (const db::StackRecord& record : stacks) {
    const auto part = part_of.find(record.patient);
    if (part == part_of.end() || part->second == dataset::Part::None) continue;
    all.push_back(std::make_unique<Loaded>());
    all.back()->record = record;
    all.back()->part = part->second;
  }
  // Sorted by patient and stack, whatever the order of import: the same project gives the same
  // file.
  std::ranges::sort(all, {}, [](const auto& loaded) {
    return std::pair(loaded->record.patient, loaded->record.id);
  });
  int done = 0;
  for (const auto& loaded : all) {
    if (cancel) return Error{ErrorCode::Cancelled, "Cancelled while freezing the dataset."};
    GADOLIN_TRY(loaded->stack, load(paths, loaded->record));
    if (loaded->part != dataset::Part::Test) {
      if (const auto known = labels.find(loaded->record.id); known != labels.end()) {
        loaded->labels = known->second;
      }
      if (const auto mask = masks.find(loaded->record.id); mask != masks.end()) {
        GADOLIN_TRY(loaded->mask, loadMask(paths, mask->second, loaded->stack));
        if (supervision != run::Supervision::Pixel && loaded->part == dataset::Part::Train) {
          hideScar(*loaded->mask);
        }
      }
    }
    if (progress) progress(++done, static_cast<int>(all.size()));
  }
  return write(all, file);
}

Result<FreezeSummary> freezeForPrediction(db::Database& database, const ProjectPaths& paths,
                                          const std::vector<std::string>& stacks,
                                          const std::filesystem::path& file) {
  std::vector<std::unique_ptr<Loaded>> all;
  for (const std::string& id : stacks) {
    all.push_back(std::make_unique<Loaded>());
    GADOLIN_TRY(all.back()->record, db::stackById(database, id));
    GADOLIN_TRY(all.back()->stack, load(paths, all.back()->record));
  }
  return write(all, file);
}

}  // namespace gadolin::session
