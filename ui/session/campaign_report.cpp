#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/csv.h"
#include "core/base/files.h"
#include "core/base/time.h"
#include "ui/session/campaign.h"

namespace gadolin::session {
namespace {

using analysis::Target;
using nlohmann::json;

std::string cell(const std::optional<double>& value) {
  char text[32];
  std::snprintf(text, sizeof text, "%8.3f", value.value_or(0));
  return value ? text : "       -";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

/// One row: Dice of myocardium, fibrosis and infarct, HD95, AUROC of slices and stacks, false
/// positives.
std::string rowOf(const std::string& name, const analysis::Evaluation& evaluation) {
  const auto& fibrosis = evaluation.of(Target::Fibrosis);
  return padded(name, 22) + cell(evaluation.of(Target::Myocardium).dice_patient_mean) + "   " +
         cell(fibrosis.dice_patient_mean) + "   " +
         cell(evaluation.of(Target::Infarct).dice_patient_mean) + "   " +
         cell(fibrosis.hd95_mm_mean) + "   " + cell(fibrosis.auroc_slice) + "   " +
         cell(fibrosis.auroc_stack) + "   " + std::to_string(fibrosis.fp_patients) + " of " +
         std::to_string(fibrosis.negative_patients) + "\n";
}

std::string intervalOf(const analysis::TargetMetrics& metrics) {
  std::string text =
      padded(std::string(toText(metrics.target)), 22) + cell(metrics.dice_patient_mean);
  if (metrics.dice_patient_ci95)
    text += "   95 % " + cell(metrics.dice_patient_ci95->low) + " to" +
            cell(metrics.dice_patient_ci95->high);
  return text + "   " + std::to_string(metrics.positive_patients) + " patients\n";
}

Result<void> writeJson(const std::filesystem::path& path, const json& document) {
  return writeFileAtomically(path,
                             document.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

/// Scores of two kinds are not on one scale: no AUROC where folds score their slices differently,
/// and the classifier's probabilities of whole stacks only where every stack has one.
void keepOneKindOfScore(std::vector<analysis::EvaluatedStack>& stacks, bool same) {
  const bool whole = std::ranges::all_of(stacks, [](const analysis::EvaluatedStack& stack) {
    return stack.scores.stack_fibrosis.has_value();
  });
  for (analysis::EvaluatedStack& stack : stacks) {
    if (!same) stack.scores = {};
    if (!whole) stack.scores.stack_fibrosis.reset();
  }
}

json objectOf(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

}  // namespace

Result<std::string> writeFolds(const ProjectPaths& paths, const Campaign& campaign,
                               const std::vector<EvaluatedRun>& runs,
                               const std::string& gadolin_version) {
  analysis::Evaluation pooled;
  pooled.run = campaign.id;
  pooled.split = "held out";
  pooled.created_utc = utcNow();
  pooled.gadolin_version = gadolin_version;
  std::vector<analysis::EvaluatedStack> stacks;
  std::set<std::string> scores;
  for (const EvaluatedRun& one : runs) {
    stacks.insert(stacks.end(), one.stacks.begin(), one.stacks.end());
    scores.insert(one.evaluation.slice_score);
    for (const std::string& warning : one.evaluation.warnings)
      pooled.warnings.push_back(one.evaluation.split + ": " + warning);
  }
  if (scores.size() == 1)
    pooled.slice_score = *scores.begin();
  else
    pooled.warnings.emplace_back(
        "The folds score their slices differently (classifier, highest probability, or not at "
        "all), "
        "so that there is no pooled AUROC. Predict the held-out stacks again with the run that "
        "lacks "
        "its maps.");
  keepOneKindOfScore(stacks, scores.size() == 1);
  for (std::size_t i = 0; i < pooled.targets.size(); ++i)
    pooled.targets[i] = analysis::summarise(stacks, analysis::all_targets[i]);

  std::string text = "Cross-validation " + campaign.id + ": " + std::to_string(runs.size()) +
                     " runs, each scored on the patients that it has not seen.\n\n" +
                     padded("", 22) +
                     "    Dice of myocardium, fibrosis, infarct;  HD95 mm;  AUROC slice, stack;  "
                     "false positives\n";
  json folds = json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    text += rowOf(campaign.runs[i].name, runs[i].evaluation);
    folds.push_back({{"name", campaign.runs[i].name},
                     {"run", campaign.runs[i].request.id},
                     {"evaluation", json::parse(analysis::toJson(runs[i].evaluation))}});
  }
  text += rowOf("all held-out patients", pooled) +
          "\nDice per patient, pooled, with bootstrap intervals over patients\n";
  for (const auto& target : pooled.targets) text += intervalOf(target);
  text += "\nFibrosis, worst first\n";
  for (const auto& patient : pooled.of(Target::Fibrosis).per_patient)
    text += "  " + padded(patient.patient, 20) + cell(patient.dice) + "\n";
  for (const std::string& warning : pooled.warnings) text += "\n" + warning;

  const auto folder = campaignFolder(paths, campaign.id);
  GADOLIN_CHECK(writeJson(
      folder / "folds.json",
      {{"id", campaign.id}, {"folds", folds}, {"pooled", json::parse(analysis::toJson(pooled))}}));
  GADOLIN_CHECK(writeFileAtomically(folder / "folds.txt", text));
  return text;
}

Result<std::string> writeStudy(const ProjectPaths& paths, const Campaign& campaign,
                               const std::vector<EvaluatedRun>& runs,
                               const std::string& gadolin_version) {
  json points = json::array();
  std::string csv = csvLine({"supervision", "patients", "label_minutes", "dice_fibrosis",
                             "dice_low", "dice_high", "dice_myocardium", "test_patients", "run"});
  std::string text = padded("supervision", 14) +
                     "patients   minutes   fibrosis Dice (95 %)           myocardium\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const PlannedRun& plan = campaign.runs[i];
    const auto& fibrosis = runs[i].evaluation.of(Target::Fibrosis);
    const auto& myocardium = runs[i].evaluation.of(Target::Myocardium);
    const auto count = plan.patients(dataset::Part::Train).size();
    const std::string supervision(toText(plan.request.supervision));
    std::optional<double> low, high;
    if (fibrosis.dice_patient_ci95) {
      low = fibrosis.dice_patient_ci95->low;
      high = fibrosis.dice_patient_ci95->high;
    }
    const auto number = [](const std::optional<double>& value) {
      char figure[32];
      std::snprintf(figure, sizeof figure, "%.4f", value.value_or(0));
      return value ? std::string(figure) : std::string();
    };
    points.push_back({{"supervision", supervision},
                      {"patients", count},
                      {"label_minutes", plan.label_minutes},
                      {"dice_fibrosis", objectOf(fibrosis.dice_patient_mean)},
                      {"dice_low", objectOf(low)},
                      {"dice_high", objectOf(high)},
                      {"dice_myocardium", objectOf(myocardium.dice_patient_mean)},
                      {"test_patients", fibrosis.positive_patients},
                      {"run", plan.request.id}});
    csv += csvLine({supervision, std::to_string(count), number(plan.label_minutes),
                    number(fibrosis.dice_patient_mean), number(low), number(high),
                    number(myocardium.dice_patient_mean),
                    std::to_string(fibrosis.positive_patients), plan.request.id});
    char line[128];
    std::snprintf(line, sizeof line, "%-14s%8zu%10.1f", supervision.c_str(), count,
                  plan.label_minutes);
    text += line + cell(fibrosis.dice_patient_mean) + "  (" + cell(low) + " to" + cell(high) +
            ")   " + cell(myocardium.dice_patient_mean) + "\n";
  }
  text += campaign.assumption;
  const auto folder = campaignFolder(paths, campaign.id);
  GADOLIN_CHECK(writeJson(folder / "study.json", {{"id", campaign.id},
                                                  {"gadolin_version", gadolin_version},
                                                  {"created_utc", utcNow()},
                                                  {"assumption", campaign.assumption},
                                                  {"points", points}}));
  GADOLIN_CHECK(writeFileAtomically(folder / "study.csv", csv));
  return text;
}

}  // namespace gadolin::session
