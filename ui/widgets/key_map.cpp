#include "ui/widgets/key_map.h"

#include <QApplication>
#include <QBoxLayout>
#include <QFrame>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>

#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QWidget* keyTable(const QString& heading, const std::vector<KeyHint>& hints) {
  auto* box = new QWidget;
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(14);
  grid->setVerticalSpacing(6);
  grid->addWidget(makeLabel(heading, "heading"), 0, 0, 1, 2);
  int row = 1;
  for (const KeyHint& hint : hints) {
    grid->addWidget(makeLabel(hint.keys, "key"), row, 0, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(makeLabel(hint.meaning), row, 1, Qt::AlignLeft | Qt::AlignVCenter);
    ++row;
  }
  grid->setRowStretch(row, 1);
  return box;
}

}  // namespace

KeyMap::KeyMap(QWidget* host) : QWidget(host) {
  setFocusPolicy(Qt::StrongFocus);
  host->installEventFilter(this);
  hide();
}

void KeyMap::open(const QString& title, const std::vector<KeyHint>& workspace_keys) {
  delete card_;
  card_ = new QFrame(this);
  card_->setObjectName(u"keyMapCard"_s);
  auto* row = new QHBoxLayout(card_);
  row->setContentsMargins(32, 26, 32, 26);
  row->setSpacing(56);
  row->addWidget(keyTable(title, workspace_keys));
  row->addWidget(keyTable(tr("Everywhere"), {{u"Ctrl+1 … 6"_s, tr("Workspaces")},
                                             {u"Ctrl+Z"_s, tr("Undo")},
                                             {u"Ctrl+Shift+Z"_s, tr("Redo")},
                                             {u"Ctrl+O"_s, tr("Open a project")},
                                             {u"Ctrl+Q"_s, tr("Close; a training goes on")},
                                             {u"F11"_s, tr("Full screen")},
                                             {u"?"_s, tr("These keys")}}));
  resize(parentWidget()->size());
  card_->adjustSize();
  card_->move((width() - card_->width()) / 2, (height() - card_->height()) / 2);
  card_->show();
  focus_before_ = QApplication::focusWidget();
  show();
  raise();
  setFocus();
}

void KeyMap::dismiss() {
  hide();
  if (focus_before_ && focus_before_->isVisible()) focus_before_->setFocus();
  focus_before_ = nullptr;
}

bool KeyMap::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && isVisible()) {
    resize(parentWidget()->size());
    if (card_ != nullptr)
      card_->move((width() - card_->width()) / 2, (height() - card_->height()) / 2);
  }
  return QWidget::eventFilter(watched, event);
}

void KeyMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  QColor veil = colours().bar;
  veil.setAlpha(190);
  painter.fillRect(rect(), veil);
}

void KeyMap::mousePressEvent(QMouseEvent*) {
  dismiss();
}
void KeyMap::keyPressEvent(QKeyEvent* event) {
  // A modifier alone is the start of a shortcut, not an answer.
  if (event->key() != Qt::Key_Shift && event->key() != Qt::Key_Control) dismiss();
}

}  // namespace gadolin::widgets
