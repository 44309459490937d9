#pragma once
// Area under the receiver operating characteristic.

#include <cstdint>
#include <optional>
#include <span>

namespace gadolin::analysis {

/// The chance that a positive case scores higher than a negative one, ties counted half: the
/// Mann-Whitney U statistic over n_positive * n_negative (Hanley and McNeil, Radiology 1982), which
/// equals the trapezoidal area under the ROC curve. 0..1; higher score = more positive.
/// No value when a class is missing, the sizes differ or a score is NaN. O(n log n).
std::optional<double> auroc(std::span<const float> scores, std::span<const std::uint8_t> positive);
std::optional<double> auroc(std::span<const double> scores, std::span<const std::uint8_t> positive);

}  // namespace gadolin::analysis
