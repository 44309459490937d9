#include "ml/cascade/cascade.h"

#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "ml/cascade/calibration.h"
#include "ml/cascade/compose.h"
#include "ml/cascade/inference.h"
#include "ml/cascade/pseudo_masks.h"
#include "ml/cascade/stages.h"
#include "ml/data/shape.h"

namespace gadolin::ml {
namespace {

using dataset::Part;
using run::Supervision;

Error cannotTrain(const std::string& why) { return {ErrorCode::InvalidInput, why}; }

/// LibTorch's exceptions end here.
template <typename Work>
Result<void> guarded(Work&& work) {
  const std::string advice =
      ". Choose a smaller train.batch or network width, or another device.";
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, "The memory of this machine is used up" + advice};
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("out of memory") != std::string::npos || what.find("can't allocate") != std::string::npos ||
        what.find("not enough memory") != std::string::npos)
      return Error{ErrorCode::OutOfMemory, "The memory of the device is used up" + advice};
    return Error{ErrorCode::Internal, "LibTorch: " + what};
  } catch (const std::exception& error) {
    return Error{ErrorCode::Internal, error.what()};
  }
}

torch::Device deviceOf(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  return torch::cuda::is_available() ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
}

bool fibrosisSeesMyocardium(const run::RunConfig& config) {
  const std::string& choice = config.settings.choice("fibrosis.myocardium_input");
  return choice == "always" || (choice == "pixel" && config.supervision == Supervision::Pixel);
}

