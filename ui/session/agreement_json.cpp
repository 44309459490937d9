#include <nlohmann/json.hpp>

#include "ui/session/agreement_table.h"

namespace gadolin::session {
namespace {

using nlohmann::json;

json known(const std::optional<double>& value) {
  return value ? json(*value) : json();
}
json known(const std::optional<analysis::Interval>& interval) {
  return interval ? json::array({interval->low, interval->high}) : json();
}
json said(const std::string& sentence) {
  return sentence.empty() ? json() : json(sentence);
}

json objectOf(const analysis::CategoryAgreement& agreement) {
  return {{"n", agreement.things},
          {"same", agreement.same},
          {"agreement", known(agreement.agreement)},
          {"kappa", known(agreement.kappa)},
          {"kappa_ci95", known(agreement.kappa_ci95)},
          {"kappa_ci95_independent", known(agreement.kappa_ci95_independent)},
          {"note", said(agreement.missing)}};
}

json objectOf(const LabelPair& pair) {
  json table = json::array();
  for (std::size_t i = 0; i < pair.table.categories(); ++i) {
    json row = json::array();
    for (std::size_t j = 0; j < pair.table.categories(); ++j) row.push_back(pair.table.at(i, j));
    table.push_back(row);
  }
  return {{"first", pair.first},
          {"second", pair.second},
          {"slices_by_both", pair.both},
          {"slices_by_first_alone", pair.only_first},
          {"slices_by_second_alone", pair.only_second},
          {"slices_unsure", pair.unsure},
          {"slices_not_diagnostic", pair.not_diagnostic},
          {"table", table},
          {"slices", objectOf(pair.decided)},
          {"slices_ordered", objectOf(pair.ordered)},
          {"slices_all_labels", objectOf(pair.nominal)},
          {"stacks", objectOf(pair.stacks)}};
}

json objectOf(const LabelAgreement& labels) {
  json readers = json::array();
  for (const LabelReader& reader : labels.readers)
    readers.push_back({{"reader", reader.name},
                       {"stacks", reader.stacks},
                       {"slices", reader.slices},
                       {"unsure", reader.unsure},
                       {"not_diagnostic", reader.not_diagnostic}});
  json categories = json::array();
  for (const SliceLabel label : compared_labels) categories.push_back(toText(label));
  json pairs = json::array();
  for (const LabelPair& pair : labels.pairs) pairs.push_back(objectOf(pair));
  json disagreements = json::array();
  for (const Disagreement& one : labels.disagreements) {
    json by_reader = json::object();
    for (const auto& [reader, label] : one.said) by_reader[reader] = toText(label);
    disagreements.push_back(
        {{"patient", one.patient},
         {"stack", one.stack},
         {"slice", one.slice},
         {"labels", by_reader},
         {"consensus", one.decided == SliceLabel::Unlabelled
                           ? json()
                           : json{{"label", toText(one.decided)}, {"by", one.decided_by}}}});
  }
  return {{"readers", readers},
          {"categories", categories},
          {"pairs", pairs},
          {"all",
           {{"slices", objectOf(labels.all_decided)},
            {"slices_all_labels", objectOf(labels.all_nominal)},
            {"stacks", objectOf(labels.all_stacks)}}},
          {"disagreements", disagreements},
          {"sentences", labels.sentences}};
}

json objectOf(const TissueOverlap& tissue) {
  json patients = json::array();
  for (const analysis::PatientMetrics& one : tissue.per_patient)
    patients.push_back({{"patient", one.patient},
                        {"dice", known(one.dice)},
                        {"hd95_mm", known(one.hd95_mm)},
                        {"first_ml", one.reference_ml},
                        {"second_ml", one.prediction_ml}});
  return {{"patients", tissue.patients},
          {"both_empty", tissue.both_empty},
          {"one_empty", tissue.one_empty},
          {"dice_mean", known(tissue.dice_mean)},
          {"dice_sd", known(tissue.dice_sd)},
          {"dice_median", known(tissue.dice_median)},
          {"dice_ci95", known(tissue.dice_ci95)},
          {"hd95_mm_mean", known(tissue.hd95_mm_mean)},
          {"per_patient", patients}};
}

json objectOf(const MeasureAgreement& measure) {
  const auto& f = measure.figures;
  const analysis::Agreement a = f.bland_altman.value_or(analysis::Agreement{});
  return {{"n", f.pairs},
          {"bias", f.bland_altman ? json(a.bias) : json()},
          {"bias_ci95", known(a.bias_ci95)},
          {"sd", known(a.sd)},
          {"lower_limit", known(a.lower_limit)},
          {"lower_limit_ci95", known(a.lower_limit_ci95)},
          {"upper_limit", known(a.upper_limit)},
          {"upper_limit_ci95", known(a.upper_limit_ci95)},
          {"icc", f.icc ? json(f.icc->icc) : json()},
          {"icc_ci95", f.icc ? known(f.icc->ci95) : json()},
          {"ccc", f.ccc ? json(f.ccc->ccc) : json()},
          {"ccc_ci95", f.ccc ? known(f.ccc->ci95) : json()},
          {"pearson", known(f.pearson)}};
}

json objectOf(const MaskAgreement& masks, const std::string& run) {
  json pairs = json::array();
  for (const MaskPair& pair : masks.pairs) {
    json object = {{"first", pair.first},
                   {"second", pair.second},
                   {"model", pair.model},
                   {"part", said(pair.part)},
                   {"stacks_of_other_parts", pair.other_parts},
                   {"stacks_learnt_from", pair.learnt},
                   {"stacks", pair.stacks.size()},
                   {"not_independent", pair.dependent}};
    for (const TissueOverlap& tissue : pair.tissues)
      object[std::string(analysis::toText(tissue.target))] = objectOf(tissue);
    for (const MeasureAgreement& measure : pair.measures)
      object[std::string(toText(measure.measure))] = objectOf(measure);
    pairs.push_back(std::move(object));
  }
  return {{"readers", masks.readers},
          {"run", run.empty() ? json() : json(run)},
          {"split", masks.part},
          {"pairs", pairs},
          {"sentences", masks.sentences}};
}

}  // namespace

std::string toJson(const LabelAgreement& labels, const MaskAgreement& masks,
                   const std::string& run) {
  return json{{"labels", objectOf(labels)}, {"masks", objectOf(masks, run)}}.dump();
}

}  // namespace gadolin::session
