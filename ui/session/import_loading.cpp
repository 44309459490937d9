#include "ui/session/import_loading.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "core/imaging/stack_file.h"
#include "database/stacks.h"
#include "ui/session/foreign_text.h"
#include "ui/session/import_batch.h"
#include "ui/session/mask_fitting.h"
#include "ui/session/segmentation_masks.h"
#include "ui/session/series_decisions.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// The file that the reader's sentence begins with; the first when it names none.
const std::string& guiltySource(const DecodeOutcome& outcome,
                                const std::vector<std::string>& sources) {
  if (const auto* error = std::get_if<Error>(&outcome.answer)) {
    for (const auto& source : sources) {
      if (error->message.starts_with(fs::path(source).filename().string() + " ")) return source;
    }
  }
  return sources.front();
}

/// Why a file of these values is no image.
std::string noImageBut(const std::vector<double>& labels) {
  std::string listed;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", labels[i]);
    listed += std::string(i == 0 ? "" : i + 1 == labels.size() ? " and " : ", ") + text.data();
  }
  return "It holds no values but " + listed +
         ", as a mask does and no image. Lay it beside its image, under the image's name and _mask "
         "(X.nii.gz and X_mask.nii.gz), and import both.";
}

template <typename Answer>
Result<Answer> answerOf(const DecodeOutcome& outcome) {
  if (const auto* answer = std::get_if<Answer>(&outcome.answer)) return *answer;
  return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
}

/// The second pass: reads the stacks and masks that the headers promise, and stores them in that
/// order.
class Loading {
 public:
  /// @param former_hashes  the project has stacks with a content hash of the former kind
  Loading(const ImportContext& context, KnownImages before, bool former_hashes)
      : in_(context),
        batch_(context.project, context.tally, context.who, std::move(before)),
        former_hashes_(former_hashes) {}

  /// What was read before a fault or Cancel is stored all the same.
  Result<void> run() {
    auto loaded = loadAll();
    if (auto last = batch_.store(); loaded && !last) loaded = std::move(last);
    return loaded;
  }

 private:
  Result<void> loadAll() {
    auto series = sortSeries(in_.files.images);
    noteUnreadableNeighbours(series.plans);
    for (auto& refusal : series.refusals) {
      refusal.path = in_.shown.at(refusal.path);
      in_.tally.refuse(std::move(refusal));
    }
    for (const auto& warning : series.warnings) in_.tally.warnings.add("", warning);
    const auto volumes = sortNifti(in_.files.volumes, in_.request.layout);
    for (const auto i : volumes.orphans) {
      in_.tally.refuse({shownVolume(i),
                        "It looks like a mask by its name, but its image is not there.",
                        "mask-without-image"});
    }
    for (const auto i : volumes.strangers) {
      in_.tally.refuse(
          {shownVolume(i), "It does not fit the layout that was asked for.", "other-layout"});
    }
    for (const auto& found : volumes.cases)
      in_.identities.learnFile(found.patient, shownVolume(found.image));
    total_ = series.plans.size() + volumes.cases.size() + in_.files.segmentations.size();
    in_.tally.on_progress("Importing", 0, total_);
    for (auto& plan : series.plans) GADOLIN_CHECK(begin([&] { return beginSeries(plan); }));
    for (const auto& found : volumes.cases) GADOLIN_CHECK(begin([&] { return beginCase(found); }));
    for (const auto& header : in_.files.segmentations)
      GADOLIN_CHECK(begin([&] { return beginSegmentation(header); }));
    GADOLIN_CHECK(finishPending(0));
    GADOLIN_CHECK(batch_.store());
    return storeSegmentations();
  }

  /// A file that could not be read may have been a slice of the stacks of its folder, of which
  /// there are few then.
  void noteUnreadableNeighbours(std::vector<SeriesPlan>& plans) {
    constexpr std::size_t few = 4;
    std::map<fs::path, std::string> unreadable;  // a file by its folder, as shown
    for (const auto& refusal : in_.tally.so_far.refused)
      unreadable.try_emplace(
          fs::path(refusal.path).parent_path(),
          fs::path(in_.identities.cleanRefused(refusal.path)).filename().string());
    std::map<fs::path, std::vector<SeriesPlan*>> by_folder;
    for (auto& plan : plans)
      by_folder[fs::path(in_.shown.at(plan.slices.front().sources.front().path)).parent_path()]
          .push_back(&plan);
    for (const auto& [folder, stacks] : by_folder) {
      const auto found = unreadable.find(folder);
      if (found == unreadable.end() || stacks.size() > few) continue;
      for (auto* plan : stacks)
        plan->notes.push_back("A file of the same folder could not be read (" + found->second +
                              "): a slice may be missing.");
    }
  }

  template <typename Begin>
  Result<void> begin(const Begin& one) {
    GADOLIN_CHECK(one());
    // So many stacks may lie in the scratch folder, so that the readers go on while a batch is stored.
    return finishPending(ImportBatch::stored_at_once +
                         static_cast<std::size_t>(2 * in_.pool.readers()));
  }

