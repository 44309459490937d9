#include "ml/cascade/training.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "ml/cascade/calibration.h"
#include "ml/cascade/devices.h"
#include "ml/cascade/pseudo_stage.h"
#include "ml/cascade/stages.h"

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
    const bool slice = run_.config.supervision == Supervision::Slice;
    if (run_.config.supervision == Supervision::Stack ||
        run_.config.supervision == Supervision::Mixed)
      return Error{ErrorCode::Unsupported, "This version cannot train from " +
                                               std::string(toText(run_.config.supervision)) +
                                               " labels yet. Use --supervision pixel or slice."};
    GADOLIN_CHECK(gather());
    const std::string& last = run_.config.stage;
    const bool classifier = slice && last != "myocardium";
    const bool fibrosis = last == "all" || last == "fibrosis";
    if (last == "classifier" && !slice)
      return cannotTrain(
          "There is no classifier under pixel supervision: use --supervision slice.");
    GADOLIN_CHECK(checkData(slice, classifier, fibrosis));
    count_ = 1 + (classifier ? 1 : 0) + (fibrosis ? (slice ? 2 : 1) : 0);

    const StagePlan myocardium = myocardiumPlan(cohort_, context_);
    begin(myocardium);
    GADOLIN_TRY(heart_, trainStage(myocardium, context_));
    if (!classifier && !fibrosis) return {};
    GADOLIN_CHECK(predictHearts());
    if (classifier) {
      const StagePlan plan = classifierPlan(cohort_, context_);
      begin(plan);
      GADOLIN_TRY(classifier_, trainStage(plan, context_));
    }
    if (!fibrosis) return {};
    GADOLIN_CHECK(slice ? makePseudoMasks() : useReferenceMasks());
    const StagePlan plan =
        fibrosisPlan(cohort_, context_, fibrosisSeesMyocardium(run_.config), heart_);
    begin(plan);
    GADOLIN_TRY(fibrosis_, trainStage(plan, context_));
    return writeCalibration();
  }

 private:
  void begin(const StagePlan& plan) { begin(plan.name, plan.epochs, plan.items); }
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
    for (int z = 0; z < stack.slices(); ++z) refs.push_back({&stack, z});
  }

  /// True when asked to leave; stop-after-epoch counts here too, as there is no epoch to wait for.
  [[nodiscard]] bool leaving() const {
    while (const auto command = run_.reporter->poll())
      if (*command != run::Command::CheckpointNow) return true;
    return false;
  }
  static Error cancelled() {
    return {ErrorCode::Cancelled, "Stopped as asked; the run can be resumed."};
  }

  Result<void> gather() {
    for (const dataset::FrozenStack& source : run_.dataset->stacks())
      if (source.part == Part::Train || source.part == Part::Validation)
        cohort_.stacks.push_back(prepareStack(source, settings_));
    bool train = false, validation = false;
    for (PreparedStack& stack : cohort_.stacks) {
      const bool is_train = stack.source->part == Part::Train;
      (is_train ? train : validation) = true;
      if (!stack.heart.empty())
        addSlices(is_train ? cohort_.heart_train : cohort_.heart_val, stack);
      for (int z = 0; z < stack.slices(); ++z)
        if (labelOf({&stack, z}) >= 0)
          (is_train ? cohort_.labelled_train : cohort_.labelled_val).push_back({&stack, z});
    }
    if (!train) return cannotTrain("No patient is in the training part: make a split first.");
    if (!validation)
      run_.reporter->emit(run::Warning{
          "no-validation",
          "No patient is in the validation part: the last epoch of each stage is used."});
    return {};
  }

  [[nodiscard]] Result<void> checkData(bool slice, bool classifier, bool fibrosis) const {
    if (cohort_.heart_train.empty())
      return cannotTrain(
          "No training patient has a mask with myocardium, which stage A learns from: draw or "
          "import "
          "masks for some training patients.");
    if (classifier) {
      std::size_t positive = 0;
      for (const SliceRef& ref : cohort_.labelled_train) positive += labelOf(ref) == 1 ? 1 : 0;
      if (positive == 0 || positive == cohort_.labelled_train.size())
        return cannotTrain(
            "Slice supervision needs training slices labelled fibrosis and others labelled none; "
            "there "
            "are " +
            std::to_string(positive) + " and " +
            std::to_string(cohort_.labelled_train.size() - positive) +
            ". Label slices, or derive labels from the masks.");
    }
    if (fibrosis && !slice) {
      const bool any =
          std::any_of(cohort_.stacks.begin(), cohort_.stacks.end(), [](const PreparedStack& s) {
            return s.source->part == Part::Train &&
                   std::any_of(s.source->mask.begin(), s.source->mask.end(),
                               [](std::uint8_t label) { return label >= 3; });
          });
      if (!any)
        return cannotTrain(
            "No training patient has a mask with fibrosis: draw masks, or use --supervision "
            "slice.");
    }
    return {};
  }

  Result<void> predictHearts() {
    const InferenceOptions options = inferenceOptions(settings_, context_.device, 1);
    for (PreparedStack& stack : cohort_.stacks) {
      if (leaving()) return cancelled();
      predictHeart(*heart_, stack, options);
    }
    return {};
  }

  Result<void> useReferenceMasks() {
    for (PreparedStack& stack : cohort_.stacks) {
      if (stack.heart.empty()) continue;
      stack.fibrosis.resize(stack.source->mask.size());
      for (std::size_t i = 0; i < stack.fibrosis.size(); ++i)
        stack.fibrosis[i] = stack.isReferenceFibrosis(i) ? 1 : 0;
      addSlices(stack.source->part == Part::Train ? cohort_.target_train : cohort_.target_val,
                stack);
    }
    return {};
  }

  Result<void> makePseudoMasks() {
    begin("pseudo-masks", 0, cohort_.labelled_train.size() + cohort_.labelled_val.size());
    GADOLIN_CHECK(makePrivateFolder(run_.folder.pseudoMasks()));
    const InferenceOptions options = inferenceOptions(settings_, context_.device, 1);
    for (PreparedStack& stack : cohort_.stacks) {
      if (leaving()) return cancelled();
      std::vector<SliceRef> positive;
      bool any = false;
      stack.fibrosis.assign(stack.source->image.size(), 0);
      auto& targets = stack.source->part == Part::Train ? cohort_.target_train : cohort_.target_val;
      for (int z = 0; z < stack.slices(); ++z) {
        const int label = labelOf({&stack, z});
        if (label == 1) positive.push_back({&stack, z});
        if (label >= 0) targets.push_back({&stack, z});
        any = any || label >= 0;
      }
      if (!any) continue;
      drawPseudoMasks(*classifier_, stack, positive, options);
      const std::span<const std::uint8_t> mask(stack.fibrosis);
      GADOLIN_CHECK(writeSafetensors(
          run_.folder.pseudoMasks() / (stack.source->stack + ".safetensors"),
          {tensorView("mask", Dtype::U8,
                      {stack.source->size[2], stack.source->size[1], stack.source->size[0]}, mask)},
          {{"stack", stack.source->stack}}));
    }
    const bool none = std::none_of(cohort_.target_train.begin(), cohort_.target_train.end(),
                                   [](const SliceRef& r) {
                                     const auto slice = r.stack->slice(r.stack->fibrosis, r.z);
                                     return std::find(slice.begin(), slice.end(), 1) != slice.end();
                                   });
    if (none)
      return cannotTrain(
          "Every pseudo-mask is empty: the predicted myocardium and the labels do not fit "
          "together. "
          "Look at the previews of the earlier stages.");
    return {};
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
        cases.push_back(std::move(item));
      }
      const Calibration calibration = calibrate(cases, settings_);
      threshold = calibration.threshold;
      document = {
          {"source", "validation"}, {"dice", calibration.dice}, {"patients", calibration.patients}};
    }
    document["fibrosis_threshold"] = threshold;
    return writeFileAtomically(run_.folder.calibration(), document.dump(2) + "\n");
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
