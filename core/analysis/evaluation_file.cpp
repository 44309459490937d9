#include "core/analysis/evaluation_file.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace gadolin::analysis {
namespace {

using nlohmann::json;
using Number = std::optional<double> TargetMetrics::*;
using Range = std::optional<Interval> TargetMetrics::*;
using Count = int TargetMetrics::*;

// One table for writing and reading, so that they cannot differ.
constexpr std::array<std::pair<const char*, Number>, 16> numbers{{
    {"dice_patient_mean", &TargetMetrics::dice_patient_mean},
    {"dice_patient_sd", &TargetMetrics::dice_patient_sd},
    {"dice_patient_median", &TargetMetrics::dice_patient_median},
    {"dice_challenge_mean", &TargetMetrics::dice_challenge_mean},
    {"dice_slice_mean", &TargetMetrics::dice_slice_mean},
    {"dice_slice_smoothed", &TargetMetrics::dice_slice_smoothed},
    {"hd_mm_mean", &TargetMetrics::hd_mm_mean},
    {"hd95_mm_mean", &TargetMetrics::hd95_mm_mean},
    {"hd_mm_emidec_mean", &TargetMetrics::hd_mm_emidec_mean},
    {"volume_bias_ml", &TargetMetrics::volume_bias_ml},
    {"volume_limit_low_ml", &TargetMetrics::volume_limit_low_ml},
    {"volume_limit_high_ml", &TargetMetrics::volume_limit_high_ml},
    {"volume_pearson", &TargetMetrics::volume_pearson},
    {"fp_volume_ml_mean", &TargetMetrics::fp_volume_ml_mean},
    {"auroc_slice", &TargetMetrics::auroc_slice},
    {"auroc_stack", &TargetMetrics::auroc_stack},
}};
constexpr std::array<std::pair<const char*, Range>, 3> ranges{{
    {"dice_patient_ci95", &TargetMetrics::dice_patient_ci95},
    {"dice_slice_ci95", &TargetMetrics::dice_slice_ci95},
    {"dice_slice_smoothed_ci95", &TargetMetrics::dice_slice_smoothed_ci95},
}};
constexpr std::array<std::pair<const char*, Count>, 7> counts{{
    {"patients", &TargetMetrics::patients},
    {"stacks", &TargetMetrics::stacks},
    {"slices", &TargetMetrics::slices},
    {"positive_patients", &TargetMetrics::positive_patients},
    {"negative_patients", &TargetMetrics::negative_patients},
    {"fp_patients", &TargetMetrics::fp_patients},
    {"positive_slices", &TargetMetrics::positive_slices},
}};

json optional(const std::optional<double>& value) {
  return value ? json(*value) : json();
}
std::optional<double> optionalOf(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

json patientObject(const PatientMetrics& patient) {
  return {{"patient", patient.patient},
          {"stacks", patient.stacks},
          {"slices", patient.slices},
          {"dice", optional(patient.dice)},
          {"hd_mm", optional(patient.hd_mm)},
          {"hd95_mm", optional(patient.hd95_mm)},
          {"reference_ml", patient.reference_ml},
          {"prediction_ml", patient.prediction_ml},
          {"reference_voxels", patient.reference_voxels},
          {"prediction_voxels", patient.prediction_voxels}};
}

PatientMetrics patientOf(const json& object) {
  PatientMetrics patient;
  patient.patient = object.at("patient").get<std::string>();
  patient.stacks = object.at("stacks").get<std::vector<std::string>>();
  patient.slices = object.at("slices").get<int>();
  patient.dice = optionalOf(object.at("dice"));
  patient.hd_mm = optionalOf(object.at("hd_mm"));
  patient.hd95_mm = optionalOf(object.at("hd95_mm"));
  patient.reference_ml = object.at("reference_ml").get<double>();
  patient.prediction_ml = object.at("prediction_ml").get<double>();
  patient.reference_voxels = object.at("reference_voxels").get<std::uint64_t>();
  patient.prediction_voxels = object.at("prediction_voxels").get<std::uint64_t>();
  return patient;
}

/// What is of no single patient.
json figuresOf(const TargetMetrics& metrics) {
  json object = json::object();
  for (const auto& [name, member] : counts) object[name] = metrics.*member;
  for (const auto& [name, member] : numbers) object[name] = optional(metrics.*member);
  for (const auto& [name, member] : ranges) {
    const auto& range = metrics.*member;
    object[name] = range ? json{range->low, range->high} : json();
  }
  return object;
}

json targetObject(const TargetMetrics& metrics) {
  json object = figuresOf(metrics);
  object["per_patient"] = json::array();
  for (const PatientMetrics& patient : metrics.per_patient) {
    object["per_patient"].push_back(patientObject(patient));
  }
  return object;
}

TargetMetrics targetOf(const json& object, Target target) {
  TargetMetrics metrics;
  metrics.target = target;
  for (const auto& [name, member] : counts) metrics.*member = object.at(name).get<int>();
  for (const auto& [name, member] : numbers) metrics.*member = optionalOf(object.at(name));
  for (const auto& [name, member] : ranges) {
    const json& range = object.at(name);
    if (!range.is_null()) {
      metrics.*member = Interval{range.at(0).get<double>(), range.at(1).get<double>()};
    }
  }
  for (const json& patient : object.at("per_patient")) {
    metrics.per_patient.push_back(patientOf(patient));
  }
  return metrics;
}

std::string number(const std::optional<double>& value, int decimals) {
  if (!value) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, *value);
  return text;
}

std::string row(const std::string& name, const std::array<std::string, 3>& cells) {
  char text[192];
  std::snprintf(text, sizeof text, "%-34s %20s %20s %20s\n", name.c_str(), cells[0].c_str(),
                cells[1].c_str(), cells[2].c_str());
  return text;
}

nlohmann::ordered_json headOf(const Evaluation& evaluation) {
  const TargetMetrics& any = evaluation.targets[0];
  return {{"run", evaluation.run},
          {"split", evaluation.split},
          {"created_utc", evaluation.created_utc},
          {"gadolin_version", evaluation.gadolin_version},
          {"slice_score", evaluation.slice_score},
          {"patients", any.patients},
          {"stacks", any.stacks},
          {"slices", any.slices}};
}

}  // namespace

