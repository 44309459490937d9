#include "core/phantom/subject.h"

#include <algorithm>
#include <cstdio>

#include "core/phantom/scan.h"

namespace gadolin::phantom {
namespace {

constexpr double least_scar_ml = 2.0;

Stack stackOf(Volume<float> image, ImageKind kind, const ScanPlan& plan, const Sequence& sequence) {
  Stack stack;
  stack.image = std::move(image);
  stack.kind = kind;
  stack.apex_first = plan.apex_first;
  for (int z = 0; z < plan.geometry.size[2]; ++z) {
    SliceInfo slice;
    slice.origin_mm = plan.geometry.toWorld(0, 0, z);
    slice.thickness_mm = plan.thickness_mm;
    slice.inversion_time_ms = sequence.inversion_time_ms;
    stack.slices.push_back(std::move(slice));
  }
  setExtentsFromPositions(stack);
  return stack;
}

double scarVolume_ml(const Mask& mask) {
  const auto count = std::count_if(mask.voxels.begin(), mask.voxels.end(), isFibrosis);
  return static_cast<double>(count) * mask.geometry.voxelVolume_ml();
}

Subject draw(std::uint64_t seed, int index, std::uint64_t attempt) {
  Random random(seed * 0xd1342543de82ef95ULL +
                static_cast<std::uint64_t>(index) * 0x2545f4914f6cdd1dULL + attempt);
  Subject subject;
  char name[32];
  std::snprintf(name, sizeof name, "Phantom-%03d", index + 1);
  subject.name = name;
  subject.seed = seed;
  subject.index = index;
  subject.healthy = index % 3 == 2;
  if (!subject.healthy) {
    constexpr std::array territories{Territory::Lad, Territory::Lad, Territory::Rca,
                                     Territory::Lcx};
    subject.territory = territories[random.below(territories.size())];
  }
  const Heart heart(random, subject.territory);
  const Torso torso(random, heart);
  const Sequence sequence = Sequence::draw(random);
  const ScanPlan plan = ScanPlan::draw(random, heart, index % 4 != 1);
  Rendering rendering = render(plan, heart, torso, sequence, random);
  const double blood = sequence.signals()[static_cast<std::size_t>(Material::Blood)];
  const Acquisition acquisition = acquire(rendering, plan, blood, random);
  subject.magnitude = stackOf(magnitudeImage(acquisition, random.uniform(350, 900)),
                              ImageKind::Magnitude, plan, sequence);
  const double psir_gain = random.uniform(350, 900);
  if ((index / 3) % 3 == 1) {
    subject.psir = stackOf(psirImage(acquisition, psir_gain), ImageKind::Psir, plan, sequence);
  }
  subject.truth = std::move(rendering.truth);
  return subject;
}

}  // namespace

std::string_view toText(Territory territory) {
  switch (territory) {
    case Territory::Lad:
      return "LAD";
    case Territory::Rca:
      return "RCA";
    case Territory::Lcx:
      return "LCX";
    case Territory::None:
      break;
  }
  return "none";
}

Subject makeSubject(std::uint64_t seed, int index) {
  // A scar that the planes hardly meet would be a subject whose label nobody could see: drawn anew.
  for (std::uint64_t attempt = 0;; ++attempt) {
    Subject subject = draw(seed, index, attempt);
    if (subject.healthy || scarVolume_ml(subject.truth) >= least_scar_ml) return subject;
  }
}

std::vector<Subject> cohort(std::uint64_t seed, int count) {
  std::vector<Subject> subjects;
  for (int i = 0; i < count; ++i) subjects.push_back(makeSubject(seed, i));
  return subjects;
}

}  // namespace gadolin::phantom
