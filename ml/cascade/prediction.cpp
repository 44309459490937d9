#include "ml/cascade/prediction.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "ml/cascade/compose.h"
#include "ml/cascade/devices.h"
#include "ml/cascade/domain.h"
#include "ml/train/checkpoint.h"

namespace gadolin::ml {
namespace {

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
      event.path =
          run_.folder.prediction(stacks[i].stack).lexically_relative(run_.folder.root).string();
      event.done = static_cast<int>(i + 1);
      event.total = static_cast<int>(stacks.size());
      run_.reporter->emit(event);
    }
    return {};
  }

 private:
  Result<void> load() {
    const torch::Device device = deviceOf(run_.config.device);
    options_ =
        inferenceOptions(settings_, device, static_cast<int>(settings_.integer("predict.flips")));
    const auto open = [&](const std::string& stage, const NetworkPtr& network,
                          NetworkPtr& into) -> Result<void> {
      std::error_code ignored;
      if (!std::filesystem::exists(run_.folder.weights(stage), ignored)) return {};
      network->to(device);
      GADOLIN_CHECK(readWeights(run_.folder.weights(stage), *network));
      into = network;
      return {};
    };
    GADOLIN_CHECK(open("myocardium", makeMyocardiumNetwork(settings_), heart_));
    GADOLIN_CHECK(open("classifier", makeClassifier(settings_), classifier_));
    GADOLIN_CHECK(open("fibrosis",
                       makeFibrosisNetwork(settings_, fibrosisSeesMyocardium(run_.config)),
                       fibrosis_));
    if (!heart_)
      return Error{ErrorCode::InvalidInput,
                   run_.folder.root.string() +
                       ": this run has no trained myocardium network. Train it first."};
    // Without it every pixel would be called healthy, and the report would say so.
    if (!fibrosis_) return noFibrosisNetwork();
    if (run::trainedOf(run_.folder) == run::Trained::InPart)
      run_.reporter->emit(run::Warning{"training-unfinished",
                                       "The fibrosis network of this run was not trained to its "
                                       "end, and no threshold was chosen for it: "
                                       "these predictions are provisional. Resume the training, "
                                       "let it finish and predict again."});
    std::error_code absent;
    if (std::filesystem::exists(run_.folder.cohortProfile(), absent)) {
      GADOLIN_TRY(const std::string text, readFile(run_.folder.cohortProfile(), 1U << 20));
      auto profile = profileFromJson(text);
      if (!profile) return profile.error().within(run_.folder.cohortProfile().string());
      profile_ = *profile;
    }
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

  /// Why this stack is unlike those of the training: a JSON list of sentences, which is also said in
  /// an event. Empty when there is nothing to compare with.
  [[nodiscard]] std::string alarm(const PreparedStack& stack,
                                  const std::vector<std::uint8_t>& mask) const {
    if (profile_.stacks == 0) return {};
    const auto reasons = strangeness(profile_, traitsOf(stack, mask));
    if (!reasons.empty()) {
      std::string text = "Stack " + stack.source->stack + " is unlike the training data: ";
      for (std::size_t i = 0; i < reasons.size(); ++i) text += (i > 0 ? "; " : "") + reasons[i];
      run_.reporter->emit(run::Warning{"outside-training", text + "."});
    }
    return nlohmann::json(reasons).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    const std::string strange = alarm(stack, mask);
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
      tensors.push_back(tensorView("stack_probability", Dtype::F32, {1},
                                   std::span<const float>(&scores.stack_probability, 1)));
    }
    return writeSafetensors(run_.folder.prediction(source.stack), tensors,
                            {{"run", run_.config.id},
                             {"stack", source.stack},
                             {"method", std::string(toText(run_.config.supervision)) + "-cascade"},
                             {"preset", run_.config.preset},
                             {"outside_training", strange},
                             {"fibrosis_threshold", std::to_string(threshold_)}});
  }

  const CascadeRun& run_;
  const run::Settings& settings_;
  InferenceOptions options_;
  NetworkPtr heart_, classifier_, fibrosis_;
  double threshold_ = 0.5;
  CohortProfile profile_;  // of no stacks where the run has none: nothing is strange then
};

}  // namespace

Result<void> runPrediction(const CascadeRun& run) {
  return Predictor(run).work();
}

}  // namespace gadolin::ml
