#include "ui/widgets/reader_prompt.h"

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "core/labels/reader_name.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

ReaderPrompt::ReaderPrompt(QWidget* parent) : QFrame(parent) {
  setObjectName(u"keyMapCard"_s);
  setFixedWidth(400);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(10);
  column->addWidget(makeLabel(tr("Who is reading?"), "title"));
  auto* text =
      makeLabel(tr("A name or initials. It stands beside every label and verdict, so that readers "
                   "can be compared later. You see your own labels only."),
                "muted");
  text->setWordWrap(true);
  column->addWidget(text);
  name_ = new QLineEdit;
  name_->setObjectName(u"readerName"_s);
  name_->setMaxLength(80);
  name_->setPlaceholderText(tr("Name or initials"));
  column->addWidget(name_);
  fault_ = makeLabel({}, "caption");
  fault_->setObjectName(u"readerFault"_s);
  fault_->setWordWrap(true);
  fault_->hide();
  column->addWidget(fault_);
  auto* start = makeButton(tr("Start reading"), {}, "primary");
  column->addWidget(start);
  connect(name_, &QLineEdit::returnPressed, this, &ReaderPrompt::accept);
  connect(start, &QPushButton::clicked, this, &ReaderPrompt::accept);
  parent->installEventFilter(this);
  hide();
}

void ReaderPrompt::ask() {
  fault_->hide();
  name_->setText(memory::reader());
  name_->selectAll();
  show();
  place();
  raise();
  name_->setFocus();
}

void ReaderPrompt::accept() {
  const QString name = name_->text().simplified();
  if (name.isEmpty()) return;
  if (const auto allowed = checkReaderName(name.toStdString()); !allowed) {
    fault_->setText(QString::fromStdString(allowed.error().message));
    fault_->show();
    place();
    return;
  }
  memory::setReader(name);
  hide();
  Q_EMIT named(name);
}

void ReaderPrompt::place() {
  adjustSize();
  move((parentWidget()->width() - width()) / 2, (parentWidget()->height() - height()) / 3);
}

void ReaderPrompt::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    hide();
    Q_EMIT dismissed();
  }
  // Nothing typed here is a label.
  event->accept();
}

bool ReaderPrompt::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && isVisible()) place();
  return QFrame::eventFilter(watched, event);
}

}  // namespace gadolin::widgets
