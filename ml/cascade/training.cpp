#include "ml/cascade/training.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "ml/cascade/calibration.h"
#include "ml/cascade/compose.h"
#include "ml/cascade/devices.h"
#include "ml/cascade/domain.h"
#include "ml/cascade/pseudo_stage.h"
#include "ml/cascade/stages.h"
#include "ml/train/disk_room.h"

namespace gadolin::ml {
namespace {

using dataset::Part;
using run::Supervision;

Error cannotTrain(const std::string& why) {
  return {ErrorCode::InvalidInput, why};
}

class Trainer {
 public:
  explicit Trainer(const CascadeRun& run) : run_(run), settings_(run.config.settings) {
    context_.folder = run.folder;
    context_.settings = &settings_;
    context_.seed = run.config.seed;
    context_.device = deviceOf(run.config.device);
    context_.reporter = run.reporter;
  }

  Result<void> work() {
    GADOLIN_CHECK(gather());
    const std::string& last = run_.config.stage;
    const bool weak = run_.config.supervision != Supervision::Pixel;
    const bool classifier = weak && last != "myocardium";
    const bool fibrosis = last == "all" || last == "fibrosis";
    if (last == "classifier" && !weak)
      return cannotTrain(
          "There is no classifier under pixel supervision: use --supervision slice, stack or "
          "mixed.");
    GADOLIN_CHECK(checkData(classifier, fibrosis));
    const bool pseudo = fibrosis && hasPseudoMasks();
    count_ = 1 + (classifier ? 1 : 0) + (pseudo ? 1 : 0) + (fibrosis ? 1 : 0);

    const StagePlan myocardium = extended(myocardiumPlan(cohort_, context_));
    begin(myocardium.name, myocardium.epochs, myocardium.items);
    GADOLIN_TRY(heart_, trainStage(myocardium, context_));
    if (!classifier && !fibrosis) return {};
    GADOLIN_CHECK(predictHearts());
    if (classifier) {
      const StagePlan plan = extended(classifierPlan(cohort_, context_));
      begin(plan.name, plan.epochs, cohort_.bags_train.size());
      GADOLIN_TRY(classifier_, trainStage(plan, context_));
    }
    if (!fibrosis) return {};
    useReferenceMasks();
    if (pseudo) GADOLIN_CHECK(makePseudoMasks());
    const StagePlan plan =
        extended(fibrosisPlan(cohort_, context_, fibrosisSeesMyocardium(run_.config), heart_));
    begin(plan.name, plan.epochs, plan.items);
    GADOLIN_TRY(fibrosis_, trainStage(plan, context_));
    GADOLIN_CHECK(writeProfile());
    return writeCalibration();
  }

 private:
  /// The last stage of the run with the epochs that were asked for later: those before it are what
  /// it was trained on.
  [[nodiscard]] StagePlan extended(StagePlan plan) const {
    const std::string& stage = run_.config.stage;
    if (plan.name != (stage == "all" ? "fibrosis" : stage)) return plan;
    plan.extra_epochs = run_.config.extra_epochs;
    plan.epochs += plan.extra_epochs;
    return plan;
  }

  void begin(const std::string& name, int epochs, std::size_t items) {
    run::StageBegin event;
    event.stage = name;
    event.index = index_++;
    event.count = count_;
    event.epochs = epochs;
    event.items = static_cast<std::int64_t>(items);
    run_.reporter->emit(event);
  }

  static void addSlices(std::vector<SliceRef>& refs, PreparedStack& stack) {
    for (int z = 0; z < stack.slices(); ++z)
      if (stack.source->isDrawn(z)) refs.push_back({&stack, z});
  }

  /// True when asked to leave; stop-after-epoch counts here too, as there is no epoch to wait for.
  [[nodiscard]] bool leaving() const {
    while (const auto command = run_.reporter->poll())
      if (*command != run::Command::CheckpointNow) return true;
    return false;
  }

  Result<void> gather() {
    for (const dataset::FrozenStack& source : run_.dataset->stacks()) {
      if (source.part != Part::Train && source.part != Part::Validation) continue;
      cohort_.stacks.push_back(prepareStack(source, settings_));
      cohort_.stacks.back().evidence = evidenceOf(source, run_.config.supervision);
      leaveOutBySlices(cohort_.stacks.back());
    }
    bool train = false, validation = false;
    for (PreparedStack& stack : cohort_.stacks) {
      const bool is_train = stack.source->part == Part::Train;
      (is_train ? train : validation) = true;
      if (!stack.heart.empty())
        addSlices(is_train ? cohort_.heart_train : cohort_.heart_val, stack);
      auto& bags = is_train ? cohort_.bags_train : cohort_.bags_val;
      for (Bag& bag : bagsOf(stack)) bags.push_back(std::move(bag));
    }
    if (!train) return cannotTrain("No patient is in the training part: make a split first.");
    if (!validation)
      run_.reporter->emit(run::Warning{
          "no-validation",
          "No patient is in the validation part: the last epoch of each stage is used."});
    return {};
  }

