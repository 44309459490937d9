// What the methods section says of a run: what it was given, its networks, their course, and how a
// prediction becomes a mask and was held against the reference.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/files.h"
#include "core/imaging/volume.h"
#include "core/report/wording.h"
#include "database/labels.h"
#include "ui/session/evaluation.h"
#include "ui/session/methods_parts.h"
#include "ui/session/model_card.h"
#include "ui/session/provenance_run.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

using nlohmann::json;
using report::counted;
using report::fixed;
using report::listed;

constexpr std::size_t most_document_bytes = std::size_t{1} << 26;

/// What the training part holds.
struct Given {
  std::set<std::string> patients;
  long long stacks = 0, slices = 0, labelled = 0, fibrotic = 0, stack_labels = 0;
  long long masks = 0, fibrosis_masks = 0;
};

Given givenTo(const dataset::FrozenDataset& dataset, dataset::Part part) {
  Given given;
  for (const dataset::FrozenStack& stack : dataset.stacks()) {
    if (stack.part != part) continue;
    given.patients.insert(stack.patient);
    ++given.stacks;
    given.slices += stack.size[2];
    for (const SliceLabel label : stack.labels) {
      given.labelled += label == SliceLabel::Fibrosis || label == SliceLabel::None;
      given.fibrotic += label == SliceLabel::Fibrosis;
    }
    given.stack_labels += stack.stack_label == SliceLabel::Fibrosis ||
                          stack.stack_label == SliceLabel::None;
    given.masks += !stack.mask.empty();
    given.fibrosis_masks += !stack.mask.empty() && stack.mask_shows_fibrosis;
  }
  return given;
}

/// "labels of 116 slices (67 with fibrosis) and outlines of the myocardium of 14 stacks"
std::string evidenceWords(const Given& given) {
  std::vector<std::string> items;
  if (given.labelled > 0)
    items.push_back("labels of " + counted(given.labelled, "slice", "slices") + " (" +
                    std::to_string(given.fibrotic) + " with fibrosis)");
  else if (given.stack_labels > 0)
    items.push_back("labels of " + counted(given.stack_labels, "whole stack", "whole stacks"));
  if (given.fibrosis_masks > 0)
    items.push_back("masks with fibrosis, or shown to be free of it, of " +
                    counted(given.fibrosis_masks, "stack", "stacks"));
  const long long outlines = given.masks - given.fibrosis_masks;
  if (outlines > 0)
    items.push_back("outlines of cavity and myocardium, in which scar was not marked, of " +
                    counted(outlines, "stack", "stacks"));
  return items.empty() ? "neither labels nor masks" : listed(items);
}

Result<report::MethodsSection> supervisionSection(db::Database& database, const MethodsRun& run) {
  std::string text = "A cascade of networks was trained under " + run.record.supervision +
                     " supervision (run " + run.record.id + ").";
  if (run.imported) {
    text = "The model is an import (run " + run.record.id + "), trained elsewhere under " +
           run.record.supervision + " supervision; its training data are not part of this project.";
    return report::MethodsSection{"Supervision", text};
  }
  if (!run.dataset) {
    text += " Its frozen dataset is not there, so what it was given is not known.";
    return report::MethodsSection{"Supervision", text};
  }
  const Given train = givenTo(*run.dataset, dataset::Part::Train);
  const Given validation = givenTo(*run.dataset, dataset::Part::Validation);
  text += " It was given " + evidenceWords(train) + ", of " +
          counted(static_cast<long long>(train.patients.size()), "training patient",
                  "training patients") +
          " (" + counted(train.slices, "slice", "slices") + ")";
  text += validation.stacks > 0 ? "; for validation " + evidenceWords(validation) + "." : ".";
  if (train.labelled > 0 && run.config) {
    GADOLIN_TRY(const LabelGivers givers, labelGivers(database, *run.dataset, dataset::Part::Train,
                                                      run.config->created_utc));
    std::vector<std::string> by;
    for (const auto& [reader, count] : givers.readers)
      by.push_back(reader == db::reference_reader
                       ? std::to_string(count.slices) + " derived from masks"
                       : std::to_string(count.slices) + " by " + reader);
    if (!by.empty()) text += " The labels of training slices: " + listed(by) + ".";
    if (givers.untraced.slices > 0)
      text += " Who gave " +
              (givers.untraced.slices == 1
                   ? std::string("one of these labels")
                   : std::to_string(givers.untraced.slices) + " of these labels") +
              " is not known.";
  }
  return report::MethodsSection{"Supervision", text};
}

