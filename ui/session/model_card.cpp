#include "ui/session/model_card.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/analysis/evaluation_file.h"
#include "core/base/files.h"
#include "core/base/time.h"
#include "core/dataset/frozen_dataset.h"

namespace gadolin::session {
namespace {

using nlohmann::json;

constexpr const char* intended_use =
    "Research on late-gadolinium-enhancement short-axis stacks of the left ventricle: myocardium, "
    "cavity and fibrosis. Every segmentation is to be looked at by a person who can judge it. Not "
    "a "
    "medical device, and not for decisions about patients.";

json partFacts(const dataset::FrozenDataset& dataset, dataset::Part part) {
  std::set<std::string> patients;
  int stacks = 0, slices = 0, masks = 0, fibrosis_masks = 0, labelled = 0, fibrotic = 0;
  int labelled_stacks = 0, fibrotic_stacks = 0;
  for (const dataset::FrozenStack& stack : dataset.stacks()) {
    if (stack.part != part) continue;
    patients.insert(stack.patient);
    ++stacks;
    slices += stack.size[2];
    masks += stack.mask.empty() ? 0 : 1;
    fibrosis_masks += !stack.mask.empty() && stack.mask_shows_fibrosis ? 1 : 0;
    const SliceLabel whole = stack.stack_label.value_or(stackLabel(stack.labels));
    labelled_stacks += whole == SliceLabel::Fibrosis || whole == SliceLabel::None ? 1 : 0;
    fibrotic_stacks += whole == SliceLabel::Fibrosis ? 1 : 0;
    for (const SliceLabel label : stack.labels) {
      labelled += label == SliceLabel::Fibrosis || label == SliceLabel::None ? 1 : 0;
      fibrotic += label == SliceLabel::Fibrosis ? 1 : 0;
    }
  }
  return {{"patients", patients.size()},
          {"stacks", stacks},
          {"slices", slices},
          {"masks", masks},
          {"fibrosis_masks", fibrosis_masks},
          {"labelled_slices", labelled},
          {"fibrotic_slices", fibrotic},
          {"labelled_stacks", labelled_stacks},
          {"fibrotic_stacks", fibrotic_stacks}};
}

/// An absent file is null; one that is no JSON object is an error.
Result<json> objectIn(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return json(nullptr);
  GADOLIN_TRY(const std::string text, readFile(path, std::size_t{1} << 26));
  json document = json::parse(text, nullptr, false);
  if (!document.is_object())
    return Error{ErrorCode::Corrupt, path.string() + ": this is not a JSON object."};
  return document;
}

/// No patient leaves with a model. Null where the run was not evaluated.
Result<json> figuresIn(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return json(nullptr);
  GADOLIN_TRY(const std::string text, readFile(path, std::size_t{1} << 26));
  const auto evaluation = analysis::evaluationFromJson(text);
  if (!evaluation) return evaluation.error().within(path.string());
  return json::parse(analysis::figuresToJson(*evaluation));
}

std::string pixelOf(const run::Settings& settings, const char* key) {
  return settings.real(key) > 0 ? settings.values().find(key)->second + " mm"
                                : std::string("the image's own size");
}

/// How grey values are made comparable (ml/data/stacks.cpp, ml/data/samples.cpp).
std::vector<std::string> greyValues(const run::Settings& settings) {
  const bool by_stack = settings.choice("normalise.rule") == "stack-percentile";
  const bool clipped = by_stack || settings.real("normalise.low_percent") > 0 ||
                       settings.real("normalise.high_percent") < 100;
  std::vector<std::string> steps;
  if (clipped)
    steps.push_back("Per stack, grey values are clipped to their percentiles " +
                    run::numberText(settings.real("normalise.low_percent")) + " and " +
                    run::numberText(settings.real("normalise.high_percent")) +
                    " (padding of zeros left out)" +
                    (by_stack ? ", then have mean 0 and standard deviation 1." : "."));
  if (settings.flag("reference.stack_zscore"))
    steps.emplace_back(
        "The grey values of a stack, in all squares below together, get mean 0 and "
        "standard deviation 1.");
  else if (!by_stack)
    steps.emplace_back(
        "Per slice, the grey values of the square below get mean 0 and standard "
        "deviation 1.");
  return steps;
}

/// What a square holds where it passes the border of the image.
std::string beyondTheImage(const run::Settings& settings) {
  const bool sampled_as_it_is =
      settings.flag("augment.second_sampling") || settings.flag("reference.stack_zscore");
  if (sampled_as_it_is && settings.flag("reference.zero_padding"))
    return "beyond the image lies the imported value 0, which counts in mean and deviation";
  if (sampled_as_it_is && settings.choice("normalise.padding") == "mean")
    return "beyond the image lies the mean grey, 0, which counts in neither mean nor deviation";
  return "beyond the image its edge is repeated";
}

/// The second look of the myocardium network.
std::string lookAgain(const run::Settings& settings) {
  if (!settings.flag("myocardium.look_again")) return {};
  const std::string close = settings.values().find("myocardium.close_side_px")->second;
  return close == "0"
             ? " Then again around the heart that was found, where that lies off the middle."
             : " Then again in one of " + close + " x " + close +
                   " around the heart that was found.";
}

/// From the classifier's map to the logit of a slice and of a stack.
std::string pooling(const run::Settings& settings) {
  const std::string threshold = run::numberText(settings.real("classifier.mask_threshold"));
  const std::string& of_stack = settings.choice("classifier.stack_pooling");
  return std::string("the logit of a slice is ") +
         (settings.choice("classifier.pooling") == "mean"
              ? "its mean"
              : "its sum, divided by the area of the whole map,") +
         " inside the myocardium (probability dilated by 3 x 3 pixels, averaged over 4 x 4, "
         "above " +
         threshold + "), " + (settings.flag("reference.empty_is_undecided") ? "0" : "-10") +
         " without any; that of a stack is " +
         (of_stack == "mean"  ? "the mean of its slices, of which one without myocardium counts 0"
          : of_stack == "max" ? "the largest of its slices"
          : of_stack == "lse"
              ? "the logarithm of the mean exponential of its slices"
              : "that of at least one slice, by the product of the probabilities that "
                "each denies");
}

std::string figure(const json& value) {
  if (!value.is_number()) return "–";
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value.get<double>());
  return text;
}

std::string wordsOf(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "–" : value.dump();
}

}  // namespace

