#include "ml/cascade/bags.h"

#include <algorithm>

#include "core/base/random.h"

namespace gadolin::ml {

std::vector<Bag> bagsOf(PreparedStack& stack) {
  std::vector<Bag> bags;
  if (stack.evidence == Evidence::Stack) {
    const int answer = stackAnswer(*stack.source);
    if (answer < 0) return bags;
    Bag bag{&stack, {}, true, answer == 1};
    for (int z = 0; z < stack.slices(); ++z) bag.slices.push_back(z);
    bags.push_back(std::move(bag));
    return bags;
  }
  for (int z = 0; z < stack.slices(); ++z)
    if (const int answer = sliceAnswer(*stack.source, stack.evidence, z); answer >= 0)
      bags.push_back({&stack, {z}, false, answer == 1});
  return bags;
}

BagSlices slicesOf(std::span<const Bag> bags) {
  BagSlices all;
  for (std::size_t k = 0; k < bags.size(); ++k)
    for (const int z : bags[k].slices) {
      all.refs.push_back({bags[k].stack, z});
      all.bag.push_back(static_cast<std::int64_t>(k));
    }
  return all;
}

BagSteps::BagSteps(const std::vector<Bag>& bags, const run::Settings& settings, std::uint64_t seed)
    : slice_batch_(static_cast<std::size_t>(settings.integer("train.batch"))),
      stack_batch_(static_cast<std::size_t>(settings.integer("classifier.stacks_in_step"))),
      seed_(seed) {
  for (std::size_t k = 0; k < bags.size(); ++k)
    (bags[k].whole_stack ? stacks_ : slices_).push_back(k);
}

std::size_t BagSteps::items() const {
  if (!both()) return slices_.size() + stacks_.size();
  return std::max({slices_.size() / slice_batch_, stacks_.size() / stack_batch_, std::size_t{1}});
}

std::size_t BagSteps::batch() const {
  return both() ? 1 : stacks_.empty() ? slice_batch_ : stack_batch_;
}

std::string BagSteps::setting() const {
  if (both()) return "train.batch or classifier.stacks_in_step";
  return stacks_.empty() ? "train.batch" : "classifier.stacks_in_step";
}

std::vector<std::size_t> BagSteps::bagsOf(std::span<const std::size_t> items, int epoch) const {
  std::vector<std::size_t> chosen;
  if (!both()) {
    const auto& kind = stacks_.empty() ? slices_ : stacks_;
    for (const std::size_t item : items) chosen.push_back(kind[item]);
    return chosen;
  }
  const std::size_t steps = this->items();
  for (const std::size_t step : items)
    for (const auto* kind : {&slices_, &stacks_}) {
      std::vector<std::size_t> order = *kind;
      Random random(
          mixSeed(seed_, 61, static_cast<std::uint64_t>(epoch), kind == &stacks_ ? 1 : 0));
      random.shuffle(order);
      // Fewer bags than steps: they come again, so that no step lacks a kind.
      const std::size_t first = step * order.size() / steps;
      const std::size_t last = std::max((step + 1) * order.size() / steps, first + 1);
      for (std::size_t i = first; i < last; ++i) chosen.push_back(order[i % order.size()]);
    }
  return chosen;
}

double positiveStackWeight(std::span<const Bag> bags, const run::Settings& settings) {
  if (!settings.flag("classifier.weighted_stacks")) return 1;
  double positive = 0, negative = 0;
  for (const Bag& bag : bags)
    if (bag.whole_stack) (bag.fibrosis ? positive : negative) += 1;
  return positive > 0 && negative > 0 ? negative / positive : 1;
}

}  // namespace gadolin::ml
