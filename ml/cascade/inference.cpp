#include "ml/cascade/inference.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "ml/data/shape.h"
#include "ml/model/drn.h"
#include "ml/model/unet.h"
#include "ml/train/memory.h"

namespace gadolin::ml {
namespace {

/// Mean of activate(network(view)) over the views, each turned back. x: [N, C, S, S].
torch::Tensor averageViews(Network& network, const torch::Tensor& x, int views,
                           const std::function<torch::Tensor(const torch::Tensor&)>& activate) {
  torch::Tensor sum;
  for (int view = 0; view < views; ++view) {
    torch::Tensor turned = x;
    std::vector<std::int64_t> axes;
    if ((view & 1) != 0) axes.push_back(3);
    if ((view & 2) != 0) axes.push_back(2);
    if (!axes.empty()) turned = torch::flip(turned, axes);
    if ((view & 4) != 0) turned = turned.transpose(2, 3).contiguous();
    torch::Tensor y = activate(network.forward(turned));
    if ((view & 4) != 0) y = y.transpose(2, 3);
    if (!axes.empty()) y = torch::flip(y, axes);
    sum = sum.defined() ? sum + y : y;
  }
  return sum / views;
}

/// All slices of a stack through one window: [slices, 1 or 2, S, S].
torch::Tensor stackInput(PreparedStack& stack, const Window& window, bool around_heart,
                         bool with_myocardium, const run::Settings& settings) {
  const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  const std::size_t channels = with_myocardium ? 2 : 1;
  torch::Tensor input =
      torch::empty({stack.slices(), static_cast<std::int64_t>(channels), window.side, window.side});
  float* values = input.data_ptr<float>();
  const bool by_stack = settings.flag("reference.stack_zscore");
  std::vector<float> image(by_stack ? area * static_cast<std::size_t>(stack.slices()) : 0);
  for (int z = 0; z < stack.slices(); ++z) {
    float* first = values + static_cast<std::size_t>(z) * channels * area;
    if (by_stack)
      sampleUnscaled({&stack, z}, window, settings,
                     std::span(image).subspan(static_cast<std::size_t>(z) * area, area));
    else
      (around_heart ? fillRoiImage : fillImage)({&stack, z}, window, {}, settings, {first, area});
    if (with_myocardium) fillMyocardium({&stack, z}, window, {}, settings, {first + area, area});
  }
  if (!by_stack) return input;
  zScore(image);
  for (int z = 0; z < stack.slices(); ++z)
    std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(z) * area),
                area, values + static_cast<std::size_t>(z) * channels * area);
  return input;
}

/// In pieces, so that memory does not grow with the stack.
torch::Tensor inPieces(const torch::Tensor& x,
                       const std::function<torch::Tensor(const torch::Tensor&)>& use) {
  std::vector<torch::Tensor> parts;
  overPieces(
      x.size(0),
      [&](std::int64_t first, std::int64_t count) {
        return use(x.narrow(0, first, count)).to(torch::kCPU);
      },
      [&](std::int64_t, const torch::Tensor& output) { parts.push_back(output); });
  return torch::cat(parts, 0).contiguous();
}

/// Channel `channel` of [slices, K, S, S] in the native grid.
std::vector<float> placeChannel(const torch::Tensor& maps, std::int64_t channel,
                                const Window& window, const PreparedStack& stack) {
  std::vector<float> volume(stack.area() * static_cast<std::size_t>(stack.slices()));
  const torch::Tensor chosen = maps.select(1, channel).contiguous();
  const auto cells =
      static_cast<std::size_t>(chosen.size(1)) * static_cast<std::size_t>(chosen.size(2));
  for (int z = 0; z < stack.slices(); ++z)
    placeBack({chosen.data_ptr<float>() + static_cast<std::size_t>(z) * cells, cells},
              static_cast<int>(chosen.size(1)), window, stack.plane(), 0.0F,
              std::span(volume).subspan(static_cast<std::size_t>(z) * stack.area(), stack.area()));
  return volume;
}