  /// Takes in order what was read, until at most `left` are pending.
  Result<void> finishPending(std::size_t left) {
    while (pending_.size() > left) {
      GADOLIN_CHECK(in_.tally.checkCancelled());
      const auto finish = std::move(pending_.front());
      pending_.pop_front();
      GADOLIN_CHECK(finish());
      in_.tally.on_progress("Importing", ++finished_, total_);
    }
    return {};
  }

  /// A file of the scratch folder for the next stack or mask; removed once it is stored.
  fs::path scratchFile(const char* what) {
    return in_.scratch.file(what + std::to_string(++scratch_files_) + ".safetensors");
  }

  [[nodiscard]] const std::string& shownVolume(std::size_t i) const {
    return in_.shown.at(in_.files.volumes[i].string());
  }

  /// Whether the series comes in: as a person decided, else by its points. Of the stacks that
  /// repeated slices make, the one with the latest images.
  Result<bool> choose(const SeriesPlan& plan, const std::string& path) {
    const bool earlier = plan.repeat && plan.repeat->rank > 0;
    JudgedSeries series;
    series.description = plan.description;
    series.name = in_.identities.nameOf(plan);
    series.path = path;
    series.slices = static_cast<int>(plan.slices.size());
    series.kind = plan.kind;
    series.judgement = plan.judgement;
    if (plan.repeat) {
      series.repeat = plan.repeat->note;
      series.rank = plan.repeat->rank;
    }
    GADOLIN_TRY(auto decision, decisionOn(in_.project, series.name));
    GADOLIN_TRY(const auto kind_decision, decisionOn(in_.project, plan.description));
    if (!decision && (!earlier || kind_decision == false)) decision = kind_decision;
    series.decided = decision.has_value();
    series.taken = decision.value_or(!earlier && plan.judgement.verdict != SeriesVerdict::Leave);
    in_.tally.judge(series);
    const std::string name = plan.description.empty() ? "A series without description"
                                                      : "Series '" + plan.description + "'";
    const std::string why = name + " (" + std::to_string(series.slices) + " slices): ";
    if (!series.taken && earlier && !series.decided) {
      in_.tally.refuse(
          {path, why + series.repeat + " It was not taken; it is called '" + series.name + "'.",
           "earlier-images", series.name});
    } else if (!series.taken) {
      in_.tally.refuse({path,
                        why + (series.decided ? "It was decided to leave such series."
                                              : toSentence(plan.judgement)),
                        "not-lge", series.name});
    } else if (!series.decided && plan.judgement.verdict == SeriesVerdict::Check) {
      in_.tally.warnings.add(path, why + toSentence(plan.judgement) + " It was taken.");
    }
    return series.taken;
  }

  Result<void> beginSeries(SeriesPlan& plan) {
    GADOLIN_TRY(const bool wanted,
                choose(plan, in_.shown.at(plan.slices.front().sources.front().path)));
    if (!wanted) {
      pending_.push_back([] { return Result<void>(); });  // counts in its turn
      return {};
    }
    for (auto& note : plan.notes) note = in_.identities.cleanSentence(asUtf8(note));  // they name files
    std::vector<std::string> sources;
    for (auto& slice : plan.slices) {
      slice.info.source =
          in_.identities.clean(asUtf8(fs::path(slice.sources.front().path).filename().string()));
      for (const auto& source : slice.sources) {
        if (sources.empty() || sources.back() != in_.shown.at(source.path))
          sources.push_back(in_.shown.at(source.path));
      }
    }
    const fs::path stack_file = scratchFile("stack");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(
        in_.pool.ask(LoadSeriesRequest{plan, stack_file.string(), former_hashes_},
                     in_.request.load_limit));
    pending_.push_back([this, asked, stack_file, &plan, sources = std::move(sources)] {
      return finishSeries(plan, asked->get(), stack_file, sources);
    });
    return {};
  }

  Result<void> finishSeries(const SeriesPlan& plan, const DecodeOutcome& outcome,
                            const fs::path& stack_file, const std::vector<std::string>& sources) {
    GADOLIN_TRY(const bool accepted, in_.tally.accept(outcome, guiltySource(outcome, sources)));
    if (!accepted) return {};
    DecodedStack decoded;
    decoded.stack_file = stack_file;
    GADOLIN_TRY(decoded.stack, answerOf<StackAnswer>(outcome));
    decoded.description = plan.description;
    if (plan.repeat && plan.repeat->rank > 0) decoded.description += " (earlier images)";
    if (plan.patient_id.empty())
      in_.tally.warnings.add("", "A study has no PatientID; it became a patient of its own.");
    decoded.patient = in_.identities.patientOfDicom(plan.patient_id, plan.study_uid);
    decoded.marks = in_.identities.marksOf(plan);
    return batch_.add(std::move(decoded), sources);
  }

  Result<void> beginSegmentation(const DicomHeader& header) {
    const fs::path file = scratchFile("planes");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(
        in_.pool.ask(LoadSegmentationRequest{header.path, file.string()}, in_.request.load_limit));
    pending_.push_back(
        [this, asked, file, &header] { return finishSegmentation(header, asked->get(), file); });
    return {};
  }