  void leaveOutBySlices(PreparedStack& stack) {
    const auto least = settings_.integer("classifier.stack_slices_min");
    const auto most = settings_.integer("classifier.stack_slices_max");
    const bool fits = stack.slices() >= least && (most == 0 || stack.slices() <= most);
    if (stack.evidence != Evidence::Stack || fits) return;
    stack.evidence = Evidence::Nothing;
    run_.reporter->emit(run::Warning{
        "stack-left-out", "Stack " + stack.source->stack + " of " + std::to_string(stack.slices()) +
                              " slices teaches nothing as a whole: classifier.stack_slices_min and "
                              "_max ask for " +
                              std::to_string(least) + " to " +
                              (most == 0 ? std::string("any number") : std::to_string(most)) +
                              "."});
  }

  [[nodiscard]] bool hasPseudoMasks() const {
    return std::ranges::any_of(cohort_.stacks,
                               [](const PreparedStack& stack) { return isWeak(stack.evidence); });
  }

  [[nodiscard]] Result<void> checkData(bool classifier, bool fibrosis) const {
    if (cohort_.heart_train.empty())
      return cannotTrain(
          "No training patient has a mask with myocardium, which stage A learns from: draw or "
          "import masks for some training patients.");
    const auto positive = static_cast<std::size_t>(
        std::ranges::count_if(cohort_.bags_train, [](const Bag& bag) { return bag.fibrosis; }));
    if (classifier && (positive == 0 || positive == cohort_.bags_train.size())) {
      const std::string what = run_.config.supervision == Supervision::Stack   ? "stacks"
                               : run_.config.supervision == Supervision::Mixed ? "slices or stacks"
                                                                               : "slices";
      return cannotTrain("The classifier needs training " + what +
                         " labelled fibrosis and others "
                         "labelled none; there are " +
                         std::to_string(positive) + " and " +
                         std::to_string(cohort_.bags_train.size() - positive) + ". Label " + what +
                         ", or derive labels from the masks.");
    }
    if (fibrosis && !classifier && positive == 0)
      return cannotTrain(
          "No training patient has a mask with fibrosis: draw masks, or use --supervision slice or "
          "stack.");
    return {};
  }

  Result<void> predictHearts() {
    const InferenceOptions options = inferenceOptions(settings_, context_.device, 1);
    for (PreparedStack& stack : cohort_.stacks) {
      if (leaving()) return stoppedAsAsked();
      predictHeart(*heart_, stack, options);
    }
    return {};
  }

  void useReferenceMasks() {
    for (PreparedStack& stack : cohort_.stacks) {
      if (stack.evidence != Evidence::Pixel) continue;
      stack.fibrosis.resize(stack.source->mask.size());
      for (std::size_t i = 0; i < stack.fibrosis.size(); ++i)
        stack.fibrosis[i] = stack.isReferenceFibrosis(i) ? 1 : 0;
      for (int z = 0; z < stack.slices(); ++z)
        if (sliceAnswer(*stack.source, stack.evidence, z) >= 0)
          targetsOf(stack).push_back({&stack, z});
    }
  }

  std::vector<SliceRef>& targetsOf(const PreparedStack& stack) {
    return stack.source->part == Part::Train ? cohort_.target_train : cohort_.target_val;
  }

  Result<void> makePseudoMasks() {
    const auto weak = std::ranges::count_if(
        cohort_.stacks, [](const PreparedStack& stack) { return isWeak(stack.evidence); });
    begin("pseudo-masks", 0, static_cast<std::size_t>(weak));
    GADOLIN_CHECK(makePrivateFolder(run_.folder.pseudoMasks()));
    GADOLIN_TRY(const run::PseudoReview review, run::readPseudoReview(run_.folder));
    const bool asked = settings_.flag("pseudo.review");
    if (asked && !review.complete && run::fibrosisHasBegun(run_.folder))
      return cannotTrain("The verdicts on the pseudo-masks are missing from " +
                         run_.folder.pseudoReview().string() +
                         ", though the fibrosis network has begun to learn from them. Restore the "
                         "file, or start a new run.");
    // Not drawn again under the eyes of whoever is at it.
    if (asked && review.wanted && !review.complete) return waitForReview(review);
    bool to_judge = false;
    const InferenceOptions options = inferenceOptions(settings_, context_.device, 1);
    for (PreparedStack& stack : cohort_.stacks) {
      if (leaving()) return stoppedAsAsked();
      if (!isWeak(stack.evidence)) continue;
      std::vector<SliceRef> slices;
      if (review.complete) {
        GADOLIN_TRY(slices, reviewedMasks(run_.folder, review, stack));
      } else {
        const PseudoMasks drawn = drawPseudoMasks(*classifier_, stack, options);
        GADOLIN_CHECK(savePseudoMasks(stack, drawn));
        slices = drawn.slices;
        to_judge = to_judge || !drawn.positive.empty();
      }
      for (const SliceRef& ref : slices) targetsOf(stack).push_back(ref);
    }
    const bool none = std::none_of(cohort_.target_train.begin(), cohort_.target_train.end(),
                                   [](const SliceRef& r) {
                                     const auto slice = r.stack->slice(r.stack->fibrosis, r.z);
                                     return std::find(slice.begin(), slice.end(), 1) != slice.end();
                                   });
    if (none && review.complete)
      return cannotTrain(
          "No pseudo-mask of a training patient was accepted, or those that were are empty, so "
          "that "
          "there is nothing to learn fibrosis from. Take the review up again and accept some, or "
          "start a run with other settings (pseudo.threshold, classifier.epochs).");
    if (none)
      return cannotTrain(
          "Every pseudo-mask is empty: the classifier points at nothing bright in the predicted "
          "myocardium of the positive slices or stacks. Look at the previews of the earlier "
          "stages, "
          "and train them longer (classifier.epochs).");
    return asked && to_judge ? waitForReview(review) : Result<void>{};
  }

