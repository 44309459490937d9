#pragma once
// How good predicted masks are: one stack at a time into counts, then all stacks into the figures
// that `gadolinctl evaluate` prints. docs/numbers.md gives every definition.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/overlap.h"
#include "core/analysis/statistics.h"
#include "core/analysis/surface_distance.h"
#include "core/base/result.h"
#include "core/imaging/volume.h"

namespace gadolin::analysis {

/// Fibrosis by the challenge's rule (infarct and MVO), infarct by the paper's (label 3 alone).
enum class Target { Myocardium, Fibrosis, Infarct };
inline constexpr std::array<Target, 3> all_targets{Target::Myocardium, Target::Fibrosis,
                                                   Target::Infarct};
std::string_view toText(Target target);  // "myocardium", "fibrosis", "infarct"
/// True when a voxel with this label (0..4) belongs to the target.
bool belongs(Target target, std::uint8_t label);

/// How sure the model is that a slice holds the target: one value a slice, or empty when unknown.
struct SliceScores {
  std::vector<float> myocardium;
  std::vector<float> fibrosis;  // also used for infarct
  /// Of the whole stack, from a classifier that gives one; else the highest of its slices counts.
  std::optional<float> stack_fibrosis{};
};

/// One stack against its reference.
struct EvaluatedStack {
  struct OfTarget {
    std::vector<OverlapCounts> slices;  // in stored order
    double reference_ml = 0;
    double prediction_ml = 0;
    std::optional<SurfaceDistances> distances;         // absent when a side is empty
    std::optional<SurfaceDistances> distances_emidec;  // see surfaceDistancesAsEmidec
  };
  std::string patient;
  std::string stack;
  std::array<OfTarget, 3> targets;  // in the order of all_targets
  SliceScores scores;
};

/// slice_extent_mm: one per slice, for volumes. InvalidInput when sizes differ.
Result<EvaluatedStack> evaluateStack(std::string patient, std::string stack, const Mask& reference,
                                     const Mask& prediction,
                                     std::span<const double> slice_extent_mm, SliceScores scores);

/// One patient; several stacks of one patient are pooled (Dice) or averaged (volume, distance).
struct PatientMetrics {
  std::string patient;
  std::vector<std::string> stacks;
  int slices = 0;
  double reference_ml = 0;
  double prediction_ml = 0;
  std::optional<double> dice;  // absent when reference and prediction are empty
  std::optional<double> hd_mm;
  std::optional<double> hd95_mm;
  [[nodiscard]] bool negative() const { return reference_voxels == 0; }
  [[nodiscard]] bool falsePositive() const { return negative() && prediction_voxels > 0; }
  std::uint64_t reference_voxels = 0;
  std::uint64_t prediction_voxels = 0;
};

/// Figures of one target. A figure that cannot be computed is absent, never 0.
struct TargetMetrics {
  Target target = Target::Fibrosis;
  int patients = 0;
  int stacks = 0;
  int slices = 0;
  int positive_patients = 0;  // whose reference is not empty
  int negative_patients = 0;
  int fp_patients = 0;  // of the negative ones: any predicted voxel
  int positive_slices = 0;

  // 3D Dice per patient over positive patients (an empty prediction counts 0).
  std::optional<double> dice_patient_mean;
  std::optional<double> dice_patient_sd;
  std::optional<double> dice_patient_median;
  std::optional<Interval> dice_patient_ci95;
  // 3D Dice per patient over all patients, both empty = 1 (the challenge's rule).
  std::optional<double> dice_challenge_mean;
  // 2D Dice over slices whose reference is not empty.
  std::optional<double> dice_slice_mean;
  std::optional<Interval> dice_slice_ci95;
  // 2D Dice with smoothing 1 over all slices (both empty = 1).
  std::optional<double> dice_slice_smoothed;
  std::optional<Interval> dice_slice_smoothed_ci95;

  std::optional<double> hd_mm_mean;
  std::optional<double> hd95_mm_mean;
  std::optional<double> hd_mm_emidec_mean;

  std::optional<double> volume_bias_ml;  // prediction - reference, all patients
  std::optional<double> volume_limit_low_ml;
  std::optional<double> volume_limit_high_ml;
  std::optional<double> volume_pearson;
  std::optional<double> fp_volume_ml_mean;  // predicted ml in negative patients

  std::optional<double> auroc_slice;
  /// Score of a stack: for fibrosis the classifier's probability of the whole stack when every
  /// stack has one (SliceScores::stack_fibrosis), else its highest slice score.
  std::optional<double> auroc_stack;

  std::vector<PatientMetrics> per_patient;  // worst Dice first
};

/// Deterministic: the bootstrap is seeded.
TargetMetrics summarise(std::span<const EvaluatedStack> stacks, Target target,
                        std::uint64_t seed = 1);

}  // namespace gadolin::analysis
