#include "ui/session/agreement_table.h"

#include <algorithm>

#include "core/base/csv.h"
#include "core/report/wording.h"

namespace gadolin::session {
namespace {

using analysis::CategoryAgreement;
using analysis::Interval;

struct Builder {
  AgreementRow base;
  std::vector<AgreementRow> rows;

  AgreementRow& add(const std::string& subject, const char* figure, const std::string& words,
                    long long n, std::optional<double> value,
                    std::optional<Interval> ci95 = std::nullopt) {
    AgreementRow row = base;
    row.subject = subject;
    row.figure = figure;
    row.words = words;
    row.n = n;
    row.value = value;
    row.ci95 = ci95;
    rows.push_back(std::move(row));
    return rows.back();
  }

  void categories(const std::string& subject, const std::string& what, const char* figure,
                  const std::string& kappa_words, const CategoryAgreement& agreement,
                  bool with_share) {
    const auto n = static_cast<long long>(agreement.things);
    if (with_share) {
      AgreementRow& share = add(subject, "agreement", what + ", agreement", n, agreement.agreement);
      if (!share.value) share.note = agreement.missing;
    }
    add(subject, figure, what + ", " + kappa_words, n, agreement.kappa, agreement.kappa_ci95).note =
        agreement.missing;
  }
};

/// So many columns wide; a character of UTF-8 is one, however many bytes it has.
std::string columns(std::string text, std::size_t width) {
  const auto shown = static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  text.append(shown < width ? width - shown : 1, ' ');
  return text;
}

const char* tissueWords(analysis::Target target) {
  switch (target) {
    case analysis::Target::Myocardium:
      return "Myocardium";
    case analysis::Target::Fibrosis:
      return "Fibrosis";
    case analysis::Target::Infarct:
      return "Infarct without MVO";
  }
  return "";
}

struct MeasureWords {
  const char* words;
  const char* unit;
};
MeasureWords measureWords(Measure measure) {
  switch (measure) {
    case Measure::MyocardiumMl:
      return {"Myocardium volume", "ml"};
    case Measure::ScarMl:
      return {"Scar volume", "ml"};
    case Measure::ScarPercent:
      return {"Scar share of the LV", "%"};
  }
  return {"", ""};
}

void addMeasure(Builder& builder, const MeasureAgreement& measure) {
  const auto& [words, unit] = measureWords(measure.measure);
  const std::string subject(toText(measure.measure));
  const auto& f = measure.figures;
  const auto n = static_cast<long long>(f.pairs);
  const analysis::Agreement a = f.bland_altman.value_or(analysis::Agreement{});
  const std::string name = words;
  const char* few =
      n == 0 ? "No patient has this figure by both." : "Two patients are needed at least.";
  const auto inUnit = [&](const char* figure, const char* what, std::optional<double> value,
                          std::optional<Interval> ci95) {
    AgreementRow& row = builder.add(subject, figure, name + ", " + what, n, value, ci95);
    row.unit = unit;
    row.decimals = 1;
    if (!row.value || n < 2)
      row.note = few;
    else if (!row.ci95)
      row.note = "All differences are the same, so there is no interval.";
  };
  inUnit("bias", "bias", f.bland_altman ? std::optional(a.bias) : std::nullopt, a.bias_ci95);
  inUnit("lower_limit", "lower limit of agreement", a.lower_limit, a.lower_limit_ci95);
  inUnit("upper_limit", "upper limit of agreement", a.upper_limit, a.upper_limit_ci95);
  const auto index = [&](const char* figure, const char* what, std::optional<double> value,
                         std::optional<Interval> ci95) {
    AgreementRow& row = builder.add(subject, figure, name + ", " + what, n, value, ci95);
    if (!row.value)
      row.note = n < 2 ? few : "All values are the same, so there is no such figure.";
    else if (!row.ci95)
      row.note = "Too few or too equal values for an interval.";
  };
  index("icc_2_1", "ICC(2,1)", f.icc ? std::optional(f.icc->icc) : std::nullopt,
        f.icc ? f.icc->ci95 : std::nullopt);
  index("ccc", "concordance (Lin)", f.ccc ? std::optional(f.ccc->ccc) : std::nullopt,
        f.ccc ? f.ccc->ci95 : std::nullopt);
}

}  // namespace

std::vector<AgreementRow> rowsOf(const LabelPair& pair) {
  Builder builder;
  builder.base.data = "labels";
  builder.base.first = pair.first;
  builder.base.second = pair.second;
  builder.categories("slices", "Slices, fibrosis or none", "kappa", "Cohen's kappa", pair.decided,
                     true);
  builder.categories("slices_ordered", "Slices, none < unsure < fibrosis", "kappa_linear",
                     "weighted kappa", pair.ordered, false);
  builder.categories("slices_all_labels", "Slices, all four labels", "kappa", "Cohen's kappa",
                     pair.nominal, true);
  builder.categories("stacks", "Stacks, fibrosis or none", "kappa", "Cohen's kappa", pair.stacks,
                     true);
  return std::move(builder.rows);
}

std::vector<AgreementRow> rowsOfAll(const LabelAgreement& labels) {
  Builder builder;
  builder.base.data = "labels";
  builder.categories("slices", "Slices, fibrosis or none", "fleiss_kappa", "Fleiss' kappa",
                     labels.all_decided, true);
  builder.categories("slices_all_labels", "Slices, all four labels", "fleiss_kappa",
                     "Fleiss' kappa", labels.all_nominal, true);
  builder.categories("stacks", "Stacks, fibrosis or none", "fleiss_kappa", "Fleiss' kappa",
                     labels.all_stacks, true);
  return std::move(builder.rows);
}

std::vector<AgreementRow> rowsOf(const MaskPair& pair) {
  Builder builder;
  builder.base.data = "masks";
  builder.base.part = pair.part;
  builder.base.first = pair.first;
  builder.base.second = pair.second;
  // What the lab is about comes first.
  for (const std::size_t t : {1, 2, 0}) {
    const TissueOverlap& tissue = pair.tissues[t];
    const std::string subject(analysis::toText(tissue.target));
    const std::string words = tissueWords(tissue.target);
    AgreementRow& dice = builder.add(subject, "dice_mean", words + ", mean Dice", tissue.patients,
                                     tissue.dice_mean, tissue.dice_ci95);
    if (!dice.value)
      dice.note = "Neither has drawn it in any patient.";
    else if (!dice.ci95)
      dice.note = tissue.patients < 2 ? "An interval needs two patients at least."
                                      : "It is the same in all patients, so there is no interval.";
    AgreementRow& hd = builder.add(subject, "hd95_mm_mean", words + ", mean HD95",
                                   tissue.patients - tissue.one_empty, tissue.hd95_mm_mean);
    hd.unit = "mm";
    hd.decimals = 1;
    if (!hd.value) hd.note = "No patient in whom both have drawn it.";
  }
  for (const std::size_t m : {1, 2, 0}) addMeasure(builder, pair.measures[m]);
  return std::move(builder.rows);
}

std::vector<AgreementRow> agreementRows(const LabelAgreement& labels, const MaskAgreement& masks) {
  std::vector<AgreementRow> all;
  const auto append = [&all](std::vector<AgreementRow> rows) {
    std::ranges::move(rows, std::back_inserter(all));
  };
  for (const LabelPair& pair : labels.pairs) append(rowsOf(pair));
  if (labels.readers.size() > 2 && !labels.pairs.empty()) append(rowsOfAll(labels));
  for (const MaskPair& pair : masks.pairs) append(rowsOf(pair));
  return all;
}

std::string valueText(const AgreementRow& row) {
  std::string text = report::fixed(row.value, row.decimals);
  if (row.value && row.ci95)
    text += " [" + report::fixed(row.ci95->low, row.decimals) + ", " +
            report::fixed(row.ci95->high, row.decimals) + "]";
  return text;
}

std::string partWords(const std::string& part) {
  if (part == "train") return "training patients";
  if (part == "val") return "validation patients";
  return part + " patients";
}

std::string toCsv(const std::vector<AgreementRow>& rows) {
  using report::csvNumber;
  std::string csv = csvLine({"data", "first", "second", "subject", "figure", "unit", "n", "value",
                             "ci95_low", "ci95_high", "note", "part"});
  for (const AgreementRow& row : rows) {
    const auto low = row.ci95 ? std::optional(row.ci95->low) : std::nullopt;
    const auto high = row.ci95 ? std::optional(row.ci95->high) : std::nullopt;
    csv += csvLine({row.data, row.first, row.second, row.subject, row.figure, row.unit,
                    std::to_string(row.n), csvNumber(row.value, 4), csvNumber(low, 4),
                    csvNumber(high, 4), row.note, row.part});
  }
  return csv;
}

std::string toText(const LabelAgreement& labels, const MaskAgreement& masks) {
  std::string text;
  const auto table = [&](const std::string& heading, const std::vector<AgreementRow>& rows) {
    text += heading + "\n";
    for (const AgreementRow& row : rows) {
      const std::string value =
          valueText(row) + (row.unit.empty() || !row.value ? "" : " " + row.unit);
      text += "  " + columns(row.words, 52) + columns(value, 30) + "n = " + std::to_string(row.n) +
              "\n";
      if (!row.note.empty()) text += "      " + row.note + "\n";
    }
  };
  for (const LabelPair& pair : labels.pairs) {
    table("Labels, " + pair.first + " and " + pair.second + ":", rowsOf(pair));
    text += "  " + std::to_string(pair.both) + " slices labelled by both; " +
            std::to_string(pair.only_first) + " by " + pair.first + " alone and " +
            std::to_string(pair.only_second) + " by " + pair.second +
            " alone are not compared.\n  Unsure " + std::to_string(pair.unsure) +
            ", not diagnostic " + std::to_string(pair.not_diagnostic) +
            ": no part of 'fibrosis or none'.\n";
  }
  if (labels.readers.size() > 2 && !labels.pairs.empty())
    table("Labels, all readers together:", rowsOfAll(labels));
  for (const MaskPair& pair : masks.pairs)
    table("Masks, " + pair.first + " and " + pair.second + " (second - first), " +
              (pair.model ? partWords(pair.part) + ", " : "") +
              report::counted(static_cast<long long>(pair.stacks.size()), "stack", "stacks") + ":",
          rowsOf(pair));
  if (!labels.pairs.empty()) {
    const auto decided = std::ranges::count_if(labels.disagreements, [](const Disagreement& one) {
      return one.decided != SliceLabel::Unlabelled;
    });
    text += report::counted(static_cast<long long>(labels.disagreements.size()), "slice is",
                            "slices are") +
            " labelled differently, " + std::to_string(decided) + " of them decided.\n";
  }
  for (const auto* sentences : {&labels.sentences, &masks.sentences})
    for (const std::string& sentence : *sentences) text += sentence + "\n";
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace gadolin::session