InferenceOptions inferenceOptions(const run::Settings& settings, torch::Device device, int views) {
  InferenceOptions options;
  options.settings = &settings;
  options.device = device;
  options.views = views;
  return options;
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
    if (run_.config.supervision == Supervision::Stack || run_.config.supervision == Supervision::Mixed)
      return Error{ErrorCode::Unsupported,
                   "This version cannot train from " + std::string(toText(run_.config.supervision)) +
                       " labels yet. Use --supervision pixel or slice."};
    GADOLIN_CHECK(gather());
    const std::string& last = run_.config.stage;
    const bool classifier = slice && last != "myocardium";
    const bool fibrosis = last == "all" || last == "fibrosis";
    if (last == "classifier" && !slice)
      return cannotTrain("There is no classifier under pixel supervision: use --supervision slice.");
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
    const StagePlan plan = fibrosisPlan(cohort_, context_, fibrosisSeesMyocardium(run_.config), heart_);
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
  static Error cancelled() { return {ErrorCode::Cancelled, "Stopped as asked; the run can be resumed."}; }

  Result<void> gather() {
    for (const dataset::FrozenStack& source : run_.dataset->stacks())
      if (source.part == Part::Train || source.part == Part::Validation)
        cohort_.stacks.push_back(prepareStack(source, settings_));
    bool train = false, validation = false;
    for (PreparedStack& stack : cohort_.stacks) {
      const bool is_train = stack.source->part == Part::Train;
      (is_train ? train : validation) = true;
      if (!stack.heart.empty()) addSlices(is_train ? cohort_.heart_train : cohort_.heart_val, stack);
      for (int z = 0; z < stack.slices(); ++z)
        if (labelOf({&stack, z}) >= 0)
          (is_train ? cohort_.labelled_train : cohort_.labelled_val).push_back({&stack, z});
    }
    if (!train) return cannotTrain("No patient is in the training part: make a split first.");
    if (!validation)
      run_.reporter->emit(run::Warning{
          "no-validation", "No patient is in the validation part: the last epoch of each stage is used."});
    return {};
  }

  [[nodiscard]] Result<void> checkData(bool slice, bool classifier, bool fibrosis) const {
    if (cohort_.heart_train.empty())
      return cannotTrain(
          "No training patient has a mask with myocardium, which stage A learns from: draw or import "
          "masks for some training patients.");
    if (classifier) {
      std::size_t positive = 0;
      for (const SliceRef& ref : cohort_.labelled_train) positive += labelOf(ref) == 1 ? 1 : 0;
      if (positive == 0 || positive == cohort_.labelled_train.size())
        return cannotTrain(
            "Slice supervision needs training slices labelled fibrosis and others labelled none; there "
            "are " + std::to_string(positive) + " and " +
            std::to_string(cohort_.labelled_train.size() - positive) +
            ". Label slices, or derive labels from the masks.");
    }
    if (fibrosis && !slice) {
      const bool any = std::any_of(cohort_.stacks.begin(), cohort_.stacks.end(), [](const PreparedStack& s) {
        return s.source->part == Part::Train &&
               std::any_of(s.source->mask.begin(), s.source->mask.end(),
                           [](std::uint8_t label) { return label >= 3; });
      });
      if (!any)
        return cannotTrain(
            "No training patient has a mask with fibrosis: draw masks, or use --supervision slice.");
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
      addSlices(stack.source->part == Part::Train ? cohort_.target_train : cohort_.target_val, stack);
    }
    return {};
  }

  /// Cavity 1 and myocardium 2 in which fibrosis is looked for, on the network's grid.
  [[nodiscard]] std::vector<std::uint8_t> pseudoHeart(const SliceRef& ref,
                                                      const Window& window) const {
    const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
    std::vector<float> values(area);
    std::vector<std::uint8_t> heart(area);
    if (settings_.choice("pseudo.region") == "reference-first" && !ref.stack->heart.empty()) {
      fillLabels(ref, ref.stack->heart, window, {}, values);
      for (std::size_t i = 0; i < area; ++i) heart[i] = static_cast<std::uint8_t>(values[i]);
      return heart;
    }
    fillMyocardium(ref, window, {}, values);
    const auto threshold = static_cast<float>(settings_.real("predict.myocardium_threshold"));
    for (std::size_t i = 0; i < area; ++i) heart[i] = values[i] > threshold ? 2 : 0;
    const auto cavity = enclosed(heart, {window.side, window.side});
    for (std::size_t i = 0; i < area; ++i)
      if (cavity[i] != 0) heart[i] = 1;
    return heart;
  }

  Result<void> makePseudoMasks() {
    begin("pseudo-masks", 0, cohort_.labelled_train.size() + cohort_.labelled_val.size());
    GADOLIN_CHECK(makePrivateFolder(run_.folder.pseudoMasks()));
    const InferenceOptions options = inferenceOptions(settings_, context_.device, 1);
    const bool whole_stack = settings_.choice("pseudo.scope") == "stack";
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
      if (!positive.empty()) {
        const SliceScores scores = predictSlices(*classifier_, stack, options);
        const Window window = roiWindow(stack, settings_);
        const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
        std::vector<std::vector<float>> images;
        std::vector<std::vector<std::uint8_t>> hearts;
        std::vector<float> pooled;
        for (const SliceRef& ref : positive) {
          images.emplace_back(area);
          fillRoiImage(ref, window, {}, settings_, images.back());
          hearts.push_back(pseudoHeart(ref, window));
          for (std::size_t i = 0; i < area; ++i)
            if (hearts.back()[i] == 2) pooled.push_back(images.back()[i]);
        }
        for (std::size_t k = 0; k < positive.size(); ++k) {
          std::vector<float> values;
          for (std::size_t i = 0; i < area; ++i)
            if (hearts[k][i] == 2) values.push_back(images[k][i]);
          const auto threshold = pseudoThreshold(whole_stack ? pooled : values, settings_);
          if (!threshold) continue;
          const auto z = static_cast<std::size_t>(positive[k].z);
          const auto cells = static_cast<std::int64_t>(scores.cells_side);
          auto* map = const_cast<float*>(scores.activation.data()) + static_cast<std::ptrdiff_t>(z) * cells * cells;
          const torch::Tensor fine =
              torch::upsample_bilinear2d(torch::from_blob(map, {1, 1, cells, cells}),
                                         at::IntArrayRef{window.side, window.side}, true)
                  .contiguous();
          const auto mask = pseudoMask(images[k], hearts[k], {fine.data_ptr<float>(), area},
                                       window.side, *threshold, settings_);
          placeBackNearest(mask, window, stack.plane(),
                           std::span(stack.fibrosis).subspan(z * stack.area(), stack.area()));
        }
      }
      const std::span<const std::uint8_t> mask(stack.fibrosis);
      GADOLIN_CHECK(writeSafetensors(
          run_.folder.pseudoMasks() / (stack.source->stack + ".safetensors"),
          {tensorView("mask", Dtype::U8, {stack.source->size[2], stack.source->size[1], stack.source->size[0]},
                      mask)},
          {{"stack", stack.source->stack}}));
    }
    const bool none = std::none_of(cohort_.target_train.begin(), cohort_.target_train.end(), [](const SliceRef& r) {
      const auto slice = r.stack->slice(r.stack->fibrosis, r.z);
      return std::find(slice.begin(), slice.end(), 1) != slice.end();
    });
    if (none)
      return cannotTrain(
          "Every pseudo-mask is empty: the predicted myocardium and the labels do not fit together. "
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
        if (classifier_) item.slice_probability = predictSlices(*classifier_, stack, options).probability;
        item.p_fibrosis = predictFibrosis(*fibrosis_, stack, fibrosisSeesMyocardium(run_.config), options);
        item.reference = stack.fibrosis;
        cases.push_back(std::move(item));
      }
      const Calibration calibration = calibrate(cases, settings_);
      threshold = calibration.threshold;
      document = {{"source", "validation"}, {"dice", calibration.dice}, {"patients", calibration.patients}};
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

std::filesystem::path weightsOf(const run::RunFolder& folder, const std::string& stage) {
  std::error_code ignored;
  const auto best = folder.checkpoint(stage, "best");
  return std::filesystem::exists(best, ignored) ? best : folder.checkpoint(stage, "latest");
}

std::vector<std::uint8_t> quantised(std::span<const float> values) {
  std::vector<std::uint8_t> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    result[i] = static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(values[i], 0.0F, 1.0F)));
  return result;
}

