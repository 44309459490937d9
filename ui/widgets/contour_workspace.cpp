#include "ui/widgets/contour_workspace.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/session/contour_desk.h"
#include "ui/session/label_desk.h"
#include "ui/session/project_queries.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
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
    reload();
  }
  setTool(chosen_);
  refresh();
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
         (!contours_ || (!contours_->reading() && contours_->pending() == 0));
}

void ContourWorkspace::showStack(const QString& stack) {
  if (list_->current() == stack) return;
  wanted_ = stack;
  if (list_->setCurrent(stack)) choose(stack);
}

void ContourWorkspace::beginEdit(const QString& stack, int slice, qint64 mask,
                                 const QString& sha256) {
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
  if (ContourTool* now = tool()) now->reset();
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

void ContourWorkspace::refresh() {
  const bool open = contours_ && contours_->mask() && desk_ && !desk_->read_only;
  for (QPushButton* button : actions_) button->setEnabled(open);
  for (QButtonGroup* group : {tools_, tissues_, modes_, which_border_})
    for (QAbstractButton* button : group->buttons()) button->setEnabled(open);
  size_->setEnabled(open);
  const bool predicted = open && !contours_->drawing().prediction_sha256.empty();
  prediction_->setEnabled(predicted);
  prediction_->setToolTip(predicted
                              ? tr("The whole mask as it was predicted; Ctrl+Z brings yours back")
                              : tr("No run has predicted this stack yet (Ctrl+4, Ctrl+5)."));
  undo_->setEnabled(contours_ && contours_->canUndo());
  redo_->setEnabled(contours_ && contours_->canRedo());
  refreshChips();
  refreshNumbers();
  refreshHint();
}

void ContourWorkspace::refreshNumbers() {
  if (!contours_ || !contours_->mask()) {
    for (QLabel* number : numbers_) number->clear();
    about_->clear();
    return;
  }
  const auto& mask = *contours_->mask();
  const auto& stack = *contours_->image();
  double wall_ml = 0, scar_ml = 0, slice_wall_ml = 0, slice_scar_ml = 0;
  for (int z = 0; z < stack.sliceCount(); ++z) {
    std::array<std::size_t, 8> count{};
    for (const std::uint8_t label : mask.slice(z)) ++count[label & 7u];
    const double wall = static_cast<double>(count[2] + count[3] + count[4]) * stack.voxelVolume_ml(z);
    const double scar = static_cast<double>(count[3] + count[4]) * stack.voxelVolume_ml(z);
    wall_ml += wall;
    scar_ml += scar;
    if (z == image_->slice()) {
      slice_wall_ml = wall;
      slice_scar_ml = scar;
    }
  }
  const QLocale locale;
  const auto ml = [&](double value) {
    return tr("%1 ml").arg(locale.toString(value, 'f', value < 10 ? 2 : 1));
  };
  const auto share = [&](double part, double whole) {
    return whole > 0 ? tr("%1 %").arg(locale.toString(100 * part / whole, 'f', 1)) : u"–"_s;
  };
  const std::array<QString, 6> texts{ml(slice_wall_ml), ml(slice_scar_ml),
                                     share(slice_scar_ml, slice_wall_ml), ml(wall_ml), ml(scar_ml),
                                     share(scar_ml, wall_ml)};
  for (std::size_t i = 0; i < texts.size(); ++i) numbers_[i]->setText(texts[i]);
  const auto& drawing = contours_->drawing();
  QString about = !drawing.base      ? tr("Nobody has drawn a mask of this stack yet.")
                  : drawing.imported ? tr("The mask was imported; what you draw is a new one.")
                                     : tr("The mask is drawn by %1.")
                                           .arg(QString::fromStdString(drawing.author));
  if (desk_->read_only)
    about += u' ' + tr("Masks are drawn in the window that opened this project first.");
  else if (!drawing.done.empty())
    about += u' ' + tr("Every stroke is stored; %n of yours can be undone.", nullptr,
                       static_cast<int>(drawing.done.size()));
  about_->setText(about);
}

void ContourWorkspace::refreshHint() {
  setRole(hint_, "caption");
  ContourTool* now = tool();
  if (desk_ != nullptr && desk_->read_only)
    hint_->setText(tr("Masks are drawn in the window that opened this project first."));
  else
    hint_->setText(now != nullptr ? now->hint()
                                : tr("Nothing is drawn now: choose a tool. A double click gives "
                                     "the image the whole window."));
}

void ContourWorkspace::explain(const QString& text) {
  setRole(hint_, "warn");
  hint_->setText(text);
}

void ContourWorkspace::refreshChips() {
  const auto mask = contours_ ? contours_->mask() : nullptr;
  for (int i = 0; i < chips_->count(); ++i) {
    auto* chip = qobject_cast<QToolButton*>(chips_->itemAt(i)->widget());
    if (chip == nullptr) continue;
    const int z = chip->property("slice").toInt();
    const int from_base = chip->property("fromBase").toInt();
    QString glyph, words = tr("nothing is drawn");
    if (mask) {
      const auto labels = mask->slice(z);
      if (std::ranges::any_of(labels, isFibrosis)) {
        glyph = u" ◆"_s;
        words = tr("with scar");
      } else if (std::ranges::any_of(labels, [](std::uint8_t label) { return label != 0; })) {
        glyph = u" ○"_s;
        words = tr("without scar");
      }
    }
    chip->setText(QString::number(from_base) + glyph);
    chip->setToolTip(tr("Slice %1: %2").arg(from_base).arg(words));
    chip->setAccessibleName(chip->toolTip());
    chip->setChecked(z == image_->slice());
  }
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

// ---- keys --------------------------------------------------------------------------------------

void ContourWorkspace::setHidden(bool hidden) {
  if (hidden_ == hidden) return;
  hidden_ = hidden;
  view::OverlayStyle style = image_->overlayStyle();
  if (hidden) visible_before_ = style.visible;
  style.visible = !hidden && visible_before_;
  image_->setOverlayStyle(style);
}

void ContourWorkspace::stepSlice(int towards_apex) {
  image_->stepTowardsApex(towards_apex);
}

bool ContourWorkspace::toolKey(int key, bool shift) {
  const bool changes = key == Qt::Key_D || key == Qt::Key_G || key == Qt::Key_L ||
                       key == Qt::Key_O || (key == Qt::Key_Delete && shift);
  if (changes && chosen_ == Tool::Look) {
    explain(tr("Nothing is drawn now: choose a tool first, or use the buttons."));
    return true;
  }
  switch (key) {
    case Qt::Key_B:
      setTool(Tool::Brush);
      return true;
    case Qt::Key_P:
      setTool(Tool::Polygon);
      return true;
    case Qt::Key_F:
      setTool(Tool::Fill);
      return true;
    case Qt::Key_C:
      setTool(Tool::Borders);
      return true;
    case Qt::Key_S:
      setTool(Tool::Threshold);
      return true;
    case Qt::Key_V:
      setTool(Tool::Look);
      return true;
    case Qt::Key_E:
      setErase(!hand_.erase);
      return true;
    case Qt::Key_N:
      setBorder(contour::Border::Endocardium);
      return true;
    case Qt::Key_M:
      setBorder(contour::Border::Epicardium);
      return true;
    case Qt::Key_1:
      setTissue(Tissue::Cavity);
      return true;
    case Qt::Key_2:
      setTissue(Tissue::Myocardium);
      return true;
    case Qt::Key_3:
      setTissue(Tissue::Scar);
      return true;
    case Qt::Key_4:
      setTissue(Tissue::Mvo);
      return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      setRadius(hand_.radius_mm * 1.15);
      return true;
    case Qt::Key_Minus:
      setRadius(hand_.radius_mm / 1.15);
      return true;
    case Qt::Key_D:
      copyFrom(shift ? Neighbour::Apex : Neighbour::Base);
      return true;
    case Qt::Key_G:
      interpolate(shift);
      return true;
    case Qt::Key_Z:
      lookAtHeart();
      return true;
    case Qt::Key_L:
      keepLargest();
      return true;
    case Qt::Key_O:
      fillHoles();
      return true;
    case Qt::Key_Delete:
      if (!shift) return false;
      clearSlice();
      return true;
    case Qt::Key_Right:
    case Qt::Key_Down:
      stepSlice(1);
      return true;
    case Qt::Key_Left:
    case Qt::Key_Up:
      stepSlice(-1);
      return true;
    case Qt::Key_PageDown:
      list_->step(1);
      return true;
    case Qt::Key_PageUp:
      list_->step(-1);
      return true;
    default:
      return false;
  }
}

void ContourWorkspace::keyPressEvent(QKeyEvent* event) {
  const auto others = Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;
  if ((event->modifiers() & others) != 0) {
    Workspace::keyPressEvent(event);
    return;
  }
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  ContourTool* now = tool();
  const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
  if (now != nullptr && now->key(*event)) {
    // the tool's own
  } else if (threshold_->active() && enter) {
    threshold_->take(shift);
  } else if (threshold_->active() && event->key() == Qt::Key_Escape) {
    setTool(Tool::Look);
  } else if (threshold_->active() && (threshold_->key(*event) || event->key() == Qt::Key_1 ||
                                      event->key() == Qt::Key_E)) {
    // a rule was chosen; tissue and eraser are of other tools
  } else if (event->key() == Qt::Key_H) {
    setHidden(true);
  } else if (event->key() == Qt::Key_Escape && maximiser_->restore()) {
    // the image is one of several again
  } else if (event->key() == Qt::Key_Escape && edit_ && contours_ &&
             contours_->stack() == edit_->stack) {
    const QString stack = QString::fromStdString(edit_->stack);
    edit_.reset();
    setTool(Tool::Look);
    Q_EMIT openStack(stack, Place::Review);
  } else if (!toolKey(event->key(), shift)) {
    Workspace::keyPressEvent(event);
    return;
  }
  event->accept();
}

void ContourWorkspace::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_H && !event->isAutoRepeat())
    setHidden(false);
  else
    Workspace::keyReleaseEvent(event);
}