std::string figuresToJson(const Evaluation& evaluation) {
  nlohmann::ordered_json object = headOf(evaluation);
  for (const Target target : all_targets)
    object[std::string(toText(target))] = figuresOf(evaluation.of(target));
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string toJson(const Evaluation& evaluation) {
  nlohmann::ordered_json object = headOf(evaluation);
  object["warnings"] = evaluation.warnings;
  for (const Target target : all_targets) {
    object[std::string(toText(target))] = targetObject(evaluation.of(target));
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<Evaluation> evaluationFromJson(std::string_view text) {
  try {
    const json object = json::parse(text);
    Evaluation evaluation;
    evaluation.run = object.at("run").get<std::string>();
    evaluation.split = object.at("split").get<std::string>();
    evaluation.created_utc = object.at("created_utc").get<std::string>();
    evaluation.gadolin_version = object.at("gadolin_version").get<std::string>();
    evaluation.slice_score = object.at("slice_score").get<std::string>();
    evaluation.warnings = object.at("warnings").get<std::vector<std::string>>();
    for (const Target target : all_targets) {
      evaluation.targets[static_cast<std::size_t>(target)] =
          targetOf(object.at(std::string(toText(target))), target);
    }
    return evaluation;
  } catch (const json::exception&) {
    return Error{ErrorCode::Corrupt,
                 "This is not an evaluation that Gadolin wrote. Evaluate the run again."};
  }
}

std::string toTable(const Evaluation& evaluation) {
  const auto cells = [&](auto&& figure) {
    std::array<std::string, 3> result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = figure(evaluation.targets[i]);
    return result;
  };
  const auto of = [&](const std::string& name, Number member, int decimals) {
    return row(name, cells([&](const TargetMetrics& m) { return number(m.*member, decimals); }));
  };
  const auto with_range = [&](const std::string& name, Number member, Range range) {
    return row(name, cells([&](const TargetMetrics& m) {
                 const auto& interval = m.*range;
                 return number(m.*member, 3) + (interval ? " [" + number(interval->low, 2) + ", " +
                                                               number(interval->high, 2) + "]"
                                                         : "");
               }));
  };
  const TargetMetrics& any = evaluation.targets[0];
  std::string text = "Run " + evaluation.run + ", split " + evaluation.split + ": " +
                     std::to_string(any.patients) + " patients, " + std::to_string(any.stacks) +
                     " stacks, " + std::to_string(any.slices) + " slices\n\n";
  text += row("", {"myocardium", "fibrosis (3+4)", "infarct (3)"});
  text += with_range("Dice per patient, mean [95% CI]", &TargetMetrics::dice_patient_mean,
                     &TargetMetrics::dice_patient_ci95);
  text += of("  standard deviation", &TargetMetrics::dice_patient_sd, 3);
  text += of("  median", &TargetMetrics::dice_patient_median, 3);
  text += of("Dice per patient, empty pairs = 1", &TargetMetrics::dice_challenge_mean, 3);
  text += with_range("Dice per positive slice", &TargetMetrics::dice_slice_mean,
                     &TargetMetrics::dice_slice_ci95);
  text += with_range("Dice per slice, smoothed", &TargetMetrics::dice_slice_smoothed,
                     &TargetMetrics::dice_slice_smoothed_ci95);
  text += of("HD95, mm", &TargetMetrics::hd95_mm_mean, 1);
  text += of("HD, mm", &TargetMetrics::hd_mm_mean, 1);
  text += of("HD as the Emidec tool, mm", &TargetMetrics::hd_mm_emidec_mean, 1);
  text += of("Volume bias, ml", &TargetMetrics::volume_bias_ml, 2);
  text += of("Volume, Pearson r", &TargetMetrics::volume_pearson, 3);
  text += row("False-positive patients", cells([](const TargetMetrics& m) {
                return std::to_string(m.fp_patients) + " of " + std::to_string(m.negative_patients);
              }));
  text += of("AUROC of slices", &TargetMetrics::auroc_slice, 3);
  text += of("AUROC of stacks", &TargetMetrics::auroc_stack, 3);
  const auto& worst = evaluation.of(Target::Fibrosis).per_patient;
  if (!worst.empty()) text += "\nFibrosis, worst patients first: ";
  for (std::size_t i = 0; i < worst.size() && i < 5; ++i) {
    text += (i == 0 ? "" : ", ") + worst[i].patient + " " + number(worst[i].dice, 2) + " (" +
            number(worst[i].prediction_ml, 1) + " ml for " + number(worst[i].reference_ml, 1) + ")";
  }
  for (const std::string& warning : evaluation.warnings) text += "\n" + warning;
  return text;
}

}  // namespace gadolin::analysis
