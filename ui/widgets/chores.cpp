#include "ui/widgets/chores.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QPointer>

#include "ui/session/ctl_job.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/notices.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString counted(const QJsonObject& summary, const char* key, const QString& one,
                const QString& many) {
  const auto count = summary.value(QLatin1String(key)).toInteger();
  return count == 1 ? u"1 "_s + one : QString::number(count) + u' ' + many;
}

QString importWords(const QJsonObject& summary) {
  QString text =
      Chores::tr("%1, %2, %3, %4")
          .arg(counted(summary, "patients", Chores::tr("patient"), Chores::tr("patients")),
               counted(summary, "stacks", Chores::tr("stack"), Chores::tr("stacks")),
               counted(summary, "slices", Chores::tr("slice"), Chores::tr("slices")),
               counted(summary, "masks", Chores::tr("mask"), Chores::tr("masks")));
  const auto refused = summary.value("refused"_L1).toArray().size();
  if (refused > 0) text += Chores::tr("; %1 refused, listed with reasons").arg(refused);
  return text + u'.';
}

}  // namespace

Chores::Chores(JobList& jobs, Notices& notices, QObject* parent)
    : QObject(parent), jobs_(jobs), notices_(notices) {}

session::CtlJob* Chores::start(Request request) {
  auto* job = new session::CtlJob(request.title, this);
  const QPointer<session::CtlJob> guarded(job);
  const int entry = jobs_.start(request.title, [guarded] {
    if (guarded) guarded->cancel();
  });
  connect(job, &session::CtlJob::progress, this,
          [this, entry](const QString& what, qint64 done, qint64 total) {
            jobs_.report(entry, done, total, what);
          });
  connect(job, &session::CtlJob::finished, this,
          [this, job, entry, request](const QJsonObject& summary, int) {
            job->deleteLater();
            jobs_.end(entry, JobState::Done, {});
            request.done(summary);
          });
  connect(job, &session::CtlJob::failed, this, [this, job, entry, request](const Error& error) {
    job->deleteLater();
    const bool cancelled = error.code == ErrorCode::Cancelled;
    const QString text = QString::fromStdString(error.message);
    jobs_.end(entry, cancelled ? JobState::Cancelled : JobState::Failed, text);
    notices_.show(
        cancelled ? NoticeKind::Plain : NoticeKind::Bad,
        cancelled ? tr("%1: cancelled").arg(request.title) : tr("%1: failed").arg(request.title),
        text);
    if (request.failed) request.failed(text);
  });
  job->start(request.arguments);
  return job;
}

void Chores::importPaths(const QStringList& paths) {
  if (project_.isEmpty() || paths.isEmpty()) return;
  Q_EMIT importStarted(paths);
  auto* job = start({tr("Import"), QStringList{u"import"_s, project_} + paths,
                     [this](const QJsonObject& summary) {
                       const QString text = importWords(summary);
                       notices_.show(NoticeKind::Good, tr("Import finished"), text);
                       Q_EMIT importEnded(false, text);
                     },
                     [this](const QString& text) { Q_EMIT importEnded(true, text); }});
  connect(job, &session::CtlJob::progress, this,
          [this](const QString& what, qint64 done, qint64 total) {
            Q_EMIT importProgress(done, total, what);
          });
  connect(job, &session::CtlJob::refused, this,
          [this](const QString& path, const QString& reason, const QString&) {
            Q_EMIT importRefused(path, reason);
          });
}

void Chores::makeDemo(const QString& folder, std::function<void()> done) {
  start({tr("New project"),
         {u"init"_s, folder},
         [this, folder, done](const QJsonObject&) {
           start({tr("Synthetic cohort"),
                  {u"demo"_s, folder},
                  [this, done](const QJsonObject&) {
                    notices_.show(
                        NoticeKind::Good, tr("The synthetic cohort is ready"),
                        tr("24 patients with scars drawn by a computer, to try everything on."));
                    done();
                  },
                  {}});
         },
         {}});
}

void Chores::deriveLabels() {
  start({tr("Labels from masks"),
         {u"labels"_s, u"derive"_s, project_},
         [this](const QJsonObject&) {
           notices_.show(NoticeKind::Good, tr("Slice labels were derived from the masks"));
         },
         {}});
}

void Chores::split(double test_share, double validation_share, quint64 seed) {
  start({tr("Split"),
         {u"split"_s, project_, u"--test"_s, QString::number(test_share), u"--val"_s,
          QString::number(validation_share), u"--seed"_s, QString::number(seed)},
         [this](const QJsonObject&) {
           notices_.show(NoticeKind::Good, tr("The patients were split"));
         },
         {}});
}

void Chores::predict(const QString& run) {
  start({tr("Prediction"),
         {u"predict"_s, project_, u"--run"_s, run, u"--all"_s},
         [this](const QJsonObject&) {
           notices_.show(NoticeKind::Good, tr("Predictions are there"),
                         tr("Review (Ctrl+5) shows them, those that need a look first."));
         },
         {}});
}

void Chores::exportTo(const QString& format, const QString& folder) {
  start({tr("Export"),
         {u"export"_s, project_, u"--format"_s, format, u"--out"_s, folder},
         [this, folder](const QJsonObject&) {
           notices_.show(NoticeKind::Good, tr("Exported"), folder);
         },
         {}});
}

void Chores::report(const QStringList& what, const QString& file, std::function<void()> done) {
  start({tr("Report"),
         QStringList{u"report"_s, project_} + what + QStringList{u"--out"_s, file},
         [this, file, done](const QJsonObject&) {
           notices_.show(NoticeKind::Good, tr("Report saved"), file);
           if (done) done();
         },
         {}});
}

}  // namespace gadolin::widgets
