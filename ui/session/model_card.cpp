#include "ui/session/model_card.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/files.h"
#include "core/base/time.h"
#include "core/dataset/frozen_dataset.h"

namespace gadolin::session {
namespace {

using nlohmann::json;

constexpr const char* intended_use =
    "Research on late-gadolinium-enhancement short-axis stacks of the left ventricle: myocardium, "
    "cavity and fibrosis. Every segmentation is to be looked at by a person who can judge it. Not a "
    "medical device, and not for decisions about patients.";

json partFacts(const dataset::FrozenDataset& dataset, dataset::Part part) {
  std::set<std::string> patients;
  int stacks = 0, slices = 0, masks = 0, labelled = 0, fibrotic = 0;
  for (const dataset::FrozenStack& stack : dataset.stacks()) {
    if (stack.part != part) continue;
    patients.insert(stack.patient);
    ++stacks;
    slices += stack.size[2];
    masks += stack.mask.empty() ? 0 : 1;
    for (const SliceLabel label : stack.labels) {
      labelled += label == SliceLabel::Fibrosis || label == SliceLabel::None ? 1 : 0;
      fibrotic += label == SliceLabel::Fibrosis ? 1 : 0;
    }
  }
  return {{"patients", patients.size()}, {"stacks", stacks},
          {"slices", slices},            {"masks", masks},
          {"labelled_slices", labelled}, {"fibrotic_slices", fibrotic}};
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

/// No patient leaves with a model.
json withoutPatients(json metrics) {
  if (!metrics.is_object()) return metrics;
  metrics.erase("warnings");  // they name stacks
  for (const char* target : {"myocardium", "fibrosis", "infarct"}) {
    if (metrics.contains(target) && metrics[target].is_object()) metrics[target].erase("per_patient");
  }
  return metrics;
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
  std::vector<std::string> steps;
  const auto number = [&settings](const char* key) { return settings.values().find(key)->second; };
  const auto pixel = [&](const char* key) {
    return settings.real(key) > 0 ? number(key) + " mm" : std::string("the image's own size");
  };
  if (settings.choice("normalise.rule") == "stack-percentile")
    steps.push_back("Per stack, grey values are clipped to their percentiles " +
                    number("normalise.low_percent") + " and " + number("normalise.high_percent") +
                    " (padding of zeros left out), then have mean 0 and standard deviation 1.");
  else
    steps.push_back("Per slice, grey values get mean 0 and standard deviation 1.");
  const auto side = [&](const char* key) { return number(key) + " x " + number(key); };
  steps.push_back("myocardium: a square of " + side("myocardium.side_px") + " pixels of " +
                  pixel("myocardium.pixel_mm") + " around the middle of the image, bilinear; beyond "
                  "the image its edge is repeated." +
                  (settings.integer("myocardium.close_side_px") > 0
                       ? " Then again in one of " + side("myocardium.close_side_px") +
                             " around the heart that was found."
                       : std::string()));
  steps.push_back("classifier and fibrosis: a square of " + side("roi.net_px") +
                  " pixels, cut as " + side("roi.side_px") + " of " + pixel("roi.pixel_mm") +
                  " around the predicted heart. A second channel, where there is one, is the "
                  "probability of myocardium in the same square.");
  if (settings.flag("normalise.heart"))
    steps.push_back("classifier and fibrosis see grey values relative to the predicted heart: the "
                    "20th percentile of the myocardium is 0, the median of the cavity 1.");
  steps.push_back("Outputs are logits. myocardium: softmax over background, cavity and myocardium "
                  "(sigmoid with one channel). fibrosis: sigmoid. classifier: a map of a quarter of "
                  "the side, pooled inside the dilated myocardium, then sigmoid.");
  return steps;
}

Result<std::string> modelFacts(const run::RunFolder& folder, const std::string& gadolin_version) {
  GADOLIN_TRY(const run::RunConfig config, run::readRunConfig(folder.config()));
  GADOLIN_TRY(const dataset::FrozenDataset dataset, dataset::FrozenDataset::open(folder.dataset()));
  GADOLIN_TRY(const json calibration, objectIn(folder.calibration()));
  GADOLIN_TRY(json metrics, objectIn(folder.metrics()));
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
                  {"metrics", withoutPatients(std::move(metrics))},
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
          wordsOf(card.value("preset", json())) + ", seed " + wordsOf(card.value("seed", json())) + ".\n";
  page += "\n## Data\n\n| part | patients | stacks | slices | masks | labelled slices | with fibrosis |\n"
          "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const char* part : {"train", "val", "test"}) {
    const json row = card["data"].value(part, json::object());
    page += "| " + std::string(part);
    for (const char* key :
         {"patients", "stacks", "slices", "masks", "labelled_slices", "fibrotic_slices"})
      page += " | " + wordsOf(row.value(key, json()));
    page += " |\n";
  }
  page += "\nPatients are split, never slices. Labels and masks of the test part were not in the "
          "training's data.\n\n## Figures\n\n";
  const json& metrics = card["metrics"];
  if (metrics.is_object()) {
    page += "Of the part \"" + wordsOf(metrics.value("split", json())) +
            "\", per patient with a reference that is not empty.\n\n"
            "| target | Dice, mean | sd | median | HD95 mm | volume bias ml | AUROC slice |\n"
            "| --- | --- | --- | --- | --- | --- | --- |\n";
    for (const char* target : {"myocardium", "fibrosis", "infarct"}) {
      const json row = metrics.value(target, json::object());
      page += "| " + std::string(target);
      for (const char* key : {"dice_patient_mean", "dice_patient_sd", "dice_patient_median",
                              "hd95_mm_mean", "volume_bias_ml", "auroc_slice"})
        page += " | " + figure(row.value(key, json()));
      page += " |\n";
    }
  } else {
    page += "The run was not evaluated.\n";
  }
  const json& calibration = card["calibration"];
  page += "\n## Threshold\n\n";
  page += calibration.is_object()
              ? "A pixel is fibrosis above " + figure(calibration.value("fibrosis_threshold", json())) +
                    ", chosen by: " + wordsOf(calibration.value("source", json())) + ".\n"
              : std::string("None was chosen; 0.5 is used.\n");
  page += "\n## Input\n\n";
  for (const json& step : card["input"]) page += "- " + wordsOf(step) + "\n";
  page += "\n## Networks\n\n| stage | kind | channels in | out | parameters | weights | TorchScript |\n"
          "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const json& network : card.value("networks", json::array())) {
    page += "| " + wordsOf(network.value("stage", json()));
    for (const char* key :
         {"kind", "channels_in", "channels_out", "parameters", "weights", "torchscript"})
      page += " | " + wordsOf(network.value(key, json()));
    page += " |\n";
  }
  page += "\nInput float32 [N, channels, height, width]. Names in TorchScript have `_` where those of "
          "the safetensors file have `.`. Every setting is in model.json.\n";
  return page;
}

}  // namespace gadolin::session
