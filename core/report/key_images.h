#pragma once
// Which slices a report shows, and how much of them.

#include <vector>

#include "core/analysis/quantification.h"
#include "core/report/patient_report.h"

namespace gadolin::report {

/// The four slices with most scar; where fewer have scar, evenly spaced slices with myocardium fill
/// up. All show the same square around the heart (20 mm of margin, 80
/// mm at least) in the same window: 1st to 99.7th percentile of what is shown. Base first. Empty
/// when no slice holds myocardium.
std::vector<KeyImage> keyImages(const Stack& stack, const Mask& measured, const Mask* reference,
                                const analysis::StackVolumes& volumes);

}  // namespace gadolin::report
