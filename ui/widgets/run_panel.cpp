#include "ui/widgets/run_panel.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <algorithm>

#include "ui/plots/curve_plot.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/view/preview_strip.h"
#include "ui/widgets/later.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString columnText(const std::string& column) {
  if (column == "image") return RunPanel::tr("Image");
  if (column == "reference") return RunPanel::tr("Reference");
  if (column == "pseudo-mask") return RunPanel::tr("Pseudo-mask");
  if (column == "target") return RunPanel::tr("Mask or pseudo-mask");
  if (column == "cam") return RunPanel::tr("CAM");
  if (column == "prediction") return RunPanel::tr("Prediction");
  return QString::fromStdString(column);
}

}  // namespace

RunPanel::RunPanel(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  column->addWidget(makeHead());
  tabs_ = new QTabBar;
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(tabs_);
  auto* splitter = new QSplitter(Qt::Vertical);
  body_ = splitter;
  splitter->setChildrenCollapsible(false);
  plot_ = new plots::CurvePlot;
  plot_->setObjectName(u"curves"_s);
  preview_ = new view::PreviewStrip;
  splitter->addWidget(plot_);
  splitter->addWidget(preview_);
  splitter->setStretchFactor(0, 5);
  splitter->setStretchFactor(1, 4);
  column->addWidget(splitter, 1);
  // Keeps the words at the top while there is nothing below them.
  column->addStretch(0);
  connect(tabs_, &QTabBar::currentChanged, this,
          [this](int index) { plot_->showStage(index <= 0 ? -1 : tabs_->tabData(index).toInt()); });
  clear();
}

QWidget* RunPanel::makeHead() {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  auto* words = new QVBoxLayout;
  words->setSpacing(4);
  title_ = makeLabel({}, "title");
  state_ = makeLabel({});
  state_->setObjectName(u"runState"_s);
  state_->setWordWrap(true);
  facts_ = makeLabel({}, "muted");
  progress_ = new QProgressBar;
  progress_->setRange(0, 1000);
  progress_->setTextVisible(false);
  words->addWidget(title_);
  words->addWidget(state_);
  words->addWidget(progress_);
  words->addWidget(facts_);
  row->addLayout(words, 1);
  after_epoch_ = makeButton(tr("Stop after epoch"));
  after_epoch_->setToolTip(tr("Finishes this epoch, writes a checkpoint and stops"));
  stop_ = makeButton(tr("Stop"), u"stop"_s);
  stop_->setObjectName(u"stopTraining"_s);
  resume_ = makeButton(tr("Resume"), u"resume"_s);
  resume_->setObjectName(u"resumeTraining"_s);
  longer_ = makeButton(tr("Train longer…"));
  longer_->setObjectName(u"trainLongerButton"_s);
  longer_->setToolTip(tr("Gives the last stage of this finished run more epochs"));
  pseudo_ = makeButton(tr("Pseudo-masks…"));
  pseudo_->setObjectName(u"pseudoMasks"_s);
  pseudo_->setToolTip(tr("What the fibrosis network learns from, slice by slice"));
  predict_ = makeButton(tr("Predict all"), u"predict"_s, "primary");
  predict_->setObjectName(u"predictAll"_s);
  for (QPushButton* button : {after_epoch_, stop_, pseudo_, resume_, longer_, predict_})
    row->addWidget(button, 0, Qt::AlignTop);
  connect(after_epoch_, &QPushButton::clicked, this, [this] {
    if (controller_) controller_->stopAfterEpoch();
    after_epoch_->setEnabled(false);
  });
  connect(stop_, &QPushButton::clicked, this, [this] {
    if (controller_) controller_->stop();
  });
  connect(resume_, &QPushButton::clicked, this,
          [this] { Q_EMIT resumeWanted(QString::fromStdString(run_id_)); });
  connect(longer_, &QPushButton::clicked, this,
          [this] { Q_EMIT longerWanted(QString::fromStdString(run_id_)); });
  connect(pseudo_, &QPushButton::clicked, this,
          [this] { Q_EMIT pseudoMasksWanted(QString::fromStdString(run_id_)); });
  connect(predict_, &QPushButton::clicked, this,
          [this] { Q_EMIT predictWanted(QString::fromStdString(run_id_)); });
  return box;
}

void RunPanel::clear() {
  if (controller_) disconnect(controller_, nullptr, this, nullptr);
  controller_ = nullptr;
  run_id_.clear();
  ++load_number_;
  loading_ = false;
  points_ = 0;
  epochs_drawn_.clear();
  stages_.clear();
  waiting_stages_.clear();
  waiting_epochs_.clear();
  waiting_checkpoints_.clear();
  scores_.clear();
  last_images_per_s_ = 0;
  while (tabs_->count() > 0) tabs_->removeTab(0);
  tabs_->addTab(tr("All stages"));
  plot_->clear();
  plot_->setTheme(scheme() == Scheme::Dark ? plots::Theme::Dark : plots::Theme::Light);
  plot_->setAxisTitles(tr("Epoch"), tr("Loss"), tr("Dice, AUROC"));
  train_loss_ = plot_->addSeries(tr("loss, training"), {plots::Axis::Left, 0, true});
  validation_loss_ = plot_->addSeries(tr("loss, validation"), {plots::Axis::Left, 0, false});
  dice_ = plot_->addSeries(tr("Dice, validation"), {plots::Axis::Right, 1, false});
  auroc_ = plot_->addSeries(tr("AUROC, validation"), {plots::Axis::Right, 2, false});
  preview_->clear();
  refresh();
}

