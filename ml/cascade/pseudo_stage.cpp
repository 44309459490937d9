#include "ml/cascade/pseudo_stage.h"

#include <algorithm>

#include "ml/cascade/pseudo_masks.h"
#include "ml/data/shape.h"

namespace gadolin::ml {
namespace {

/// Cavity 1 and myocardium 2 in which fibrosis is looked for, on the network's grid.
std::vector<std::uint8_t> pseudoHeart(const SliceRef& ref, const Window& window,
                                      const run::Settings& settings) {
  const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  std::vector<float> values(area);
  std::vector<std::uint8_t> heart(area);
  if (settings.choice("pseudo.region") == "reference-first" && !ref.stack->heart.empty() &&
      ref.stack->source->isDrawn(ref.z)) {
    fillLabels(ref, ref.stack->heart, window, {}, values);
    for (std::size_t i = 0; i < area; ++i) heart[i] = static_cast<std::uint8_t>(values[i]);
    return heart;
  }
  fillMyocardium(ref, window, {}, settings, values);
  const bool pooled = settings.choice("pseudo.region") == "pooled";
  const auto threshold = static_cast<float>(
      settings.real(pooled ? "classifier.mask_threshold" : "predict.myocardium_threshold"));
  if (pooled) {
    const torch::Tensor map = torch::from_blob(values.data(), {1, 1, window.side, window.side});
    const torch::Tensor wide = torch::max_pool2d(map, 3, 1, 1).contiguous();
    std::copy_n(wide.data_ptr<float>(), area, values.begin());
  }
  for (std::size_t i = 0; i < area; ++i) heart[i] = values[i] > threshold ? 2 : 0;
  const auto cavity = enclosed(heart, {window.side, window.side});
  for (std::size_t i = 0; i < area; ++i)
    if (cavity[i] != 0) heart[i] = 1;
  return heart;
}

/// One slice on the network's grid.
struct Drawn {
  SliceRef ref;
  std::vector<float> image, map;
  std::vector<std::uint8_t> heart;
};

Drawn lookAt(const SliceRef& ref, const SliceScores& scores, const Window& window,
             const run::Settings& settings) {
  const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  Drawn drawn{ref, std::vector<float>(area), {}, pseudoHeart(ref, window, settings)};
  fillRoiImage(ref, window, {}, settings, drawn.image);
  const auto cells = static_cast<std::int64_t>(scores.cells_side);
  auto* map = const_cast<float*>(scores.activation.data()) +
              static_cast<std::ptrdiff_t>(ref.z) * cells * cells;  // only read
  const torch::Tensor fine =
      torch::upsample_bilinear2d(torch::from_blob(map, {1, 1, cells, cells}),
                                 at::IntArrayRef{window.side, window.side}, true)
          .contiguous();
  drawn.map.assign(fine.data_ptr<float>(), fine.data_ptr<float>() + area);
  return drawn;
}

/// What the authors' code did to the maps of a stack: every column of the image gets a maximum of 1,
/// over all slices and rows.
void normaliseColumns(std::vector<Drawn>& slices, int side) {
  const auto width = static_cast<std::size_t>(side);
  for (std::size_t x = 0; x < width; ++x) {
    float top = 0;
    for (const Drawn& slice : slices)
      for (std::size_t y = 0; y < width; ++y) top = std::max(top, slice.map[y * width + x]);
    for (Drawn& slice : slices)
      for (std::size_t y = 0; y < width; ++y)
        slice.map[y * width + x] = std::max(slice.map[y * width + x], 0.0F) / (top + 1e-5F);
  }
}

/// The grey values from which the threshold of a slice is found.
void addValues(const Drawn& drawn, bool pointed_only, std::vector<float>& values) {
  for (std::size_t i = 0; i < drawn.image.size(); ++i)
    if (drawn.heart[i] == 2 && (!pointed_only || drawn.map[i] > 0))
      values.push_back(drawn.image[i]);
}

/// The slices of a positive stack that stage C learns from: those that the classifier believes to
/// hold fibrosis, which get a pseudo-mask, and those that it believes to hold none.
struct Believed {
  std::vector<SliceRef> positive, all;
  int most = -1;  // the most probable slice of a positive stack: one at least must hold fibrosis
};
Believed believedSlices(PreparedStack& stack, const SliceScores& scores,
                        const run::Settings& settings) {
  const auto at_least = static_cast<float>(settings.real("pseudo.slice_probability"));
  const auto below = static_cast<float>(settings.real("pseudo.negative_probability"));
  const auto& p = scores.probability;
  const auto most = std::max_element(p.begin(), p.end()) - p.begin();
  Believed believed;
  believed.most = static_cast<int>(most);
  for (int z = 0; z < stack.slices(); ++z) {
    const float own = p[static_cast<std::size_t>(z)];
    const bool positive = own >= at_least || z == most;
    if (positive) believed.positive.push_back({&stack, z});
    if (positive || own < below) believed.all.push_back({&stack, z});
  }
  return believed;
}

}  // namespace

PseudoMasks drawPseudoMasks(Network& classifier, PreparedStack& stack,
                            const InferenceOptions& options) {
  const run::Settings& settings = *options.settings;
  stack.fibrosis.assign(stack.source->image.size(), 0);
  const bool by_stack = stack.evidence == Evidence::Stack;
  Believed slices;
  for (int z = 0; z < stack.slices(); ++z) {
    const int answer =
        by_stack ? stackAnswer(*stack.source) : sliceAnswer(*stack.source, stack.evidence, z);
    if (answer == 1) slices.positive.push_back({&stack, z});
    if (answer >= 0) slices.all.push_back({&stack, z});
  }
  if (slices.positive.empty()) return {slices.all, {}, {}};
  const SliceScores scores = predictSlices(classifier, stack, options);
  if (by_stack) slices = believedSlices(stack, scores, settings);
  const Window window = roiWindow(stack, settings);
  const std::string& scope = settings.choice("pseudo.scope");
  const bool pool = scope == "stack" || (scope == "as-labelled" && by_stack);
  const bool pointed_only = settings.choice("pseudo.threshold_pixels") == "cam";
  std::vector<Drawn> drawn;
  std::vector<float> pooled;
  MapScale scale;
  for (const SliceRef& ref : slices.positive) {
    drawn.push_back(lookAt(ref, scores, window, settings));
    addValues(drawn.back(), pointed_only, pooled);
    // Activations of one stack are compared with each other: a slice without fibrosis has weak
    // ones.
    if (by_stack)
      for (std::size_t i = 0; i < drawn.back().map.size(); ++i)
        if (drawn.back().heart[i] == 2) scale.top = std::max(scale.top, drawn.back().map[i]);
  }
  if (by_stack && settings.flag("reference.cam_columns")) {
    normaliseColumns(drawn, window.side);
    scale.top = 1;
  }
  for (const Drawn& slice : drawn) {
    std::vector<float> values;
    addValues(slice, pointed_only, values);
    const auto threshold = pseudoThreshold(pool ? pooled : std::move(values), settings);
    if (!threshold) continue;
    scale.slice_is_positive = !by_stack || slice.ref.z == slices.most;
    const auto mask =
        pseudoMask(slice.image, slice.heart, slice.map, window.side, *threshold, scale, settings);
    placeBackNearest(
        mask, window, stack.plane(),
        std::span(stack.fibrosis)
            .subspan(static_cast<std::size_t>(slice.ref.z) * stack.area(), stack.area()));
  }
  return {slices.all, slices.positive, scores};
}

run::PseudoMaskFile fileOf(const PreparedStack& stack, const PseudoMasks& drawn,
                           const run::Settings& settings) {
  run::PseudoMaskFile file;
  file.size = stack.source->size;
  file.mask = stack.fibrosis;
  file.use.assign(static_cast<std::size_t>(stack.slices()), run::SliceUse::Nothing);
  for (const SliceRef& ref : drawn.slices)
    file.use[static_cast<std::size_t>(ref.z)] = run::SliceUse::Background;
  for (const SliceRef& ref : drawn.positive)
    file.use[static_cast<std::size_t>(ref.z)] = run::SliceUse::PseudoMask;
  if (!drawn.scores.probability.empty()) {
    file.cam = quantised(activationInGrid(drawn.scores, stack, settings));
    file.probability = drawn.scores.probability;
  }
  return file;
}

Result<std::vector<SliceRef>> reviewedMasks(const run::RunFolder& folder,
                                            const run::PseudoReview& review, PreparedStack& stack) {
  const std::string& name = stack.source->stack;
  GADOLIN_TRY(run::PseudoMaskFile file, run::readPseudoMasks(folder, name));
  if (file.size != stack.source->size)
    return Error{ErrorCode::Corrupt, folder.pseudoMask(name).string() +
                                         " is of another size than its stack. Start the run anew."};
  stack.fibrosis = std::move(file.mask);
  const auto said = review.stacks.find(name);
  std::vector<std::uint8_t> kept;
  std::vector<SliceRef> slices;
  for (int z = 0; z < stack.slices(); ++z) {
    const auto use = file.use[static_cast<std::size_t>(z)];
    if (use == run::SliceUse::Background) slices.push_back({&stack, z});
    if (use != run::SliceUse::PseudoMask) continue;
    auto verdict = run::PseudoVerdict::Rejected;  // what nobody looked at is not learnt from
    if (said != review.stacks.end())
      if (const auto one = said->second.find(z); one != said->second.end()) verdict = one->second;
    const auto mask = std::span(stack.fibrosis)
                          .subspan(static_cast<std::size_t>(z) * stack.area(), stack.area());
    if (verdict == run::PseudoVerdict::Rejected) {
      std::ranges::fill(mask, std::uint8_t{0});
      continue;
    }
    if (verdict == run::PseudoVerdict::Trimmed) {
      if (kept.empty()) {
        GADOLIN_TRY(kept, run::readTrimmed(folder, name, stack.source->size));
      }
      for (std::size_t i = 0; i < mask.size(); ++i)
        mask[i] &= kept[static_cast<std::size_t>(z) * stack.area() + i];
    }
    slices.push_back({&stack, z});
  }
  return slices;
}

}  // namespace gadolin::ml
