#include "core/analysis/dense_crf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

/// The mean field written down as in the paper: every pair of pixels, both classes, softmax.
std::vector<double> bruteForceForeground(const std::vector<float>& p, int columns, int rows,
                                         const DenseCrf& crf) {
  const std::size_t n = p.size();
  std::vector<double> kernel(n * n), degree(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double dx = static_cast<double>(i % static_cast<std::size_t>(columns)) -
                        static_cast<double>(j % static_cast<std::size_t>(columns));
      const double dy = static_cast<double>(i / static_cast<std::size_t>(columns)) -
                        static_cast<double>(j / static_cast<std::size_t>(columns));
      kernel[i * n + j] = std::exp(-(dx * dx + dy * dy) / (2 * crf.sd_px * crf.sd_px));
      degree[i] += kernel[i * n + j];
    }
  }
  EXPECT_EQ(n, static_cast<std::size_t>(columns * rows));
  std::vector<double> u1(n), u0(n), q1(n), q0(n);
  for (std::size_t i = 0; i < n; ++i) {
    u1[i] = -std::log(std::clamp(static_cast<double>(p[i]), 0.01, 0.99));
    u0[i] = -std::log(std::clamp(1.0 - static_cast<double>(p[i]), 0.01, 0.99));
    q1[i] = std::exp(-u1[i]) / (std::exp(-u1[i]) + std::exp(-u0[i]));
    q0[i] = 1 - q1[i];
  }
  for (int iteration = 0; iteration < crf.iterations; ++iteration) {
    std::vector<double> next1(n), next0(n);
    for (std::size_t i = 0; i < n; ++i) {
      double m1 = 0, m0 = 0;
      for (std::size_t j = 0; j < n; ++j) {
        const double k = kernel[i * n + j] / std::sqrt(degree[i] * degree[j]);
        m1 += k * q1[j];
        m0 += k * q0[j];
      }
      const double e1 = std::exp(-u1[i] + crf.weight * m1), e0 = std::exp(-u0[i] + crf.weight * m0);
      next1[i] = e1 / (e1 + e0);
      next0[i] = e0 / (e1 + e0);
    }
    q1 = next1;
    q0 = next0;
  }
  return q1;
}

TEST(DenseCrfTest, EqualsBruteForceMeanField) {
  Random random(11);
  for (int trial = 0; trial < 5; ++trial) {
    constexpr int columns = 17, rows = 13;
    std::vector<float> p(columns * rows);
    for (auto& value : p) value = static_cast<float>(random.uniform());
    const DenseCrf crf{.sd_px = 2.0, .weight = 1.5, .iterations = 5};
    const auto expected = bruteForceForeground(p, columns, rows, crf);
    const auto label = refine(p, columns, rows, crf);
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (std::abs(expected[i] - 0.5) < 1e-5) continue;  // the cut at 5 sd may turn a tie
      EXPECT_EQ(label[i], expected[i] > 0.5 ? 1 : 0) << "pixel " << i << ", Q " << expected[i];
    }
  }
}

/// Share of a 32-pixel-long strip of constant CAM that survives on a 224 grid (probability
/// 0.5 + CAM/2 inside, 0 outside). The figures are the method reference's own simulation.
double shareKept(int width, double cam) {
  constexpr int side = 224;
  std::vector<float> p(side * side, 0.0F);
  for (int y = 100; y < 100 + width; ++y) {
    for (int x = 90; x < 122; ++x)
      p[static_cast<std::size_t>(y * side + x)] = static_cast<float>(0.5 + cam / 2);
  }
  const auto label = refine(p, side, side, {.sd_px = 3.0, .weight = 1.0, .iterations = 5});
  return static_cast<double>(std::accumulate(label.begin(), label.end(), 0)) / (32.0 * width);
}

TEST(DenseCrfTest, StripTable) {
  EXPECT_NEAR(shareKept(4, 0.2), 0.0, 0.02);
  EXPECT_NEAR(shareKept(4, 0.3), 0.84, 0.02);
  EXPECT_NEAR(shareKept(4, 0.4), 1.0, 0.02);
  EXPECT_NEAR(shareKept(9, 0.1), 0.19, 0.02);
  EXPECT_NEAR(shareKept(9, 0.2), 0.83, 0.02);
  EXPECT_NEAR(shareKept(9, 0.3), 0.99, 0.02);
  EXPECT_NEAR(shareKept(18, 0.02), 0.12, 0.02);
  EXPECT_NEAR(shareKept(18, 0.1), 0.61, 0.02);
}

TEST(DenseCrfTest, NeverAddsAPixelAndNeverDropsStrongOnes) {
  Random random(3);
  constexpr int side = 40;
  std::vector<float> p(side * side, 0.0F);
  for (auto& value : p) {
    if (random.chance(0.3)) value = static_cast<float>(0.5 + random.uniform() / 2);
  }
  const auto label = refine(p, side, side, {});
  for (int y = 10; y < side - 10; ++y) {
    for (int x = 10; x < side - 10; ++x) {
      const auto i = static_cast<std::size_t>(y * side + x);
      if (p[i] == 0.0F) {
        EXPECT_EQ(label[i], 0);
      } else if (p[i] >= 0.735F) {
        EXPECT_EQ(label[i], 1);
      }
    }
  }
}

}  // namespace
}  // namespace gadolin::analysis