class Predictor {
 public:
  explicit Predictor(const CascadeRun& run) : run_(run), settings_(run.config.settings) {}

  Result<void> work() {
    GADOLIN_CHECK(load());
    GADOLIN_CHECK(makePrivateFolder(run_.folder.predictions()));
    const auto& stacks = run_.dataset->stacks();
    run::StageBegin begin;
    begin.stage = "predict";
    begin.count = 1;
    begin.items = static_cast<std::int64_t>(stacks.size());
    run_.reporter->emit(begin);
    for (std::size_t i = 0; i < stacks.size(); ++i) {
      while (const auto command = run_.reporter->poll())
        if (*command != run::Command::CheckpointNow)
          return Error{ErrorCode::Cancelled, "Stopped as asked; the stacks done so far are kept."};
      GADOLIN_CHECK(predict(stacks[i]));
      run::PredictionSaved event;
      event.stack = stacks[i].stack;
      event.path = run_.folder.prediction(stacks[i].stack).lexically_relative(run_.folder.root).string();
      event.done = static_cast<int>(i + 1);
      event.total = static_cast<int>(stacks.size());
      run_.reporter->emit(event);
    }
    return {};
  }

 private:
  Result<void> load() {
    const torch::Device device = deviceOf(run_.config.device);
    options_ = inferenceOptions(settings_, device, static_cast<int>(settings_.integer("predict.flips")));
    const auto open = [&](const std::string& stage, const NetworkPtr& network,
                          NetworkPtr& into) -> Result<void> {
      std::error_code ignored;
      if (!std::filesystem::exists(weightsOf(run_.folder, stage), ignored)) return {};
      network->to(device);
      GADOLIN_CHECK(readWeights(weightsOf(run_.folder, stage), *network));
      into = network;
      return {};
    };
    GADOLIN_CHECK(open("myocardium", makeMyocardiumNetwork(settings_), heart_));
    GADOLIN_CHECK(open("classifier", makeClassifier(settings_), classifier_));
    GADOLIN_CHECK(open("fibrosis", makeFibrosisNetwork(settings_, fibrosisSeesMyocardium(run_.config)), fibrosis_));
    if (!heart_)
      return Error{ErrorCode::InvalidInput, run_.folder.root.string() +
                                                ": this run has no trained myocardium network. Train it first."};
    // Without it every pixel would be called healthy, and the report would say so.
    if (!fibrosis_) return noFibrosisNetwork();
    if (run::trainedOf(run_.folder) == run::Trained::InPart)
      run_.reporter->emit(run::Warning{"training-unfinished",
                                       "The fibrosis network of this run was not trained to its "
                                       "end, and no threshold was chosen for it: "
                                       "these predictions are provisional. Resume the training, "
                                       "let it finish and predict again."});
    threshold_ = settings_.real("predict.fibrosis_threshold");
    if (threshold_ <= 0) {
      threshold_ = 0.5;
      std::error_code ignored;
      if (std::filesystem::exists(run_.folder.calibration(), ignored)) {
        GADOLIN_TRY(const std::string text, readFile(run_.folder.calibration(), 1U << 20));
        const auto document = nlohmann::json::parse(text, nullptr, false);
        if (!document.is_object() || !document.contains("fibrosis_threshold") ||
            !document["fibrosis_threshold"].is_number())
          return Error{ErrorCode::Corrupt, run_.folder.calibration().string() + ": not readable."};
        threshold_ = document["fibrosis_threshold"].get<double>();
      }
    }
    return {};
  }

