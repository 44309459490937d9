#include "ui/widgets/chores.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QPointer>
#include <algorithm>
#include <utility>

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

/// Of an import: what was left by rule or decision is listed with the refusals, but is no failure.
bool isSeriesLeft(const QJsonObject& refusal) {
  return refusal.contains("series"_L1);
}

int seriesLeft(const QJsonObject& summary) {
  int left = 0;
  for (const QJsonValue& each : summary.value("refused"_L1).toArray())
    left += isSeriesLeft(each.toObject()) ? 1 : 0;
  return left;
}

QString importWords(const QJsonObject& summary) {
  QString text =
      Chores::tr("%1, %2, %3, %4")
          .arg(counted(summary, "patients", Chores::tr("patient"), Chores::tr("patients")),
               counted(summary, "stacks", Chores::tr("stack"), Chores::tr("stacks")),
               counted(summary, "slices", Chores::tr("slice"), Chores::tr("slices")),
               counted(summary, "masks", Chores::tr("mask"), Chores::tr("masks")));
  text += u'.';
  if (const int left = seriesLeft(summary); left > 0)
    text += u' ' + (left == 1 ? Chores::tr("1 series was left; the list of series says why.")
                              : Chores::tr("%1 series were left; the list of series says why.").arg(left));
  return text;
}

QString scoreFigure(const QJsonObject& evaluation, const char* target, const char* name) {
  const QJsonValue value =
      evaluation.value(QLatin1String(target)).toObject().value(QLatin1String(name));
  return value.isDouble() ? QString::number(value.toDouble(), 'f', 2) : u"–"_s;
}

QString scoreWords(const QJsonObject& evaluation) {
  return Chores::tr("%1. Dice: fibrosis %2, myocardium %3. Report (Ctrl+6) shows them all.")
      .arg(counted(evaluation, "patients", Chores::tr("test patient"), Chores::tr("test patients")),
           scoreFigure(evaluation, "fibrosis", "dice_patient_mean"),
           scoreFigure(evaluation, "myocardium", "dice_patient_mean"));
}

/// The first few sentences, and how many more there are.
QStringList firstOf(const QStringList& sentences, qsizetype most_named) {
  QStringList named = sentences.mid(0, most_named);
  if (sentences.size() > most_named)
    named << Chores::tr("and %1 more").arg(sentences.size() - most_named);
  return named;
}

QStringList warningsOf(const QJsonObject& summary) {
  QStringList sentences;
  for (const QJsonValue& each : summary.value("warnings"_L1).toArray())
    sentences << each.toString();
  return sentences;
}

}  // namespace

QString reasonAlone(const QString& path, const QString& reason) {
  const QString name = path.section(u'/', -1);
  QString alone = reason;
  if (alone.startsWith(name)) alone = alone.mid(name.size()).trimmed();
  if (alone.startsWith(u':')) alone = alone.mid(1).trimmed();
  return alone;
}

