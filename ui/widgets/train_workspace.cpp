#include "ui/widgets/train_workspace.h"

#include <QBoxLayout>
#include <QInputDialog>
#include <QTimer>
#include <algorithm>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/pseudo_dialog.h"
#include "ui/widgets/run_panel.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"
#include "ui/widgets/train_form.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString stateText(const session::RunInfo& info) {
  if (info.alive) return TrainWorkspace::tr("running");
  if (info.imported) return TrainWorkspace::tr("imported model");
  switch (info.record.state) {
    case db::RunState::Prepared:
      return TrainWorkspace::tr("prepared");
    case db::RunState::Running:
      return TrainWorkspace::tr("running");
    case db::RunState::Finished:
      return TrainWorkspace::tr("finished");
    case db::RunState::Cancelled:
      if (info.waits_for_review) return TrainWorkspace::tr("pseudo-masks to judge");
      return info.resumable ? TrainWorkspace::tr("stopped, can go on")
                            : TrainWorkspace::tr("stopped");
    case db::RunState::Failed:
      return info.resumable ? TrainWorkspace::tr("failed, can go on")
                            : TrainWorkspace::tr("failed");
  }
  return {};
}

}  // namespace

TrainWorkspace::TrainWorkspace(Chores& chores, QWidget* parent)
    : Workspace(parent), chores_(chores) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(16);
  auto* column = new QWidget;
  auto* left = new QVBoxLayout(column);
  left->setContentsMargins(0, 0, 0, 0);
  left->setSpacing(12);
  form_ = new TrainForm;
  form_->setFixedWidth(320);
  left->addWidget(form_);
  list_ = new StackList(tr("Runs"));
  list_->setObjectName(u"runList"_s);
  list_->setFixedWidth(320);
  list_->setMinimumHeight(170);
  left->addWidget(list_, 1);
  row->addWidget(makeScrolling(column, 320));
  panel_ = new RunPanel;
  row->addWidget(panel_, 1);
  connect(form_, &TrainForm::startWanted, this, &TrainWorkspace::start);
  connect(list_, &StackList::chosen, this, &TrainWorkspace::showRun);
  connect(panel_, &RunPanel::resumeWanted, this, [this](const QString& run) { resume(run, 0); });
  connect(panel_, &RunPanel::longerWanted, this, &TrainWorkspace::askHowMuchLonger);
  connect(panel_, &RunPanel::pseudoMasksWanted, this, &TrainWorkspace::showPseudoMasks);
  connect(panel_, &RunPanel::predictWanted, this,
          [this](const QString& run) { chores_.predict(run); });
}

TrainWorkspace::~TrainWorkspace() = default;

void TrainWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) {
    disconnect(&desk_->project, nullptr, this, nullptr);
    for (auto& [id, followed] : followed_)
      if (followed.job != 0)
        desk_->jobs.end(followed.job, JobState::Done, tr("goes on without the window"));
    if (starting_.job != 0) desk_->jobs.end(starting_.job, JobState::Cancelled, {});
  }
  delete pseudo_;
  panel_->clear();
  followed_.clear();
  starting_ = {};
  catalog_.reset();
  desk_ = desk;
  shown_run_.clear();
  inputs_read_ = listed_ = false;
  list_->setEntries({});
  form_->setBusy(false);
  if (desk_ == nullptr) return;
  form_->setReadOnly(desk_->read_only);
  panel_->setReadOnly(desk_->read_only);
  catalog_ = std::make_unique<session::RunCatalog>(desk_->project);
  connect(catalog_.get(), &session::RunCatalog::changed, this, &TrainWorkspace::runsChanged);
  connect(catalog_.get(), &session::RunCatalog::failed, this, [this](const QString& message) {
    if (desk_ != nullptr)
      desk_->notices.show(NoticeKind::Bad, tr("The runs cannot be listed"), message);
  });
  connect(&desk_->project, &session::Project::cohortChanged, this, &TrainWorkspace::reloadInputs);
  connect(&desk_->project, &session::Project::labelsChanged, this, &TrainWorkspace::reloadInputs);
  catalog_->refresh();
  reloadInputs();
}

void TrainWorkspace::enter() {
  setFocus();
  reloadInputs();
}

bool TrainWorkspace::settled() const {
  return desk_ == nullptr || (inputs_read_ && listed_ && panel_->settled());
}

