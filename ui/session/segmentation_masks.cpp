#include "ui/session/segmentation_masks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/imaging/regrid.h"
#include "core/imaging/stack_file.h"
#include "database/stacks.h"
#include "ui/session/import_store.h"
#include "ui/session/waiting_segmentations.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

bool haveOneInCommon(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(
      a, [&](const std::string& mark) { return std::ranges::find(b, mark) != b.end(); });
}

/// A segmentation on the voxels of a stack.
struct Placed {
  const FoundSegmentation* from = nullptr;
  Mask mask;
};

class Placing {
 public:
  Placing(Project& project, const std::string& who) : project_(project), who_(who) {}

  Result<SegmentationOutcome> run(const std::vector<FoundSegmentation>& found) {
    GADOLIN_TRY(marks_, allMarks(project_.reader()));
    GADOLIN_TRY(const auto stacks, db::allStacks(project_.reader()));
    for (const auto& stack : stacks) patient_of_[stack.id] = stack.patient;
    for (const auto& segmentation : found) GADOLIN_CHECK(place(segmentation));
    for (auto& [stack, placed] : placed_) GADOLIN_CHECK(store(stack, placed));
    for (const auto& segmentation : found) {
      if (segmentation.waited && !still_waiting_.contains(&segmentation))
        GADOLIN_CHECK(forgetWaiting(segmentation));
    }
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] static bool namesImages(const FoundSegmentation& s) {
    return !s.marks.images.empty() || !s.marks.series.empty();
  }

  [[nodiscard]] std::vector<std::string> candidates(const FoundSegmentation& s) const {
    std::vector<std::string> stacks;
    for (const auto& [stack, marks] : marks_) {
      const auto patient = patient_of_.find(stack);
      if (patient == patient_of_.end()) continue;
      const bool wanted = !s.marks.images.empty() ? haveOneInCommon(s.marks.images, marks.images)
                          : !s.marks.series.empty()
                              ? haveOneInCommon(s.marks.series, marks.series)
                              : !s.marks.space.empty() && s.marks.space == marks.space &&
                                    s.patient == patient->second;
      if (wanted) stacks.push_back(stack);
    }
    return stacks;
  }

  void refuse(const FoundSegmentation& s, std::string reason, std::string code) {
    outcome_.refused.push_back({s.shown, std::move(reason), std::move(code)});
  }

  Result<void> place(const FoundSegmentation& s) {
    const auto stacks = candidates(s);
    if (stacks.empty()) {
      if (s.waited) {
        still_waiting_.insert(&s);
        return {};
      }
      GADOLIN_CHECK(keepWaiting(project_.paths(), s));
      refuse(s,
             "The images that it was made on are not in the project. It is kept, and becomes their "
             "mask "
             "when they are imported.",
             "mask-waits");
      return {};
    }
    GADOLIN_TRY(const Mask planes, readMask(s.file));
    std::vector<std::pair<std::string, Mask>> fitting;
    std::optional<Error> why;
    for (const auto& id : stacks) {
      GADOLIN_TRY(const Stack stack, readStack(project_.paths().stack(id)));
      auto mask = onSlices(planes, s.answer.places_mm, stack);
      if (mask)
        fitting.emplace_back(id, std::move(*mask));
      else if (!why)
        why = mask.error();
    }
    if (fitting.empty()) {
      refuse(s, why->message, "mask-grid");
    } else if (fitting.size() > 1 && !namesImages(s)) {
      std::string list;
      for (const auto& [id, mask] : fitting) list += (list.empty() ? "" : ", ") + id;
      refuse(s,
             "It names no images, and lies on the voxels of several stacks (" + list +
                 "): export it with references to its images.",
             "mask-ambiguous");
    } else {
      for (auto& [id, mask] : fitting) placed_[id].push_back({&s, std::move(mask)});
    }
    return {};
  }

  /// Whether no two of them hold the same tissue: one object a structure.
  static bool completeEachOther(const std::vector<Placed>& placed) {
    std::set<int> seen;
    for (const auto& one : placed)
      for (const int tissue : one.from->answer.tissues)
        if (!seen.insert(tissue).second) return false;
    return true;
  }

  Result<void> store(const std::string& stack, std::vector<Placed>& placed) {
    std::ranges::stable_sort(placed, {}, [](const Placed& one) { return one.from->answer.made; });
    if (placed.size() > 1 && completeEachOther(placed)) {
      Mask whole = std::move(placed.front().mask);
      for (std::size_t i = 1; i < placed.size(); ++i) {
        std::ranges::transform(whole.voxels, placed[i].mask.voxels, whole.voxels.begin(),
                               [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
      }
      GADOLIN_CHECK(storeOne(stack, whole));
      outcome_.warnings.emplace_back(
          stack,
          std::to_string(placed.size()) + " segmentations of different structures are one mask.");
    } else {
      for (const auto& one : placed) GADOLIN_CHECK(storeOne(stack, one.mask));
      if (placed.size() > 1)
        outcome_.warnings.emplace_back(
            stack, std::to_string(placed.size()) +
                       " segmentations hold the same structure; the one that was "
                       "made last counts, the others are earlier revisions.");
    }
    for (const auto& one : placed) {
      for (const auto& note : one.from->answer.notes) outcome_.warnings.emplace_back(stack, note);
      if (one.from->waited)
        outcome_.warnings.emplace_back(stack,
                                       "Its mask had waited for it since an earlier import.");
      outcome_.taken.push_back(one.from->shown);
    }
    outcome_.masked.insert(stack);
    return {};
  }

  Result<void> storeOne(const std::string& stack, const Mask& mask) {
    const auto file = project_.paths().scratch() / (stack + "-mask.safetensors");
    GADOLIN_CHECK(writeMask(file, mask));
    const auto fresh = storeMask(project_, stack, contentHash(mask), file, who_);
    std::error_code ignored;  // known already, or a fault
    fs::remove(file, ignored);
    if (!fresh) return fresh.error();
    outcome_.new_masks += *fresh ? 1 : 0;
    return {};
  }

  Project& project_;
  const std::string& who_;
  std::map<std::string, ImageMarks> marks_;        // by stack
  std::map<std::string, std::string> patient_of_;  // by stack
  std::map<std::string, std::vector<Placed>> placed_;
  std::set<const FoundSegmentation*> still_waiting_;
  SegmentationOutcome outcome_;
};

}  // namespace

Result<SegmentationOutcome> placeSegmentations(Project& project,
                                               std::vector<FoundSegmentation> found,
                                               const std::string& who) {
  GADOLIN_TRY(auto waiting, waitingSegmentations(project.paths()));
  // One that comes again is not to be told twice.
  std::erase_if(waiting, [&](const FoundSegmentation& old) {
    return std::ranges::any_of(found, [&](const FoundSegmentation& fresh) {
      return fresh.shown == old.shown && sameContent(fresh, old);
    });
  });
  std::ranges::move(waiting, std::back_inserter(found));
  if (found.empty()) return SegmentationOutcome();
  return Placing(project, who).run(found);
}

}  // namespace gadolin::session