/// One sentence a network that was trained, from the stages that happened.
std::string networkSentences(const run::Settings& settings, const std::set<std::string>& stages,
                             const std::string& supervision) {
  const auto text_of = [&](const char* key) { return settings.values().find(key)->second; };
  std::string text;
  if (stages.contains("myocardium"))
    text += "A two-dimensional U-Net with " + text_of("myocardium.width") +
            " channels in its first level segments the " +
            (settings.choice("myocardium.target") == "myocardium" ? "myocardium."
                                                                  : "cavity and the myocardium.");
  if (stages.contains("classifier"))
    text += " A narrowed dilated residual network (DRN-D-22, channels by " +
            text_of("classifier.width_factor") + ") says of " +
            (supervision == "stack" ? "stacks" : "slices") +
            " whether they show fibrosis, and its class activation map where.";
  if (stages.contains("pseudo-masks")) {
    const std::string& rule = settings.choice("pseudo.threshold");
    text += " Pseudo-masks of positive slices are the pixels of the myocardium above " +
            std::string(rule == "half-max" ? "half the way from remote to the brightest myocardium"
                        : rule == "otsu2"  ? "Otsu's threshold of two classes"
                        : rule == "otsu3-lower" ? "the lower of Otsu's thresholds of three classes"
                                                : "the upper of Otsu's thresholds of three classes");
    if (settings.flag("pseudo.cam")) text += ", where the activation map points at them";
    if (settings.flag("pseudo.crf")) text += ", smoothed by a dense conditional random field";
    text += ".";
    if (settings.flag("pseudo.review")) text += " A person judged them before they were used.";
  }
  if (stages.contains("fibrosis"))
    text += " A second U-Net (" + text_of("fibrosis.width") + " channels) segments fibrosis, taught by " +
            (supervision == "pixel"   ? "the masks."
             : supervision == "mixed" ? "masks where there are any and pseudo-masks elsewhere."
                                      : "the pseudo-masks.");
  return text;
}

/// "of the classifier epoch 36 of 50, the best on validation"
std::string courseOf(const run::RunFolder& folder, const std::string& stage, int last) {
  std::error_code ignored;
  const bool best = std::filesystem::exists(folder.checkpoint(stage, "best"), ignored);
  const auto text = readFile(folder.checkpoints() / (stage + ".latest.json"), most_document_bytes);
  json state = text ? json::parse(*text, nullptr, false) : json();
  const json chosen = state.is_object() ? state.value("best_epoch", json()) : json();
  if (best && chosen.is_number_integer() && chosen.get<int>() > 0)
    return "of " + stage + " epoch " + std::to_string(chosen.get<int>()) + " of " +
           std::to_string(last) + ", the best on validation";
  return "of " + stage + (last == 1 ? " its one epoch" : " the last of " + std::to_string(last) + " epochs");
}

report::MethodsSection trainingSection(const run::RunFolder& folder, const MethodsRun& run,
                                       const RunHistory& history) {
  if (!run.config)
    return {"Training", "The settings of the run cannot be read, so its training is not described."};
  const run::Settings& settings = run.config->settings;
  std::set<std::string> stages;
  for (const run::StageBegin& stage : history.stages) stages.insert(stage.stage);
  std::string text = networkSentences(settings, stages, run.record.supervision);
  const auto number = [&](const char* key) { return settings.values().find(key)->second; };
  if (!stages.empty()) {
    const bool decays = settings.real("train.optimiser_decay") > 0;
    text += std::string(" Networks were trained with ") + (decays ? "AdamW" : "Adam") +
            ", batches of " + number("train.batch") + " and a " +
            (settings.choice("train.schedule") == "cosine" ? "cosine" : "constant") +
            " learning rate from ";
    std::vector<std::string> rates;
    for (const char* stage : {"myocardium", "classifier", "fibrosis"})
      if (stages.contains(stage))
        rates.push_back(number((std::string(stage) + ".learning_rate").c_str()) + " (" + stage + ")");
    text += listed(rates) + ".";
    if (settings.real("train.ema") > 0)
      text += " A running mean of the weights (decay " + number("train.ema") + ") was validated and used.";
  }
  std::map<std::string, int> last;
  for (const run::Epoch& epoch : history.epochs)
    last[epoch.stage] = std::max(last[epoch.stage], epoch.epoch);
  std::vector<std::string> courses;
  for (const char* stage : {"myocardium", "classifier", "fibrosis"})
    if (const auto found = last.find(stage); found != last.end())
      courses.push_back(courseOf(folder, stage, found->second));
  if (!courses.empty()) text += " The weights that are used are " + listed(courses) + ".";
  const auto changed = changedSettings(*run.config);
  text += std::string(text.empty() ? "" : " ") + "All settings are those of the preset \"" +
          run.config->preset + "\"";
  if (changed.empty()) {
    text += ".";
  } else {
    std::vector<std::string> items;
    for (const ChangedSetting& one : changed)
      items.push_back(one.key + " = " + one.value + " (preset: " + one.of_preset + ")");
    text += " but for " + listed(items) + ".";
  }
  text += " Seed " + std::to_string(run.config->seed) + ".";
  if (!run.imported && run.record.state != db::RunState::Finished)
    text += " This training has not finished (" + std::string(toText(run.record.state)) + ").";
  return {"Training", text};
}