void RunPanel::showRun(session::Project& project, const session::RunInfo& info,
                       session::RunController* controller) {
  const bool same = info.record.id == run_id_;
  info_ = info;
  if (same && controller == controller_) {
    refresh();
    return;
  }
  if (!same) {
    clear();
    run_id_ = info.record.id;
    folder_ = project.paths().run(run_id_);
  } else if (controller_) {
    disconnect(controller_, nullptr, this, nullptr);
  }
  controller_ = controller;
  connectController();
  if (!same) {
    loading_ = true;
    const int number = ++load_number_;
    whenDone(
        this, session::runHistory(project, run_id_),
        [this, number](const Result<session::RunHistory>& history) {
          if (number != load_number_) return;
          loading_ = false;
          if (history) takeHistory(*history);
          for (const run::StageBegin& stage : std::exchange(waiting_stages_, {})) takeStage(stage);
          for (const run::Epoch& epoch : std::exchange(waiting_epochs_, {})) takeEpoch(epoch);
          for (const run::CheckpointSaved& checkpoint : std::exchange(waiting_checkpoints_, {}))
            takeCheckpoint(checkpoint);
        });
  }
  refresh();
}

void RunPanel::connectController() {
  if (!controller_) return;
  connect(controller_, &session::RunController::statusChanged, this, [this] { refresh(); });
  connect(controller_, &session::RunController::stageBegan, this, &RunPanel::takeStage);
  connect(controller_, &session::RunController::epoch, this, &RunPanel::takeEpoch);
  connect(controller_, &session::RunController::preview, this, &RunPanel::takePreview);
  connect(controller_, &session::RunController::checkpointSaved, this, &RunPanel::takeCheckpoint);
}

void RunPanel::takeHistory(const session::RunHistory& history) {
  for (const run::StageBegin& stage : history.stages) takeStage(stage);
  for (const run::Epoch& epoch : history.epochs) takeEpoch(epoch);
  if (!history.previews.empty()) takePreview(history.previews.back());
  for (const run::CheckpointSaved& checkpoint : history.checkpoints) takeCheckpoint(checkpoint);
}

void RunPanel::takeCheckpoint(const run::CheckpointSaved& checkpoint) {
  if (checkpoint.role != "best") return;
  if (loading_) {
    waiting_checkpoints_.push_back(checkpoint);
    return;
  }
  // The number of the curve; the checkpoint's own is the score it was chosen by.
  const int stage = stageNumber(checkpoint.stage, 0);
  const auto score = scores_.find({stage, checkpoint.epoch});
  if (score == scores_.end()) return;
  plot_->setBest(checkpoint.stage == "classifier" ? auroc_ : dice_, stage, checkpoint.epoch,
                 QString::number(score->second, 'f', 2));
}

int RunPanel::stageNumber(const std::string& name, int epochs) {
  const auto found = stages_.find(name);
  if (found != stages_.end()) return found->second;
  const QString text = stageText(QString::fromStdString(name));
  const int number = plot_->addStage(text, epochs);
  stages_.emplace(name, number);
  const int tab = tabs_->addTab(text);
  tabs_->setTabData(tab, number);
  return number;
}

void RunPanel::takeStage(const run::StageBegin& stage) {
  if (loading_) {
    waiting_stages_.push_back(stage);
    return;
  }
  // Stages without epochs have no curve.
  if (stage.epochs > 0) stageNumber(stage.stage, stage.epochs);
}

void RunPanel::takeEpoch(const run::Epoch& epoch) {
  if (loading_) {
    waiting_epochs_.push_back(epoch);
    return;
  }
  const int stage = stageNumber(epoch.stage, epoch.epochs);
  if (const auto score = epoch.stage == "classifier" ? epoch.val_auroc : epoch.val_dice)
    scores_[{stage, epoch.epoch}] = *score;
  // The history and the followed file both tell of it. So does a resumed run that trains it again:
  // the curve then shows it as it was trained last.
  const bool fresh = epochs_drawn_.emplace(stage, epoch.epoch).second;
  const auto add = [&](int series, std::optional<double> value) {
    if (!value) return;
    plot_->addPoint(series, stage, {static_cast<double>(epoch.epoch), *value});
    if (fresh) ++points_;
  };
  add(train_loss_, epoch.train_loss);
  add(validation_loss_, epoch.val_loss);
  add(dice_, epoch.val_dice);
  add(auroc_, epoch.val_auroc);
  last_images_per_s_ = epoch.images_per_s;
  refresh();
}

void RunPanel::takePreview(const run::Preview& picture) {
  QStringList captions;
  for (const std::string& column : picture.columns) captions << columnText(column);
  preview_->showFile(QString::fromStdString((folder_.root / picture.path).string()), captions,
                     tr("Fixed validation slices, %1, epoch %2")
                         .arg(stageText(QString::fromStdString(picture.stage)))
                         .arg(picture.epoch));
}

void RunPanel::setReadOnly(bool read_only) {
  read_only_ = read_only;
  refresh();
}

void RunPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::StyleChange)
    plot_->setTheme(scheme() == Scheme::Dark ? plots::Theme::Dark : plots::Theme::Light);
  QWidget::changeEvent(event);
}

}  // namespace gadolin::widgets
