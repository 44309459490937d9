// What the run panel says of a run, in words.

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTabBar>
#include <algorithm>

#include "ui/widgets/run_panel.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QString stageText(const QString& stage) {
  if (stage == u"myocardium"_s) return RunPanel::tr("Myocardium");
  if (stage == u"classifier"_s) return RunPanel::tr("Slice classifier");
  if (stage == u"pseudo-masks"_s) return RunPanel::tr("Pseudo-masks");
  if (stage == u"fibrosis"_s) return RunPanel::tr("Fibrosis");
  if (stage == u"predict"_s) return RunPanel::tr("Prediction");
  return stage;
}

namespace {

QString progressText(const session::RunProgress& progress) {
  QString text = stageText(progress.stage);
  if (progress.stage_count > 1)
    text +=
        RunPanel::tr(" (stage %1 of %2)").arg(progress.stage_index + 1).arg(progress.stage_count);
  if (progress.epochs > 0)
    text += RunPanel::tr(", epoch %1 of %2").arg(std::max(1, progress.epoch)).arg(progress.epochs);
  if (progress.steps > 0)
    text += RunPanel::tr(", step %1 of %2").arg(progress.step).arg(progress.steps);
  return text;
}

QString factsText(const session::RunProgress& progress) {
  QStringList facts;
  if (!progress.device.isEmpty()) facts << progress.device;
  if (progress.images_per_s > 0)
    facts << RunPanel::tr("%1 images a second").arg(progress.images_per_s, 0, 'f', 1);
  if (progress.loss > 0) facts << RunPanel::tr("loss %1").arg(progress.loss, 0, 'g', 3);
  if (progress.memory_mb > 0) facts << RunPanel::tr("memory %1 MB").arg(qRound(progress.memory_mb));
  if (progress.device_memory_mb)
    facts << RunPanel::tr("graphics memory %1 MB").arg(qRound(*progress.device_memory_mb));
  if (progress.stage_seconds_left)
    facts << RunPanel::tr("%1 left in this stage").arg(durationText(*progress.stage_seconds_left));
  return facts.join(u" · "_s);
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// What stands behind the state of a run that is over.
QString trainedText(run::Trained trained, bool finished) {
  switch (trained) {
    case run::Trained::Whole:
      return {};
    case run::Trained::InPart:
      return RunPanel::tr(
          "Its fibrosis network was not trained to its end: what it predicts is provisional.");
    case run::Trained::Nothing:
      // A run that can go on says so already.
      return finished ? RunPanel::tr(
                            "It has no fibrosis network, so it cannot predict: it was made "
                            "for its first stages alone.")
                      : QString();
  }
  return {};
}

}  // namespace

double progressShare(const session::RunProgress& progress) {
  double within = 0;
  if (progress.epochs > 0) {
    within = std::max(0, progress.epoch - 1);
    if (progress.steps > 0) within += static_cast<double>(progress.step) / progress.steps;
    within /= progress.epochs;
  }
  const double stages = std::max(1, progress.stage_count);
  return std::clamp((progress.stage_index + within) / stages, 0.0, 1.0);
}

QString statusText(const session::RunStatus& status) {
  return std::visit(
      Overloaded{
          [](const session::Preparing& s) {
            return s.total > 0 ? RunPanel::tr("Freezing the dataset: %1 of %2 stacks")
                                     .arg(s.done)
                                     .arg(s.total)
                               : RunPanel::tr("Freezing the dataset");
          },
          [](const session::Starting&) { return RunPanel::tr("The worker is starting"); },
          [](const session::Running& s) {
            return s.progress.responding
                       ? progressText(s.progress)
                       : RunPanel::tr(
                             "The worker has said nothing for 10 s. It may be busy; Stop ends it.");
          },
          [](const session::Stopping&) {
            return RunPanel::tr("Stopping: the worker writes its checkpoint");
          },
          [](const session::Finished&) { return RunPanel::tr("Finished"); },
          [](const session::Cancelled& s) {
            return s.resumable ? RunPanel::tr("Stopped. It can go on from its last checkpoint.")
                               : RunPanel::tr("Stopped before the first checkpoint.");
          },
          [](const session::Failed& s) {
            return RunPanel::tr("Failed: %1").arg(QString::fromStdString(s.error.message));
          }},
      status);
}

void RunPanel::refresh() {
  tabs_->setVisible(!run_id_.empty());
  body_->setVisible(!run_id_.empty());
  if (run_id_.empty()) {
    title_->setText(tr("Training"));
    setRole(state_, "muted");
    state_->setText(
        tr("No training yet. Choose what to learn from and start; the curves appear here "
           "while it learns. The window can be closed meanwhile."));
    facts_->clear();
    progress_->hide();
    for (QPushButton* button : {after_epoch_, stop_, pseudo_, resume_, longer_, predict_})
      button->hide();
    return;
  }
  title_->setText(QString::fromStdString(run_id_));
  const session::RunProgress* progress = nullptr;
  bool stopping = false;
  bool resumable = !info_.alive && info_.resumable;
  bool finished = info_.record.state == db::RunState::Finished;
  bool alive = info_.alive;
  // More is trained with time, never less; the list may be older than what the controller saw.
  run::Trained trained = info_.trained;
  QString text;
  const char* role = "";
  if (controller_) {
    const session::RunStatus& status = controller_->status();
    text = statusText(status);
    if (const auto* running = std::get_if<session::Running>(&status)) progress = &running->progress;
    if (const auto* stops = std::get_if<session::Stopping>(&status)) {
      progress = &stops->progress;
      stopping = true;
    }
    alive = !session::isOver(status);
    trained = std::max(trained, session::trainedOf(status));
    finished = std::holds_alternative<session::Finished>(status);
    resumable = false;
    if (const auto* failed = std::get_if<session::Failed>(&status)) {
      resumable = failed->resumable;
      role = "bad";
    }
    if (const auto* cancelled = std::get_if<session::Cancelled>(&status))
      resumable = cancelled->resumable;
  } else {
    switch (info_.record.state) {
      case db::RunState::Prepared:
        text = tr("Prepared, never started");
        break;
      case db::RunState::Running:
        text = tr("Running");
        break;
      case db::RunState::Finished:
        text = info_.imported ? tr("Imported model: it predicts and is not trained here")
                              : statusText(session::Finished{});
        break;
      case db::RunState::Cancelled:
        text = statusText(session::Cancelled{info_.resumable, info_.trained});
        break;
      case db::RunState::Failed:
        text = statusText(session::Failed{Error{ErrorCode::Internal, info_.record.message},
                                          info_.resumable, info_.trained});
        role = "bad";
        break;
    }
  }
  if (finished) role = trained == run::Trained::Whole ? "good" : "warn";
  if (const QString more = trainedText(trained, finished); !alive && !more.isEmpty())
    text += (text.endsWith(u'.') ? u" "_s : u". "_s) + more;
  const bool waits = info_.waits_for_review && !alive && !finished;
  if (waits && info_.record.state != db::RunState::Failed) {
    text = tr("Its pseudo-masks wait to be judged. The fibrosis network learns from what you accept.");
    role = "warn";
  }
  setRole(state_, role);
  state_->setText(text);
  progress_->setVisible(alive);
  if (progress != nullptr) {
    showProgress(progress_, qRound(1000 * progressShare(*progress)), 1000);
    facts_->setText(factsText(*progress));
  } else {
    showProgress(progress_, 0, alive ? 0 : 1000);
    QStringList facts{QString::fromStdString(info_.record.supervision),
                      QString::fromStdString(info_.record.preset),
                      tr("seed %1").arg(info_.record.seed)};
    if (last_images_per_s_ > 0)
      facts << tr("%1 images a second").arg(last_images_per_s_, 0, 'f', 1);
    facts_->setText(facts.join(u" · "_s));
  }
  const bool running = alive && !stopping && controller_;
  stop_->setVisible(alive);
  stop_->setEnabled(running && !read_only_);
  after_epoch_->setVisible(alive);
  after_epoch_->setEnabled(running && progress != nullptr && !read_only_);
  pseudo_->setVisible(info_.has_pseudo_masks && !alive);
  setRole(pseudo_, waits ? "primary" : "");
  pseudo_->setText(waits ? tr("Judge pseudo-masks…") : tr("Pseudo-masks…"));
  resume_->setVisible(resumable && !alive && !waits);
  resume_->setEnabled(!read_only_);
  longer_->setVisible(finished && !alive && !info_.imported);
  longer_->setEnabled(!read_only_);
  // The rule of `gadolinctl predict`, which does the work.
  predict_->setVisible(!alive && trained != run::Trained::Nothing);
  predict_->setEnabled(!read_only_);
  predict_->setToolTip(
      tr("Predicts every stack of the project with this run") +
      (trained == run::Trained::InPart
           ? tr("; its fibrosis network was not trained to its end, resume it for better results")
           : QString()));
}

}  // namespace gadolin::widgets
