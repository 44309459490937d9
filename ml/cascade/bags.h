#pragma once
// What stage B learns from: answers, each about one slice or about a whole stack ("bag" in the
// literature of multiple-instance learning). One loss holds both kinds.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ml/data/samples.h"
#include "ml/train/trainer.h"

namespace gadolin::ml {

struct Bag {
  PreparedStack* stack = nullptr;
  std::vector<int> slices;  // one, or all of the stack
  bool whole_stack = false;
  bool fibrosis = false;
};

/// The answers of one stack by its evidence: one a slice, one for the whole, or none.
std::vector<Bag> bagsOf(PreparedStack& stack);

/// The slices of all bags, one after the other, and the bag of each.
struct BagSlices {
  std::vector<SliceRef> refs;
  std::vector<std::int64_t> bag;
};
BagSlices slicesOf(std::span<const Bag> bags);

/// Which bags a step of training holds. Bags of one kind: a shuffled run of them. Of both kinds:
/// every step has its share of each, so that every step learns from both and an epoch sees each bag
/// once, those of the kind that has fewer bags than steps several times.
class BagSteps {
 public:
  /// Bags must outlive it.
  BagSteps(const std::vector<Bag>& bags, const run::Settings& settings, std::uint64_t seed);

  /// As StagePlan has them: with both kinds an item is a step of its own.
  [[nodiscard]] std::size_t items() const;
  [[nodiscard]] std::size_t batch() const;
  /// The settings that say how large a step is.
  [[nodiscard]] std::string setting() const;
  /// Indices of bags for these items. Thread: any.
  [[nodiscard]] std::vector<std::size_t> bagsOf(std::span<const std::size_t> items,
                                                int epoch) const;

 private:
  [[nodiscard]] bool both() const { return !slices_.empty() && !stacks_.empty(); }

  std::vector<std::size_t> slices_, stacks_;  // indices of bags of either kind
  std::size_t slice_batch_ = 1, stack_batch_ = 1;
  std::uint64_t seed_ = 0;
};

/// Weight of a positive stack in the loss, negative to positive stacks, so that stacks with and
/// without fibrosis count alike; 1 when classifier.weighted_stacks is off or a kind is missing.
double positiveStackWeight(std::span<const Bag> bags, const run::Settings& settings);

}  // namespace gadolin::ml
