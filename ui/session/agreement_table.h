#pragma once
// Every figure of agreement as one row, for the window, the text, the CSV and the JSON alike.

#include <optional>
#include <string>
#include <vector>

#include "ui/session/label_agreement.h"
#include "ui/session/mask_agreement.h"

namespace gadolin::session {

struct AgreementRow {
  std::string data;     // "labels" or "masks"
  std::string first;    // a reader; empty: all readers together
  std::string second;   // a reader, "model", or empty
  std::string subject;  // what is compared: "slices", "stacks", "fibrosis", "scar_ml", ...
  std::string figure;   // "agreement", "kappa", "dice_mean", ...
  std::string words;    // subject and figure for a person
  std::string unit;     // "", "mm", "ml", "%"
  long long n = 0;      // slices, stacks or patients
  std::optional<double> value;
  std::optional<analysis::Interval> ci95;
  int decimals = 2;
  std::string note;  // why value or interval is absent; empty else
  std::string part;  // whose patients a model is compared over: "test", ...; empty for readers
};

/// In the order of a page: labels pair by pair, all readers together, masks pair by pair. Shares
/// are 0..1. Any thread.
std::vector<AgreementRow> agreementRows(const LabelAgreement& labels, const MaskAgreement& masks);
std::vector<AgreementRow> rowsOf(const LabelPair& pair);
std::vector<AgreementRow> rowsOfAll(const LabelAgreement& labels);
std::vector<AgreementRow> rowsOf(const MaskPair& pair);

/// "0.78 [0.61, 0.90]", "0.78", or an en dash.
std::string valueText(const AgreementRow& row);

/// Columns data, first, second, subject, figure, unit, n, value, ci95_low, ci95_high, note, part.
/// "test patients", "all patients", ...: of MaskPair::part.
std::string partWords(const std::string& part);
std::string toCsv(const std::vector<AgreementRow>& rows);
/// For a terminal: readers, tables, rows, disagreements, sentences.
std::string toText(const LabelAgreement& labels, const MaskAgreement& masks);
/// {"labels":{...},"masks":{...}}; absent figures are null. `run`: whose predictions were compared;
/// empty: the newest of each stack (null).
std::string toJson(const LabelAgreement& labels, const MaskAgreement& masks,
                   const std::string& run);

}  // namespace gadolin::session