  Result<void> finishSegmentation(const DicomHeader& header, const DecodeOutcome& outcome,
                                  const fs::path& file) {
    const std::string& shown = in_.shown.at(header.path);
    GADOLIN_TRY(const bool accepted, in_.tally.accept(outcome, shown));
    if (!accepted) return {};
    FoundSegmentation found;
    GADOLIN_TRY(found.answer, answerOf<SegmentationAnswer>(outcome));
    for (auto& note : found.answer.notes) note = asUtf8(note);
    found.shown = in_.identities.clean(shown);  // it may have to wait in the project
    found.place = in_.identities.placeOf(shown, in_.places);
    found.patient = in_.identities.patientOfDicom(header.patient_id, header.study_uid);
    found.marks = in_.identities.marksOf(header, found.answer);
    found.file = file;
    segmentations_.push_back(std::move(found));
    return {};
  }

  /// Once all stacks are in; also those that waited for one of them.
  Result<void> storeSegmentations() {
    GADOLIN_TRY(auto outcome, placeSegmentations(in_.project, std::move(segmentations_), in_.who));
    for (auto& refusal : outcome.refused) in_.tally.refuse(std::move(refusal));
    for (const auto& [stack, sentence] : outcome.warnings) in_.tally.warnings.add(stack, sentence);
    in_.tally.masked.insert(outcome.masked.begin(), outcome.masked.end());
    in_.tally.placed.insert(in_.tally.placed.end(), outcome.taken.begin(), outcome.taken.end());
    in_.tally.so_far.new_masks += outcome.new_masks;
    return {};
  }

  Result<void> beginCase(const NiftiCase& found) {
    const fs::path stack_file = scratchFile("stack"), mask_file = scratchFile("mask");
    auto asked = std::make_shared<std::future<DecodeOutcome>>(
        in_.pool.ask(LoadImageRequest{in_.files.volumes[found.image].string(), stack_file.string(),
                                      found.apex_first, former_hashes_},
                     in_.request.load_limit));
    auto mask = std::make_shared<std::future<DecodeOutcome>>();
    if (found.mask) {
      *mask = in_.pool.ask(LoadMaskRequest{in_.files.volumes[*found.mask].string(),
                                           mask_file.string(), found.labels},
                           in_.request.load_limit);
    }
    pending_.push_back([this, found, asked, mask, stack_file, mask_file] {
      DecodedStack decoded;
      decoded.stack_file = stack_file;
      decoded.mask_file = mask_file;
      const DecodeOutcome outcome = asked->get();
      return finishCase(found, outcome, found.mask ? std::optional(mask->get()) : std::nullopt,
                        std::move(decoded));
    });
    return {};
  }

  Result<void> finishCase(const NiftiCase& found, const DecodeOutcome& outcome,
                          const std::optional<DecodeOutcome>& mask, DecodedStack decoded) {
    std::vector<std::string> sources{shownVolume(found.image)};
    GADOLIN_TRY(const bool accepted, in_.tally.accept(outcome, sources.front()));
    if (!accepted) return {};
    GADOLIN_TRY(decoded.stack, answerOf<StackAnswer>(outcome));
    if (!decoded.stack.label_values.empty()) {
      in_.tally.refuse({sources.front(), noImageBut(decoded.stack.label_values), "mask-without-image"});
      return {};
    }
    if (!in_.identities.hidesFiles()) decoded.description = asUtf8(found.description);
    decoded.patient = in_.identities.patientOfFile(found.patient);
    if (mask) GADOLIN_CHECK(takeMask(shownVolume(*found.mask), *mask, decoded, sources));
    return batch_.add(std::move(decoded), std::move(sources));
  }

  /// Adds the mask to `decoded`, or a refusal.
  Result<void> takeMask(const std::string& shown, const DecodeOutcome& outcome,
                        DecodedStack& decoded, std::vector<std::string>& sources) {
    GADOLIN_TRY(const bool accepted, in_.tally.accept(outcome, shown));
    if (!accepted) return {};
    GADOLIN_TRY(const auto answer, answerOf<MaskAnswer>(outcome));
    GADOLIN_TRY(const auto why_not, fitMask(answer, decoded));
    if (why_not)
      in_.tally.refuse({shown, why_not->message, "mask-grid"});
    else
      sources.push_back(shown);
    return {};
  }

  ImportContext in_;
  ImportBatch batch_;
  bool former_hashes_;
  /// What is being read: in the order in which it will be stored.
  std::deque<std::function<Result<void>()>> pending_;
  std::vector<FoundSegmentation> segmentations_;
  int scratch_files_ = 0;
  std::size_t finished_ = 0, total_ = 0;
};

}  // namespace

Result<void> loadFiles(const ImportContext& context) {
  GADOLIN_TRY(auto before, KnownImages::read(context.project.reader()));
  GADOLIN_TRY(const auto stacks, db::allStacks(context.project.reader(), db::Which::All));
  const bool former_hashes = std::ranges::any_of(stacks, [](const db::StackRecord& stack) {
    return isFormerContentHash(stack.content_hash);
  });
  return Loading(context, std::move(before), former_hashes).run();
}

}  // namespace gadolin::session
