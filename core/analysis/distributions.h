#pragma once
// Quantiles that intervals are made of. Written here because the worker is built where nothing but
// the standard library is sure to be.

namespace gadolin::analysis {

/// The standard normal distribution's 97.5th percentile.
inline constexpr double normal_975 = 1.959963984540054;

/// Regularised incomplete beta function I_x(a, b), 0..1: continued fraction 8.17.22 of the NIST
/// Digital Library of Mathematical Functions. x 0..1; a and b above 0.
double incompleteBeta(double x, double a, double b);

/// The value that an F-distributed variable stays below with this probability (0..1, ends
/// excluded). Degrees of freedom above 0, not whole numbers of necessity.
double fQuantile(double probability, double numerator_df, double denominator_df);

/// The same of Student's t; probability 0.5..1, end excluded.
double tQuantile(double probability, double df);

}  // namespace gadolin::analysis
