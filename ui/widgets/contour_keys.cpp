// The keys of the Contour workspace.

#include <QKeyEvent>

#include "ui/session/contour_desk.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

void ContourWorkspace::setHidden(bool hidden) {
  if (hidden_ == hidden) return;
  hidden_ = hidden;
  view::OverlayStyle style = image_->overlayStyle();
  if (hidden) visible_before_ = style.visible;
  style.visible = !hidden && visible_before_;
  image_->setOverlayStyle(style);
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
    case Qt::Key_J:
      setTool(Tool::Insertions);
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
      image_->stepTowardsApex(1);
      return true;
    case Qt::Key_Left:
    case Qt::Key_Up:
      image_->stepTowardsApex(-1);
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
          {u"J"_s, tr("Insertions of the right ventricle, segments")},
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
