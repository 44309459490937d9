#include "core/analysis/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/analysis/roc.h"

namespace gadolin::analysis {
namespace {

std::vector<std::uint8_t> binary(const Mask& mask, Target target) {
  std::vector<std::uint8_t> result(mask.voxels.size());
  std::transform(mask.voxels.begin(), mask.voxels.end(), result.begin(),
                 [target](std::uint8_t label) { return belongs(target, label) ? 1 : 0; });
  return result;
}

/// What summarise() gathers of a patient before it becomes PatientMetrics.
struct Gathered {
  PatientMetrics metrics;
  OverlapCounts counts;
  std::vector<double> hd_mm;
  std::vector<double> hd95_mm;
};

/// Low Dice first; at equal Dice the larger volume error; patients without a Dice last.
bool worse(const PatientMetrics& a, const PatientMetrics& b) {
  const double dice_a = a.dice.value_or(std::numeric_limits<double>::infinity());
  const double dice_b = b.dice.value_or(std::numeric_limits<double>::infinity());
  if (dice_a != dice_b) return dice_a < dice_b;
  const double error_a = std::abs(a.prediction_ml - a.reference_ml);
  const double error_b = std::abs(b.prediction_ml - b.reference_ml);
  if (error_a != error_b) return error_a > error_b;
  return a.patient < b.patient;
}

void setAuroc(TargetMetrics& result, std::span<const EvaluatedStack> stacks, std::size_t index) {
  std::vector<float> slice_scores;
  std::vector<std::uint8_t> slice_positive;
  std::vector<float> stack_scores;
  std::vector<std::uint8_t> stack_positive;
  for (const EvaluatedStack& stack : stacks) {
    const auto& scores =
        result.target == Target::Myocardium ? stack.scores.myocardium : stack.scores.fibrosis;
    const auto& slices = stack.targets[index].slices;
    if (scores.size() != slices.size() || scores.empty()) return;  // unknown for one: no figure
    bool any = false;
    for (std::size_t z = 0; z < slices.size(); ++z) {
      const bool positive = slices[z].reference > 0;
      any = any || positive;
      slice_scores.push_back(scores[z]);
      slice_positive.push_back(positive ? 1 : 0);
    }
    const bool own = result.target != Target::Myocardium && stack.scores.stack_fibrosis;
    stack_scores.push_back(own ? *stack.scores.stack_fibrosis
                               : *std::max_element(scores.begin(), scores.end()));
    stack_positive.push_back(any ? 1 : 0);
  }
  result.auroc_slice = auroc(slice_scores, slice_positive);
  result.auroc_stack = auroc(stack_scores, stack_positive);
}

}  // namespace

std::string_view toText(Target target) {
  switch (target) {
    case Target::Myocardium:
      return "myocardium";
    case Target::Fibrosis:
      return "fibrosis";
    case Target::Infarct:
      return "infarct";
  }
  return "";
}

bool belongs(Target target, std::uint8_t label) {
  switch (target) {
    case Target::Myocardium:
      return isMyocardium(label);
    case Target::Fibrosis:
      return isFibrosis(label);
    case Target::Infarct:
      return label == 3;
  }
  return false;
}

Result<EvaluatedStack> evaluateStack(std::string patient, std::string stack, const Mask& reference,
                                     const Mask& prediction,
                                     std::span<const double> slice_extent_mm, SliceScores scores) {
  const Geometry& grid = reference.geometry;
  const auto slice_count = static_cast<std::size_t>(grid.size[2]);
  if (grid.size != prediction.geometry.size || slice_extent_mm.size() != slice_count ||
      reference.voxels.size() != grid.voxels() || prediction.voxels.size() != grid.voxels()) {
    return Error{ErrorCode::InvalidInput,
                 "Stack " + stack +
                     ": reference and prediction have different sizes, so they cannot "
                     "be compared. Predict the stack again."};
  }
  EvaluatedStack result;
  result.patient = std::move(patient);
  result.stack = std::move(stack);
  result.scores = std::move(scores);
  for (std::size_t i = 0; i < all_targets.size(); ++i) {
    const Target target = all_targets[i];
    EvaluatedStack::OfTarget& of = result.targets[i];
    const auto is_in = [target](std::uint8_t label) { return belongs(target, label); };
    for (int z = 0; z < grid.size[2]; ++z) {
      const OverlapCounts counts = countOverlap(reference.slice(z), prediction.slice(z), is_in);
      const double voxel_ml =
          grid.pixelArea_mm2() * slice_extent_mm[static_cast<std::size_t>(z)] * 1e-3;
      of.reference_ml += static_cast<double>(counts.reference) * voxel_ml;
      of.prediction_ml += static_cast<double>(counts.prediction) * voxel_ml;
      of.slices.push_back(counts);
    }
    const auto reference_set = binary(reference, target);
    const auto prediction_set = binary(prediction, target);
    of.distances = surfaceDistances(reference_set, prediction_set, grid.size, grid.spacing_mm);
    of.distances_emidec =
        surfaceDistancesAsEmidec(reference_set, prediction_set, grid.size, grid.spacing_mm);
  }
  return result;
}

TargetMetrics summarise(std::span<const EvaluatedStack> stacks, Target target, std::uint64_t seed) {
  TargetMetrics result;
  result.target = target;
  result.stacks = static_cast<int>(stacks.size());
  const auto index = static_cast<std::size_t>(
      std::find(all_targets.begin(), all_targets.end(), target) - all_targets.begin());

  std::vector<Gathered> patients;
  std::map<std::string, std::size_t> place;
  std::vector<double> emidec_hd_mm;
  std::vector<double> slice_dice;
  std::vector<std::size_t> slice_patient;
  std::vector<double> smoothed;
  std::vector<std::size_t> smoothed_patient;
  for (const EvaluatedStack& stack : stacks) {
    const auto [found, fresh] = place.try_emplace(stack.patient, patients.size());
    if (fresh) {
      patients.emplace_back();
      patients.back().metrics.patient = stack.patient;
    }
    Gathered& patient = patients[found->second];
    const auto& of = stack.targets[index];
    patient.metrics.stacks.push_back(stack.stack);
    patient.metrics.slices += static_cast<int>(of.slices.size());
    patient.metrics.reference_ml += of.reference_ml;
    patient.metrics.prediction_ml += of.prediction_ml;
    for (const OverlapCounts& counts : of.slices) {
      patient.counts += counts;
      smoothed.push_back(diceSmoothed(counts));
      smoothed_patient.push_back(found->second);
      if (counts.reference == 0) continue;
      slice_dice.push_back(*dice(counts));
      slice_patient.push_back(found->second);
    }
    result.slices += static_cast<int>(of.slices.size());
    if (of.distances) {
      patient.hd_mm.push_back(of.distances->hd_mm);
      patient.hd95_mm.push_back(of.distances->hd95_mm);
    }
    if (of.distances_emidec) emidec_hd_mm.push_back(of.distances_emidec->hd_mm);
  }

  std::vector<double> patient_dice;
  std::vector<double> challenge_dice;
  std::vector<double> reference_ml;
  std::vector<double> prediction_ml;
  std::vector<double> fp_ml;
  std::vector<double> hd_mm;
  std::vector<double> hd95_mm;
  for (Gathered& patient : patients) {
    PatientMetrics& metrics = patient.metrics;
    const auto stack_count = static_cast<double>(metrics.stacks.size());
    metrics.reference_ml /= stack_count;
    metrics.prediction_ml /= stack_count;
    metrics.reference_voxels = patient.counts.reference;
    metrics.prediction_voxels = patient.counts.prediction;
    metrics.dice = dice(patient.counts);
    metrics.hd_mm = mean(patient.hd_mm);
    metrics.hd95_mm = mean(patient.hd95_mm);
    if (metrics.hd_mm) hd_mm.push_back(*metrics.hd_mm);
    if (metrics.hd95_mm) hd95_mm.push_back(*metrics.hd95_mm);
    challenge_dice.push_back(diceEmptyIsOne(patient.counts));
    reference_ml.push_back(metrics.reference_ml);
    prediction_ml.push_back(metrics.prediction_ml);
    if (metrics.negative()) {
      ++result.negative_patients;
      result.fp_patients += metrics.falsePositive() ? 1 : 0;
      fp_ml.push_back(metrics.prediction_ml);
    } else {
      ++result.positive_patients;
      patient_dice.push_back(*metrics.dice);
    }
    result.per_patient.push_back(metrics);
  }
  std::sort(result.per_patient.begin(), result.per_patient.end(), worse);

  result.patients = static_cast<int>(patients.size());
  result.positive_slices = static_cast<int>(slice_dice.size());
  result.dice_patient_mean = mean(patient_dice);
  result.dice_patient_sd = standardDeviation(patient_dice);
  result.dice_patient_median = median(patient_dice);
  result.dice_patient_ci95 = bootstrapMean95(patient_dice, seed);
  result.dice_challenge_mean = mean(challenge_dice);
  result.dice_slice_mean = mean(slice_dice);
  result.dice_slice_ci95 =
      bootstrapClusteredMean95(slice_dice, slice_patient, patients.size(), seed);
  result.dice_slice_smoothed = mean(smoothed);
  result.dice_slice_smoothed_ci95 =
      bootstrapClusteredMean95(smoothed, smoothed_patient, patients.size(), seed);
  result.hd_mm_mean = mean(hd_mm);
  result.hd95_mm_mean = mean(hd95_mm);
  result.hd_mm_emidec_mean = mean(emidec_hd_mm);
  if (const auto agree = agreement(reference_ml, prediction_ml)) {
    result.volume_bias_ml = agree->bias;
    result.volume_limit_low_ml = agree->lower_limit;
    result.volume_limit_high_ml = agree->upper_limit;
  }
  result.volume_pearson = pearson(reference_ml, prediction_ml);
  result.fp_volume_ml_mean = mean(fp_ml);
  setAuroc(result, stacks, index);
  return result;
}

}  // namespace gadolin::analysis
