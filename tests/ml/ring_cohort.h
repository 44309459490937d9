#pragma once
// Small stacks that a small network learns in seconds: a dark ring around a bright pool, with a
// bright segment in the first slices of the even patients.

#include <cmath>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "core/run/run_folder.h"

namespace gadolin::test {

struct RingCohort {
  static constexpr int side = 56;
  const int slices, scarred_slices;
  std::vector<std::vector<float>> images;
  std::vector<std::vector<std::uint8_t>> masks;
  std::vector<dataset::FrozenStack> stacks;

  /// Part of patient k: test for the last, validation for the two before, else train.
  explicit RingCohort(int patients, int slices_of_each = 3, int scarred = 3)
      : slices(slices_of_each), scarred_slices(scarred) {
    images.resize(static_cast<std::size_t>(patients));
    masks.resize(static_cast<std::size_t>(patients));
    for (int k = 0; k < patients; ++k) draw(k);
    for (int k = 0; k < patients; ++k) {
      const auto i = static_cast<std::size_t>(k);
      dataset::FrozenStack stack;
      stack.stack = "s" + std::to_string(k);
      stack.patient = "p" + std::to_string(k);
      stack.part = k == patients - 1   ? dataset::Part::Test
                   : k >= patients - 3 ? dataset::Part::Validation
                                       : dataset::Part::Train;
      stack.kind = "magnitude";
      stack.size = {side, side, slices};
      stack.spacing_mm = {1.5, 1.5, 8};
      stack.slice_extent_mm.assign(static_cast<std::size_t>(slices), 8);
      for (int z = 0; z < slices; ++z)
        stack.labels.push_back(k % 2 == 0 && z < scarred_slices ? SliceLabel::Fibrosis
                                                                : SliceLabel::None);
      stack.image = images[i];
      stack.mask = masks[i];
      stacks.push_back(stack);
    }
  }
  RingCohort(const RingCohort&) = delete;

 private:
  void draw(int k) {
    Random random(static_cast<std::uint64_t>(k) + 1);
    const auto i = static_cast<std::size_t>(k);
    images[i].resize(static_cast<std::size_t>(slices) * side * side);
    masks[i].resize(images[i].size());
    const double radius = random.uniform(7, 9), wall = random.uniform(5, 6), angle = random.uniform(-3, 3);
    for (std::size_t v = 0; v < images[i].size(); ++v) {
      const double x = static_cast<double>(v % side) - side / 2.0;
      const double y = static_cast<double>(v / side % side) - side / 2.0;
      const double r = std::hypot(x, y);
      std::uint8_t label = r < radius ? 1 : r < radius + wall ? 2 : 0;
      const auto z = static_cast<int>(v / (std::size_t{side} * side));
      if (label == 2 && k % 2 == 0 && z < scarred_slices && std::cos(std::atan2(y, x) - angle) > 0.5) label = 3;
      const double grey = label == 1 ? 180 : label == 2 ? 30 : label == 3 ? 220 : 100;
      images[i][v] = static_cast<float>(grey + random.normal(0, 10));
      masks[i][v] = label;
    }
  }
};

/// run.json of a run that takes seconds.
inline run::RunConfig ringConfig(run::Supervision supervision) {
  run::RunConfig config;
  config.id = "ring-run";
  config.supervision = supervision;
  config.preset = "quick";
  config.device = "cpu";
  config.threads = 2;
  config.settings = run::Settings::preset("quick").value();
  for (const auto& [key, value] : {std::pair{"myocardium.side_px", "48"},
                                   {"myocardium.width", "4"},
                                   {"myocardium.epochs", "3"},
                                   {"roi.side_px", "48"},
                                   {"roi.net_px", "48"},
                                   {"fibrosis.width", "4"},
                                   {"fibrosis.epochs", "3"},
                                   {"classifier.width_factor", "0.0625"},
                                   {"classifier.epochs", "2"},
                                   {"train.batch", "6"},
                                   {"myocardium.minimum_steps", "0"},
                                   {"classifier.minimum_steps", "0"},
                                   {"fibrosis.minimum_steps", "0"},
                                   {"train.warmup_steps", "2"},
                                   {"train.ema", "0.5"},
                                   {"train.validate_every", "2"},
                                   {"train.preview_slices", "2"},
                                   {"predict.flips", "2"}})
    if (!config.settings.set(key, value)) std::abort();
  return config;
}

}  // namespace gadolin::test