QString refusedWords(const QJsonObject& summary, qsizetype most_named) {
  struct Kind {
    QString reason, first;
    int count = 0;
  };
  QList<Kind> kinds;  // files with the same fault are one line
  int all = 0;
  for (const QJsonValue& each : summary.value("refused"_L1).toArray()) {
    const QJsonObject one = each.toObject();
    if (isSeriesLeft(one)) continue;
    ++all;
    const QString path = one.value("path"_L1).toString();
    const QString name = path.section(u'/', -1);
    const QString reason = reasonAlone(path, one.value("reason"_L1).toString());
    const auto known = std::ranges::find(kinds, reason, &Kind::reason);
    if (known == kinds.end())
      kinds.append({reason, name, 1});
    else
      ++known->count;
  }
  if (kinds.isEmpty()) return {};
  QStringList sentences;
  for (const Kind& kind : kinds)
    sentences << (kind.count == 1 ? kind.first
                                  : Chores::tr("%1 and %2 more").arg(kind.first).arg(kind.count - 1)) +
                     u": "_s + kind.reason;
  const QString count = all == 1 ? Chores::tr("1 was refused:") : Chores::tr("%1 were refused:").arg(all);
  return (QStringList{count} + firstOf(sentences, most_named)).join(u'\n');
}

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
          [this, job, entry, request](const QJsonObject& summary, int exit_status) {
            job->deleteLater();
            end(request, entry, summary, exit_status);
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

void Chores::end(const Request& request, int entry, const QJsonObject& summary, int exit_status) {
  const auto refused = summary.value("refused"_L1).toArray().size() - seriesLeft(summary);
  const bool part = exit_status != 0 || refused > 0;
  jobs_.end(entry, JobState::Done,
            refused > 0 ? tr("%1 refused").arg(refused)
            : part      ? tr("in part")
                        : QString());
  const Words words = request.words ? request.words(summary) : Words{};
  // What the panel lists in full is told in a few lines, so that the notice does not hide the panel.
  const qsizetype most_named = request.listed ? 2 : 3;
  QStringList warnings = warningsOf(summary);
  if (request.listed && warnings.size() > most_named)
    warnings = {tr("%1 notes on what came in: see the list under Import.").arg(warnings.size())};
  warnings = firstOf(warnings, most_named);
  QStringList lines;
  if (!words.text.isEmpty()) lines << words.text;
  if (refused > 0) lines << refusedWords(summary, most_named);
  lines << warnings;
  if (part)
    notices_.show(NoticeKind::Bad, tr("%1: done in part").arg(request.title),
                  lines.isEmpty() ? tr("Not everything was done.") : lines.join(u'\n'));
  else if (request.words)
    notices_.show(warnings.isEmpty() ? NoticeKind::Good : NoticeKind::Plain, words.title,
                  lines.join(u'\n'));
  if (request.done) request.done(summary);
}

void Chores::importPaths(const QStringList& paths, const QStringList& take,
                         const QStringList& leave) {
  if (project_.isEmpty() || paths.isEmpty()) return;
  Q_EMIT importStarted(paths);
  QStringList arguments{u"import"_s, project_};
  for (const QString& series : take) arguments << u"--take="_s + series;
  for (const QString& series : leave) arguments << u"--leave="_s + series;
  startImport(tr("Import"), arguments + paths);
}

void Chores::fetchSeries(const QString& peer, const QStringList& series, const QStringList& take) {
  if (project_.isEmpty() || series.isEmpty()) return;
  Q_EMIT importStarted({});
  QStringList arguments{u"pacs"_s, u"fetch"_s, project_, peer};
  for (const QString& one : series) arguments << u"--series="_s + one;
  for (const QString& one : take) arguments << u"--take="_s + one;
  startImport(tr("Fetch from %1").arg(peer), arguments);
}

void Chores::cancelImport() {
  if (importing_) importing_->cancel();
}

void Chores::tellReceived(const QJsonObject& summary) {
  if (!summary.value("series"_L1).toArray().isEmpty()) Q_EMIT seriesReceived();
  for (const QJsonValue& series : summary.value("series"_L1).toArray())
    Q_EMIT importJudged(series.toObject());
  QStringList lines{importWords(summary)};
  const QString refused = refusedWords(summary);
  if (!refused.isEmpty()) lines << refused;
  lines << firstOf(warningsOf(summary), 3);
  notices_.show(refused.isEmpty() ? NoticeKind::Good : NoticeKind::Bad, tr("Received and imported"),
                lines.join(u'\n'));
}

void Chores::setImportOptions(ImportOptions options) {
  import_options_ = std::move(options);
  Q_EMIT importOptionsChanged();
}

QStringList Chores::importWishes() const {
  QStringList wishes;
  if (import_options_.keep_identities) wishes << u"--identity=keep"_s;
  if (!import_options_.key_table.isEmpty())
    wishes << u"--key-table="_s + import_options_.key_table;
  return wishes;
}

void Chores::startImport(const QString& title, QStringList arguments) {
  arguments += importWishes();
  auto* job = start(
      {title, arguments,
       [](const QJsonObject& summary) {
         return Words{tr("Import finished"), importWords(summary)};
       },
       [this](const QJsonObject& summary) {
         Q_EMIT importNoted(warningsOf(summary));
         Q_EMIT importEnded(false, importWords(summary));
       },
       [this](const QString& text) { Q_EMIT importEnded(true, text); }, true});
  importing_ = job;
  connect(job, &session::CtlJob::progress, this,
          [this](const QString& what, qint64 done, qint64 total) {
            Q_EMIT importProgress(done, total, what);
          });
  connect(job, &session::CtlJob::refused, this,
          [this](const QString& path, const QString& reason, const QString& code) {
            Q_EMIT importRefused(path, reason, code);
          });
  connect(job, &session::CtlJob::message, this, [this](const QJsonObject& object) {
    if (object.value("type"_L1).toString() == "series"_L1) Q_EMIT importJudged(object);
  });
}

void Chores::importTable(const QStringList& arguments) {
  start({tr("Table"),
         arguments,
         [](const QJsonObject& summary) {
           QStringList lines;
           if (summary.value("labels"_L1).toInteger() > 0)
             lines << tr("%1 of %2: %3 new or changed.")
                          .arg(counted(summary, "labels", tr("label"), tr("labels")),
                               counted(summary, "stacks", tr("stack"), tr("stacks")))
                          .arg(summary.value("changed"_L1).toInteger());
           if (summary.value("facts"_L1).toInteger() > 0)
             lines << tr("%1 of %2: %3 new or changed.")
                          .arg(counted(summary, "facts", tr("clinical value"), tr("clinical values")),
                               counted(summary, "patients", tr("patient"), tr("patients")))
                          .arg(summary.value("facts_changed"_L1).toInteger());
           return Words{tr("The table is in"), lines.join(u'\n')};
         },
         {},
         {}});
}

void Chores::makeDemo(const QString& folder, std::function<void()> done) {
  const auto cohort = [this, folder, done](const QJsonObject&) {
    start({tr("Synthetic cohort"),
           {u"demo"_s, folder},
           [](const QJsonObject&) {
             return Words{tr("The synthetic cohort is ready"),
                          tr("24 patients with scars drawn by a computer, to try everything on.")};
           },
           [done](const QJsonObject&) { done(); },
           {}});
  };
  start({tr("New project"), {u"init"_s, folder}, {}, cohort, {}});
}

void Chores::deriveLabels() {
  start({tr("Labels from masks"),
         {u"labels"_s, u"derive"_s, project_},
         [](const QJsonObject& summary) {
           return Words{tr("Slices are labelled as their masks say"),
                        tr("%1 of %2 show fibrosis.")
                            .arg(summary.value("positive_slices"_L1).toInteger())
                            .arg(counted(summary, "slices", tr("slice"), tr("slices")))};
         },
         {},
         {}});
}

void Chores::split(double test_share, double validation_share, int seed,
                   std::function<void()> done) {
  start({tr("Split"),
         {u"split"_s, project_, u"--test"_s, QString::number(test_share), u"--val"_s,
          QString::number(validation_share), u"--seed"_s, QString::number(seed)},
         [seed](const QJsonObject& summary) {
           return Words{tr("The patients were split"),
                        tr("%1 to train, %2 to validate, %3 to test; seed %4.")
                            .arg(summary.value("train"_L1).toInteger())
                            .arg(summary.value("val"_L1).toInteger())
                            .arg(summary.value("test"_L1).toInteger())
                            .arg(seed)};
         },
         [done](const QJsonObject&) {
           if (done) done();
         },
         {}});
}

void Chores::predict(const QString& run) {
  start({tr("Prediction"),
         {u"predict"_s, project_, u"--run"_s, run, u"--all"_s},
         [](const QJsonObject& summary) {
           const auto predicted =
               summary.value("imported"_L1).toInteger() + summary.value("unchanged"_L1).toInteger();
           return Words{tr("Predictions are there"),
                        tr("%1 of %2. Review (Ctrl+5) shows them, those that need a look first.")
                            .arg(predicted)
                            .arg(counted(summary, "stacks", tr("stack"), tr("stacks")))};
         },
         [this, project = project_, run](const QJsonObject&) { Q_EMIT predicted(project, run); },
         {}});
}

void Chores::evaluate(const QString& run) {
  start({tr("Scores of the test patients"),
         {u"evaluate"_s, project_, u"--run"_s, run, u"--split"_s, u"test"_s},
         [](const QJsonObject& summary) {
           return Words{tr("The test patients were scored"), scoreWords(summary)};
         },
         [this, project = project_, run](const QJsonObject&) { Q_EMIT evaluated(project, run); },
         {}});
}

void Chores::exportTo(const QString& format, const QString& place, const QString& images) {
  QStringList arguments{u"export"_s, project_, u"--format"_s, format, u"--out"_s, place};
  if (!images.isEmpty()) arguments << u"--images"_s << images;
  start({tr("Export"),
         arguments,
         [place](const QJsonObject& summary) {
           const auto files = summary.value("files"_L1).toArray().size();
           return Words{tr("Exported"), files > 1 ? tr("%1 files in %2").arg(files).arg(place)
                                                  : place};
         },
         {},
         {}});
}

void Chores::openArchive(const QString& archive, const QString& folder,
                         std::function<void()> done) {
  start({tr("Project from an archive"),
         {u"init"_s, folder, u"--from"_s, archive},
         [folder](const QJsonObject&) {
           return Words{tr("The project is there"), folder};
         },
         [done](const QJsonObject&) { done(); },
         {}});
}

void Chores::report(const QStringList& what, const QString& file, std::function<void()> done) {
  start({tr("Report"),
         QStringList{u"report"_s, project_} + what + QStringList{u"--out"_s, file},
         [file](const QJsonObject&) {
           return Words{tr("Report saved"), file};
         },
         [done](const QJsonObject&) {
           if (done) done();
         },
         {}});
}

}  // namespace gadolin::widgets
