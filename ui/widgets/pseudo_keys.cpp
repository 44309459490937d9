// The keys of the window of pseudo-masks.

#include <QKeyEvent>

#include "ui/view/image_view.h"
#include "ui/widgets/pseudo_dialog.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

void PseudoDialog::keyPressEvent(QKeyEvent* event) {
  const bool once = !event->isAutoRepeat();
  // Letters typed elsewhere, and shortcuts, judge nothing.
  const auto others = Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;
  if (focusWidget() != image_ || (event->modifiers() & others) != 0) {
    QDialog::keyPressEvent(event);
    return;
  }
  switch (event->key()) {
    case Qt::Key_A:
      if (once) judge(Verdict::Accepted);
      break;
    case Qt::Key_R:
      if (once) judge(Verdict::Rejected);
      break;
    case Qt::Key_U:
      if (once) takeBack();
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (once) judgeRest(Verdict::Accepted);
      break;
    case Qt::Key_Right:
    case Qt::Key_Down:
      stepSlice(1);
      break;
    case Qt::Key_Left:
    case Qt::Key_Up:
      stepSlice(-1);
      break;
    case Qt::Key_PageDown:
      list_->step(1);
      break;
    case Qt::Key_PageUp:
      list_->step(-1);
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      changeBrush(1.25);
      break;
    case Qt::Key_Minus:
      changeBrush(1 / 1.25);
      break;
    case Qt::Key_H:
      setHidden(true);
      break;
    case Qt::Key_T:
      if (once) {
        off_ = !off_;
        applyStyle();
        refresh();
      }
      break;
    case Qt::Key_M:
      if (once) {
        map_on_ = !map_on_;
        applyStyle();
      }
      break;
    case Qt::Key_W:
      image_->useAutoWindow();
      break;
    case Qt::Key_BracketLeft:
      image_->changeOpacity(-0.1);
      break;
    case Qt::Key_BracketRight:
      image_->changeOpacity(0.1);
      break;
    default:
      QDialog::keyPressEvent(event);
      return;
  }
  event->accept();
}

void PseudoDialog::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_H && !event->isAutoRepeat())
    setHidden(false);
  else
    QDialog::keyReleaseEvent(event);
}

void PseudoDialog::changeEvent(QEvent* event) {
  // A key that is let go in another window is not heard of.
  if (event->type() == QEvent::ActivationChange && !isActiveWindow()) setHidden(false);
  QDialog::changeEvent(event);
}

}  // namespace gadolin::widgets
