#include "core/run/pseudo_review.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/safetensors.h"

namespace gadolin::run {
namespace {

using nlohmann::json;

constexpr int review_version = 1;
constexpr std::array<std::string_view, 3> verdict_names{"accepted", "trimmed", "rejected"};

std::vector<std::int64_t> shapeOf(const std::array<int, 3>& size) {
  return {size[2], size[1], size[0]};
}

Error damaged(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::Corrupt,
          path.string() + " is damaged: " + why + ". Restore it, or start a new run."};
}

Result<SafetensorsFile> openThere(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::NotFound,
                 path.string() + " is not there. Restore it, or start a new run."};
  return SafetensorsFile::open(path);
}

bool isBinary(std::span<const std::uint8_t> values) {
  return std::ranges::all_of(values, [](std::uint8_t value) { return value <= 1; });
}

}  // namespace

std::string_view toText(PseudoVerdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}

std::optional<PseudoVerdict> pseudoVerdictFromText(std::string_view text) {
  const auto found = std::ranges::find(verdict_names, text);
  if (found == verdict_names.end()) return std::nullopt;
  return static_cast<PseudoVerdict>(found - verdict_names.begin());
}

Result<PseudoReview> readPseudoReview(const RunFolder& folder) {
  PseudoReview review;
  const auto path = folder.pseudoReview();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return review;
  GADOLIN_TRY(const std::string text, readFile(path, std::size_t{1} << 26));
  const json document = json::parse(text, nullptr, false);
  try {
    if (document.at("version").get<int>() > review_version)
      return Error{
          ErrorCode::NewerVersion,
          path.string() + ": this review was written by a newer Gadolin. Update this one."};
    review.wanted = true;
    document.at("complete").get_to(review.complete);
    document.at("reader").get_to(review.reader);
    for (const auto& [stack, slices] : document.at("stacks").items())
      for (const auto& [slice, word] : slices.items()) {
        const auto verdict = pseudoVerdictFromText(word.get<std::string>());
        if (!verdict || slice.empty() || slice.size() > 6 ||
            !std::ranges::all_of(slice, [](char c) { return c >= '0' && c <= '9'; }))
          return damaged(path, "it holds '" + slice + ": " + word.get<std::string>() + "'");
        review.stacks[stack][std::stoi(slice)] = *verdict;
      }
  } catch (const json::exception&) {
    return damaged(path, "it is no review of pseudo-masks");
  }
  return review;
}

Result<void> writePseudoReview(const RunFolder& folder, const PseudoReview& review) {
  json stacks = json::object();
  for (const auto& [stack, slices] : review.stacks)
    for (const auto& [slice, verdict] : slices)
      stacks[stack][std::to_string(slice)] = toText(verdict);
  const json document{{"version", review_version},
                      {"complete", review.complete},
                      {"reader", review.reader},
                      {"stacks", stacks}};
  return writeFileAtomically(folder.pseudoReview(),
                             document.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<PseudoMaskFile> readPseudoMasks(const RunFolder& folder, const std::string& stack) {
  const auto path = folder.pseudoMask(stack);
  GADOLIN_TRY(const auto file, openThere(path));
  const auto* mask = file.find("mask");
  const auto* use = file.find("use");
  if (mask != nullptr && use == nullptr)
    return Error{ErrorCode::Unsupported,
                 path.string() +
                     " was made by an earlier Gadolin, which did not write which slices "
                     "its pseudo-masks are of. Start a new run to judge them."};
  if (mask == nullptr || mask->dtype != Dtype::U8 || mask->shape.size() != 3 || use == nullptr ||
      use->dtype != Dtype::U8 || use->shape != std::vector<std::int64_t>{mask->shape[0]})
    return damaged(path, "it holds no pseudo-masks");
  PseudoMaskFile masks;
  for (std::size_t i = 0; i < 3; ++i) {
    if (mask->shape[2 - i] < 1 || mask->shape[2 - i] > (1 << 16))
      return damaged(path, "its size cannot be");
    masks.size[i] = static_cast<int>(mask->shape[2 - i]);
  }
  const auto values = mask->as<std::uint8_t>();
  masks.mask.assign(values.begin(), values.end());
  for (const std::uint8_t one : use->as<std::uint8_t>()) {
    if (one > static_cast<std::uint8_t>(SliceUse::PseudoMask))
      return damaged(path, "it uses a slice in a way that is not known");
    masks.use.push_back(static_cast<SliceUse>(one));
  }
  if (!isBinary(masks.mask)) return damaged(path, "its mask holds more than 0 and 1");
  const auto* cam = file.find("cam");
  const auto* probability = file.find("slice_probability");
  if (cam != nullptr && probability != nullptr) {
    if (cam->dtype != Dtype::U8 || cam->shape != mask->shape || probability->dtype != Dtype::F32 ||
        probability->shape != use->shape)
      return damaged(path, "its map does not fit its mask");
    const auto activation = cam->as<std::uint8_t>();
    masks.cam.assign(activation.begin(), activation.end());
    const auto chance = probability->as<float>();
    masks.probability.assign(chance.begin(), chance.end());
  }
  return masks;
}

Result<void> writePseudoMasks(const RunFolder& folder, const std::string& stack,
                              const PseudoMaskFile& masks) {
  const auto shape = shapeOf(masks.size);
  std::vector<std::uint8_t> use;
  for (const SliceUse one : masks.use) use.push_back(static_cast<std::uint8_t>(one));
  std::vector<TensorView> tensors{tensorView<std::uint8_t>("mask", Dtype::U8, shape, masks.mask),
                                  tensorView<std::uint8_t>("use", Dtype::U8, {masks.size[2]}, use)};
  if (!masks.probability.empty()) {
    tensors.push_back(tensorView<std::uint8_t>("cam", Dtype::U8, shape, masks.cam));
    tensors.push_back(
        tensorView<float>("slice_probability", Dtype::F32, {masks.size[2]}, masks.probability));
  }
  return writeSafetensors(folder.pseudoMask(stack), tensors, {{"stack", stack}});
}

Result<std::vector<std::uint8_t>> readTrimmed(const RunFolder& folder, const std::string& stack,
                                              const std::array<int, 3>& size) {
  const auto path = folder.trimmedPseudoMask(stack);
  GADOLIN_TRY(const auto file, openThere(path));
  const auto* kept = file.find("kept");
  if (kept == nullptr || kept->dtype != Dtype::U8 || kept->shape != shapeOf(size))
    return damaged(path, "it does not fit the pseudo-masks");
  const auto values = kept->as<std::uint8_t>();
  if (!isBinary(values)) return damaged(path, "its mask holds more than 0 and 1");
  return std::vector<std::uint8_t>(values.begin(), values.end());
}

Result<void> writeTrimmed(const RunFolder& folder, const std::string& stack,
                          const std::array<int, 3>& size, std::span<const std::uint8_t> kept) {
  return writeSafetensors(folder.trimmedPseudoMask(stack),
                          {tensorView<std::uint8_t>("kept", Dtype::U8, shapeOf(size), kept)},
                          {{"stack", stack}});
}

bool waitsForReview(const RunFolder& folder) {
  if (fibrosisHasBegun(folder)) return false;
  const auto review = readPseudoReview(folder);
  return review && review->wanted && !review->complete;
}

bool fibrosisHasBegun(const RunFolder& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder.checkpoint("fibrosis", "latest"), ignored) ||
         std::filesystem::exists(folder.checkpoint("fibrosis", "best"), ignored);
}

}  // namespace gadolin::run
