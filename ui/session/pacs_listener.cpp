#include "ui/session/pacs_listener.h"

#include "ui/session/ctl_job.h"

namespace gadolin::session {

PacsListener::PacsListener(QObject* parent) : QObject(parent) {}
PacsListener::~PacsListener() = default;

void PacsListener::start(const QString& project, const QString& ae_title, int port,
                         const QString& address) {
  if (state_ != State::Off) return;
  ae_title_ = ae_title;
  address_ = address;
  port_ = port;
  images_ = 0;
  series_ = 0;
  importing_ = false;
  refusal_.clear();
  state_ = State::Starting;
  job_ = new CtlJob(tr("Receive"), this);
  connect(job_, &CtlJob::message, this, &PacsListener::take);
  connect(job_, &CtlJob::finished, this, &PacsListener::over);
  connect(job_, &CtlJob::failed, this, [this](const Error& error) {
    over();
    Q_EMIT failed(error);
  });
  // It must not keep the port open when the window has crashed.
  job_->start(QStringList{QStringLiteral("pacs"), QStringLiteral("listen"), project,
                          QStringLiteral("--aet"), ae_title, QStringLiteral("--port"),
                          QString::number(port), QStringLiteral("--bind"), address,
                          QStringLiteral("--with-parent")} +
              wishes_);
  Q_EMIT changed();
}

void PacsListener::stop() {
  if (state_ == State::Off || state_ == State::Stopping) return;
  state_ = State::Stopping;
  job_->stop();
  Q_EMIT changed();
}

void PacsListener::take(const QJsonObject& event) {
  const QString type = event.value(QLatin1String("type")).toString();
  if (type == QLatin1String("listening")) {
    port_ = event.value(QLatin1String("port")).toInt();
    if (state_ == State::Starting) state_ = State::Listening;
  } else if (type == QLatin1String("received")) {
    images_ = event.value(QLatin1String("images")).toInteger();
    series_ = event.value(QLatin1String("series")).toInteger();
  } else if (type == QLatin1String("importing")) {
    importing_ = true;
  } else if (type == QLatin1String("imported")) {
    importing_ = false;
    Q_EMIT imported(event);
  } else if (type == QLatin1String("kept")) {
    importing_ = false;
    refusal_ = event.value(QLatin1String("message")).toString();
  } else if (type == QLatin1String("peer")) {
    const QString why = event.value(QLatin1String("why")).toString();
    const QString caller = event.value(QLatin1String("caller")).toString();
    if (!why.isEmpty()) refusal_ = caller.isEmpty() ? why : caller + QStringLiteral(": ") + why;
  }
  Q_EMIT changed();
}

void PacsListener::over() {
  job_->deleteLater();
  job_ = nullptr;
  state_ = State::Off;
  importing_ = false;
  Q_EMIT changed();
}

}  // namespace gadolin::session
