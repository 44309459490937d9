#include "core/dataset/frozen_dataset.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/id.h"

namespace gadolin::dataset {
namespace {

using nlohmann::json;

Error corrupt(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::Corrupt, path.string() + ": " + what};
}

/// nullopt where the size does not fit the spans; the caller names the stack.
std::optional<std::string> faultOf(const FrozenStack& stack) {
  if (!isSafeName(stack.stack)) return "its name cannot be a file name";
  if (stack.patient.empty()) return "it has no patient";
  std::size_t voxels = 1;
  for (const int n : stack.size) {
    if (n < 1 || n > 65536) return "its size is not positive";
    voxels *= static_cast<std::size_t>(n);
  }
  for (const double step : stack.spacing_mm)
    if (!std::isfinite(step) || step <= 0) return "its spacing is not positive";
  const auto slices = static_cast<std::size_t>(stack.size[2]);
  if (stack.slice_extent_mm.size() != slices) return "it has not one extent for each slice";
  if (!stack.labels.empty() && stack.labels.size() != slices)
    return "it has not one label for each slice";
  if (stack.image.size() != voxels) return "its image is not of its size";
  if (!stack.mask.empty()) {
    if (stack.mask.size() != voxels) return "its mask is not of the size of its image";
    for (const std::uint8_t label : stack.mask) {
      if (label > 4) return "its mask holds a label above 4";
      if (label > 2 && !stack.mask_shows_fibrosis)
        return "its mask holds fibrosis, which it is not to show";
    }
  }
  if (!std::ranges::is_sorted(stack.undrawn_slices) ||
      std::ranges::any_of(stack.undrawn_slices,
                          [&](int z) { return z < 0 || z >= stack.size[2] || stack.mask.empty(); }))
    return "it names slices without a drawing that it does not have";
  return std::nullopt;
}

}  // namespace

Result<void> writeFrozenDataset(const std::filesystem::path& path,
                                const std::vector<FrozenStack>& stacks) {
  std::vector<TensorView> tensors;
  json rows = json::array();
  std::set<std::string> seen;
  for (const FrozenStack& stack : stacks) {
    if (const auto fault = faultOf(stack))
      return Error{ErrorCode::InvalidInput, "Stack '" + stack.stack + "' of patient '" +
                                                stack.patient + "' cannot be frozen: " + *fault +
                                                "."};
    if (!seen.insert(stack.stack).second)
      return Error{ErrorCode::InvalidInput, "Stack '" + stack.stack + "' occurs twice."};
    const std::vector<std::int64_t> shape{stack.size[2], stack.size[1], stack.size[0]};
    tensors.push_back(tensorView("image/" + stack.stack, Dtype::F32, shape, stack.image));
    if (!stack.mask.empty())
      tensors.push_back(tensorView("mask/" + stack.stack, Dtype::U8, shape, stack.mask));
    json labels = json::array();
    for (const SliceLabel label : stack.labels) labels.push_back(toText(label));
    json row{{"stack", stack.stack},           {"patient", stack.patient},
             {"part", toText(stack.part)},     {"kind", stack.kind},
             {"spacing_mm", stack.spacing_mm}, {"slice_extent_mm", stack.slice_extent_mm},
             {"labels", std::move(labels)}};
    if (stack.stack_label) row["stack_label"] = toText(*stack.stack_label);
    if (!stack.mask.empty()) row["mask_shows_fibrosis"] = stack.mask_shows_fibrosis;
    if (!stack.undrawn_slices.empty()) row["undrawn_slices"] = stack.undrawn_slices;
    rows.push_back(std::move(row));
  }
  const json document{{"version", 1}, {"stacks", std::move(rows)}};
  return writeSafetensors(
      path, tensors, {{"gadolin", document.dump(-1, ' ', false, json::error_handler_t::replace)}});
}

Result<FrozenDataset> FrozenDataset::open(const std::filesystem::path& path) {
  GADOLIN_TRY(SafetensorsFile file, SafetensorsFile::open(path));
  FrozenDataset dataset(std::move(file));
  const auto found = dataset.file_.metadata().find("gadolin");
  if (found == dataset.file_.metadata().end())
    return corrupt(path, "this is not a frozen dataset of Gadolin.");
  const json document = json::parse(found->second, nullptr, false);
  if (!document.is_object()) return corrupt(path, "its description is not JSON.");
  std::set<std::string> seen;
  try {
    if (document.at("version").get<int>() > 1)
      return Error{ErrorCode::NewerVersion, path.string() + ": written by a newer Gadolin."};
    for (const json& row : document.at("stacks")) {
      FrozenStack stack;
      stack.stack = row.at("stack").get<std::string>();
      stack.patient = row.at("patient").get<std::string>();
      const auto part = partFromText(row.at("part").get<std::string>());
      if (!part) return corrupt(path, "the part of stack '" + stack.stack + "' is not known.");
      stack.part = *part;
      stack.kind = row.at("kind").get<std::string>();
      stack.spacing_mm = row.at("spacing_mm").get<std::array<double, 3>>();
      stack.slice_extent_mm = row.at("slice_extent_mm").get<std::vector<double>>();
      for (const json& text : row.at("labels")) {
        const auto label = sliceLabelFromText(text.get<std::string>());
        if (!label) return corrupt(path, "a label of stack '" + stack.stack + "' is not known.");
        stack.labels.push_back(*label);
      }
      if (row.contains("stack_label")) {
        stack.stack_label = sliceLabelFromText(row.at("stack_label").get<std::string>());
        if (!stack.stack_label)
          return corrupt(path, "the label of stack '" + stack.stack + "' is not known.");
      }
      stack.mask_shows_fibrosis = row.value("mask_shows_fibrosis", true);
      stack.undrawn_slices = row.value("undrawn_slices", std::vector<int>());
      const TensorView* image = dataset.file_.find("image/" + stack.stack);
      if (image == nullptr || image->dtype != Dtype::F32 || image->shape.size() != 3)
        return corrupt(path, "stack '" + stack.stack + "' has no image of three dimensions.");
      for (std::size_t axis = 0; axis < 3; ++axis)
        stack.size[axis] =
            static_cast<int>(std::min<std::int64_t>(image->shape[2 - axis], std::int64_t{1} << 20));
      stack.image = image->as<float>();
      if (const TensorView* mask = dataset.file_.find("mask/" + stack.stack)) {
        if (mask->dtype != Dtype::U8 || mask->shape != image->shape)
          return corrupt(path,
                         "the mask of stack '" + stack.stack + "' is not of its image's size.");
        stack.mask = mask->as<std::uint8_t>();
      }
      if (const auto fault = faultOf(stack))
        return corrupt(path, "stack '" + stack.stack + "': " + *fault + ".");
      if (!seen.insert(stack.stack).second)
        return corrupt(path, "stack '" + stack.stack + "' occurs twice.");
      dataset.stacks_.push_back(std::move(stack));
    }
  } catch (const json::exception& fault) {
    return corrupt(path, std::string("its description lacks a value (") + fault.what() + ").");
  }
  return dataset;
}

}  // namespace gadolin::dataset
