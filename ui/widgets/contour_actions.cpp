// What the Contour workspace does to a slice, or to the stack, as a whole.

#include <QLabel>
#include <algorithm>

#include "core/contour/regions.h"
#include "core/contour/slice_interpolation.h"
#include "core/contour/tissue_rules.h"
#include "ui/session/contour_desk.h"
#include "ui/session/in_pool.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"

namespace gadolin::widgets {

using Slice = std::vector<std::uint8_t>;

void ContourWorkspace::writeSlice(const Slice& slice, const char* name) {
  std::ranges::copy(slice, contours_->pen(image_->slice()).begin());
  contours_->commit(name);
  afterChange();
}

contour::Region ContourWorkspace::regionOf(Tissue tissue) const {
  const auto slice = std::as_const(*contours_->mask()).slice(image_->slice());
  contour::Region region(slice.size());
  std::ranges::transform(slice, region.begin(), [&](std::uint8_t label) {
    return contour::belongsTo(tissue, label) ? std::uint8_t{1} : std::uint8_t{0};
  });
  return region;
}

void ContourWorkspace::copyFrom(Neighbour neighbour) {
  if (!mayDraw()) return;
  const bool upwards = (neighbour == Neighbour::Apex) != image_->stack()->apex_first;
  const int from = image_->slice() + (upwards ? 1 : -1);
  if (from < 0 || from >= image_->stack()->sliceCount()) {
    explain(tr("There is no slice beyond this one."));
    return;
  }
  const auto labels = std::as_const(*contours_->mask()).slice(from);
  if (std::ranges::all_of(labels, [](std::uint8_t label) { return label == 0; })) {
    explain(tr("Nothing is drawn on that slice."));
    return;
  }
  writeSlice({labels.begin(), labels.end()}, "copy");
}

void ContourWorkspace::interpolate(bool everywhere) {
  if (!mayDraw() || waiting_interpolation_) return;
  const auto steps = contours_->drawing().done.size();
  // Some hundred milliseconds on large slices.
  auto job = [image = contours_->image(), drawn = *contours_->mask(), plane = contours_->plane(),
              z = image_->slice(), everywhere] {
    Mask mask = drawn;
    bool any = false;
    for (int slice = 0; slice < image->sliceCount(); ++slice) {
      const bool empty = std::ranges::all_of(drawn.slice(slice),
                                             [](std::uint8_t label) { return label == 0; });
      if (everywhere ? !empty : slice != z) continue;
      const auto near = contour::drawnNeighbours(*image, drawn, slice);
      if (!near) continue;
      const Slice labels = contour::between(drawn.slice(near->before), drawn.slice(near->after),
                                            near->share, plane);
      std::ranges::copy(labels, mask.slice(slice).begin());
      any = true;
    }
    return any ? std::make_shared<const Mask>(std::move(mask)) : nullptr;
  };
  waiting_interpolation_ = true;
  session::inPool(this, std::move(job),
                  [this, everywhere, steps, stack = contours_->stack(),
                   z = image_->slice()](const std::shared_ptr<const Mask>& mask) {
                    waiting_interpolation_ = false;
                    // What was drawn meanwhile counts for more.
                    if (!contours_ || contours_->stack() != stack || !mayDraw() ||
                        contours_->isDrawing() || contours_->drawing().done.size() != steps)
                      return;
                    if (mask) {
                      contours_->replace(*mask, z, "interpolation");
                      afterChange();
                      return;
                    }
                    explain(everywhere
                                ? tr("No empty slice lies between drawn ones.")
                                : tr("On one side of this slice nothing is drawn: there is "
                                     "nothing to interpolate between."));
                  });
}

void ContourWorkspace::keepLargest() {
  if (!mayDraw()) return;
  const auto parts = contour::partsOf(regionOf(hand_.tissue), contours_->plane());
  if (parts.size() < 2) {
    explain(tr("The tissue is in one part here."));
    return;
  }
  const auto labels = std::as_const(*contours_->mask()).slice(image_->slice());
  Slice slice(labels.begin(), labels.end());
  for (std::size_t i = 1; i < parts.size(); ++i)
    for (const std::size_t pixel : parts[i])
      slice[pixel] = contour::erased(hand_.tissue, slice[pixel]);
  writeSlice(slice, "largest part");
}

void ContourWorkspace::fillHoles() {
  if (!mayDraw()) return;
  if (hand_.tissue == Tissue::Myocardium) {
    explain(tr("What the myocardium encloses is the cavity: choose the cavity (1) or the scar "
               "(3)."));
    return;
  }
  const contour::Region region = regionOf(hand_.tissue);
  const contour::Region filled = contour::withHolesFilled(region, contours_->plane());
  const auto labels = std::as_const(*contours_->mask()).slice(image_->slice());
  Slice slice(labels.begin(), labels.end());
  for (std::size_t i = 0; i < slice.size(); ++i)
    if (filled[i] != 0 && region[i] == 0) slice[i] = contour::drawn(hand_.tissue, slice[i]);
  if (std::ranges::equal(slice, labels)) {
    explain(tr("The tissue has no holes here."));
    return;
  }
  writeSlice(slice, "fill holes");
}

void ContourWorkspace::clearSlice() {
  if (!mayDraw()) return;
  writeSlice(Slice(contours_->plane().pixels(), 0), "clear");
}

void ContourWorkspace::startFromPrediction() {
  if (!mayDraw() || contours_->drawing().prediction_sha256.empty()) return;
  const std::string stack = contours_->stack();
  const std::int64_t prediction = contours_->drawing().prediction_mask;
  ++waiting_;
  const int generation = generation_;
  whenDone(this, desk_->store.loadMask(contours_->drawing().prediction_sha256),
           [this, stack, prediction,
            generation](const Result<std::shared_ptr<const Mask>>& mask) {
             if (generation != generation_) return;
             --waiting_;
             if (!contours_ || contours_->stack() != stack || !contours_->mask()) return;
             if (!mask) {
               desk_->notices.show(NoticeKind::Bad, tr("The prediction cannot be read"),
                                   QString::fromStdString(mask.error().message));
               return;
             }
             const bool alike = (*mask)->voxels == contours_->mask()->voxels;
             contours_->replace(**mask, image_->slice(), session::startFromPrediction(prediction));
             afterChange();
             if (alike) explain(tr("The mask is as predicted already."));
           });
}

void ContourWorkspace::takeThreshold(bool whole_stack) {
  const auto preview = threshold_->preview();
  if (!preview || !mayDraw()) return;
  if (whole_stack) {
    contours_->replace(*preview, image_->slice(), threshold_->name());
  } else {
    std::ranges::copy(preview->slice(image_->slice()), contours_->pen(image_->slice()).begin());
    contours_->commit(threshold_->name());
  }
  afterChange();
}

}  // namespace gadolin::widgets