/// Where the predicted heart is, by roi.centre; false when there is none.
bool findCentre(PreparedStack& stack, const run::Settings& settings) {
  const bool all = settings.choice("roi.centre") == "all-voxels";
  std::vector<std::uint8_t> heart(stack.p_myocardium.size());
  for (std::size_t i = 0; i < heart.size(); ++i)
    heart[i] = stack.p_myocardium[i] + (all ? 0.0F : stack.p_cavity[i]) > 0.5F ? 1 : 0;
  if (!all) keepLargestPart(heart, stack.plane(), stack.slices());
  double x = 0, y = 0, n = 0;
  for (std::size_t i = 0; i < heart.size(); ++i) {
    if (heart[i] == 0) continue;
    const std::size_t pixel = i % stack.area();
    x += static_cast<double>(pixel % static_cast<std::size_t>(stack.plane().columns));
    y += static_cast<double>(pixel / static_cast<std::size_t>(stack.plane().columns));
    ++n;
  }
  if (n == 0) return false;
  // The square of an even number of pixels that begins half of them before a whole pixel c ends one
  // pixel earlier after it: its middle is c - 0.5.
  stack.heart_centre_px =
      all ? std::array{std::trunc(x / n) - 0.5, std::trunc(y / n) - 0.5} : std::array{x / n, y / n};
  return true;
}

}  // namespace

NetworkPtr makeMyocardiumNetwork(const run::Settings& settings) {
  const bool three = settings.choice("myocardium.target") == "cavity+myocardium";
  return std::make_shared<UNet>(
      UNetOptions{1, three ? 3 : 1, static_cast<int>(settings.integer("myocardium.width"))});
}

NetworkPtr makeClassifier(const run::Settings& settings) {
  return std::make_shared<Drn>(DrnOptions{settings.flag("classifier.myocardium_input") ? 2 : 1,
                                          settings.real("classifier.width_factor"),
                                          settings.choice("classifier.head_start") == "small"});
}

NetworkPtr makeFibrosisNetwork(const run::Settings& settings, bool with_myocardium) {
  return std::make_shared<UNet>(UNetOptions{with_myocardium ? 2 : 1, 1,
                                            static_cast<int>(settings.integer("fibrosis.width"))});
}

torch::Tensor heartProbabilities(const torch::Tensor& logits) {
  return logits.size(1) == 1 ? torch::sigmoid(logits) : torch::softmax(logits, 1);
}

void predictHeart(Network& network, PreparedStack& stack, const InferenceOptions& options) {
  const torch::NoGradGuard no_grad;
  network.eval();
  const bool has_close = options.settings->integer("myocardium.close_side_px") > 0;
  const auto draw = [&](Look look, std::array<double, 2> centre) {
    const Window window = myocardiumWindow(stack, *options.settings, look, centre);
    // To find the heart one view and its mirror image will do when it is drawn again anyhow.
    const int views = look == Look::Wide && has_close ? std::min(options.views, 2) : options.views;
    const torch::Tensor maps = inPieces(stackInput(stack, window, false, false, *options.settings),
                                        [&](const torch::Tensor& piece) {
                                          return averageViews(network, piece.to(options.device),
                                                              views, heartProbabilities);
                                        });
    const bool three = maps.size(1) == 3;
    stack.p_myocardium = placeChannel(maps, three ? 2 : 0, window, stack);
    if (three)
      stack.p_cavity = placeChannel(maps, 1, window, stack);
    else
      stack.p_cavity.assign(stack.p_myocardium.size(), 0.0F);
    return window;
  };
  const auto isOff = [&stack](const Window& window) {
    const double away_x = (stack.heart_centre_px[0] - window.centre_px[0]) / window.step_px[0];
    const double away_y = (stack.heart_centre_px[1] - window.centre_px[1]) / window.step_px[1];
    return std::hypot(away_x, away_y) >= 0.06 * window.side;
  };
  stack.heart_centre_px = imageCentre(stack);
  Window window = draw(Look::Wide, stack.heart_centre_px);
  measureHeart(stack, *options.settings);
  if (!findCentre(stack, *options.settings)) return;
  // Once more around the heart where that is another window, and again should it have moved.
  bool close = has_close;
  const int looks = options.settings->flag("myocardium.look_again") ? 2 : 0;
  for (int more = 0; more < looks && (close || isOff(window)); ++more) {
    window = draw(Look::Close, stack.heart_centre_px);
    measureHeart(stack, *options.settings);
    close = false;
    if (findCentre(stack, *options.settings)) continue;
    stack.heart_centre_px = imageCentre(stack);
    return;
  }
}

