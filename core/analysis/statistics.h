#pragma once
// Small statistics of a handful of patients. Spans hold finite values.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace gadolin::analysis {

/// No value for an empty span.
std::optional<double> mean(std::span<const double> values);
/// Sample standard deviation (n - 1). No value below two values.
std::optional<double> standardDeviation(std::span<const double> values);
std::optional<double> median(std::span<const double> values);
/// Linear interpolation between order statistics (Hyndman and Fan 1996, type 7; NumPy's default).
/// percent 0..100.
std::optional<double> percentile(std::span<const double> values, double percent);
/// The same of values in ascending order, of which there is one at least.
double percentileOfSorted(std::span<const double> sorted, double percent);

/// Pearson's correlation, -1..1. No value when there are fewer than three pairs or one side is
/// constant.
std::optional<double> pearson(std::span<const double> x, std::span<const double> y);

struct Interval {
  double low = 0;
  double high = 0;
};

/// Agreement of two measurements of the same things (Bland and Altman, Lancet 1986;327:307):
/// differences are measured - reference, limits = bias +- 1.96 sd of the differences. Intervals are
/// theirs of 1999 (Stat Methods Med Res 1999;8:135): Student's t with n - 1; standard error of the
/// bias sd / sqrt(n), of a limit sd sqrt(1 / n + 1.96^2 / (2 (n - 1))).
struct Agreement {
  std::size_t pairs = 0;
  double bias = 0;
  std::optional<double> sd;  // this and all below: absent below two pairs
  std::optional<double> lower_limit;
  std::optional<double> upper_limit;
  // Absent too where all differences are the same: no width is not certainty.
  std::optional<Interval> bias_ci95;
  std::optional<Interval> lower_limit_ci95;
  std::optional<Interval> upper_limit_ci95;
};
/// No value for no pair, or where the sides differ in length.
std::optional<Agreement> agreement(std::span<const double> reference,
                                   std::span<const double> measured);
/// The same of differences that are known by their number (two at least), mean and sd.
Agreement agreementOf(std::size_t pairs, double bias, double sd);

/// Percentile bootstrap interval of the mean (Efron 1979): `repeats` resamples with replacement,
/// 2.5th and 97.5th percentile of their means. The same seed gives the same interval on every
/// machine. No value below two values.
std::optional<Interval> bootstrapMean95(std::span<const double> values, std::uint64_t seed = 1,
                                        int repeats = 5000);

/// The same for a mean over items that come in groups (slices of patients): whole groups are drawn,
/// because slices of one patient are not independent. group[i] in 0..group_count-1. No value below
/// two groups that hold an item.
std::optional<Interval> bootstrapClusteredMean95(std::span<const double> values,
                                                 std::span<const std::size_t> group,
                                                 std::size_t group_count, std::uint64_t seed = 1,
                                                 int repeats = 5000);

/// The interval of any figure of things that come in groups (slices of patients): whole groups are
/// drawn with replacement, `figure` gets their numbers, as many as there are groups. Resamples in
/// which the figure cannot be computed are left out; no value where they are more than one in ten,
/// or below two groups.
std::optional<Interval> bootstrapGroups95(
    std::size_t group_count,
    const std::function<std::optional<double>(std::span<const std::size_t> drawn)>& figure,
    std::uint64_t seed = 1, int repeats = 5000);

}  // namespace gadolin::analysis
