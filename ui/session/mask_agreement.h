#pragma once
// How far readers agree on masks, and a model with them.

#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/evaluation.h"
#include "core/analysis/reader_agreement.h"
#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// One patient measured by both; several stacks of a patient are averaged.
struct MeasuredPatient {
  std::string patient;
  double first = 0;
  double second = 0;
  // Where the two differ most: what to look at.
  std::string stack;
  int slice = 0;  // 0-based, in stored order
};

/// What is compared of two masks besides their overlap.
enum class Measure { MyocardiumMl, ScarMl, ScarPercent };
inline constexpr std::array<Measure, 3> all_measures{Measure::MyocardiumMl, Measure::ScarMl,
                                                     Measure::ScarPercent};
std::string_view toText(Measure measure);  // "myocardium_ml", "scar_ml", "scar_percent_lvm"

struct MeasureAgreement {
  Measure measure = Measure::ScarMl;
  analysis::MeasurementAgreement figures;  // differences are second - first
  std::vector<MeasuredPatient> patients;   // sorted by name
};

/// Overlap of one tissue. Patients are the unit; stacks of a patient are pooled (Dice) or averaged.
struct TissueOverlap {
  analysis::Target target = analysis::Target::Fibrosis;
  int patients = 0;    // of whom one side at least has the tissue
  int both_empty = 0;  // neither has it: no part of any figure
  int one_empty = 0;   // one has it: Dice 0, no distance
  std::optional<double> dice_mean;
  std::optional<double> dice_sd;
  std::optional<double> dice_median;
  std::optional<analysis::Interval> dice_ci95;  // patients drawn; absent where all are the same
  std::optional<double> hd95_mm_mean;
  std::vector<analysis::PatientMetrics> per_patient;  // lowest Dice first; reference = first
};

/// A stack with the masks of both.
struct ComparedStack {
  std::string patient;
  std::string stack;
  std::string first_sha256;
  std::string second_sha256;
};

struct MaskPair {
  std::string first;    // a reader; "reference": imported masks
  std::string second;   // a reader, or the model
  bool model = false;   // second is one
  std::string part;     // of the model: "test", "val", "train" or "all"; empty for two readers
  int other_parts = 0;  // stacks of both that are not compared, because they are of another part
  int learnt = 0;       // stacks compared of patients from whom the model learnt, or was chosen by
  std::vector<ComparedStack> stacks;
  /// Not compared, because one mask began as the other, or as the prediction: it would agree with
  /// itself.
  std::vector<std::string> dependent;
  std::array<TissueOverlap, 3> tissues;      // in the order of analysis::all_targets
  std::array<MeasureAgreement, 3> measures;  // in the order of all_measures
};

struct MaskAgreement {
  std::string part;                  // of the model's pairs
  std::vector<std::string> readers;  // with a mask, sorted; "reference" for imported ones
  std::vector<MaskPair> pairs;       // that share a stack
  std::vector<std::string> sentences;
};

/// The name of the model in MaskPair::second.
inline constexpr std::string_view model_reader = "model";

/// Whose masks are compared with readers', and over whom.
struct ModelChoice {
  std::string run;            // empty: the newest prediction of each stack, of whichever run
  std::string part = "test";  // of the split; "train", "val", "test" or "all"
};

/// Of each reader the newest mask of a stack that stands; of imported masks the newest. The model's
/// is the newest prediction of the run, or of any run where none is named, of the weights that the
/// run has now, over patients of one part: where a run's training had dealt the patient to (its
/// frozen dataset), else where the project's split does. Readers are compared over everybody.
/// Slices that somebody has not come to yet, in a mask that is drawn slice by slice, are compared
/// by nobody. Reads every mask once a pair: some 20 ms a stack. `progress` (done, total) is called
/// in this thread. NotFound: no such run. InvalidInput: no such part. Cancelled: `cancel` became
/// true. Thread: the connection's.
Result<MaskAgreement> maskAgreement(const ProjectPaths& paths, db::Database& database,
                                    const ModelChoice& model,
                                    const std::function<void(int, int)>& progress = {},
                                    const std::atomic<bool>* cancel = nullptr);

}  // namespace gadolin::session