std::vector<std::string> inputSteps(const run::Settings& settings) {
  std::vector<std::string> steps = greyValues(settings);
  const auto number = [&settings](const char* key) { return settings.values().find(key)->second; };
  const auto side = [&](const char* key) { return number(key) + " x " + number(key); };
  const std::string beyond = beyondTheImage(settings);
  steps.push_back("myocardium: a square of " + side("myocardium.side_px") + " pixels of " +
                  pixelOf(settings, "myocardium.pixel_mm") +
                  " around the middle of the image, bilinear; " + beyond + "." +
                  lookAgain(settings));
  const bool all_voxels = settings.choice("roi.centre") == "all-voxels";
  steps.push_back(
      "classifier and fibrosis: a square of " + side("roi.net_px") + " pixels, cut as " +
      side("roi.side_px") + " of " + pixelOf(settings, "roi.pixel_mm") + " around " +
      (all_voxels ? "the mean position of all voxels of the predicted myocardium, cut to "
                    "whole pixels"
                  : "the mean position of the largest part of the predicted heart") +
      "; " + beyond +
      ". A second channel, where there is one, is the probability of myocardium in the "
      "same square.");
  // The z-score of whole stacks leaves no room for another scale.
  if (settings.flag("normalise.heart") && !settings.flag("reference.stack_zscore"))
    steps.push_back(
        "classifier and fibrosis see grey values relative to the predicted heart: the "
        "20th percentile of the myocardium is 0, the median of the cavity 1.");
  steps.push_back(
      "Outputs are logits. myocardium: softmax over background, cavity and myocardium "
      "(sigmoid with one channel). fibrosis: sigmoid. classifier: a map of a quarter of "
      "the side; " +
      pooling(settings) + ", then sigmoid.");
  const std::string views = number("predict.flips");
  steps.push_back(views == "1" ? "Each network is asked once."
                               : "Each network is asked about " + views +
                                     " mirrored and turned views, whose probabilities (of the "
                                     "classifier: whose maps) are turned back and averaged" +
                                     (settings.integer("myocardium.close_side_px") > 0
                                          ? "; two of them do for the first look at the myocardium."
                                          : "."));
  return steps;
}

