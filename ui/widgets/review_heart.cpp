// The ventricle in space beside the image of the Review workspace.

#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>

#include "core/imaging/display_orientation.h"
#include "ui/view/heart_view.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin::widgets {

void ReviewWorkspace::setHeartShown(bool shown) {
  space_->setChecked(shown);
  heart_->setVisible(shown);
  if (shown) buildHeart();
}

/// Surfaces are made only where somebody looks at them.
void ReviewWorkspace::buildHeart() {
  if (!heart_->isVisibleTo(this) || heart_of_ == load_number_) return;
  if (!stack_ || !mask_) {
    heart_->setHeart(nullptr, false);
    return;
  }
  heart_of_ = load_number_;
  ++waiting_;
  using Meshes = std::shared_ptr<const view::HeartMeshes>;
  whenDone(this, QtConcurrent::run([stack = stack_, mask = mask_]() -> Meshes {
             auto meshes = view::heartMeshes(*stack, *mask);
             return meshes ? std::make_shared<const view::HeartMeshes>(std::move(*meshes)) : nullptr;
           }),
           [this, number = load_number_](const Meshes& meshes) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_ || !stack_) return;
             heart_->setHeart(meshes, displayOrientation(stack_->image.geometry).known,
                              tr("The prediction holds no myocardium, so there is no ventricle to "
                                 "show."));
             heart_->setSlice(image_->slice());
           });
}

}  // namespace gadolin::widgets
