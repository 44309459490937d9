#include "ui/widgets/contour_workspace.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <algorithm>
#include <cmath>

#include "ui/session/contour_desk.h"
#include "ui/session/insertion_desk.h"
#include "ui/session/label_desk.h"
#include "ui/session/project_queries.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/stack_list.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr double smallest_mm = 0.5, largest_mm = 40;

}  // namespace

ContourWorkspace::~ContourWorkspace() {
  image_->setTool(nullptr);  // the tools go before the view
}

void ContourWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  image_->setTool(nullptr);
  hand_.desk = nullptr;
  contours_.reset();
  insertions_.setDesk(nullptr);
  insertion_desk_.reset();
  desk_ = desk;
  ++generation_;
  edit_.reset();
  waiting_ = 0;
  list_->setEntries({});
  image_->setStack(nullptr);
  makeChips();
  threshold_->forgetPlaces();
  if (desk_ != nullptr) {
    contours_ = std::make_unique<session::ContourDesk>(desk_->project, desk_->store);
    contours_->setIndependent(independent_->isChecked());
    contours_->setReader(memory::reader());
    hand_.desk = contours_.get();
    connect(contours_.get(), &session::ContourDesk::opened, this, &ContourWorkspace::takeOpened);
    connect(contours_.get(), &session::ContourDesk::closed, this, &ContourWorkspace::takeClosed);
    connect(contours_.get(), &session::ContourDesk::factsChanged, this, [this] {
      threshold_->refresh();
      refresh();
    });
    connect(&desk_->project, &session::Project::predictionsChanged, contours_.get(),
            &session::ContourDesk::refreshFacts);
    connect(&desk_->project, &session::Project::labelsChanged, contours_.get(),
            &session::ContourDesk::refreshFacts);
    connect(contours_.get(), &session::ContourDesk::failed, this, &ContourWorkspace::takeFailed);
    connect(contours_.get(), &session::ContourDesk::changed, this, &ContourWorkspace::refresh);
    connect(&desk_->project, &session::Project::cohortChanged, this, &ContourWorkspace::reload);
    setInsertionDesk();
    reload();
  }
  setTool(chosen_);
  refresh();
}

void ContourWorkspace::setInsertionDesk() {
  insertion_desk_ = std::make_unique<session::InsertionDesk>(desk_->project);
  insertions_.setDesk(insertion_desk_.get());
  connect(insertion_desk_.get(), &session::InsertionDesk::changed, this, [this] {
    if (chosen_ != Tool::Insertions) return;
    insertions_.refresh();
    refreshHint();
  });
  connect(insertion_desk_.get(), &session::InsertionDesk::failed, this, [this](const QString& why) {
    desk_->notices.show(NoticeKind::Bad, tr("The insertion was not stored"), why);
  });
}

/// As long as nobody has set them, the program looks for them when they are wanted.
void ContourWorkspace::proposeInsertions() {
  if (!insertion_desk_ || !contours_ || !contours_->mask()) return;
  insertion_desk_->setReader(memory::reader());
  insertion_desk_->propose(contours_->image(), contours_->mask());
}

void ContourWorkspace::enter() {
  if (contours_) {
    contours_->setReader(memory::reader());
    contours_->refresh();
  }
  image_->setFocus();
}

void ContourWorkspace::leave() {
  setHidden(false);
  image_->liftBrush();
  if (contours_) contours_->settle();
}

bool ContourWorkspace::settled() const {
  return waiting_ == 0 && !waiting_interpolation_ && threshold_->settled() &&
         (!contours_ || (!contours_->reading() && contours_->pending() == 0)) &&
         (!insertion_desk_ || insertion_desk_->pending() == 0);
}

void ContourWorkspace::showStack(const QString& stack) {
  if (list_->current() == stack) return;
  wanted_ = stack;
  if (list_->setCurrent(stack)) choose(stack);
}

void ContourWorkspace::beginEdit(const QString& stack, int slice, qint64 mask,
                                 const QString& sha256) {
  // What was accepted of a prediction is what is to be edited.
  independent_->setChecked(false);
  edit_ = Edit{stack.toStdString(), slice, mask, sha256.toStdString(), false};
  showStack(stack);
  if (contours_ && contours_->mask() && contours_->stack() == edit_->stack) takeEdit();
}