Result<std::string> modelFacts(const run::RunFolder& folder, const std::string& gadolin_version) {
  GADOLIN_TRY(const run::RunConfig config, run::readRunConfig(folder.config()));
  GADOLIN_TRY(const dataset::FrozenDataset dataset, dataset::FrozenDataset::open(folder.dataset()));
  GADOLIN_TRY(const json calibration, objectIn(folder.calibration()));
  GADOLIN_TRY(const json metrics, figuresIn(folder.metrics()));
  GADOLIN_TRY(const json cohort, objectIn(folder.cohortProfile()));
  json settings = json::object();
  for (const auto& [key, value] : config.settings.values()) settings[key] = value;
  json data = json::object();
  for (const dataset::Part part :
       {dataset::Part::Train, dataset::Part::Validation, dataset::Part::Test})
    data[std::string(toText(part))] = partFacts(dataset, part);
  const json card{{"format", model_format},
                  {"version", model_format_version},
                  {"name", config.id},
                  {"exported_utc", utcNow()},
                  {"trained_utc", config.created_utc},
                  {"gadolin_version", gadolin_version},
                  {"trained_with", config.gadolin_version},
                  {"intended_use", intended_use},
                  {"supervision", toText(config.supervision)},
                  {"preset", config.preset},
                  {"seed", config.seed},
                  {"extra_epochs", config.extra_epochs},
                  {"settings", settings},
                  {"data", data},
                  {"calibration", calibration},
                  {"cohort", cohort},
                  {"metrics", metrics},
                  {"input", inputSteps(config.settings)}};
  return card.dump(2, ' ', false, json::error_handler_t::replace);
}

std::string modelCardText(const std::string& text) {
  const json card = json::parse(text, nullptr, false);
  if (!card.is_object()) return {};
  std::string page = "# " + wordsOf(card.value("name", json())) + "\n\n";
  page += wordsOf(card.value("intended_use", json())) + "\n\n";
  page += "Trained " + wordsOf(card.value("trained_utc", json())) + " with Gadolin " +
          wordsOf(card.value("trained_with", json())) + ", exported with Gadolin " +
          wordsOf(card.value("gadolin_version", json())) + " and LibTorch " +
          wordsOf(card.value("torch", json())) + ". Supervision " +
          wordsOf(card.value("supervision", json())) + ", preset " +
          wordsOf(card.value("preset", json())) + ", seed " + wordsOf(card.value("seed", json())) +
          ".\n";
  page +=
      "\n## Data\n\n| part | patients | stacks | slices | masks | of these that show fibrosis | "
      "labelled "
      "slices | with fibrosis | labelled stacks | with fibrosis |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const char* part : {"train", "val", "test"}) {
    const json row = card["data"].value(part, json::object());
    page += "| " + std::string(part);
    for (const char* key :
         {"patients", "stacks", "slices", "masks", "fibrosis_masks", "labelled_slices",
          "fibrotic_slices", "labelled_stacks", "fibrotic_stacks"})
      page += " | " + wordsOf(row.value(key, json()));
    page += " |\n";
  }
  page +=
      "\nPatients are split, never slices. Labels and masks of the test part were not in the "
      "training's data.\n\n## Figures\n\n";
  const json& metrics = card["metrics"];
  if (metrics.is_object()) {
    page += "Of the part \"" + wordsOf(metrics.value("split", json())) +
            "\", per patient with a reference that is not empty.\n\n"
            "| target | Dice, mean | sd | median | HD95 mm | volume bias ml | AUROC slice | AUROC "
            "stack |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for (const char* target : {"myocardium", "fibrosis", "infarct"}) {
      const json row = metrics.value(target, json::object());
      page += "| " + std::string(target);
      for (const char* key : {"dice_patient_mean", "dice_patient_sd", "dice_patient_median",
                              "hd95_mm_mean", "volume_bias_ml", "auroc_slice", "auroc_stack"})
        page += " | " + figure(row.value(key, json()));
      page += " |\n";
    }
  } else {
    page += "The run was not evaluated.\n";
  }
  const json& calibration = card["calibration"];
  page += "\n## Threshold\n\n";
  page += calibration.is_object()
              ? "A pixel is fibrosis above " +
                    figure(calibration.value("fibrosis_threshold", json())) +
                    ", chosen by: " + wordsOf(calibration.value("source", json())) + ".\n"
              : std::string("None was chosen; 0.5 is used.\n");
  page += "\n## Input\n\n";
  for (const json& step : card["input"]) page += "- " + wordsOf(step) + "\n";
  page +=
      "\n## Networks\n\n| stage | kind | channels in | out | parameters | weights | TorchScript |\n"
      "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const json& network : card.value("networks", json::array())) {
    page += "| " + wordsOf(network.value("stage", json()));
    for (const char* key :
         {"kind", "channels_in", "channels_out", "parameters", "weights", "torchscript"})
      page += " | " + wordsOf(network.value(key, json()));
    page += " |\n";
  }
  page +=
      "\nInput float32 [N, channels, height, width]. Names in TorchScript have `_` where those of "
      "the safetensors file have `.`. Every setting is in model.json.\n";
  return page;
}

}  // namespace gadolin::session