report::MethodsSection predictionSection(const run::RunFolder& folder, const MethodsRun& run) {
  std::string text;
  if (run.config)
    for (const std::string& step : inputSteps(run.config->settings))
      text += (text.empty() ? "" : " ") + step;
  const auto bytes = readFile(folder.calibration(), most_document_bytes);
  const json calibration = bytes ? json::parse(*bytes, nullptr, false) : json();
  if (calibration.is_object() && calibration.contains("fibrosis_threshold")) {
    const json threshold = calibration["fibrosis_threshold"];
    const json patients = calibration.value("patients", json());
    text += std::string(text.empty() ? "" : " ") + "A pixel of the myocardium is fibrosis above a probability of " +
            (threshold.is_number() ? run::numberText(threshold.get<double>()) : threshold.dump());
    if (calibration.value("source", "") == "validation") {
      text += ", the threshold with the highest Dice on ";
      text += patients.is_number_integer()
                  ? counted(patients.get<long long>(), "validation patient", "validation patients")
                  : std::string("the validation patients");
    } else {
      text += ", as set beforehand";
    }
    text += ".";
  } else {
    text += std::string(text.empty() ? "" : " ") + "No threshold of fibrosis was chosen yet.";
  }
  return {"From image to mask", text};
}

}  // namespace

Result<std::vector<report::MethodsSection>> trainingSections(const ProjectPaths& paths,
                                                             db::Database& database,
                                                             const MethodsRun& run) {
  const run::RunFolder folder = paths.run(run.record.id);
  std::vector<report::MethodsSection> sections;
  GADOLIN_TRY(auto supervision, supervisionSection(database, run));
  sections.push_back(std::move(supervision));
  GADOLIN_TRY(const RunHistory history, readCurves(folder));
  sections.push_back(trainingSection(folder, run, history));
  sections.push_back(predictionSection(folder, run));
  return sections;
}

report::MethodsSection evaluationSection(const ProjectPaths& paths, const MethodsRun& run) {
  const auto evaluation = loadEvaluation(paths, run.record.id);
  if (!evaluation) {
    return {"Evaluation", evaluation.error().code == ErrorCode::NotFound
                              ? "The predictions of this run have not been evaluated."
                              : evaluation.error().message};
  }
  const analysis::TargetMetrics& fibrosis = evaluation->of(analysis::Target::Fibrosis);
  const std::string part = evaluation->split == "test"  ? "the test part"
                           : evaluation->split == "val" ? "the validation part"
                           : evaluation->split == "train"
                               ? "the training part"
                               : "the part \"" + evaluation->split + "\"";
  std::string text = "Predictions of " + part + " (" +
                     counted(fibrosis.patients, "patient", "patients") + ", " +
                     counted(fibrosis.slices, "slice", "slices") + "; " +
                     std::to_string(fibrosis.positive_patients) + " with fibrosis and " +
                     std::to_string(fibrosis.negative_patients) +
                     " without in the reference) were held against the newest mask of a person that "
                     "did not begin as a prediction.";
  text +=
      " Fibrosis is infarct and microvascular obstruction together; myocardium includes both. Dice "
      "is of all slices of a patient together, averaged over patients whose reference is not empty; "
      "an empty prediction counts 0.";
  if (fibrosis.dice_patient_ci95)
    text += " 95 % intervals are percentile bootstraps over patients (5,000 resamples).";
  if (fibrosis.hd95_mm_mean)
    text += " HD95 is the 95th percentile of distances between surfaces, both directions pooled, in "
            "millimetres.";
  text += " Volumes are compared by their mean difference with limits of agreement (1.96 standard "
          "deviations) and Pearson's correlation.";
  if (fibrosis.auroc_slice && !evaluation->slice_score.empty())
    text += std::string(" The AUROC of slices ranks them by ") +
            (evaluation->slice_score == "classifier" ? "the classifier's probability."
                                                     : "their highest probability of fibrosis.");
  text += " Evaluated with Gadolin " + evaluation->gadolin_version + " on " +
          report::day(evaluation->created_utc) + ".";
  for (const std::string& warning : evaluation->warnings) text += " " + warning;
  return {"Evaluation", text};
}

}  // namespace gadolin::session
