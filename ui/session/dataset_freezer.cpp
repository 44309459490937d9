#include "ui/session/dataset_freezer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "core/base/hash.h"
#include "core/imaging/stack_file.h"
#include "core/labels/whole_label.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/stack_labels.h"
#include "database/stacks.h"
#include "ui/session/drawings.h"

namespace gadolin::session {
namespace {

/// A stack in memory until the file is written.
struct Loaded {
  db::StackRecord record;
  dataset::Part part = dataset::Part::None;
  Stack stack;
  std::vector<SliceLabel> labels;
  std::optional<SliceLabel> stack_label;
  std::optional<Mask> mask;
  bool mask_shows_fibrosis = true;
  std::vector<int> undrawn_slices;
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

bool positive(SliceLabel label) {
  return label == SliceLabel::Fibrosis || label == SliceLabel::Unsure;
}

/// A mask without scar may be the outline of a heart whose scar nobody has drawn.
bool showsFibrosis(const Loaded& loaded) {
  if (!loaded.mask) return false;
  return std::ranges::any_of(loaded.mask->voxels, isFibrosis) ||
         !(std::ranges::any_of(loaded.labels, positive) ||
           (loaded.stack_label && positive(*loaded.stack_label)));
}

std::vector<PatientEvidence> evidenceOf(const std::vector<std::unique_ptr<Loaded>>& all) {
  std::map<std::string, PatientEvidence> patients;
  for (const auto& loaded : all) {
    if (loaded->part == dataset::Part::Test) continue;
    PatientEvidence& patient = patients[loaded->record.patient];
    patient.patient = loaded->record.patient;
    patient.part = loaded->part;
    patient.masks = patient.masks || showsFibrosis(*loaded);
    for (const SliceLabel label : loaded->labels) {
      patient.slices = patient.slices || label == SliceLabel::Fibrosis || label == SliceLabel::None;
    }
    patient.fibrosis = patient.fibrosis || loaded->stack_label == SliceLabel::Fibrosis ||
                       (loaded->mask && std::ranges::any_of(loaded->mask->voxels, isFibrosis));
  }
  std::vector<PatientEvidence> list;
  for (auto& [name, patient] : patients) list.push_back(std::move(patient));
  return list;
}

/// Takes out what the run may not see.
void hideBeyond(Sight sight, Loaded& loaded) {
  loaded.mask_shows_fibrosis = sight == Sight::Masks && showsFibrosis(loaded);
  if (loaded.mask && !loaded.mask_shows_fibrosis) {
    // The outline of scar that was drawn alone would be all of its "myocardium".
    if (outlinesMyocardium(loaded.mask->voxels))
      hideScar(*loaded.mask);
    else
      loaded.mask.reset();
  }
  if (sight == Sight::Stack) loaded.labels.clear();
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
    out.stack_label = loaded->stack_label;
    out.image = loaded->stack.image.voxels;
    if (loaded->mask) {
      out.mask = loaded->mask->voxels;
      out.mask_shows_fibrosis = loaded->mask_shows_fibrosis;
      out.undrawn_slices = loaded->undrawn_slices;
      ++summary.masks;
      if (out.part == dataset::Part::Train) {
        summary.scar_masks_in_training += std::ranges::any_of(out.mask, isFibrosis) ? 1 : 0;
        summary.outlines_in_training += outlinesMyocardium(out.mask) ? 1 : 0;
      }
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
                                        const SightPlan& plan, const std::filesystem::path& file,
                                        const FreezeProgress& progress,
                                        const std::atomic<bool>& cancel,
                                        const PatientParts& parts) {
  GADOLIN_TRY(const PatientParts part_of, partsOf(database, parts));
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto masks, db::latestPersonMasks(database));
  GADOLIN_TRY(const auto labels, db::allConsensusLabels(database));
  GADOLIN_TRY(const auto said, db::saidStackLabels(database));

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
      const auto known_whole = said.find(loaded->record.id);
      const SliceLabel whole = wholeLabel(
          loaded->labels, known_whole == said.end() ? SliceLabel::Unlabelled : known_whole->second);
      if (whole != SliceLabel::Unlabelled) loaded->stack_label = whole;
      if (const auto mask = masks.find(loaded->record.id); mask != masks.end()) {
        GADOLIN_TRY(loaded->mask, loadMask(paths, mask->second, loaded->stack));
        GADOLIN_TRY(loaded->undrawn_slices, undrawnSlices(database, mask->second, *loaded->mask));
      }
    }
    if (progress) progress(++done, static_cast<int>(all.size()));
  }
  const auto evidence = evidenceOf(all);
  const Sights sights = chooseSights(evidence, plan);
  for (const auto& loaded : all) {
    if (loaded->part != dataset::Part::Test) hideBeyond(sights.at(loaded->record.patient), *loaded);
  }
  GADOLIN_TRY(FreezeSummary summary, write(all, file));
  for (const auto& patient : evidence) {
    if (patient.part != dataset::Part::Train) continue;
    const Sight sight = sights.at(patient.patient);
    if (sight == Sight::Masks && patient.masks) ++summary.pixel_patients;
    if (sight == Sight::Slices && patient.slices) ++summary.slice_patients;
    if (sight == Sight::Stack) ++summary.stack_patients;
  }
  return summary;
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
