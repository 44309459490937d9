#include "ui/session/segmentation_masks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/imaging/regrid.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "ui/session/import_store.h"
#include "ui/session/segmentation_parts.h"
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
    outcome_.refused.push_back(
        {s.shown, std::move(reason), std::move(code), std::nullopt, s.place});
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

  void warn(const std::string& stack, std::string sentence) {
    outcome_.warnings.emplace_back(stack, std::move(sentence));
  }

  /// What came for the stack before. A reference mask that no segmentation made, or one of a
  /// project from before parts were kept, stands for all of it.
  Result<SegmentationParts> knownParts(const std::string& stack, const Geometry& grid) {
    GADOLIN_TRY(auto known, partsOfStack(project_.reader(), stack));
    GADOLIN_TRY(const auto newest,
                db::latestMask(project_.reader(), stack, db::MaskSource::Reference));
    if (!newest || newest->sha256 == known.whole) return known;
    GADOLIN_TRY(const Mask mask, readMaskOn(project_.paths().mask(newest->sha256), grid));
    return SegmentationParts{newest->sha256, {{newest->sha256, "", tissuesIn(mask), true}}};
  }

  Result<void> store(const std::string& stack, std::vector<Placed>& placed) {
    std::ranges::stable_sort(placed, {}, [](const Placed& one) { return one.from->answer.made; });
    const Geometry grid = placed.front().mask.geometry;
    GADOLIN_TRY(SegmentationParts known, knownParts(stack, grid));
    const SegmentationParts before = known;
    std::map<std::size_t, const Placed*> came;  // by part
    for (const auto& one : placed) {
      const auto& answer = one.from->answer;
      came[addPart(known.parts, {contentHash(one.mask), answer.made, answer.tissues, false})] =
          &one;
    }
    const auto counting = countingParts(known.parts);
    const auto counts = [&](std::size_t i) { return std::ranges::binary_search(counting, i); };
    GADOLIN_TRY(const Mask whole, join(known.parts, counting, came, grid));
    known.whole = contentHash(whole);

    // A revision that is not the last can be stored before the last alone.
    const bool changes = known.whole != before.whole;
    std::size_t revisions = 0;
    for (const auto& [i, one] : came) {
      SegmentationPart& part = known.parts[i];
      if (!counts(i) && !part.taken && changes) {
        GADOLIN_CHECK(storeOne(stack, one->mask));
        ++revisions;
      }
      part.taken = part.taken || changes || counts(i);
    }
    if (counting.size() > 1) {
      for (const std::size_t i : counting)
        if (came.contains(i))
          GADOLIN_CHECK(keepPart(project_.paths(), known.parts[i].mask, came.at(i)->mask));
    }
    if (changes) GADOLIN_CHECK(storeOne(stack, whole));
    GADOLIN_CHECK(project_.writeNow<void>(
        [&](db::Database& database) { return setPartsOfStack(database, stack, known); }));

    tellParts(stack, counting, came);
    if (revisions > 0) {
      warn(stack, std::to_string(placed.size()) +
                      " segmentations hold the same structure; the one that was made last counts, "
                      "the others are earlier revisions.");
    } else if (std::ranges::any_of(countingParts(before.parts),
                                   [&](std::size_t i) { return !counts(i); })) {
      warn(stack,
           "The new segmentation holds a structure of the mask that was there, and was made later: "
           "that one is an earlier revision now.");
    }
    if (const auto tissues = tissuesIn(whole);
        !std::ranges::binary_search(tissues, 2) && tissues.back() > 2)
      warn(
          stack,
          "Its mask holds scar and no myocardium: no share of the myocardium can be measured until "
          "a segmentation of the myocardium comes.");
    tellEach(stack, placed, known.parts);
    outcome_.masked.insert(stack);
    return {};
  }

  Result<Mask> join(const std::vector<SegmentationPart>& parts,
                    const std::vector<std::size_t>& counting,
                    const std::map<std::size_t, const Placed*>& came, const Geometry& grid) {
    Mask whole(grid);
    for (const std::size_t i : counting) {
      if (const auto one = came.find(i); one != came.end()) {
        addInner(whole, one->second->mask);
      } else {
        GADOLIN_TRY(const Mask mask, readPart(project_.paths(), parts[i].mask, grid));
        addInner(whole, mask);
      }
    }
    return whole;
  }

  void tellParts(const std::string& stack, const std::vector<std::size_t>& counting,
                 const std::map<std::size_t, const Placed*>& came) {
    if (counting.size() < 2) return;
    const auto earlier =
        std::ranges::count_if(counting, [&](std::size_t i) { return !came.contains(i); });
    std::string sentence =
        std::to_string(counting.size()) + " segmentations of different structures are one mask";
    if (earlier > 0) sentence += ", " + std::to_string(earlier) + " of them from earlier imports";
    warn(stack, sentence + ".");
  }

  void tellEach(const std::string& stack, const std::vector<Placed>& placed,
                const std::vector<SegmentationPart>& parts) {
    for (const auto& one : placed) {
      const auto part = std::ranges::find(parts, contentHash(one.mask), &SegmentationPart::mask);
      if (!part->taken) {
        refuse(*one.from,
               "The mask that is there holds the same structure and was made later" +
                   std::string(one.from->answer.made.empty() ? ", as far as is known" : "") +
                   ". This one was not taken.",
               "mask-older");
        continue;
      }
      for (const auto& note : one.from->answer.notes) warn(stack, note);
      const auto& space = one.from->marks.space;
      if (!space.empty() && !marks_[stack].space.empty() && space != marks_[stack].space)
        warn(stack,
             "Its segmentation says to lie in another frame of reference than the images that it "
             "names: check that it lies on the heart.");
      if (one.from->waited) warn(stack, "Its mask had waited for it since an earlier import.");
      outcome_.taken.push_back({one.from->shown, one.from->place});
    }
  }

  /// As the newest revision, also where an earlier one has the same content.
  Result<void> storeOne(const std::string& stack, const Mask& mask) {
    const auto file = project_.paths().scratch() / (stack + "-mask.safetensors");
    const std::string hash = contentHash(mask);
    GADOLIN_CHECK(writeMask(file, mask));
    const auto fresh = storeMask(project_, stack, hash, file, who_);
    std::error_code ignored;  // known already, or a fault
    fs::remove(file, ignored);
    if (!fresh) return fresh.error();
    if (*fresh) {
      ++outcome_.new_masks;
      return {};
    }
    return project_.writeNow<void>([&](db::Database& database) -> Result<void> {
      GADOLIN_TRY(const auto newest, db::latestMask(database, stack, db::MaskSource::Reference));
      if (newest && newest->sha256 == hash) return {};
      db::MaskRecord record;
      record.stack = stack;
      record.source = db::MaskSource::Reference;
      record.author = who_;
      record.sha256 = hash;
      GADOLIN_CHECK(db::addMask(database, record));
      return {};
    });
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