void TrainWorkspace::reloadInputs() {
  // Labels change with every key: counted only when somebody looks.
  if (desk_ == nullptr || (inputs_read_ && !isVisible())) return;
  whenDone(this, session::runInputs(desk_->project),
           [this](const Result<session::RunInputs>& inputs) {
             inputs_read_ = true;
             if (inputs)
               form_->setInputs(*inputs);
             else if (desk_ != nullptr)
               desk_->notices.show(NoticeKind::Bad, tr("The labels cannot be counted"),
                                   QString::fromStdString(inputs.error().message));
           });
}

void TrainWorkspace::start(const session::RunRequest& request) {
  if (desk_ == nullptr || starting_.controller) return;
  form_->setBusy(true);
  starting_.controller = std::make_unique<session::RunController>(desk_->project);
  session::RunController* controller = starting_.controller.get();
  follow(starting_);
  connect(controller, &session::RunController::prepared, this, [this](const QString& run) {
    const std::string id = run.toStdString();
    followed_[id] = std::exchange(starting_, {});
    shown_run_ = id;
    form_->setBusy(false);
    catalog_->refresh();
  });
  controller->start(request, session::Launch::Detached);
}

void TrainWorkspace::askHowMuchLonger(const QString& run) {
  auto* ask = new QInputDialog(window());
  ask->setAttribute(Qt::WA_DeleteOnClose);
  ask->setObjectName(u"trainLonger"_s);
  ask->setInputMode(QInputDialog::IntInput);
  ask->setWindowTitle(tr("Train longer"));
  ask->setLabelText(
      tr("Epochs more of the last stage. A falling learning rate goes back up to where\n"
         "a training that was as long from the start would have it now."));
  ask->setIntRange(1, run::most_extra_epochs);
  ask->setIntValue(20);
  connect(ask, &QInputDialog::intValueSelected, this,
          [this, run](int epochs) { resume(run, epochs); });
  ask->open();
}

void TrainWorkspace::showPseudoMasks(const QString& run) {
  if (desk_ == nullptr) return;
  delete pseudo_;
  pseudo_ = new PseudoDialog(*desk_, run.toStdString(), window());
  connect(pseudo_, &PseudoDialog::resumeWanted, this,
          [this](const QString& judged) { resume(judged, 0); });
  // The list says which runs still wait.
  connect(pseudo_, &QDialog::finished, this, [this] {
    if (catalog_) catalog_->refresh();
  });
  pseudo_->open();
}

void TrainWorkspace::resume(const QString& run, int extra_epochs) {
  if (desk_ == nullptr) return;
  const std::string id = run.toStdString();
  if (const auto old = followed_.find(id);
      old != followed_.end() && !session::isOver(old->second.controller->status()))
    return;
  panel_->clear();
  Followed& followed = followed_[id];
  followed.controller = std::make_unique<session::RunController>(desk_->project);
  follow(followed);
  followed.controller->resume(id, session::Launch::Detached, extra_epochs);
  showRun(run);
}

