#include "core/run/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

namespace gadolin::run {
namespace {

constexpr auto kInteger = SettingKind::Integer;
constexpr auto kReal = SettingKind::Real;
constexpr auto kSwitch = SettingKind::Switch;
constexpr auto kChoice = SettingKind::Choice;

// clang-format off
constexpr auto table = std::to_array<SettingInfo>({
  // key, kind, minimum, maximum, unit, meaning, quick, standard, paper, choices, multiple of
  {"normalise.rule", kChoice, 0, 0, "", "How intensities are made comparable: per stack between two percentiles of its real pixels, or the z-score of each slice as in the paper.", "stack-percentile", "stack-percentile", "slice-zscore", "stack-percentile|slice-zscore"},
  {"normalise.low_percent", kReal, 0, 20, "%", "Intensities below this percentile of the stack are clipped.", "1", "1", "0", ""},
  {"normalise.high_percent", kReal, 80, 100, "%", "Intensities above this percentile of the stack are clipped.", "99.5", "99.5", "100", ""},
  {"normalise.heart", kSwitch, 0, 0, "", "Stages B, C and D see intensities relative to the predicted heart of the stack: healthy myocardium (its 20th percentile) is 0, blood (the median of the cavity) is 1.", "on", "on", "off", ""},
  {"normalise.padding", kChoice, 0, 0, "", "What the networks see beyond the image: its edge repeated, or the mean grey of the real pixels of the square (needs augment.second_sampling).", "edge", "edge", "mean", "edge|mean"},

  {"augment.affine_chance", kReal, 0, 1, "", "Share of training samples that are rotated, scaled and sheared.", "0.9", "0.9", "0.5", ""},
  {"augment.rotation_deg", kReal, 0, 180, "degrees", "Largest rotation in plane, either way.", "180", "180", "90", ""},
  {"augment.scale_low", kReal, 0.5, 1, "", "Smallest factor of size.", "0.85", "0.85", "0.8", ""},
  {"augment.scale_high", kReal, 1, 2, "", "Largest factor of size.", "1.18", "1.18", "1.2", ""},
  {"augment.shear_deg", kReal, 0, 20, "degrees", "Largest shear along each axis, either way.", "4", "4", "5", ""},
  {"augment.shift_mm", kReal, 0, 40, "mm", "Largest shift along each axis, either way.", "6", "6", "0", ""},
  {"augment.flip", kSwitch, 0, 0, "", "Mirror half of the samples along each axis.", "on", "on", "on", ""},
  {"augment.gamma", kReal, 0, 1, "", "Largest change of the exponent of the grey values, as natural logarithm.", "0.3", "0.3", "0", ""},
  {"augment.contrast", kReal, 0, 1, "", "Largest relative change of contrast and brightness.", "0.15", "0.15", "0.1", ""},
  {"augment.noise", kReal, 0, 1, "sd", "Largest standard deviation of added noise, in standard deviations of the image.", "0.15", "0.15", "0", ""},
  {"augment.bias", kReal, 0, 1, "", "Largest strength of a smooth multiplicative shading.", "0.2", "0.2", "0", ""},
  {"augment.scar_chance", kReal, 0, 1, "", "Share of the samples of stage A in which a part of the wall is painted nearly as bright as blood, so that scar is not taken for cavity.", "0.5", "0.5", "0", ""},
  {"augment.second_sampling", kSwitch, 0, 0, "", "Resample the square first and turn the result, as the authors did: two interpolations, and what comes from outside the square is the mean grey. Off: one interpolation of the whole image.", "off", "off", "on", ""},

  {"train.batch", kInteger, 1, 256, "slices", "Slices in one step of the optimiser.", "8", "8", "16", ""},
  {"train.optimiser_decay", kReal, 0, 1, "", "Decoupled weight decay of AdamW; 0 is Adam.", "0.01", "0.01", "0", ""},
  {"train.schedule", kChoice, 0, 0, "", "Course of the learning rate.", "cosine", "cosine", "constant", "constant|cosine"},
  {"train.warmup_steps", kInteger, 0, 10000, "steps", "Steps over which the learning rate rises from zero.", "20", "20", "0", ""},
  {"train.ema", kReal, 0, 0.9999, "", "Decay of the running mean of the weights that is validated and used; 0 uses the weights themselves.", "0.98", "0.99", "0", ""},
  {"train.keep_best", kSwitch, 0, 0, "", "Use the epoch that is best on validation instead of the last one.", "on", "on", "off", ""},
  {"train.validate_every", kInteger, 1, 1000, "epochs", "Validate after every so many epochs, and after the last.", "4", "8", "10", ""},
  {"train.preview_slices", kInteger, 0, 16, "slices", "Validation slices drawn in previews.", "6", "6", "6", ""},

  {"myocardium.pixel_mm", kReal, 0, 4, "mm", "Pixel size to which stage A resamples; 0 keeps the native pixels.", "1.5", "1.5", "0", ""},
  {"myocardium.side_px", kInteger, 32, 512, "pixels", "Side of the large square that stage A sees first; a multiple of 16.", "96", "96", "224", "", 16},
  {"myocardium.close_side_px", kInteger, 0, 512, "pixels", "Side of the smaller square around the heart in which stage A draws once it has found the heart in the large one; a multiple of 16, 0 draws in the large one.", "64", "64", "0", "", 16},
  {"myocardium.close_share", kReal, 0, 1, "", "Share of the steps of stage A that train on the smaller square; the others, of as many pixels and so of fewer slices, keep it able to find the heart.", "0.75", "0.75", "0", ""},
  {"myocardium.look_again", kSwitch, 0, 0, "", "Predict the myocardium once more around the heart that was found, where that lies off the image's centre.", "on", "on", "off", ""},
  {"myocardium.width", kInteger, 2, 128, "channels", "Width of the first level of the myocardium U-Net.", "8", "16", "32", ""},
  {"myocardium.target", kChoice, 0, 0, "", "What stage A learns: the myocardium alone, or cavity and myocardium.", "cavity+myocardium", "cavity+myocardium", "myocardium", "myocardium|cavity+myocardium"},
  {"myocardium.soft_target", kSwitch, 0, 0, "", "Pixels at the border of the myocardium are targets between 0 and 1, as bilinear resampling leaves them (the target is then the myocardium alone; needs augment.second_sampling).", "off", "off", "on", ""},
  {"myocardium.loss", kChoice, 0, 0, "", "Loss of stage A: batch Dice with squared denominators, or cross-entropy plus Dice.", "ce+dice", "ce+dice", "dice", "dice|ce+dice"},
  {"myocardium.epochs", kInteger, 1, 10000, "epochs", "Epochs of stage A.", "40", "40", "120", ""},
  {"myocardium.minimum_steps", kInteger, 0, 1000000, "steps", "Steps of the optimiser that stage A makes at least: a small cohort gets more epochs; 0 asks for none.", "3000", "6000", "0", ""},
  {"myocardium.learning_rate", kReal, 1e-7, 1, "", "Learning rate of stage A.", "0.003", "0.002", "0.0001", ""},

  {"roi.pixel_mm", kReal, 0, 4, "mm", "Pixel size of the region around the heart before resizing; 0 keeps the native pixels.", "1.5", "1.25", "0", ""},
  {"roi.side_px", kInteger, 32, 512, "pixels", "Side of the region around the heart in such pixels.", "64", "80", "100", ""},
  {"roi.net_px", kInteger, 32, 512, "pixels", "Side to which the region is resized for the networks; a multiple of 16.", "64", "80", "224", "", 16},
  {"roi.centre", kChoice, 0, 0, "", "Centre of the region: the mean position of the largest part of the predicted heart, or of all voxels of the predicted myocardium cut to whole pixels.", "largest-part", "largest-part", "all-voxels", "largest-part|all-voxels"},

  {"classifier.width_factor", kReal, 0.0625, 2, "", "Factor on the channels of the DRN.", "0.25", "0.25", "1", ""},
  {"classifier.epochs", kInteger, 1, 10000, "epochs", "Epochs of stage B.", "24", "24", "120", ""},
  {"classifier.minimum_steps", kInteger, 0, 1000000, "steps", "Steps of the optimiser that stage B makes at least.", "700", "700", "0", ""},
  {"classifier.learning_rate", kReal, 1e-7, 1, "", "Learning rate of stage B.", "0.002", "0.002", "0.0001", ""},
  {"classifier.myocardium_input", kSwitch, 0, 0, "", "Give the classifier the myocardium probability as second channel.", "on", "on", "on", ""},
  {"classifier.pooling", kChoice, 0, 0, "", "Pooling inside the myocardium: sum over the area of the map as in the paper, or true mean.", "mean", "mean", "sum", "sum|mean"},
  {"classifier.stack_pooling", kChoice, 0, 0, "", "How the slices of a stack that is labelled as a whole make one answer: the mean of their logits (in 'paper' the masked sum over all slices / (slices * area)), the largest, the logarithm of their mean exponential, or at least one slice by the product of their probabilities.", "noisy-or", "noisy-or", "mean", "mean|max|lse|noisy-or"},
  {"classifier.stacks_in_step", kInteger, 1, 64, "stacks", "Stacks in one step of the optimiser where answers are about whole stacks; mixed supervision takes about so many in a step beside train.batch slices.", "2", "2", "2", ""},
  {"classifier.weighted_stacks", kSwitch, 0, 0, "", "Positive stacks weigh negative / positive stacks in the loss.", "on", "on", "on", ""},
  {"classifier.head_start", kChoice, 0, 0, "", "First weights of the layer that makes the activation map: normal with the standard deviation of 1.41 that its size asks for, or small as LibTorch draws them. The preset 'paper' takes the second under stack supervision.", "large", "large", "large", "large|small"},
  {"classifier.stack_slices_min", kInteger, 0, 1000, "slices", "Stacks with fewer slices teach nothing as a whole; 0 takes all.", "0", "0", "7", ""},
  {"classifier.stack_slices_max", kInteger, 0, 1000, "slices", "Stacks with more slices teach nothing as a whole; 0 takes all.", "0", "0", "15", ""},
  {"classifier.mask_threshold", kReal, 0, 1, "", "Myocardium probability above which a cell is pooled.", "0.4", "0.4", "0.4", ""},

  {"pseudo.threshold", kChoice, 0, 0, "", "Grey value above which myocardium of a positive slice is fibrosis: a threshold of 2- or 3-class Otsu, or half the way from remote myocardium to its brightest part.", "half-max", "half-max", "otsu3-lower", "otsu3-lower|otsu3-upper|otsu2|half-max"},
  {"pseudo.scope", kChoice, 0, 0, "", "Pixels from which that threshold is found: those of the slice, of the stack, or of whichever is labelled.", "slice", "slice", "as-labelled", "slice|stack|as-labelled"},
  {"pseudo.threshold_pixels", kChoice, 0, 0, "", "Which pixels those are: all myocardium, or the part of it that the class activation map points at as in the paper.", "myocardium", "myocardium", "cam", "myocardium|cam"},
  {"pseudo.slice_probability", kReal, 0, 1, "", "Of a stack that is labelled positive as a whole, slices to which the classifier gives this probability get a pseudo-mask, and its most probable slice does in any case; 0: all of its slices.", "0.5", "0.5", "0", ""},
  {"pseudo.negative_probability", kReal, 0, 1, "", "Of such a stack, slices with a lower probability than this count as free of fibrosis; those between are left out of stage C.", "0.2", "0.2", "0", ""},
  {"pseudo.region", kChoice, 0, 0, "", "Where fibrosis is looked for: the myocardium of the reference mask where a patient has one, the predicted myocardium, or the predicted myocardium with the dilation and threshold with which the classifier pools.", "reference-first", "reference-first", "pooled", "reference-first|predicted|pooled"},
  {"pseudo.cam", kSwitch, 0, 0, "", "Keep only what the class activation map points at.", "on", "on", "on", ""},
  {"pseudo.cam_unit", kChoice, 0, 0, "", "What the map keeps or drops: single pixels as in the paper, or whole connected bright parts, of which it must touch one pixel.", "parts", "parts", "pixels", "pixels|parts"},
  {"pseudo.cam_floor", kReal, 0, 1, "", "Activation (of at most 1) that counts as positive.", "0", "0", "0", ""},
  {"pseudo.crf", kSwitch, 0, 0, "", "Smooth pseudo-masks with the dense conditional random field.", "on", "on", "on", ""},
  {"pseudo.crf_sd_px", kReal, 0.1, 50, "pixels", "Standard deviation of its Gaussian, in pixels of the network's grid.", "1.2", "1.2", "3", ""},
  {"pseudo.crf_weight", kReal, 0, 50, "", "Weight of its pairwise term.", "1", "1", "1", ""},
  {"pseudo.crf_iterations", kInteger, 0, 100, "", "Mean-field updates.", "5", "5", "5", ""},
  {"pseudo.fill_mvo", kSwitch, 0, 0, "", "Count a dark core of the myocardium that bright pixels and cavity enclose as fibrosis in pseudo-masks.", "on", "on", "off", ""},
  {"pseudo.review", kSwitch, 0, 0, "", "Stop before stage C until a person has judged the pseudo-masks; it then learns from those that were accepted.", "off", "off", "off", ""},

  {"fibrosis.width", kInteger, 2, 128, "channels", "Width of the first level of the fibrosis U-Net.", "8", "16", "32", ""},
  {"fibrosis.myocardium_input", kChoice, 0, 0, "", "Which supervision gives the fibrosis U-Net the myocardium probability as second channel.", "always", "always", "pixel", "never|pixel|always"},
  {"fibrosis.loss", kChoice, 0, 0, "", "Loss of stages C and D.", "ce+dice", "ce+dice", "dice", "dice|ce+dice"},
  {"fibrosis.loss_region", kChoice, 0, 0, "", "Pixels that count in the loss: all, or those in and next to the myocardium.", "myocardium", "myocardium", "all", "all|myocardium"},
  {"fibrosis.pseudo_weight", kReal, 0.01, 1, "", "Weight of a slice with a pseudo-mask in the loss of stage C beside one with a mask drawn by a person (mixed supervision).", "1", "1", "1", ""},
  {"fibrosis.epochs", kInteger, 1, 10000, "epochs", "Epochs of stages C and D.", "24", "24", "120", ""},
  {"fibrosis.minimum_steps", kInteger, 0, 1000000, "steps", "Steps of the optimiser that stages C and D make at least.", "1000", "2500", "0", ""},
  {"fibrosis.start", kChoice, 0, 0, "", "Weights with which stages C and D begin: random ones, or those of stage A where both networks have one width.", "myocardium", "myocardium", "random", "random|myocardium"},
  {"fibrosis.learning_rate", kReal, 1e-7, 1, "", "Learning rate of stages C and D.", "0.002", "0.0015", "0.0001", ""},

  {"mixed.pixel_patients", kInteger, -1, 100000, "patients", "Mixed supervision: so many training patients, drawn by the seed with the cohort's share of fibrosis, give their masks of fibrosis, and as large a share of the validation patients; the others count as labelled by slice or stack. -1: all that have one.", "-1", "-1", "-1", ""},
  {"mixed.slice_patients", kInteger, -1, 100000, "patients", "Mixed supervision: so many of the remaining training patients give their slice labels, and as large a share of the validation patients; the others only what is said of the whole stack. -1: all that have them.", "-1", "-1", "-1", ""},

  {"predict.flips", kInteger, 1, 8, "views", "Mirrored and turned views that are averaged: 1, 2, 4 or 8.", "8", "8", "1", "1|2|4|8"},
  {"predict.myocardium_threshold", kReal, 0.01, 0.99, "", "Probability above which a pixel is myocardium.", "0.5", "0.5", "0.4", ""},
  {"predict.fibrosis_threshold", kReal, 0, 0.99, "", "Probability above which a pixel is fibrosis; 0 chooses it on the validation patients.", "0", "0", "0.5", ""},
  {"predict.inside_myocardium", kSwitch, 0, 0, "", "Drop fibrosis outside the predicted myocardium.", "on", "on", "off", ""},
  {"predict.margin_mm", kReal, 0, 10, "mm", "Fibrosis may lie outside the predicted myocardium by this much; the myocardium then grows by it.", "2.8", "2.8", "0", ""},
  {"predict.largest_part", kSwitch, 0, 0, "", "Keep only the largest connected part of the heart.", "on", "on", "off", ""},
  {"predict.fill_mvo", kSwitch, 0, 0, "", "Count a dark core that scar and cavity enclose as fibrosis.", "on", "on", "off", ""},
  {"predict.minimum_ml", kReal, 0, 20, "ml", "Less fibrosis than this in a stack is none.", "0.3", "1", "0", ""},
  {"predict.doubted_ml", kReal, 0, 50, "ml", "Less fibrosis than this in a stack is none where the classifier gives no two neighbouring slices a probability of at least one half: small scars in a single slice are then not reported.", "0", "2.5", "0", ""},
  {"predict.slice_gate", kReal, 0, 1, "", "Slices to which the classifier gives a lower probability hold no fibrosis; 0 never drops one.", "0", "0", "0", ""},

  {"reference.zero_padding", kSwitch, 0, 0, "", "Pad with the raw value 0 before the z-score, however far below tissue that lies (needs augment.second_sampling, or in prediction reference.stack_zscore).", "off", "off", "off", ""},
  {"reference.stack_zscore", kSwitch, 0, 0, "", "Predict with the z-score of the whole stack, though the networks learnt from that of each slice.", "off", "off", "off", ""},
  {"reference.stack_divisor", kSwitch, 0, 0, "", "Divide the pooled map of a stack by 15 slices in training and by its own slices in prediction.", "off", "off", "off", ""},
  {"reference.empty_is_undecided", kSwitch, 0, 0, "", "A slice without myocardium gets the probability 0.5 instead of none.", "off", "off", "off", ""},
  {"reference.target_above_zero", kSwitch, 0, 0, "", "Every pixel that a drawn mask touches after resampling is fibrosis, which dilates small scars; off: those that it covers by half (needs augment.second_sampling).", "off", "off", "off", ""},
  {"reference.cam_columns", kSwitch, 0, 0, "", "Under stack labels divide every column of the activation maps by its own maximum.", "off", "off", "off", ""},
});
// clang-format on

const SettingInfo* findInfo(std::string_view key) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [key](const SettingInfo& info) { return info.key == key; });
  return found == table.end() ? nullptr : &*found;
}

