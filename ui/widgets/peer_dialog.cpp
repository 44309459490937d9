#include "ui/widgets/peer_dialog.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include "ui/session/ctl_job.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

PeerDialog::PeerDialog(const QJsonObject& peer, QWidget* parent) : QDialog(parent) {
  setObjectName(u"peerDialog"_s);
  setWindowTitle(peer.isEmpty() ? tr("New archive") : tr("Archive"));
  resize(520, 0);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  auto* about = makeLabel(
      tr("Those who run the archive tell its AE title, host and port, and enter ours there. The "
         "address is kept in your account, not in the project."),
      "muted");
  about->setWordWrap(true);
  column->addWidget(about);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(14);
  form->setVerticalSpacing(8);
  const auto line = [form](const char* name, const QString& label, const QString& value) {
    auto* edit = new QLineEdit(value);
    edit->setObjectName(QLatin1String(name));
    form->addRow(label, edit);
    return edit;
  };
  const auto number = [form](const char* name, const QString& label, int value) {
    auto* box = new QSpinBox;
    box->setObjectName(QLatin1String(name));
    box->setRange(1, 65'535);
    box->setValue(value);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    form->addRow(label, box);
    return box;
  };
  name_ = line("peerName", tr("Name"), peer.value("name"_L1).toString());
  name_->setEnabled(peer.isEmpty());  // the name is what it is found by
  ae_title_ = line("peerAeTitle", tr("Its AE title"), peer.value("aet"_L1).toString());
  host_ = line("peerHost", tr("Its host"), peer.value("host"_L1).toString());
  host_->setPlaceholderText(tr("name or IPv4 address"));
  port_ = number("peerPort", tr("Its port"), peer.value("port"_L1).toInt(104));
  own_ae_title_ =
      line("peerOwnAeTitle", tr("Our AE title"), peer.value("own_aet"_L1).toString(u"GADOLIN"_s));
  receive_at_ = line("peerReceiveAt", tr("Our address"),
                     peer.value("receive_at"_L1).toString(u"127.0.0.1"_s));
  receive_port_ =
      number("peerReceivePort", tr("Our port"), peer.value("receive_port"_L1).toInt(11112));
  const QString needed = tr("Needed only where the archive has no C-GET and sends by C-MOVE.");
  receive_at_->setToolTip(needed);
  receive_port_->setToolTip(needed);
  column->addLayout(form);
  auto* hint =
      makeLabel(tr("Our address and port count only where the archive has no C-GET."), "caption");
  column->addWidget(hint);
  fault_ = makeLabel({}, "bad");
  fault_->setObjectName(u"peerFault"_s);
  fault_->setWordWrap(true);
  fault_->hide();
  column->addWidget(fault_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  auto* cancel = makeButton(tr("Cancel"));
  save_ = makeButton(tr("Save"), {}, "primary");
  save_->setObjectName(u"savePeer"_s);
  save_->setDefault(true);
  buttons->addWidget(cancel);
  buttons->addWidget(save_);
  column->addLayout(buttons);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(save_, &QPushButton::clicked, this, &PeerDialog::save);
}

void PeerDialog::save() {
  save_->setEnabled(false);
  auto* job = new session::CtlJob(tr("Archive"), this);
  connect(job, &session::CtlJob::finished, this, [this] {
    Q_EMIT saved(name_->text().trimmed());
    accept();
  });
  connect(job, &session::CtlJob::failed, this, [this, job](const Error& error) {
    job->deleteLater();
    fault_->setText(QString::fromStdString(error.message));
    fault_->show();
    save_->setEnabled(true);
  });
  // "--" before what a person typed: a name may begin with a dash.
  job->start({u"pacs"_s, u"peers"_s, u"add"_s, u"--aet="_s + own_ae_title_->text().trimmed(),
              u"--receive-at="_s + receive_at_->text().trimmed(),
              u"--receive-port="_s + QString::number(receive_port_->value()), u"--"_s,
              name_->text().trimmed(), ae_title_->text().trimmed(), host_->text().trimmed(),
              QString::number(port_->value())});
}

}  // namespace gadolin::widgets
