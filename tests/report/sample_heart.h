#pragma once
// A heart of rings with a wedge of scar: enough to lay out a report and to know every number.

#include <cmath>

#include "core/report/patient_report.h"

namespace gadolin::report::testing {

struct SampleHeart {
  Stack stack;
  Mask mask;
  Mask reference;
};

/// 128 x 80 pixels of 1.25 x 2 mm, slices 8 mm apart. Scar in stored slices 2..4, a little less of
/// it in the reference, MVO in slice 3; no myocardium in the last slice.
inline SampleHeart sampleHeart(int slices) {
  Geometry geometry;
  geometry.size = {128, 80, slices};
  geometry.spacing_mm = {1.25, 2.0, 8.0};
  geometry.origin_mm = {-80, -80, 0};  // at the origin itself no side would be known
  SampleHeart heart{{}, Mask(geometry), Mask(geometry)};
  heart.stack.image = Volume<float>(geometry);
  heart.stack.kind = ImageKind::Psir;
  for (int z = 0; z < slices; ++z) {
    SliceInfo slice;
    slice.origin_mm = geometry.toWorld(0, 0, z);
    slice.extent_mm = 8.0;
    heart.stack.slices.push_back(slice);
    for (int y = 0; y < 80; ++y) {
      for (int x = 0; x < 128; ++x) {
        const double dx = (x - 70) * 1.25;
        const double dy = (y - 38) * 2.0;
        const double radius = std::hypot(dx, dy);
        const double angle = std::atan2(dy, dx);
        std::uint8_t label = 0;
        if (z < slices - 1 && radius < 32) label = radius < 22 ? 1 : 2;
        std::uint8_t reference = label;
        if (label == 2 && z >= 2 && z <= 4) {
          if (angle > 0.2 && angle < 1.4) label = z == 3 && radius < 25 ? 4 : 3;
          if (angle > 0.2 && angle < 1.2) reference = 3;
        }
        heart.mask.at(x, y, z) = label;
        heart.reference.at(x, y, z) = reference;
        const float grey = label == 1 ? 700.F : label == 2 ? 60.F : label == 3 ? 900.F : 200.F;
        heart.stack.image.at(x, y, z) = grey + 20.F * static_cast<float>((x * 7 + y * 13 + z) % 5);
      }
    }
  }
  return heart;
}

inline PatientReportInput sampleInput(const SampleHeart& heart) {
  PatientReportInput input;
  input.patient = "Patient-07";
  input.stack_id = "Patient-07-s1";
  input.description = "LGE_SAX_PSIR";
  input.stack = &heart.stack;
  input.measured = {heart.mask, Origin::EditedPrediction, "Dr A", "2026-01-30T09:30:00.000Z", 12};
  input.reference =
      Segmentation{heart.reference, Origin::Reference, "import", "2026-01-29T08:00:00.000Z", 3};
  input.model = ModelFacts{"run-1234", "quick",
                           "slice",    "2026-01-29T22:15:00.000Z",
                           "0.1.0",    "54 patients, 387 slices (198 with fibrosis)"};
  input.review = ReviewFacts{"accepted", "Dr A", "2026-01-30T09:31:00.000Z",
                             "Endocardial border moved inferiorly, check the apex again."};
  input.labels.assign(heart.stack.slices.size(), SliceLabel::None);
  for (std::size_t z = 2; z <= 4; ++z) input.labels[z] = SliceLabel::Fibrosis;
  input.generated_utc = "2026-01-31T12:00:00.000Z";
  input.version = "0.1.0";
  return input;
}

}  // namespace gadolin::report::testing
