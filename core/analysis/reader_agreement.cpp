#include "core/analysis/reader_agreement.h"

#include <algorithm>
#include <map>

#include "core/analysis/fleiss_kappa.h"

namespace gadolin::analysis {
namespace {

/// Position among the categories that count, or -1.
int placeOf(int said, std::span<const int> categories) {
  const auto found = std::find(categories.begin(), categories.end(), said);
  return found == categories.end() ? -1 : static_cast<int>(found - categories.begin());
}

void explain(CategoryAgreement& result, std::size_t groups) {
  if (result.things == 0) {
    result.missing = "There is nothing that two readers have labelled this way.";
  } else if (!result.kappa) {
    result.missing =
        "All labels are of one kind, so that chance alone would agree: there is no kappa.";
  } else if (result.same == result.things) {
    result.kappa_ci95.reset();
    result.kappa_ci95_independent.reset();
    result.missing = "The readers agree on everything, so there is no interval.";
  } else if (groups < 2) {
    result.missing = "An interval needs two patients at least.";
  } else if (!result.kappa_ci95) {
    result.missing = "Too few labels for an interval.";
  }
}

/// The groups that hold something, numbered anew.
class Groups {
 public:
  std::size_t numberOf(std::size_t group) {
    return numbers_.emplace(group, numbers_.size()).first->second;
  }
  [[nodiscard]] std::size_t count() const { return numbers_.size(); }

 private:
  std::map<std::size_t, std::size_t> numbers_;
};

}  // namespace

CategoryAgreement compareTwo(std::span<const ReadThing> things, std::size_t first,
                             std::size_t second, std::span<const int> categories,
                             KappaWeights weights) {
  ConfusionTable table(categories.size());
  std::vector<ConfusionTable> of_group;
  Groups groups;
  for (const ReadThing& thing : things) {
    const int a = placeOf(thing.said[first], categories);
    const int b = placeOf(thing.said[second], categories);
    if (a < 0 || b < 0) continue;
    const std::size_t group = groups.numberOf(thing.group);
    of_group.resize(groups.count(), ConfusionTable(categories.size()));
    const auto i = static_cast<std::size_t>(a);
    const auto j = static_cast<std::size_t>(b);
    of_group[group].add(i, j);
    table.add(i, j);
  }
  CategoryAgreement result;
  result.things = table.total();
  result.same = table.same();
  if (result.things > 0)
    result.agreement = static_cast<double>(result.same) / static_cast<double>(result.things);
  if (const auto kappa = cohenKappa(table, weights)) {
    result.kappa = kappa->kappa;
    result.kappa_ci95_independent = kappa->ci95;
    if (result.same < result.things) {
      result.kappa_ci95 = bootstrapGroups95(
          of_group.size(), [&](std::span<const std::size_t> drawn) -> std::optional<double> {
            ConfusionTable sum(categories.size());
            for (const std::size_t g : drawn) sum += of_group[g];
            const auto one = cohenKappa(sum, weights);
            return one ? std::optional(one->kappa) : std::nullopt;
          });
    }
  }
  explain(result, groups.count());
  return result;
}

CategoryAgreement compareAll(std::span<const ReadThing> things, std::span<const int> categories) {
  /// Sums from which the kappa of any choice of groups follows.
  struct Sums {
    double things = 0;
    double agreement = 0;
    std::vector<double> frequency;
  };
  const std::size_t k = categories.size();
  std::vector<std::uint32_t> counts;
  std::vector<Sums> of_group;
  Groups groups;
  CategoryAgreement result;
  for (const ReadThing& thing : things) {
    std::vector<std::uint32_t> said(k, 0);
    std::uint32_t readers = 0;
    for (const int one : thing.said) {
      const int place = placeOf(one, categories);
      if (place < 0) continue;
      ++said[static_cast<std::size_t>(place)];
      ++readers;
    }
    if (readers < 2) continue;
    counts.insert(counts.end(), said.begin(), said.end());
    result.same += *std::max_element(said.begin(), said.end()) == readers ? 1 : 0;
    const std::size_t group = groups.numberOf(thing.group);
    of_group.resize(groups.count(), Sums{0, 0, std::vector<double>(k, 0.0)});
    Sums& sums = of_group[group];
    sums.things += 1;
    for (std::size_t c = 0; c < k; ++c) {
      const double n = said[c];
      sums.agreement += n * (n - 1.0) / (static_cast<double>(readers) * (readers - 1.0));
      sums.frequency[c] += n / readers;
    }
  }
  if (const auto kappa = fleissKappa(counts, k)) {
    result.kappa = kappa->kappa;
    result.kappa_ci95_independent = kappa->ci95;
  }
  result.things = k == 0 ? 0 : counts.size() / k;
  double agreeing = 0.0;
  for (const Sums& sums : of_group) agreeing += sums.agreement;
  if (result.things > 0) result.agreement = agreeing / static_cast<double>(result.things);
  if (result.kappa && result.same < result.things) {
    result.kappa_ci95 = bootstrapGroups95(
        of_group.size(), [&](std::span<const std::size_t> drawn) -> std::optional<double> {
          double n = 0.0;
          double observed = 0.0;
          std::vector<double> frequency(k, 0.0);
          for (const std::size_t g : drawn) {
            n += of_group[g].things;
            observed += of_group[g].agreement;
            for (std::size_t c = 0; c < k; ++c) frequency[c] += of_group[g].frequency[c];
          }
          double expected = 0.0;
          for (const double f : frequency) expected += f * f / (n * n);
          if (1.0 - expected < 1e-12) return std::nullopt;
          return (observed / n - expected) / (1.0 - expected);
        });
  }
  explain(result, groups.count());
  return result;
}

MeasurementAgreement compareMeasurements(std::span<const double> first,
                                         std::span<const double> second) {
  MeasurementAgreement result;
  result.pairs = first.size();
  result.bland_altman = agreement(first, second);
  std::vector<double> values;
  values.reserve(2 * first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    values.push_back(first[i]);
    values.push_back(second[i]);
  }
  result.icc = intraclass(values, 2);
  result.ccc = concordance(first, second);
  result.pearson = pearson(first, second);
  return result;
}

}  // namespace gadolin::analysis