void TrainWorkspace::follow(Followed& followed) {
  session::RunController* controller = followed.controller.get();
  followed.job = desk_->jobs.start(tr("Training"), [controller = QPointer(controller)] {
    if (controller) controller->stop();
  });
  const int job = followed.job;
  connect(controller, &session::RunController::statusChanged, this,
          [this, controller, job] { reportJob(controller, job); });
  // Said before the worker ends; a stage that begins after it was said took it back.
  const auto asks_for_review = std::make_shared<bool>(false);
  connect(controller, &session::RunController::stageBegan, this,
          [asks_for_review] { *asks_for_review = false; });
  connect(controller, &session::RunController::warning, this,
          [this, asks_for_review](const QString& code, const QString& text) {
            if (code == u"review-pseudo-masks"_s) *asks_for_review = true;
            // The worker's own are in the run's events, and come again with each replay of them.
            if (desk_ != nullptr && (code == u"database"_s || code == u"control"_s))
              desk_->notices.show(NoticeKind::Bad, tr("Training"), text);
          });
  connect(
      controller, &session::RunController::ended, this, [this, controller, job, asks_for_review] {
        if (desk_ == nullptr) return;
        const session::RunStatus& status = controller->status();
        const QString text = statusText(status);
        if (std::holds_alternative<session::Finished>(status)) {
          desk_->jobs.end(job, JobState::Done, {});
          const bool predicts = session::trainedOf(status) != run::Trained::Nothing;
          desk_->notices.show(NoticeKind::Good, tr("The training is finished"),
                              predicts ? tr("Press Predict all to see what it finds.") : QString());
        } else if (std::holds_alternative<session::Cancelled>(status) && *asks_for_review) {
          desk_->jobs.end(job, JobState::Done, tr("pseudo-masks to judge"));
          desk_->notices.show(
              NoticeKind::Plain, tr("The pseudo-masks wait to be judged"),
              tr("Press Judge pseudo-masks in Train. The training goes on when you are "
                 "done."));
        } else if (std::holds_alternative<session::Cancelled>(status)) {
          desk_->jobs.end(job, JobState::Cancelled, text);
        } else {
          desk_->jobs.end(job, JobState::Failed, text);
          desk_->notices.show(NoticeKind::Bad, tr("The training did not finish"), text);
        }
        if (starting_.controller.get() == controller) {
          // Refused before it had a folder: nothing is left of it but the notice.
          starting_.controller.release()->deleteLater();
          starting_ = {};
          form_->setBusy(false);
        }
        for (auto& [id, each] : followed_)
          if (each.controller.get() == controller) each.job = 0;
        catalog_->refresh();
      });
}

void TrainWorkspace::reportJob(session::RunController* controller, int job) {
  if (desk_ == nullptr) return;
  const session::RunStatus& status = controller->status();
  if (const auto* preparing = std::get_if<session::Preparing>(&status))
    desk_->jobs.report(job, preparing->done, preparing->total, statusText(status));
  else if (const auto* running = std::get_if<session::Running>(&status)) {
    const session::RunProgress& p = running->progress;
    QString words = stageText(p.stage);
    if (p.epochs > 0) words += tr(", epoch %1 of %2").arg(std::max(1, p.epoch)).arg(p.epochs);
    if (p.stage_seconds_left)
      words += u" · "_s + tr("%1 left in this stage").arg(durationText(*p.stage_seconds_left));
    desk_->jobs.reportShare(job, progressShare(p), words);
  } else {
    desk_->jobs.reportShare(job, -1, statusText(status));
  }
}

void TrainWorkspace::runsChanged() {
  if (desk_ == nullptr) return;
  listed_ = true;
  // Runs that were started before this window, or by the command line, are followed too.
  for (const session::RunInfo& info : catalog_->runs()) {
    if (!info.alive || followed_.contains(info.record.id)) continue;
    if (starting_.controller && starting_.controller->runId() == info.record.id) continue;
    Followed& followed = followed_[info.record.id];
    followed.controller = std::make_unique<session::RunController>(desk_->project);
    follow(followed);
    followed.controller->follow(info.record.id);
  }
  fillList();
  if (shown_run_.empty() && !catalog_->runs().empty())
    shown_run_ = catalog_->runs().front().record.id;
  if (!shown_run_.empty()) showRun(QString::fromStdString(shown_run_));
}

void TrainWorkspace::fillList() {
  std::vector<ListEntry> entries;
  for (const session::RunInfo& info : catalog_->runs())
    entries.push_back(
        {QString::fromStdString(info.record.id), QString::fromStdString(info.record.id),
         tr("%1 · %2").arg(QString::fromStdString(info.record.supervision), stateText(info))});
  list_->setEntries(entries);
}

void TrainWorkspace::showRun(const QString& run) {
  if (desk_ == nullptr) return;
  shown_run_ = run.toStdString();
  list_->setCurrent(run);
  for (const session::RunInfo& info : catalog_->runs())
    if (info.record.id == shown_run_) {
      const auto followed = followed_.find(shown_run_);
      panel_->showRun(desk_->project, info,
                      followed == followed_.end() ? nullptr : followed->second.controller.get());
      return;
    }
}

std::vector<KeyHint> TrainWorkspace::keys() const {
  return {{tr("Wheel on the curves"), tr("Zoom")},
          {tr("Drag the curves"), tr("Pan")},
          {tr("Double click"), tr("All epochs")},
          {tr("Hover"), tr("Values of that epoch")}};
}

}  // namespace gadolin::widgets
