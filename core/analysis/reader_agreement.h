#pragma once
// How far readers agree on things that come in groups: slices of patients. Kappa with an interval
// for which whole patients are drawn, and measurements with every figure that is asked for beside
// one another.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/concordance.h"
#include "core/analysis/intraclass.h"
#include "core/analysis/kappa.h"
#include "core/analysis/statistics.h"

namespace gadolin::analysis {

/// What the readers said of one thing: a category (0..) or nothing (-1), one entry a reader.
struct ReadThing {
  std::size_t group = 0;  // things of one group are not independent: 0..groups-1
  std::vector<int> said;
};

struct CategoryAgreement {
  std::uint64_t things = 0;  // that count, see compareTwo and compareAll
  std::uint64_t same = 0;    // of which all who said something said the same
  /// Share of agreement, 0..1, without weights: of two readers same / things, of more the mean
  /// share of pairs that agree.
  std::optional<double> agreement;
  std::optional<double> kappa;
  /// Groups drawn: percentile bootstrap of 5,000 resamples (bootstrapGroups95).
  std::optional<Interval> kappa_ci95;
  /// The large-sample formula, which takes things for independent and is too narrow for slices.
  std::optional<Interval> kappa_ci95_independent;
  /// Why kappa or its interval is absent, a sentence; empty when both are there.
  std::string missing;
};

/// Cohen's kappa of readers `first` and `second` over the things of which both said one of
/// `categories`, which are in their order where weights are given.
CategoryAgreement compareTwo(std::span<const ReadThing> things, std::size_t first,
                             std::size_t second, std::span<const int> categories,
                             KappaWeights weights = KappaWeights::None);

/// Fleiss' kappa over the things of which two readers or more said one of `categories`; what a
/// reader said beyond them counts as nothing said.
CategoryAgreement compareAll(std::span<const ReadThing> things, std::span<const int> categories);

/// Two measurements of the same patients; differences are second - first.
struct MeasurementAgreement {
  std::size_t pairs = 0;
  std::optional<Agreement> bland_altman;
  std::optional<Intraclass> icc;
  std::optional<Concordance> ccc;
  std::optional<double> pearson;
};
/// The spans have the same length.
MeasurementAgreement compareMeasurements(std::span<const double> first,
                                         std::span<const double> second);

}  // namespace gadolin::analysis