  [[nodiscard]] Error noFibrosisNetwork() const {
    const std::string& stage = run_.config.stage;
    std::string text = run_.folder.root.string() +
                       ": this run has no fibrosis network, and without one every "
                       "prediction would say that there is no scar. ";
    text += stage == "myocardium" || stage == "classifier"
                ? "It was made for the stage '" + stage +
                      "' alone: train a run with all stages and predict with that."
                : "Its training stopped before the fibrosis stage: resume it, then predict.";
    return {ErrorCode::InvalidInput, text};
  }

  Result<void> predict(const dataset::FrozenStack& source) {
    PreparedStack stack = prepareStack(source, settings_);
    predictHeart(*heart_, stack, options_);
    std::vector<float> cam;
    SliceScores scores;
    if (classifier_) {
      scores = predictSlices(*classifier_, stack, options_);
      cam = activationInGrid(scores, stack, settings_);
    }
    const std::vector<float> fibrosis =
        predictFibrosis(*fibrosis_, stack, fibrosisSeesMyocardium(run_.config), options_);
    const auto mask = composeMask(stack, fibrosis, threshold_, scores.probability, settings_);
    const auto p_myocardium = quantised(stack.p_myocardium);
    const auto p_fibrosis = quantised(fibrosis);
    const auto cam_bytes = quantised(cam);
    const std::vector<std::int64_t> shape{source.size[2], source.size[1], source.size[0]};
    const auto bytes = [&](const char* name, const std::vector<std::uint8_t>& values) {
      return tensorView(name, Dtype::U8, shape, std::span<const std::uint8_t>(values));
    };
    std::vector<TensorView> tensors{bytes("mask", mask), bytes("p_myocardium", p_myocardium),
                                    bytes("p_fibrosis", p_fibrosis)};
    if (classifier_) {
      tensors.push_back(bytes("cam", cam_bytes));
      tensors.push_back(tensorView("slice_probability", Dtype::F32, {source.size[2]},
                                   std::span<const float>(scores.probability)));
    }
    return writeSafetensors(run_.folder.prediction(source.stack), tensors,
                            {{"run", run_.config.id},
                             {"stack", source.stack},
                             {"method", std::string(toText(run_.config.supervision)) + "-cascade"},
                             {"preset", run_.config.preset},
                             {"fibrosis_threshold", std::to_string(threshold_)}});
  }

  const CascadeRun& run_;
  const run::Settings& settings_;
  InferenceOptions options_;
  NetworkPtr heart_, classifier_, fibrosis_;
  double threshold_ = 0.5;
};

}  // namespace

Result<void> trainCascade(const CascadeRun& run) {
  return guarded([&] { return Trainer(run).work(); });
}

Result<void> predictCascade(const CascadeRun& run) {
  return guarded([&] { return Predictor(run).work(); });
}

Result<std::string> describeDevice(const std::string& device) {
  if (device == "cuda" && !torch::cuda::is_available())
    return Error{ErrorCode::InvalidInput,
                 "This worker has no CUDA device: choose the device cpu or auto, or install a worker built "
                 "against a CUDA LibTorch."};
  return deviceOf(device).str();
}

std::string torchVersion() { return TORCH_VERSION; }
bool cudaAvailable() { return torch::cuda::is_available(); }

int setThreads(int threads) {
  const int used = threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(used);
  return used;
}

}  // namespace gadolin::ml
