#include "core/report/patient_report.h"

#include "core/report/key_images.h"
#include "core/report/wording.h"

namespace gadolin::report {
namespace {

std::string measuredName(Origin origin) {
  switch (origin) {
    case Origin::Prediction:
      return "AI";
    case Origin::AcceptedPrediction:
      return "AI, accepted";
    case Origin::EditedPrediction:
      return "AI, edited";
    case Origin::Reader:
      return "Reader";
    case Origin::Reference:
      return "Reference";
  }
  return "";
}

std::string methodTitle(Origin origin) {
  switch (origin) {
    case Origin::Prediction:
      return "AI segmentation, not edited";
    case Origin::AcceptedPrediction:
      return "AI segmentation, accepted without edits";
    case Origin::EditedPrediction:
      return "AI segmentation, edited by a reader";
    case Origin::Reader:
      return "Manual segmentation by a reader";
    case Origin::Reference:
      return "Imported reference segmentation";
  }
  return "";
}

std::vector<Fact> studyFacts(const PatientReportInput& input) {
  const Stack& stack = *input.stack;
  const Geometry& grid = stack.image.geometry;
  std::vector<Fact> facts;
  facts.push_back({"Series", input.description.empty() ? input.stack_id : input.description});
  facts.push_back({"Image type", stack.kind == ImageKind::Psir        ? "PSIR"
                                 : stack.kind == ImageKind::Magnitude ? "magnitude"
                                                                      : "not stated in the files"});
  facts.push_back(
      {"Slices", std::to_string(grid.size[2]) + ", " + fixed(grid.spacing_mm[2], 1) + " mm apart"});
  facts.push_back({"Matrix", std::to_string(grid.size[0]) + " \u00d7 " +
                                 std::to_string(grid.size[1]) + ", pixel " +
                                 fixed(grid.spacing_mm[0], 2) + " \u00d7 " +
                                 fixed(grid.spacing_mm[1], 2) + " mm"});
  if (!stack.slices.empty() && stack.slices.front().thickness_mm) {
    facts.push_back({"Slice thickness", fixed(*stack.slices.front().thickness_mm, 1) + " mm"});
  }
  if (!stack.slices.empty() && stack.slices.front().inversion_time_ms) {
    facts.push_back({"Inversion time", fixed(*stack.slices.front().inversion_time_ms, 0) + " ms"});
  }
  return facts;
}

std::vector<Fact> methodFacts(const PatientReportInput& input) {
  std::vector<Fact> facts;
  if (input.model) {
    const ModelFacts& model = *input.model;
    facts.push_back({"Model", model.run});
    facts.push_back({"Training", model.supervision + " supervision, preset " + model.preset});
    facts.push_back({"Trained on", model.cohort.empty() ? "not known: the run's dataset is missing"
                                                        : model.cohort});
    facts.push_back(
        {"Made with", "Gadolin " + model.gadolin_version + ", " + day(model.trained_utc)});
  } else {
    facts.push_back({"Author", input.measured.author.empty() || input.measured.author == "unknown"
                                   ? "not stated"
                                   : input.measured.author});
  }
  facts.push_back({"Mask revision", std::to_string(input.measured.revision) + ", " +
                                        minute(input.measured.created_utc)});
  if (input.reference) {
    facts.push_back({"Compared with", "mask revision " + std::to_string(input.reference->revision) +
                                          ", " + minute(input.reference->created_utc)});
  }
  return facts;
}

std::string reviewSentence(const PatientReportInput& input) {
  if (!input.model) return {};
  if (!input.review || input.review->verdict.empty()) {
    return "No reader has reviewed this segmentation yet.";
  }
  return "Segmentation " + input.review->verdict + " by " +
         (input.review->reader.empty() ? "an unnamed reader" : input.review->reader) + ", " +
         minute(input.review->at_utc) + ".";
}

}  // namespace

Result<PatientReport> buildPatientReport(const PatientReportInput& input) {
  const Stack& stack = *input.stack;
  const std::string what = "Patient " + input.patient + ", stack " + input.stack_id;
  auto measured = analysis::measureVolumes(stack, input.measured.mask);
  if (!measured) return measured.error().within(what);

  PatientReport report;
  report.patient = input.patient;
  report.stack_id = input.stack_id;
  report.provenance = {input.measured.revision, input.measured.origin,
                       input.reference ? input.reference->revision : 0,
                       input.model ? input.model->run : std::string()};
  report.study = studyFacts(input);
  report.method_title = methodTitle(input.measured.origin);
  report.method = methodFacts(input);
  report.review = reviewSentence(input);
  if (input.review) report.comment = input.review->comment;
  report.by_model = input.measured.origin == Origin::Prediction ||
                    input.measured.origin == Origin::AcceptedPrediction ||
                    input.measured.origin == Origin::EditedPrediction;
  report.measured_name = measuredName(input.measured.origin);
  report.measured = measured->total;
  report.notes = input.notes;
  report.generated_utc = input.generated_utc;
  report.version = input.version;

  // Both masks are divided alike, by what a person drew where there is one.
  const auto insertions = analysis::insertionsFor(
      stack, input.reference ? input.reference->mask : input.measured.mask, input.insertions);
  report.wall = analysis::reportWall(stack, input.measured.mask, insertions);

  std::optional<analysis::StackVolumes> reference;
  if (input.reference) {
    auto volumes = analysis::measureVolumes(stack, input.reference->mask);
    if (!volumes) return volumes.error().within(what);
    reference = std::move(volumes).value();
    report.reference = reference->total;
    report.reference_wall = analysis::reportWall(stack, input.reference->mask, insertions);
    report.reference_name = input.reference->origin == Origin::Reference ? "Reference" : "Reader";
  }
  if (!displayOrientation(stack.image.geometry).known) {
    report.notes.push_back(
        "The file does not say how the patient lay, so the images carry no letters for the sides.");
  }
  if (report.measured.myocardium_ml <= 0) {
    report.notes.push_back(
        "The segmentation holds no myocardium, so scar cannot be given as a share of it.");
  }

  const int count = stack.sliceCount();
  for (int i = 0; i < count; ++i) {
    const int z = stack.apex_first ? count - 1 - i : i;
    const auto at = static_cast<std::size_t>(z);
    SliceRow row;
    row.number = i + 1;
    if (input.labels.size() == static_cast<std::size_t>(count)) row.label = input.labels[at];
    row.measured = measured->slices[at];
    if (reference) row.reference = reference->slices[at];
    report.slices.push_back(row);
  }
  report.images = keyImages(stack, input.measured.mask,
                            input.reference ? &input.reference->mask : nullptr, *measured);
  return report;
}

}  // namespace gadolin::report