/// Levenshtein distance.
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string_view nearestKey(std::string_view key) {
  return std::min_element(table.begin(), table.end(),
                          [key](const SettingInfo& a, const SettingInfo& b) {
                            return editDistance(key, a.key) < editDistance(key, b.key);
                          })
      ->key;
}

std::string listed(std::string_view choices) {
  std::string text;
  for (const char c : choices) text += c == '|' ? std::string(", ") : std::string(1, c);
  return text;
}

bool isChoice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const std::size_t bar = choices.find('|');
    if (choices.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) break;
    choices.remove_prefix(bar + 1);
  }
  return false;
}

Error refused(const SettingInfo& info, std::string_view value, const std::string& wanted) {
  return {ErrorCode::InvalidInput, "Setting " + std::string(info.key) + " cannot be '" +
                                       std::string(value) + "': it takes " + wanted + "."};
}

[[noreturn]] void programmingFault(std::string_view key) {
  std::fprintf(stderr, "Setting %.*s is not in the table or of another kind.\n",
               static_cast<int>(key.size()), key.data());
  std::abort();
}

}  // namespace

std::span<const SettingInfo> settingTable() {
  return table;
}

std::string numberText(double number) {
  if (number == std::floor(number)) return std::to_string(static_cast<long long>(number));
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

std::string rangeText(const SettingInfo& info) {
  switch (info.kind) {
    case SettingKind::Switch:
      return "on or off";
    case SettingKind::Choice:
      return listed(info.choices);
    case SettingKind::Integer:
    case SettingKind::Real:
      break;
  }
  std::string text = info.choices.empty()
                         ? numberText(info.minimum) + " to " + numberText(info.maximum)
                         : listed(info.choices);
  if (!info.unit.empty()) text += " " + std::string(info.unit);
  if (info.multiple_of > 1) text += ", a multiple of " + std::to_string(info.multiple_of);
  return text;
}

Result<Settings> Settings::preset(std::string_view preset) {
  Settings settings;
  for (const SettingInfo& info : table) {
    std::string_view value;
    if (preset == "quick")
      value = info.quick;
    else if (preset == "standard")
      value = info.standard;
    else if (preset == "paper")
      value = info.paper;
    else
      return Error{ErrorCode::InvalidInput, "There is no preset '" + std::string(preset) +
                                                "': use quick, standard or paper."};
    GADOLIN_CHECK(settings.set(info.key, value));
  }
  return settings;
}

Result<void> Settings::suit(std::string_view preset, std::string_view supervision) {
  if (preset != "paper") return {};
  // The thresholds at which the authors scored each kind of model, and the head of their stack
  // network.
  if (supervision == "slice") return set("predict.fibrosis_threshold", "0.7");
  if (supervision != "stack") return {};
  GADOLIN_CHECK(set("classifier.head_start", "small"));
  return set("predict.fibrosis_threshold", "0.9");
}

Result<void> Settings::set(std::string_view key, std::string_view value) {
  const SettingInfo* info = findInfo(key);
  if (info == nullptr)
    return Error{ErrorCode::InvalidInput, "There is no setting '" + std::string(key) +
                                              "'. Did you mean '" + std::string(nearestKey(key)) +
                                              "'?"};
  const char* const end = value.data() + value.size();
  switch (info->kind) {
    case SettingKind::Integer: {
      long long number = 0;
      const auto parsed = std::from_chars(value.data(), end, number);
      const bool number_fits = parsed.ec == std::errc{} && parsed.ptr == end &&
                               static_cast<double>(number) >= info->minimum &&
                               static_cast<double>(number) <= info->maximum &&
                               number % info->multiple_of == 0;
      if (!info->choices.empty() && !(number_fits && isChoice(info->choices, value)))
        return refused(*info, value, "one of " + rangeText(*info));
      if (!number_fits) return refused(*info, value, "a whole number from " + rangeText(*info));
      break;
    }
    case SettingKind::Real: {
      double number = 0;
      const auto parsed = std::from_chars(value.data(), end, number);
      if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(number) ||
          number < info->minimum || number > info->maximum)
        return refused(*info, value, "a number from " + rangeText(*info));
      break;
    }
    case SettingKind::Switch:
      if (value == "true" || value == "1") value = "on";
      if (value == "false" || value == "0") value = "off";
      if (value != "on" && value != "off") return refused(*info, value, "on or off");
      break;
    case SettingKind::Choice:
      if (!isChoice(info->choices, value))
        return refused(*info, value, "one of " + rangeText(*info));
      break;
  }
  values_.insert_or_assign(std::string(key), std::string(value));
  return {};
}

long long Settings::integer(std::string_view key) const {
  const SettingInfo* info = findInfo(key);
  const auto found = values_.find(key);
  if (info == nullptr || info->kind != SettingKind::Integer || found == values_.end())
    programmingFault(key);
  return std::strtoll(found->second.c_str(), nullptr, 10);
}

double Settings::real(std::string_view key) const {
  const SettingInfo* info = findInfo(key);
  const auto found = values_.find(key);
  if (info == nullptr || info->kind != SettingKind::Real || found == values_.end())
    programmingFault(key);
  double number = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

bool Settings::flag(std::string_view key) const {
  const SettingInfo* info = findInfo(key);
  const auto found = values_.find(key);
  if (info == nullptr || info->kind != SettingKind::Switch || found == values_.end())
    programmingFault(key);
  return found->second == "on";
}

const std::string& Settings::choice(std::string_view key) const {
  const SettingInfo* info = findInfo(key);
  const auto found = values_.find(key);
  if (info == nullptr || info->kind != SettingKind::Choice || found == values_.end())
    programmingFault(key);
  return found->second;
}

}  // namespace gadolin::run