void ContourWorkspace::takeEdit() {
  if (!edit_ || edit_->begun || contours_->stack() != edit_->stack) return;
  edit_->begun = true;
  image_->setSlice(edit_->slice);
  contours_->offerPrediction(edit_->mask, edit_->sha256);
  setTool(Tool::Borders);
  const bool empty = std::ranges::all_of(contours_->mask()->voxels,
                                         [](std::uint8_t label) { return label == 0; });
  if (!contours_->drawing().base && empty) startFromPrediction();
}

// ---- from the project --------------------------------------------------------------------------

void ContourWorkspace::reload() {
  ++waiting_;
  whenDone(this, session::cohortRows(desk_->project),
           [this, generation = generation_](const Result<std::vector<db::CohortRow>>& rows) {
             if (generation != generation_ || desk_ == nullptr) return;
             --waiting_;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The stacks cannot be listed"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             std::vector<ListEntry> entries;
             for (const db::CohortRow& row : *rows)
               entries.push_back({QString::fromStdString(row.stack.id),
                                  QString::fromStdString(row.stack.patient),
                                  row.has_reference ? tr("mask of a person") : tr("no mask")});
             list_->setEntries(entries);
             if (!list_->current().isEmpty()) {
               contours_->refresh();
               return;
             }
             const QString stack =
                 !wanted_.isEmpty() && list_->setCurrent(wanted_) ? wanted_ : list_->first();
             list_->setCurrent(stack);
             choose(stack);  // none: every stack is set aside
           });
}

void ContourWorkspace::choose(const QString& stack) {
  if (!contours_) return;
  image_->liftBrush();
  contours_->open(stack.toStdString());
  insertion_desk_->open(stack.toStdString());
  if (stack.isEmpty()) {
    image_->setStack(nullptr);
    clearChips();
  }
  refresh();
}

void ContourWorkspace::showImage() {
  const auto& stack = contours_->image();
  // Read again, the same stack keeps its slice and the way it is looked at.
  if (image_->stack() == stack) return;
  const QString id = QString::fromStdString(contours_->stack());
  image_->setTitle(id);
  threshold_->forgetPlaces();
  clearChips();  // they are of the stack before
  image_->setStack(stack, stack->sliceCount() / 2);
  makeChips();
  lookAtHeart();
  Q_EMIT stackShown(id);
}

/// What the hand is at is of a mask that is gone.
void ContourWorkspace::takeClosed() {
  if (ContourTool* now = tool()) now->abandon();
  image_->liftBrush();
  image_->updateTool();
}

void ContourWorkspace::takeOpened() {
  showImage();
  if (chosen_ == Tool::Insertions) proposeInsertions();
  afterChange();
  takeEdit();
}

/// A ventricle is a tenth of the picture, and a pen needs room.
void ContourWorkspace::lookAtHeart() {
  if (!contours_ || !contours_->mask()) return;
  const auto& mask = *contours_->mask();
  const contour::Plane plane = contours_->plane();
  int left = plane.columns, top = plane.rows, right = -1, bottom = -1;
  for (int z = 0; z < mask.geometry.size[2]; ++z)
    for (int y = 0; y < plane.rows; ++y)
      for (int x = 0; x < plane.columns; ++x) {
        if (mask.at(x, y, z) == 0) continue;
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
      }
  if (right < 0) return;
  const double side_mm = std::max((right - left + 1) * plane.spacing_mm[0],
                                  (bottom - top + 1) * plane.spacing_mm[1]);
  image_->lookAt({(left + right) / 2.0, (top + bottom) / 2.0}, 1.8 * side_mm);
}

void ContourWorkspace::takeFailed(session::DrawingFault fault, const QString& message) {
  if (desk_ == nullptr) return;
  const QString what = fault == session::DrawingFault::Reading ? tr("The mask cannot be shown")
                       : fault == session::DrawingFault::Storing
                           ? tr("What was drawn last was not stored")
                           : tr("A mask that was drawn is not finished");
  desk_->notices.show(NoticeKind::Bad, what, message);
  if (fault == session::DrawingFault::Reading && !contours_->mask()) {
    // Another patient's picture must not stand beside this name.
    if (contours_->image()) {
      showImage();
      image_->setMask(nullptr);
    } else {
      image_->setStack(nullptr);
      clearChips();
    }
  }
  refresh();
}

// ---- what is seen ------------------------------------------------------------------------------

void ContourWorkspace::showMask() {
  if (!contours_ || !contours_->mask()) return;
  const auto preview = threshold_->active() ? threshold_->preview() : nullptr;
  image_->setMask(preview ? preview : contours_->mask());
  image_->updateTool();
}

