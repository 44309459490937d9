#include "core/report/report_json.h"

#include <nlohmann/json.hpp>

#include "core/analysis/evaluation_file.h"
#include "core/base/csv.h"
#include "core/report/wording.h"

namespace gadolin::report {
namespace {

using nlohmann::json;
using Volumes = analysis::TissueVolumes;

json known(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

json orNull(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json revisionOf(std::int64_t number) {
  return number > 0 ? json(number) : json();
}

std::string textOf(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

json factsOf(const std::vector<Fact>& facts) {
  json object = json::object();
  for (const Fact& fact : facts) object[fact.name] = fact.value;
  return object;
}

/// The networks do not tell MVO from scar: none of it in their mask is not zero.
std::optional<double> mvoOf(const Volumes& volumes, bool by_model) {
  return by_model && volumes.mvo_ml <= 0 ? std::nullopt : std::optional<double>(volumes.mvo_ml);
}

json volumesOf(const Volumes& volumes, bool by_model) {
  return {{"myocardium_ml", volumes.myocardium_ml},
          {"myocardium_g", volumes.myocardium_g()},
          {"scar_ml", volumes.scar_ml},
          {"scar_g", volumes.scar_g()},
          {"scar_percent_lvm", known(volumes.scarPercentLvm())},
          {"mvo_ml", known(mvoOf(volumes, by_model))}};
}

json wallOf(const analysis::WallReport& wall) {
  json segments;
  if (wall.segments) {
    segments = json::array();
    for (int n = 1; n <= analysis::aha_segments; ++n) {
      const auto& one = wall.segments->segments[static_cast<std::size_t>(n - 1)];
      const bool there = one.myocardium_ml > 0;
      segments.push_back({{"segment", n},
                          {"name", analysis::ahaName(n)},
                          {"myocardium_ml", there ? json(one.myocardium_ml) : json()},
                          {"scar_percent", known(one.scarPercent())},
                          {"transmurality_percent", known(one.transmurality_percent)},
                          {"transmurality_max_percent", known(one.transmurality_max_percent)}});
    }
  }
  return {{"segments", segments},
          {"segments_missing_because", orNull(wall.no_segments)},
          {"rv_insertion", orNull(wall.insertion_source)},
          {"pattern", wall.pattern ? json(analysis::patternName(wall)) : json()},
          {"core_ml", wall.zones ? json(wall.zones->core_ml) : json()},
          {"grey_zone_ml", wall.zones ? json(wall.zones->grey_ml) : json()}};
}

json countsOf(const PartRow& row) {
  return {{"name", row.name},
          {"patients", row.patients},
          {"stacks", row.stacks},
          {"slices", row.slices},
          {"labelled_slices", row.labelled_slices},
          {"positive_slices", row.positive_slices},
          {"positive_stacks", row.positive_stacks},
          {"masks", row.references}};
}

json curveOf(const StageCurve& curve) {
  json epochs = json::array();
  for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
    epochs.push_back({{"epoch", curve.epoch[i]},
                      {"train_loss", curve.train_loss[i]},
                      {"val_loss", known(curve.val_loss[i])},
                      {"val_dice", known(curve.val_dice[i])},
                      {"val_auroc", known(curve.val_auroc[i])}});
  }
  return {{"stage", curve.stage}, {"epochs", epochs}};
}

json stackOf(const CohortStack& stack) {
  json object{{"patient", stack.patient},
              {"stack", stack.stack},
              {"split", stack.part},
              {"image_type", stack.kind},
              {"columns", stack.columns},
              {"rows", stack.rows},
              {"slices", stack.slices},
              {"spacing_mm", {stack.spacing_mm[0], stack.spacing_mm[1], stack.spacing_mm[2]}},
              {"labelled_slices", stack.labelled_slices},
              {"positive_slices", stack.positive_slices},
              {"stack_label", stack.stack_label},
              {"reference", nullptr},
              {"ai", nullptr},
              {"review", orNull(stack.verdict)}};
  if (stack.reference) {
    object["reference"] = volumesOf(*stack.reference, false);
    object["reference"]["mask_revision"] = revisionOf(stack.reference_revision);
  }
  if (stack.prediction)
    object["ai"] = {{"run", stack.run},
                    {"mask_revision", revisionOf(stack.prediction_revision)},
                    {"myocardium_ml", stack.prediction->myocardium_ml},
                    {"scar_ml", stack.prediction->scar_ml},
                    {"scar_percent_lvm", known(stack.prediction->scarPercentLvm())}};
  return object;
}

/// Appends the rows of patientCsv().
class Figures {
 public:
  explicit Figures(const PatientReport& report) : report_(report) {
    csv_ = csvLine({"patient", "stack", "of", "number", "name", "figure", "unit", "measured",
                    "reference", "method", "mask_revision", "reference_mask_revision"});
  }
  void add(const char* of, int number, const std::string& name, const char* figure, const char* unit,
           const std::optional<double>& measured, const std::optional<double>& reference) {
    const auto revision = [](std::int64_t one) { return one > 0 ? std::to_string(one) : std::string(); };
    csv_ += csvLine({report_.patient, report_.stack_id, of, number > 0 ? std::to_string(number) : "",
                     name, figure, unit, csvNumber(measured), csvNumber(reference),
                     report_.method_title, revision(report_.provenance.revision),
                     revision(report_.provenance.reference_revision)});
  }
  void volumes(const char* of, int number, const Volumes& measured,
               const std::optional<Volumes>& reference) {
    using O = std::optional<double>;
    const auto other = [&](auto value) { return reference ? O(value(*reference)) : O(); };
    add(of, number, {}, "myocardium", "ml", measured.myocardium_ml,
        other([](const Volumes& v) { return O(v.myocardium_ml); }));
    add(of, number, {}, "myocardium", "g", measured.myocardium_g(),
        other([](const Volumes& v) { return O(v.myocardium_g()); }));
    add(of, number, {}, "scar", "ml", measured.scar_ml,
        other([](const Volumes& v) { return O(v.scar_ml); }));
    add(of, number, {}, "scar", "g", measured.scar_g(),
        other([](const Volumes& v) { return O(v.scar_g()); }));
    add(of, number, {}, "scar", "% of LV myocardium", measured.scarPercentLvm(),
        other([](const Volumes& v) { return v.scarPercentLvm(); }));
    add(of, number, {}, "mvo", "ml", mvoOf(measured, report_.by_model),
        other([](const Volumes& v) { return O(v.mvo_ml); }));
  }
  std::string take() { return std::move(csv_); }

 private:
  const PatientReport& report_;
  std::string csv_;
};

const analysis::SegmentFigures* segmentOf(const analysis::WallReport* wall, std::size_t k) {
  if (wall == nullptr || !wall->segments) return nullptr;
  const auto& one = wall->segments->segments[k];
  return one.myocardium_ml > 0 ? &one : nullptr;
}

}  // namespace

std::string toJson(const PatientReport& report) {
  json slices = json::array();
  for (const SliceRow& row : report.slices) {
    json one{{"slice", row.number},
             {"label", gadolin::toText(row.label)},
             {"measured", volumesOf(row.measured, report.by_model)},
             {"reference", nullptr}};
    if (row.reference) one["reference"] = volumesOf(*row.reference, false);
    slices.push_back(std::move(one));
  }
  json object{{"kind", "patient-report"},
              {"research_use_only", research_banner},
              {"patient", report.patient},
              {"stack", report.stack_id},
              {"images", factsOf(report.study)},
              {"method", {{"title", report.method_title}, {"facts", factsOf(report.method)}}},
              {"provenance",
               {{"mask_revision", revisionOf(report.provenance.revision)},
                {"reference_mask_revision", revisionOf(report.provenance.reference_revision)},
                {"run", orNull(report.provenance.run)}}},
              {"review", orNull(report.review)},
              {"comment", orNull(report.comment)},
              {"measured", volumesOf(report.measured, report.by_model)},
              {"measured_is", report.measured_name},
              {"reference", nullptr},
              {"wall", wallOf(report.wall)},
              {"reference_wall", nullptr},
              {"slices", slices},
              {"notes", report.notes},
              {"generated", report.generated_utc},
              {"gadolin_version", report.version}};
  if (report.reference) {
    object["reference"] = volumesOf(*report.reference, false);
    object["reference_is"] = report.reference_name;
  }
  if (report.reference_wall) object["reference_wall"] = wallOf(*report.reference_wall);
  return textOf(object);
}

std::string toJson(const CohortReport& report) {
  json object{{"kind", "cohort-report"},
              {"research_use_only", research_banner},
              {"project", report.project},
              {"data", factsOf(report.data)},
              {"total", countsOf(report.total)},
              {"parts", json::array()},
              {"labels", json::array()},
              {"model", nullptr},
              {"curves", json::array()},
              {"evaluation", nullptr},
              {"stacks", json::array()},
              {"methods", json::array()},
              {"notes", report.notes},
              {"generated", report.generated_utc},
              {"gadolin_version", report.version}};
  for (const PartRow& row : report.parts) object["parts"].push_back(countsOf(row));
  for (const EffortRow& row : report.effort)
    object["labels"].push_back({{"reader", row.reader},
                                {"stacks", row.stacks},
                                {"slices", row.slices},
                                {"decisions", row.decisions},
                                {"minutes", row.minutes > 0 ? json(row.minutes) : json()}});
  if (report.model)
    object["model"] = {{"run", report.model->run},
                       {"preset", report.model->preset},
                       {"supervision", report.model->supervision},
                       {"trained", orNull(report.model->trained_utc)},
                       {"trained_with", report.model->gadolin_version},
                       {"trained_on", orNull(report.model->cohort)}};
  for (const StageCurve& curve : report.curves) object["curves"].push_back(curveOf(curve));
  if (report.evaluation)
    object["evaluation"] = json::parse(analysis::toJson(*report.evaluation), nullptr, false);
  for (const CohortStack& stack : report.stacks) object["stacks"].push_back(stackOf(stack));
  for (const MethodsSection& section : report.methods)
    object["methods"].push_back({{"title", section.title}, {"text", section.text}});
  return textOf(object);
}

std::string patientCsv(const PatientReport& report) {
  Figures figures(report);
  figures.volumes("stack", 0, report.measured, report.reference);
  for (const SliceRow& row : report.slices)
    figures.volumes("slice", row.number, row.measured, row.reference);
  const analysis::WallReport* reference = report.reference_wall ? &*report.reference_wall : nullptr;
  using O = std::optional<double>;
  const auto of = [](const analysis::SegmentFigures* one, auto value) { return one ? value(*one) : O(); };
  for (std::size_t k = 0; k < analysis::aha_segments; ++k) {
    const auto* measured = segmentOf(&report.wall, k);
    const auto* other = segmentOf(reference, k);
    const int number = static_cast<int>(k) + 1;
    const std::string name(analysis::ahaName(number));
    const auto add = [&](const char* figure, const char* unit, auto value) {
      figures.add("segment", number, name, figure, unit, of(measured, value), of(other, value));
    };
    using S = analysis::SegmentFigures;
    add("myocardium", "ml", [](const S& s) { return O(s.myocardium_ml); });
    add("scar", "% of the segment", [](const S& s) { return s.scarPercent(); });
    add("transmurality", "% of the wall", [](const S& s) { return s.transmurality_percent; });
    add("transmurality, deepest", "% of the wall",
        [](const S& s) { return O(s.transmurality_max_percent); });
  }
  return figures.take();
}

}  // namespace gadolin::report
