#pragma once
// Trained networks applied to whole stacks; results in the stack's native grid.

#include <cstdint>
#include <span>
#include <vector>

#include "ml/data/samples.h"
#include "ml/model/drn.h"

namespace gadolin::ml {

struct InferenceOptions {
  const run::Settings* settings = nullptr;
  torch::Device device{torch::kCPU};
  int views = 1;  // 1, 2, 4 or 8 mirrored and turned views, averaged
};

NetworkPtr makeMyocardiumNetwork(const run::Settings& settings);
NetworkPtr makeClassifier(const run::Settings& settings);
/// with_myocardium: the second channel.
NetworkPtr makeFibrosisNetwork(const run::Settings& settings, bool with_myocardium);

/// Channel probabilities of stage A from its logits: [N, 1 or 3, H, W].
torch::Tensor heartProbabilities(const torch::Tensor& logits);

/// Fills p_cavity, p_myocardium and heart_centre_px. A heart far from the image's centre is looked
/// at a second time with the window on it.
void predictHeart(Network& network, PreparedStack& stack, const InferenceOptions& options);

/// Fibrosis probability [slices, rows, columns].
std::vector<float> predictFibrosis(Network& network, PreparedStack& stack, bool with_myocardium,
                                   const InferenceOptions& options);

/// Of a slice without myocardium.
double emptyLogit(const run::Settings& settings);
/// classifier.stack_pooling.
StackPooling stackPoolingOf(const run::Settings& settings);

struct SliceScores {
  std::vector<float> probability;           // one per slice
  float stack_probability = 0;              // of the whole, from those of the slices
  std::vector<float> activation;            // [slices, cells, cells], raw map
  int cells_side = 0;
};
SliceScores predictSlices(Network& classifier, PreparedStack& stack, const InferenceOptions& options);

/// Raw maps brought to 0..1 (negative parts dropped, largest value of the stack 1, times the slice's
/// probability) inside the myocardium, in the native grid.
std::vector<float> activationInGrid(const SliceScores& scores, const PreparedStack& stack,
                                    const run::Settings& settings);

/// 0..1 in steps of 1/255, as files hold probabilities.
std::vector<std::uint8_t> quantised(std::span<const float> values);

}  // namespace gadolin::ml