void ContourWorkspace::sliceChanged() {
  if (ContourTool* now = tool()) now->otherSlice();
  threshold_->refresh();
  refreshChips();
  refreshNumbers();
  refreshHint();
}

/// The mask is not what the tool knew.
void ContourWorkspace::afterChange() {
  if (ContourTool* now = tool()) now->reset();
  threshold_->refresh();
  showMask();
  refresh();
}

// ---- what the hand holds -----------------------------------------------------------------------

ContourTool* ContourWorkspace::tool() {
  switch (chosen_) {
    case Tool::Look:
      return nullptr;
    case Tool::Brush:
      return &brush_;
    case Tool::Polygon:
      return &polygon_;
    case Tool::Fill:
      return &fill_;
    case Tool::Borders:
      return &borders_;
    case Tool::Threshold:
      return &threshold_->tool();
    case Tool::Insertions:
      return &insertions_;
  }
  return nullptr;
}

void ContourWorkspace::setTool(Tool wanted) {
  if (desk_ != nullptr && desk_->read_only) wanted = Tool::Look;
  image_->liftBrush();
  if (ContourTool* before = tool()) before->reset();
  chosen_ = wanted;
  tools_->button(static_cast<int>(wanted))->setChecked(true);
  const bool paints = wanted == Tool::Brush || wanted == Tool::Polygon || wanted == Tool::Fill;
  // Clean-up is of the tissue that is chosen here.
  tissue_box_->setVisible(wanted != Tool::Threshold);
  mode_box_->setVisible(paints);
  border_box_->setVisible(wanted == Tool::Borders);
  size_box_->setVisible(wanted == Tool::Brush || wanted == Tool::Threshold);
  threshold_->setActive(wanted == Tool::Threshold);
  if (wanted == Tool::Insertions) proposeInsertions();
  const bool may = contours_ != nullptr && desk_ != nullptr && !desk_->read_only;
  ContourTool* now = may ? tool() : nullptr;
  if (now != nullptr) now->reset();
  image_->setTool(now);
  setRadius(hand_.radius_mm);
  refreshHint();
  showMask();
}

void ContourWorkspace::setTissue(Tissue tissue) {
  hand_.tissue = tissue;
  tissues_->button(static_cast<int>(tissue))->setChecked(true);
  refreshHint();
}

void ContourWorkspace::setErase(bool erase) {
  hand_.erase = erase;
  modes_->button(erase ? 1 : 0)->setChecked(true);
  refreshHint();
}

void ContourWorkspace::setBorder(contour::Border border) {
  if (chosen_ != Tool::Borders) setTool(Tool::Borders);
  borders_.setBorder(border);
  which_border_->button(static_cast<int>(border))->setChecked(true);
}

void ContourWorkspace::setRadius(double radius_mm) {
  hand_.radius_mm = std::clamp(radius_mm, smallest_mm, largest_mm);
  const QSignalBlocker quiet(size_);
  size_->setValue(static_cast<int>(
      std::lround(100 * std::log(hand_.radius_mm / smallest_mm) / std::log(80.0))));
  size_text_->setText(
      tr("Size %1 mm").arg(QLocale().toString(2 * hand_.radius_mm, 'f', hand_.radius_mm < 5 ? 1 : 0)));
  const bool may = contours_ != nullptr && desk_ != nullptr && !desk_->read_only;
  const bool round = may && (chosen_ == Tool::Brush || chosen_ == Tool::Threshold);
  image_->setBrush(round ? std::optional(hand_.radius_mm) : std::nullopt);
}

bool ContourWorkspace::mayDraw() {
  if (!contours_ || desk_ == nullptr || desk_->read_only || !contours_->mask()) return false;
  if (memory::reader().isEmpty()) {
    prompt_->ask();
    return false;
  }
  contours_->setReader(memory::reader());
  if (insertion_desk_) insertion_desk_->setReader(memory::reader());
  return contours_->canDraw();
}

void ContourWorkspace::undo() {
  if (!contours_) return;
  image_->liftBrush();
  if (tool() != nullptr && tool()->takeBack()) return;
  if (const int z = contours_->undo(); z >= 0) {
    image_->setSlice(z);
    afterChange();
  }
}

void ContourWorkspace::redo() {
  if (!contours_) return;
  image_->liftBrush();
  if (const int z = contours_->redo(); z >= 0) {
    image_->setSlice(z);
    afterChange();
  }
}

}  // namespace gadolin::widgets