  /// The run ends here, and goes on when it is resumed after a person has judged.
  Result<void> waitForReview(run::PseudoReview review) {
    if (!review.wanted) {
      GADOLIN_CHECK(writePatiently(*run_.reporter, run_.folder.pseudoReview(),
                                   [&] { return run::writePseudoReview(run_.folder, review); }));
    }
    const std::string text =
        "The pseudo-masks wait to be judged: in the Train workspace, or with gadolinctl runs "
        "pseudo. "
        "Resume the run when that is done.";
    run_.reporter->emit(run::Warning{"review-pseudo-masks", text});
    return Error{ErrorCode::Cancelled, text};
  }

  [[nodiscard]] Result<void> savePseudoMasks(const PreparedStack& stack,
                                             const PseudoMasks& drawn) const {
    const run::PseudoMaskFile file = fileOf(stack, drawn, settings_);
    const std::string& name = stack.source->stack;
    return writePatiently(*run_.reporter, run_.folder.pseudoMask(name),
                          [&] { return run::writePseudoMasks(run_.folder, name, file); });
  }

  /// What the cohort looks like, for the domain alarm.
  Result<void> writeProfile() {
    std::vector<StackTraits> traits;
    for (const PreparedStack& stack : cohort_.stacks)
      traits.push_back(traitsOf(stack, composeMask(stack, {}, 0.5, {}, settings_)));
    return writePatiently(*run_.reporter, run_.folder.cohortProfile(), [&] {
      return writeFileAtomically(run_.folder.cohortProfile(), toJson(profileOf(traits)) + "\n");
    });
  }

  Result<void> writeCalibration() {
    double threshold = settings_.real("predict.fibrosis_threshold");
    nlohmann::json document{{"source", "setting"}};
    if (threshold <= 0) {
      const int views = static_cast<int>(settings_.integer("predict.flips"));
      const InferenceOptions options = inferenceOptions(settings_, context_.device, views);
      std::vector<CalibrationCase> cases;
      for (PreparedStack& stack : cohort_.stacks) {
        if (stack.source->part != Part::Validation || stack.fibrosis.empty()) continue;
        predictHeart(*heart_, stack, options);
        CalibrationCase item;
        item.stack = &stack;
        if (classifier_)
          item.slice_probability = predictSlices(*classifier_, stack, options).probability;
        item.p_fibrosis =
            predictFibrosis(*fibrosis_, stack, fibrosisSeesMyocardium(run_.config), options);
        item.reference = stack.fibrosis;
        silenceUnanswered(item);
        cases.push_back(std::move(item));
      }
      const Calibration calibration = calibrate(cases, settings_);
      threshold = calibration.threshold;
      document = {
          {"source", "validation"}, {"dice", calibration.dice}, {"patients", calibration.patients}};
    }
    document["fibrosis_threshold"] = threshold;
    return writePatiently(*run_.reporter, run_.folder.calibration(), [&] {
      return writeFileAtomically(run_.folder.calibration(), document.dump(2) + "\n");
    });
  }

  /// Slices of which nothing is known (unsure, not diagnostic, unlabelled) are neither right nor
  /// wrong.
  void silenceUnanswered(CalibrationCase& item) const {
    for (int z = 0; z < item.stack->slices(); ++z) {
      const bool known = std::ranges::any_of(cohort_.target_val, [&](const SliceRef& ref) {
        return ref.stack == item.stack && ref.z == z;
      });
      const auto first =
          item.p_fibrosis.begin() +
          static_cast<std::ptrdiff_t>(static_cast<std::size_t>(z) * item.stack->area());
      if (!known) std::fill_n(first, item.stack->area(), 0.0F);
    }
  }

  const CascadeRun& run_;
  const run::Settings& settings_;
  TrainContext context_;
  Cohort cohort_;
  NetworkPtr heart_, classifier_, fibrosis_;
  int index_ = 0, count_ = 1;
};

}  // namespace

Result<void> runTraining(const CascadeRun& run) {
  return Trainer(run).work();
}

}  // namespace gadolin::ml
