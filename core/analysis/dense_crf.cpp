#include "core/analysis/dense_crf.h"

#include <algorithm>
#include <cmath>

namespace gadolin::analysis {
namespace {

/// Half of a Gaussian, kernel[0] in the middle; not normalised: the scale cancels in D^-1/2 K
/// D^-1/2.
std::vector<double> halfGaussian(double sd_px) {
  const auto radius = static_cast<std::size_t>(std::ceil(5.0 * sd_px));
  std::vector<double> kernel(radius + 1);
  for (std::size_t i = 0; i <= radius; ++i) {
    const double distance = static_cast<double>(i) / sd_px;
    kernel[i] = std::exp(-0.5 * distance * distance);
  }
  return kernel;
}

/// Convolution along one axis with zeros outside; `stride` between neighbours on the line.
void blurLine(const double* in, double* out, std::ptrdiff_t length, std::ptrdiff_t stride,
              const std::vector<double>& kernel) {
  const auto radius = static_cast<std::ptrdiff_t>(kernel.size()) - 1;
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    double sum = 0;
    const std::ptrdiff_t last = std::min(length - 1, i + radius);
    for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, i - radius); j <= last; ++j) {
      sum += kernel[static_cast<std::size_t>(std::abs(i - j))] * in[j * stride];
    }
    out[i * stride] = sum;
  }
}

class Gaussian {
 public:
  Gaussian(int columns, int rows, double sd_px)
      : columns_(columns), rows_(rows), kernel_(halfGaussian(sd_px)) {
    const std::size_t pixels = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    scratch_.resize(pixels);
    std::vector<double> ones(pixels, 1.0);
    blur(ones);
    norm_.resize(pixels);
    for (std::size_t i = 0; i < pixels; ++i) norm_[i] = 1.0 / std::sqrt(ones[i]);
  }

  /// values <- D^-1/2 K D^-1/2 values
  void apply(std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= norm_[i];
    blur(values);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= norm_[i];
  }

 private:
  void blur(std::vector<double>& values) {
    for (std::ptrdiff_t y = 0; y < rows_; ++y) {
      blurLine(values.data() + y * columns_, scratch_.data() + y * columns_, columns_, 1, kernel_);
    }
    for (std::ptrdiff_t x = 0; x < columns_; ++x) {
      blurLine(scratch_.data() + x, values.data() + x, rows_, columns_, kernel_);
    }
  }

  std::ptrdiff_t columns_;
  std::ptrdiff_t rows_;
  std::vector<double> kernel_;
  std::vector<double> norm_;
  std::vector<double> scratch_;
};

}  // namespace

std::vector<std::uint8_t> refine(std::span<const float> foreground, int columns, int rows,
                                 const DenseCrf& crf) {
  // With two classes only the difference of the two log-probabilities matters:
  // logit <- logit(p) + weight * G (Q1 - Q0), and Q1 - Q0 = tanh(logit / 2).
  std::vector<double> unary(foreground.size());
  for (std::size_t i = 0; i < unary.size(); ++i) {
    const double p = std::clamp(static_cast<double>(foreground[i]), 0.01, 0.99);
    const double q = std::clamp(1.0 - static_cast<double>(foreground[i]), 0.01, 0.99);
    unary[i] = std::log(p) - std::log(q);
  }
  std::vector<double> logit = unary;
  Gaussian gaussian(columns, rows, crf.sd_px);
  std::vector<double> difference(unary.size());
  for (int iteration = 0; iteration < crf.iterations; ++iteration) {
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = std::tanh(0.5 * logit[i]);
    gaussian.apply(difference);
    for (std::size_t i = 0; i < logit.size(); ++i) logit[i] = unary[i] + crf.weight * difference[i];
  }
  std::vector<std::uint8_t> label(logit.size());
  std::transform(logit.begin(), logit.end(), label.begin(),
                 [](double value) { return static_cast<std::uint8_t>(value > 0 ? 1 : 0); });
  return label;
}

}  // namespace gadolin::analysis