std::vector<float> predictFibrosis(Network& network, PreparedStack& stack, bool with_myocardium,
                                   const InferenceOptions& options) {
  const torch::NoGradGuard no_grad;
  network.eval();
  const Window window = roiWindow(stack, *options.settings);
  const torch::Tensor maps = inPieces(
      stackInput(stack, window, true, with_myocardium, *options.settings),
      [&](const torch::Tensor& piece) {
        return averageViews(network, piece.to(options.device), options.views,
                            [](const torch::Tensor& logits) { return torch::sigmoid(logits); });
      });
  return placeChannel(maps, 0, window, stack);
}

double emptyLogit(const run::Settings& settings) {
  return settings.flag("reference.empty_is_undecided") ? 0.0 : no_myocardium_logit;
}

StackPooling stackPoolingOf(const run::Settings& settings) {
  const std::string& rule = settings.choice("classifier.stack_pooling");
  return rule == "mean"  ? StackPooling::Mean
         : rule == "max" ? StackPooling::Max
         : rule == "lse" ? StackPooling::LogSumExp
                         : StackPooling::NoisyOr;
}

SliceScores predictSlices(Network& classifier, PreparedStack& stack,
                          const InferenceOptions& options) {
  const torch::NoGradGuard no_grad;
  classifier.eval();
  const run::Settings& settings = *options.settings;
  const bool with_myocardium = settings.flag("classifier.myocardium_input");
  const Window window = roiWindow(stack, settings);
  const torch::Tensor input = stackInput(stack, window, true, true, settings);
  const torch::Tensor maps = inPieces(input, [&](const torch::Tensor& piece) {
    const torch::Tensor x = with_myocardium ? piece : piece.narrow(1, 0, 1);
    return averageViews(classifier, x.contiguous().to(options.device), options.views,
                        [](const torch::Tensor& map) { return map; });
  });
  const torch::Tensor mask =
      poolingMask(input.narrow(1, 1, 1).contiguous(), settings.real("classifier.mask_threshold"));
  const torch::Tensor logits =
      poolInside(maps, mask, settings.choice("classifier.pooling") == "mean", emptyLogit(settings));
  const torch::Tensor probability = torch::sigmoid(logits).contiguous();
  const torch::Tensor inside = (maps * mask).contiguous();
  SliceScores scores;
  scores.stack_probability =
      torch::sigmoid(poolBags(logits, torch::zeros({logits.size(0)}, torch::kInt64), 1,
                              stackPoolingOf(settings)))
          .item<float>();
  scores.cells_side = static_cast<int>(maps.size(2));
  scores.probability.assign(probability.data_ptr<float>(),
                            probability.data_ptr<float>() + probability.numel());
  scores.activation.assign(inside.data_ptr<float>(), inside.data_ptr<float>() + inside.numel());
  return scores;
}

std::vector<float> activationInGrid(const SliceScores& scores, const PreparedStack& stack,
                                    const run::Settings& settings) {
  const Window window = roiWindow(stack, settings);
  const auto cells =
      static_cast<std::size_t>(scores.cells_side) * static_cast<std::size_t>(scores.cells_side);
  std::vector<float> volume(stack.area() * static_cast<std::size_t>(stack.slices()));
  float top = 1e-6F;
  for (const float value : scores.activation) top = std::max(top, value);
  for (int z = 0; z < stack.slices(); ++z) {
    const auto slice = static_cast<std::size_t>(z);
    std::vector<float> map(
        scores.activation.begin() + static_cast<std::ptrdiff_t>(slice * cells),
        scores.activation.begin() + static_cast<std::ptrdiff_t>((slice + 1) * cells));
    for (float& value : map) value = std::max(value, 0.0F) / top * scores.probability[slice];
    const auto out = std::span(volume).subspan(slice * stack.area(), stack.area());
    placeBack(map, scores.cells_side, window, stack.plane(), 0.0F, out);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (stack.p_myocardium[slice * stack.area() + i] <= 0.2F) out[i] = 0;
  }
  return volume;
}

std::vector<std::uint8_t> quantised(std::span<const float> values) {
  std::vector<std::uint8_t> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    result[i] = static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(values[i], 0.0F, 1.0F)));
  return result;
}

}  // namespace gadolin::ml
