#pragma once
// What a patient's report says, as data. Everything that is printed is decided here;
// ui/print only places it. Figures that are not known are sentences, never zeros.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/quantification.h"
#include "core/analysis/wall_report.h"
#include "core/base/result.h"
#include "core/imaging/display_orientation.h"
#include "core/imaging/stack.h"
#include "core/labels/slice_label.h"

namespace gadolin::report {

struct Fact {
  std::string name;
  std::string value;
};

/// Where the measured mask comes from.
enum class Origin { Prediction, EditedPrediction, AcceptedPrediction, Reader, Reference };

/// One mask with its revision.
struct Segmentation {
  Mask mask;
  Origin origin = Origin::Prediction;
  std::string author;  // reader or run
  std::string created_utc;
  std::int64_t revision = 0;  // number of the mask revision in the project
};

/// The model behind a prediction.
struct ModelFacts {
  std::string run;
  std::string preset;
  std::string supervision;
  std::string trained_utc;
  std::string gadolin_version;
  std::string cohort;  // "54 patients, 387 slices (198 with fibrosis)"; empty when unknown
};

struct ReviewFacts {
  std::string verdict;  // "accepted", "rejected"; empty when nobody has looked
  std::string reader;
  std::string at_utc;
  std::string comment;
};

/// What the report is made from. `stack` must outlive the call of buildPatientReport.
struct PatientReportInput {
  std::string patient;
  std::string stack_id;
  std::string description;
  const Stack* stack = nullptr;
  Segmentation measured;
  std::optional<Segmentation> reference;  // a mask made without the model, when there is one
  std::optional<ModelFacts> model;        // when `measured` began as a prediction
  std::optional<ReviewFacts> review;
  std::vector<SliceLabel> labels;  // one a slice, or empty
  analysis::SetInsertions insertions;  // of the right ventricle, where a reader set them
  std::vector<std::string> notes;  // sentences to print as they are
  std::string generated_utc;
  std::string version;  // of Gadolin
};

/// A slice beside itself with outlines: the part around the heart, laid out as the views show it
/// (see displayOrientation).
struct KeyImage {
  int number = 0;  // 1 = most basal
  double scar_ml = 0;
  int columns = 0;
  int rows = 0;
  double column_mm = 1;  // size of a pixel
  double row_mm = 1;
  std::vector<std::uint8_t> gray;              // after the report's window, 0..255
  std::vector<std::uint8_t> labels;            // measured mask, 0..4
  std::vector<std::uint8_t> reference_labels;  // or empty
  EdgeLetters letters;                         // empty where the orientation is not known
};

struct SliceRow {
  int number = 0;  // 1 = most basal
  SliceLabel label = SliceLabel::Unlabelled;
  analysis::TissueVolumes measured;
  std::optional<analysis::TissueVolumes> reference;
};

/// From the figures of a report back to where they come from.
struct Provenance {
  std::int64_t revision = 0;            // of the measured mask
  Origin origin = Origin::Prediction;   // of it
  std::int64_t reference_revision = 0;  // of the mask beside it; 0: none
  std::string run;                      // whose prediction it began as; empty: none
};

struct PatientReport {
  std::string patient;
  std::string stack_id;
  Provenance provenance;
  std::vector<Fact> study;
  std::string method_title;  // "AI segmentation, not edited"
  std::vector<Fact> method;
  std::string review;         // a sentence
  std::string comment;        // the reviewer's own words, or empty
  bool by_model = false;      // the measured mask began as a prediction
  std::string measured_name;  // column heading: "AI", "AI, edited", "Reader", "Reference"
  analysis::TissueVolumes measured;
  std::string reference_name;
  std::optional<analysis::TissueVolumes> reference;
  analysis::WallReport wall;  // segments, pattern, core and grey zone of the measured mask
  std::optional<analysis::WallReport> reference_wall;
  std::vector<SliceRow> slices;  // base first; slices without myocardium included
  std::vector<KeyImage> images;  // base first, up to 4
  std::vector<std::string> notes;
  std::string generated_utc;
  std::string version;
};

/// InvalidInput when a mask does not fit the stack. Pure; any thread.
Result<PatientReport> buildPatientReport(const PatientReportInput& input);

/// At the foot of every page.
inline constexpr const char* research_banner =
    "For research use only. Not a medical device; not for diagnosis or treatment decisions.";

}  // namespace gadolin::report
