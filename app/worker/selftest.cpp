#include "app/worker/selftest.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/base/safetensors.h"
#include "ml/cascade/cascade.h"

namespace gadolin {
namespace {

class SilentReporter : public ml::Reporter {
 public:
  void emit(run::EventBody) override {}
  std::optional<run::Command> poll() override { return std::nullopt; }
};

struct Ring {
  std::vector<float> image;
  std::vector<std::uint8_t> mask;
};

/// Three slices of a dark ring around a bright pool, with a bright segment.
Ring makeRing(std::uint64_t seed, int side) {
  Random random(seed);
  const auto count = static_cast<std::size_t>(3 * side * side);
  Ring ring{std::vector<float>(count), std::vector<std::uint8_t>(count, 0)};
  const double middle = side / 2.0, radius = random.uniform(7, 9), wall = random.uniform(5, 6);
  const double angle = random.uniform(-3, 3);
  for (std::size_t i = 0; i < count; ++i) {
    const double x = static_cast<double>(i % static_cast<std::size_t>(side)) - middle;
    const double y = static_cast<double>(i / static_cast<std::size_t>(side) % static_cast<std::size_t>(side)) - middle;
    const double r = std::hypot(x, y);
    std::uint8_t label = r < radius ? 1 : r < radius + wall ? 2 : 0;
    if (label == 2 && std::cos(std::atan2(y, x) - angle) > 0.6) label = 3;
    const double grey = label == 1 ? 180 : label == 2 ? 30 : label == 3 ? 220 : 100;
    ring.image[i] = static_cast<float>(grey + random.normal(0, 12));
    ring.mask[i] = label;
  }
  return ring;
}

Result<double> trainOnRings(const std::filesystem::path& root) {
  constexpr int side = 64;
  std::vector<Ring> rings;
  for (std::uint64_t k = 0; k < 8; ++k) rings.push_back(makeRing(k + 1, side));
  std::vector<dataset::FrozenStack> stacks;
  for (std::size_t k = 0; k < rings.size(); ++k) {
    dataset::FrozenStack stack;
    stack.stack = stack.patient = "ring" + std::to_string(k);
    stack.part = k < 6 ? dataset::Part::Train : k == 6 ? dataset::Part::Validation : dataset::Part::Test;
    stack.size = {side, side, 3};
    stack.spacing_mm = {1.5, 1.5, 8};
    stack.slice_extent_mm = {8, 8, 8};
    stack.image = rings[k].image;
    stack.mask = rings[k].mask;
    stacks.push_back(stack);
  }
  ml::CascadeRun run;
  run.folder.root = root;
  SilentReporter reporter;
  run.reporter = &reporter;
  run.config.id = "selftest";
  run.config.preset = "quick";
  run.config.device = "auto";
  GADOLIN_TRY(run.config.settings, run::Settings::preset("quick"));
  for (const auto& [key, value] : {std::pair{"myocardium.side_px", "64"},
                                   {"myocardium.width", "8"},
                                   {"myocardium.epochs", "30"},
                                   {"roi.side_px", "48"},
                                   {"roi.net_px", "48"},
                                   {"fibrosis.width", "8"},
                                   {"fibrosis.epochs", "30"},
                                   {"train.batch", "6"},
                                   {"myocardium.minimum_steps", "0"},
                                   {"classifier.minimum_steps", "0"},
                                   {"fibrosis.minimum_steps", "0"},
                                   {"train.ema", "0"},
                                   {"train.preview_slices", "0"},
                                   {"train.validate_every", "10"},
                                   {"myocardium.learning_rate", "0.005"},
                                   {"fibrosis.learning_rate", "0.005"},
                                   {"augment.shift_mm", "0"}})
    GADOLIN_CHECK(run.config.settings.set(key, value));
  GADOLIN_CHECK(makePrivateFolder(run.folder.checkpoints()));
  GADOLIN_CHECK(dataset::writeFrozenDataset(run.folder.dataset(), stacks));
  GADOLIN_TRY(const dataset::FrozenDataset frozen, dataset::FrozenDataset::open(run.folder.dataset()));
  run.dataset = &frozen;
  GADOLIN_CHECK(ml::trainCascade(run));
  GADOLIN_CHECK(ml::predictCascade(run));
  GADOLIN_TRY(const SafetensorsFile file, SafetensorsFile::open(run.folder.prediction("ring7")));
  const auto mask = file.find("mask")->as<std::uint8_t>();
  double both = 0, all = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    both += mask[i] == 3 && rings[7].mask[i] == 3 ? 1 : 0;
    all += (mask[i] == 3 ? 1 : 0) + (rings[7].mask[i] == 3 ? 1 : 0);
  }
  return all > 0 ? 2 * both / all : 0.0;
}

}  // namespace

Result<void> selfTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gadolin-selftest-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return systemError(errno, "make", pattern);
  const auto start = std::chrono::steady_clock::now();
  const auto dice = trainOnRings(pattern);
  std::error_code ignored;
  std::filesystem::remove_all(pattern, ignored);
  if (!dice) return dice.error();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s\n", nlohmann::json{{"type", "selftest"}, {"dice", *dice}, {"seconds", seconds}}.dump().c_str());
  if (*dice < 0.8)
    return Error{ErrorCode::Internal, "The self-test learnt too little: Dice " + std::to_string(*dice) +
                                          " where 0.8 is wanted. Do not trust this worker's results."};
  return {};
}

}  // namespace gadolin