void ContourWorkspace::changeEvent(QEvent* event) {
  // A key that is let go in another window is not heard of.
  if (event->type() == QEvent::ActivationChange && !isActiveWindow()) setHidden(false);
  Workspace::changeEvent(event);
}

std::vector<KeyHint> ContourWorkspace::keys() const {
  return {{u"B · P · F"_s, tr("Brush · polygon · fill")},
          {u"C"_s, tr("Contours with points to drag")},
          {u"N · M"_s, tr("New contour: endocardium · epicardium")},
          {u"S"_s, tr("Threshold; then 2 to 6, W, O: the rule")},
          {u"1 2 3 4"_s, tr("Cavity, myocardium, scar, no-reflow")},
          {u"E"_s, tr("Draw or erase; Ctrl for one stroke")},
          {u"+ · −"_s, tr("Size of the brush, also Shift+wheel")},
          {u"Enter · Esc"_s, tr("Close or take over · leave, back to Review")},
          {u"D · Shift+D"_s, tr("Copy from the base's · the apex's side")},
          {u"G · Shift+G"_s, tr("Interpolate this slice · all empty ones")},
          {u"L · O"_s, tr("Largest part · fill holes")},
          {tr("Shift+Delete"), tr("Clear the slice")},
          {tr("Ctrl+Z"), tr("Undo, without an end")},
          {tr("Arrows · wheel"), tr("Slices")},
          {tr("PgUp · PgDn"), tr("Stacks")},
          {u"H"_s, tr("Hold: hide the mask")},
          {u"T · [ · ]"_s, tr("Mask on and off · opacity")},
          {u"Z"_s, tr("Look at the heart")},
          {u"A · R · I"_s, tr("Window · reset · smooth")}};
}

}  // namespace gadolin::widgets
