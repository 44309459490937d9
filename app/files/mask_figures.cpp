#include "app/files/mask_figures.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/analysis/quantification.h"
#include "core/imaging/display_orientation.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/report/patient_report.h"
#include "ui/session/drawings.h"

namespace gadolin::ctl {
namespace {

/// To a microlitre: what lies below comes from adding up in binary, not from the image.
double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

std::vector<io::SegmentFigure> figuresOf(const analysis::TissueVolumes& volumes, Tissue tissue) {
  using enum io::Figure;
  const double g_per_ml = analysis::myocardium_g_per_ml;
  const auto share = [&volumes](double ml) { return 100 * ml / volumes.myocardium_ml; };
  const bool shares = volumes.myocardium_ml > 0;
  switch (tissue) {
    case Tissue::Cavity:
      return {{tissue, Volume_ml, rounded(volumes.cavity_ml)}};
    case Tissue::Myocardium:
      return {{tissue, Volume_ml, rounded(volumes.myocardium_ml)},
              {tissue, Mass_g, rounded(volumes.myocardium_g())}};
    case Tissue::Scar: {
      std::vector<io::SegmentFigure> figures{{tissue, Volume_ml, rounded(volumes.scar_ml)},
                                             {tissue, Mass_g, rounded(volumes.scar_g())}};
      if (shares) figures.push_back({tissue, PercentOfMyocardium, rounded(share(volumes.scar_ml))});
      return figures;
    }
    case Tissue::Mvo: {
      std::vector<io::SegmentFigure> figures{{tissue, Volume_ml, rounded(volumes.mvo_ml)},
                                             {tissue, Mass_g, rounded(volumes.mvo_ml * g_per_ml)}};
      if (shares) figures.push_back({tissue, PercentOfMyocardium, rounded(share(volumes.mvo_ml))});
      return figures;
    }
    case Tissue::Background:
      break;
  }
  return {};
}

}  // namespace

Result<MaskFigures> measureMask(session::Project& project, const Stack& stack, const Mask& mask,
                                const db::MaskRecord& record, const io::MaskFacts& facts,
                                bool began_as_prediction) {
  GADOLIN_TRY(const auto measured, analysis::measureVolumes(stack, mask));
  const analysis::TissueVolumes& volumes = measured.total;
  MaskFigures result;
  for (const io::TissueSegment& segment : io::tissueSegments(mask))
    std::ranges::copy(figuresOf(volumes, segment.tissue), std::back_inserter(result.figures));
  result.remarks.push_back(facts.description + ".");
  result.remarks.emplace_back(
      "Volumes: each voxel times the part of the slice axis that its slice stands for. Masses: "
      "1.05 g/ml. The myocardium includes scar, and scar includes microvascular obstruction.");
  if (volumes.scarAlone())
    result.remarks.emplace_back(
        "Scar was drawn and no myocardium around it, so that its share is not known.");
  else if (volumes.scar_ml <= 0)
    result.remarks.emplace_back("No voxel of the mask is scar.");
  if (began_as_prediction && volumes.mvo_ml <= 0)  // else a reader has drawn it
    result.remarks.emplace_back(
        "The mask began as a prediction, which tells no microvascular obstruction from scar.");
  GADOLIN_TRY(const auto undrawn, session::undrawnSlices(project.reader(), record, mask));
  if (!undrawn.empty())
    result.remarks.push_back("Nobody has drawn on " + std::to_string(undrawn.size()) + " of " +
                             std::to_string(stack.sliceCount()) +
                             " slices yet; the figures are of the others.");
  if (!displayOrientation(stack.image.geometry).known)
    result.remarks.push_back(std::string(io::unknown_orientation) + ".");
  result.remarks.emplace_back(report::research_banner);
  return result;
}

}  // namespace gadolin::ctl
