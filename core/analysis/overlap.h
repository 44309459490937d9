#pragma once
// How much two masks agree: counts of voxels, and Dice with its rules for empty masks. A count is
// all that Dice, volumes and false positives need, so slices are counted once and added up.

#include <cstdint>
#include <optional>
#include <span>

namespace gadolin::analysis {

/// Voxels of a reference, of a prediction, and of both. Counts of slices add up to those of a
/// stack.
struct OverlapCounts {
  std::uint64_t reference = 0;
  std::uint64_t prediction = 0;
  std::uint64_t both = 0;

  OverlapCounts& operator+=(const OverlapCounts& other) {
    reference += other.reference;
    prediction += other.prediction;
    both += other.both;
    return *this;
  }
  friend bool operator==(const OverlapCounts&, const OverlapCounts&) = default;
};

/// Counts with `belongs(label)` deciding for both masks. The spans must have the same size.
template <typename Belongs>
OverlapCounts countOverlap(std::span<const std::uint8_t> reference,
                           std::span<const std::uint8_t> prediction, Belongs belongs) {
  OverlapCounts counts;
  const std::size_t size =
      reference.size() < prediction.size() ? reference.size() : prediction.size();
  for (std::size_t i = 0; i < size; ++i) {
    const bool r = belongs(reference[i]);
    const bool p = belongs(prediction[i]);
    counts.reference += r;
    counts.prediction += p;
    counts.both += r && p;
  }
  return counts;
}

/// Counts of binary masks: every value but 0 is foreground. The spans must have the same size.
OverlapCounts countOverlap(std::span<const std::uint8_t> reference,
                           std::span<const std::uint8_t> prediction);

/// Counts of a probability map cut at `threshold` (foreground: probability > threshold, strictly).
OverlapCounts countOverlap(std::span<const std::uint8_t> reference,
                           std::span<const float> probability, float threshold);

/// Dice = 2 |R n P| / (|R| + |P|), 0..1 (Dice 1945). Both empty: no value, so that a mean drops it.
std::optional<double> dice(const OverlapCounts& counts);

/// The challenge's rule: both empty = 1, one empty = 0.
double diceEmptyIsOne(const OverlapCounts& counts);

/// (2 |R n P| + s) / (|R| + |P| + s). Both empty = 1; one empty = s / (n + s), so nearly but not 0.
double diceSmoothed(const OverlapCounts& counts, double smoothing = 1.0);

}  // namespace gadolin::analysis
