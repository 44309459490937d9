#pragma once
// How patients are dealt to training, validation and test: by patient, never by slice, and with the
// same share of each stratum (fibrosis, none, unlabelled) in every part. Pure: the same input and
// seed give the same split on every machine.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"

namespace gadolin::dataset {

struct SplitPatient {
  std::string patient;
  std::string stratum;  // any text; patients with the same text are spread evenly
};

struct SplitPlan {
  double test = 0.2;        // share of the patients, 0 .. 0.9
  double validation = 0.1;  // share of all patients; not used with folds
  int folds = 0;  // 0: no folds; else 2..20 parts of everybody who is not in the test part
  int fold = 1;   // which of them is validated on, 1-based
  std::uint64_t seed = 42;
};

struct SplitEntry {
  std::string patient;
  Part part = Part::None;
  int fold = 0;  // 1-based; 0 without folds and for test patients
};

/// All patients in a row in which every stratum is spread evenly: each run of it holds the strata in
/// their shares, so that its first n are a fair sample and a part of its first n + 1. The seed alone
/// decides, not the order of the input.
std::vector<std::string> spreadPatients(std::vector<SplitPatient> patients, std::uint64_t seed);

/// Sorted by patient. InvalidInput in a sentence: shares out of range, no patients, or too few of
/// them for a part that was asked for to hold anybody (training always must).
Result<std::vector<SplitEntry>> planSplit(std::vector<SplitPatient> patients,
                                          const SplitPlan& plan);

/// A table with the columns patient and split (train, val or validation, test), as CSV with ',',
/// ';' or tab. InvalidInput names the line. A patient may be named once only; every part named in
/// the file holds somebody by its nature, but train and test must be there.
Result<std::vector<SplitEntry>> parseSplitTable(std::string_view text);

}  // namespace gadolin::dataset
