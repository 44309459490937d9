#include "ui/widgets/receive_panel.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include "ui/session/pacs_listener.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;
using State = session::PacsListener::State;

QString receiveText(const session::PacsListener& listener) {
  switch (listener.state()) {
    case State::Off:
      return ReceivePanel::tr("Off. Nothing can be sent to this project.");
    case State::Starting:
      return ReceivePanel::tr("Starting to receive");
    case State::Stopping:
      return ReceivePanel::tr("Ending; what came is being imported");
    case State::Listening:
      break;
  }
  QString text = ReceivePanel::tr("Receiving on %1:%2 as %3")
                     .arg(listener.address())
                     .arg(listener.port())
                     .arg(listener.aeTitle());
  if (listener.images() > 0)
    text += u" · "_s +
            ReceivePanel::tr("%1 series, %2 images").arg(listener.series()).arg(listener.images());
  if (listener.isImporting()) text += u" · "_s + ReceivePanel::tr("importing");
  return text;
}

ReceivePanel::ReceivePanel(session::PacsListener& listener, QString project, QWidget* parent)
    : QFrame(parent), listener_(listener), project_(std::move(project)) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  on_ = new QCheckBox(tr("Receive what a PACS or scanner sends"));
  on_->setObjectName(u"receiveSwitch"_s);
  row->addWidget(on_);
  row->addStretch(1);
  const memory::ReceiveSetup setup = memory::receiveSetup();
  row->addWidget(makeLabel(tr("Our AE title"), "muted"));
  ae_title_ = new QLineEdit(setup.ae_title);
  ae_title_->setObjectName(u"receiveAeTitle"_s);
  ae_title_->setMaxLength(16);
  ae_title_->setFixedWidth(120);
  row->addWidget(ae_title_);
  row->addWidget(makeLabel(tr("Port"), "muted"));
  port_ = new QSpinBox;
  port_->setObjectName(u"receivePort"_s);
  port_->setRange(1, 65'535);
  port_->setValue(setup.port);
  port_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  port_->setFixedWidth(72);
  row->addWidget(port_);
  reach_ = new QComboBox;
  reach_->setObjectName(u"receiveReach"_s);
  reach_->addItems({tr("from this computer only"), tr("from the network")});
  reach_->setCurrentIndex(setup.all_networks ? 1 : 0);
  reach_->setToolTip(
      tr("DICOM here is neither encrypted nor signed in: let only a network that you trust reach "
         "the port."));
  row->addWidget(reach_);
  column->addLayout(row);
  state_ = makeLabel({}, "caption");
  state_->setObjectName(u"receiveState"_s);
  state_->setWordWrap(true);
  column->addWidget(state_);
  connect(on_, &QCheckBox::toggled, this, &ReceivePanel::switchTo);
  connect(&listener_, &session::PacsListener::changed, this, &ReceivePanel::refresh);
  connect(&listener_, &session::PacsListener::failed, this, [this](const Error& error) {
    state_->setText(QString::fromStdString(error.message));
    setRole(state_, "bad");
  });
  refresh();
}

void ReceivePanel::switchTo(bool on) {
  if (!on) return listener_.stop();
  const memory::ReceiveSetup setup{ae_title_->text().trimmed(), port_->value(),
                                   reach_->currentIndex() == 1};
  memory::setReceiveSetup(setup);
  listener_.start(project_, setup.ae_title, setup.port,
                  setup.all_networks ? u"0.0.0.0"_s : u"127.0.0.1"_s);
}

void ReceivePanel::refresh() {
  const State state = listener_.state();
  const QSignalBlocker quiet(on_);
  on_->setChecked(state == State::Starting || state == State::Listening);
  on_->setEnabled(state != State::Stopping);
  const bool off = state == State::Off;
  ae_title_->setEnabled(off);
  port_->setEnabled(off);
  reach_->setEnabled(off);
  QString text = receiveText(listener_);
  if (!listener_.lastRefusal().isEmpty())
    text += u'\n' + tr("Last refused: %1").arg(listener_.lastRefusal());
  state_->setText(text);
  setRole(state_, state == State::Listening ? "good" : "caption");
}

}  // namespace gadolin::widgets
