#pragma once
// Image-level labels: what a reader says of a slice in one key.

#include <optional>
#include <span>
#include <string_view>

namespace gadolin {

enum class SliceLabel { Unlabelled, None, Fibrosis, Unsure, NotDiagnostic };

/// "unlabelled", "none", "fibrosis", "unsure", "not-diagnostic": as stored, exported and imported.
std::string_view toText(SliceLabel label);
std::optional<SliceLabel> sliceLabelFromText(std::string_view text);

/// What the slices say of the whole stack: Fibrosis when any slice is; None when every slice is
/// None or NotDiagnostic and at least one is None; Unsure when a slice is Unsure and none is
/// Fibrosis; else Unlabelled.
SliceLabel stackLabel(std::span<const SliceLabel> slices);

}  // namespace gadolin
