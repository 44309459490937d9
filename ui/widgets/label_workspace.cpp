#include "ui/widgets/label_workspace.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTimer>

#include "ui/session/label_desk.h"
#include "ui/session/project.h"
#include "ui/session/stack_store.h"
#include "ui/view/contact_sheet.h"
#include "ui/view/image_view.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"
#include "ui/widgets/worklist_model.h"
#include "ui/widgets/worklists.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
enum Action { Fibrosis, None, Unsure, NotDiagnostic, Fill };

// Starts anew with every slice, so that a reader who is faster than this never waits for a clock
// to be painted (one composition of the window, some 16 ms in software).
constexpr int clock_interval_ms = 1000;
}  // namespace

LabelWorkspace::LabelWorkspace(QWidget* parent) : Workspace(parent) {
  setFocusPolicy(Qt::StrongFocus);
  session_ = new LabelSession(this);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 12);
  column->setSpacing(10);
  column->addWidget(makeTopLine());

  auto* splitter = new QSplitter;
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(8);
  sheet_ = new view::ContactSheet;
  sheet_->setObjectName(u"contactSheet"_s);
  sheet_->setFocusPolicy(Qt::NoFocus);
  splitter->addWidget(sheet_);
  auto* middle = new QWidget;
  auto* middle_column = new QVBoxLayout(middle);
  middle_column->setContentsMargins(0, 0, 0, 0);
  middle_column->setSpacing(10);
  image_ = new view::ImageView;
  image_->setObjectName(u"labelImage"_s);
  image_->setPlaceholder(tr("No stack to label"));
  middle_column->addWidget(makeDecision());
  middle_column->addWidget(image_, 1);
  middle_column->addWidget(makeKeyLine());
  splitter->addWidget(middle);
  splitter->addWidget(makeWorklist());
  splitter->setStretchFactor(0, 2);
  splitter->setStretchFactor(1, 4);
  splitter->setStretchFactor(2, 0);
  splitter->setSizes({430, 760, 190});
  column->addWidget(splitter, 1);

  maximiser_ = new Maximiser(image_, this);
  prompt_ = new ReaderPrompt(this);
  clock_ = new QTimer(this);
  clock_->setInterval(clock_interval_ms);

  connect(session_, &LabelSession::stackChanged, this, &LabelWorkspace::refreshStack);
  connect(session_, &LabelSession::lookedAhead, this, &LabelWorkspace::prepareNext);
  connect(session_, &LabelSession::labelsChanged, this, &LabelWorkspace::refreshLabels);
  connect(session_, &LabelSession::worklistChanged, this, &LabelWorkspace::refreshProgress);
  connect(session_, &LabelSession::worklistKindChanged, this, [this] {
    const QSignalBlocker quiet(kind_);
    kind_->setCurrentIndex(kind_->findData(static_cast<int>(session_->worklistKind())));
    chooseWorklist(session_->worklistKind());
  });
  connect(session_, &LabelSession::workItemChanged, this, &LabelWorkspace::refreshProgress);
  connect(session_, &LabelSession::sliceChanged, this, [this](int z) {
    image_->setSlice(z);
    sheet_->setCurrent(z);
    refreshProgress();
    refreshDecision();
    restartClock();
  });
  connect(session_, &LabelSession::failed, this, [this](const QString& what, const QString& why) {
    if (desk_ != nullptr) desk_->notices.show(NoticeKind::Bad, what, why);
  });
  connect(session_, &LabelSession::allDone, this, [this] {
    if (desk_ == nullptr) return;
    if (session_->deciding())
      desk_->notices.show(NoticeKind::Good, tr("Every disagreement is decided"),
                          tr("The decisions count before the readers' labels in every training."));
    else if (session_->worklistKind() != session::Worklist::All)
      desk_->notices.show(NoticeKind::Good, tr("This worklist is done"),
                          tr("Choose another one above the list."));
    else
      desk_->notices.show(NoticeKind::Good, tr("Every stack is labelled"),
                          tr("Split the cohort (Ctrl+1) and train on it (Ctrl+4)."));
  });
  connect(image_, &view::ImageView::sliceChanged, session_, &LabelSession::goToSlice);
  connect(image_, &view::ImageView::windowChanged, this,
          [this](ImageKind kind, const view::RelativeWindow& window) {
            sheet_->setWindow(kind, window);
          });
  connect(sheet_, &view::ContactSheet::sliceChosen, session_, &LabelSession::goToSlice);
  connect(prompt_, &ReaderPrompt::named, this, &LabelWorkspace::switchReader);
  connect(prompt_, &ReaderPrompt::dismissed, image_, [this] { image_->setFocus(); });
  connect(clock_, &QTimer::timeout, this, &LabelWorkspace::refreshProgress);
  refreshReader();
}

QWidget* LabelWorkspace::makeTopLine() {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(14);
  patient_ = makeLabel({}, "title");
  slice_ = makeLabel({}, "muted");
  times_ = makeLabel({}, "muted");
  row->addWidget(patient_);
  row->addWidget(slice_);
  row->addStretch(1);
  row->addWidget(times_);
  reader_ = makeButton({}, u"person"_s, "flat");
  reader_->setFocusPolicy(Qt::NoFocus);
  reader_->setObjectName(u"labelReader"_s);
  reader_->setToolTip(tr("Who reads; click or F2 to change"));
  connect(reader_, &QPushButton::clicked, this, &LabelWorkspace::showReaders);
  row->addWidget(reader_);
  return line;
}

QWidget* LabelWorkspace::makeKeyLine() {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  const std::array<QString, 5> texts{tr("1  Fibrosis"), tr("0  None"), tr("2  Unsure"),
                                     tr("X  Not diagnostic"), tr("Space  Rest none, next stack")};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto* button = makeButton(texts[i]);
    button->setFocusPolicy(Qt::NoFocus);
    connect(button, &QPushButton::clicked, this, [this, i] { act(static_cast<int>(i)); });
    row->addWidget(button, i == Fill ? 3 : 2);
    actions_[i] = button;
  }
  return line;
}

QWidget* LabelWorkspace::makeWorklist() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(makeLabel(tr("Worklist"), "heading"));
  kind_ = new QComboBox;
  kind_->setObjectName(u"worklistKind"_s);
  kind_->setFocusPolicy(Qt::NoFocus);
  addWorklists(kind_);
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    chooseWorklist(static_cast<session::Worklist>(kind_->currentData().toInt()));
    image_->setFocus();
  });
  column->addWidget(kind_);
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  column->addWidget(progress_);
  progress_text_ = makeLabel({}, "caption");
  progress_text_->setWordWrap(true);
  column->addWidget(progress_text_);
  worklist_model_ = new WorklistModel(*session_, this);
  worklist_ = new QListView;
  worklist_->setObjectName(u"worklist"_s);
  worklist_->setModel(worklist_model_);
  worklist_->setUniformItemSizes(true);
  worklist_->setFocusPolicy(Qt::NoFocus);
  connect(worklist_, &QListView::clicked, this, [this](const QModelIndex& index) {
    session_->openStack(session_->worklist()[static_cast<std::size_t>(index.row())].stack);
  });
  column->addWidget(worklist_, 1);
  box->setMinimumWidth(170);
  return box;
}

void LabelWorkspace::setDesk(Desk* desk) {
  desk_ = desk;
  followWindows();
  session_->setDesk(desk);
  for (QPushButton* button : actions_) button->setEnabled(desk != nullptr && !desk->read_only);
}

void LabelWorkspace::enter() {
  image_->setFocus();
  followWindows();
  // Review asks for the name too.
  if (desk_ != nullptr && shown_reader_ != memory::reader()) {
    refreshReader();
    session_->setDesk(desk_);
  }
  session_->startClock();
  clock_->start();
  session_->reload();
  reloadReaders();
  const bool attended = !window()->property("quiet").toBool();
  if (memory::reader().isEmpty() && attended && desk_ != nullptr && !desk_->read_only)
    prompt_->ask();
}

void LabelWorkspace::leave() {
  clock_->stop();
  session_->stopClock();
}

bool LabelWorkspace::settled() const {
  return session_->idle() && (session_->stack() == nullptr || sheet_->isComplete());
}

void LabelWorkspace::undo() {
  session_->undo();
}
void LabelWorkspace::redo() {
  session_->redo();
}
void LabelWorkspace::showStack(const QString& stack) {
  session_->openStack(stack.toStdString());
}

void LabelWorkspace::act(int action) {
  if (desk_ == nullptr || session_->stack() == nullptr) return;
  if (desk_->read_only) {
    desk_->notices.show(NoticeKind::Plain, tr("Read only"),
                        tr("Labels are given in the window that opened this project first."));
    return;
  }
  if (memory::reader().isEmpty()) {
    prompt_->ask();
    return;
  }
  switch (action) {
    case Fibrosis:
      session_->label(SliceLabel::Fibrosis);
      break;
    case None:
      session_->label(SliceLabel::None);
      break;
    case Unsure:
      session_->label(SliceLabel::Unsure);
      break;
    case NotDiagnostic:
      session_->label(SliceLabel::NotDiagnostic);
      break;
    case Fill:
      session_->fillRemainingNone();
      break;
    default:
      break;
  }
}

void LabelWorkspace::keyPressEvent(QKeyEvent* event) {
  if ((event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != Qt::NoModifier) {
    Workspace::keyPressEvent(event);
    return;
  }
  // A key that is held must not label its way through the cohort, nor unlabel it. Slices and stacks
  // may run by.
  const bool once = !event->isAutoRepeat();
  switch (event->key()) {
    case Qt::Key_1:
      if (once) act(Fibrosis);
      break;
    case Qt::Key_0:
      if (once) act(None);
      break;
    case Qt::Key_2:
      if (once) act(Unsure);
      break;
    case Qt::Key_X:
      if (once) act(NotDiagnostic);
      break;
    case Qt::Key_Space:
      if (once) act(Fill);
      break;
    case Qt::Key_Backspace:
      if (once) session_->undo();
      break;
    case Qt::Key_Escape:
      if (maximiser_->restore()) break;
      Workspace::keyPressEvent(event);
      return;
    case Qt::Key_Right:
    case Qt::Key_Down:
      session_->stepTowardsApex(1);
      break;
    case Qt::Key_Left:
    case Qt::Key_Up:
      session_->stepTowardsApex(-1);
      break;
    case Qt::Key_PageDown:
      session_->nextStack();
      break;
    case Qt::Key_PageUp:
      session_->previousStack();
      break;
    case Qt::Key_N:
      if (once) session_->nextUndone();
      break;
    case Qt::Key_F2:
      if (once) showReaders();
      break;
    default:
      Workspace::keyPressEvent(event);
      return;
  }
  event->accept();
}

void LabelWorkspace::refreshStack() {
  const auto& stack = session_->stack();
  sheet_->setStack(stack);
  if (stack) {
    const WorkItem& item = session_->worklist()[static_cast<std::size_t>(session_->position())];
    image_->setTitle(QString::fromStdString(item.patient));
    image_->setStack(stack, session_->slice());
    sheet_->setCurrent(session_->slice());
    patient_->setText(QString::fromStdString(item.patient));
    Q_EMIT stackShown(QString::fromStdString(item.stack));
    const QModelIndex index = worklist_model_->index(session_->position());
    worklist_->setCurrentIndex(index);
    worklist_->scrollTo(index);
    restartClock();
  } else {
    image_->setStack(nullptr);
    patient_->setText(tr("Label"));
  }
  refreshLabels();
}

void LabelWorkspace::followWindows() {
  // The large view has what was chosen in other workspaces.
  for (const ImageKind kind : {ImageKind::Unknown, ImageKind::Magnitude, ImageKind::Psir})
    sheet_->setWindow(kind, image_->rememberedWindow(kind));
}

void LabelWorkspace::restartClock() {
  if (clock_->isActive()) clock_->start();
}

void LabelWorkspace::prepareNext() {
  const auto next = static_cast<std::size_t>(session_->position()) + 1;
  if (desk_ == nullptr || next >= session_->worklist().size()) return;
  // Its voxels were read ahead when the stack before was shown.
  if (const auto stack = desk_->store.cached(session_->worklist()[next].stack))
    sheet_->prepare(stack);
}

void LabelWorkspace::refreshLabels() {
  sheet_->setLabels(session_->labels());
  std::vector<bool> disputed(session_->labels().size(), false);
  for (const session::Disagreement& one : session_->disagreements())
    disputed[static_cast<std::size_t>(one.slice)] = true;
  sheet_->setDisputed(std::move(disputed));
  refreshDecision();
  refreshProgress();
}

void LabelWorkspace::refreshProgress() {
  const LabelProgress progress = session_->progress();
  showProgress(progress_, progress.slices_done, std::max(1, progress.slices));
  const QString counts = session_->deciding() ? tr("%1 of %2 stacks\n%3 of %4 slices decided")
                                              : tr("%1 of %2 stacks\n%3 of %4 slices");
  QString text = counts.arg(progress.stacks_done)
                     .arg(progress.stacks)
                     .arg(progress.slices_done)
                     .arg(progress.slices);
  if (progress.mean_slice_seconds > 0)
    text += u"\n"_s + tr("%1 s a slice, %2 left")
                          .arg(progress.mean_slice_seconds, 0, 'f', 1)
                          .arg(durationText(progress.mean_slice_seconds *
                                            (progress.slices - progress.slices_done)));
  progress_text_->setText(text);
  const auto& stack = session_->stack();
  if (!stack) {
    slice_->clear();
    times_->clear();
    return;
  }
  const int count = stack->sliceCount();
  const int shown = stack->apex_first ? count - session_->slice() : session_->slice() + 1;
  slice_->setText(tr("slice %1 of %2, base first").arg(shown).arg(count));
  times_->setText(tr("%1 s on this slice · %2 on this stack")
                      .arg(qRound(progress.slice_seconds))
                      .arg(durationText(progress.stack_seconds)));
  const SliceLabel label = session_->labels()[static_cast<std::size_t>(session_->slice())];
  for (std::size_t i = 0; i < 4; ++i) actions_[i]->setCheckable(true);
  actions_[Fibrosis]->setChecked(label == SliceLabel::Fibrosis);
  actions_[None]->setChecked(label == SliceLabel::None);
  actions_[Unsure]->setChecked(label == SliceLabel::Unsure);
  actions_[NotDiagnostic]->setChecked(label == SliceLabel::NotDiagnostic);
}

void LabelWorkspace::refreshReader() {
  const QString name = memory::reader();
  shown_reader_ = name;
  reader_->setText(name.isEmpty() ? tr("Who reads?") : name);
}

std::vector<KeyHint> LabelWorkspace::keys() const {
  return {{u"1"_s, tr("Fibrosis")},
          {u"0"_s, tr("No fibrosis")},
          {u"2"_s, tr("Unsure")},
          {u"X"_s, tr("Not diagnostic")},
          {tr("Space"), tr("All remaining none, next stack")},
          {tr("Backspace"), tr("Back and undo")},
          {u"→ ↓ · ← ↑"_s, tr("Towards the apex · the base")},
          {tr("PgDn · PgUp"), tr("Next · previous stack")},
          {u"N"_s, tr("Next stack with something left to do")},
          {u"F2"_s, tr("Another reader")},
          {tr("Wheel"), tr("Slices")},
          {tr("Right drag"), tr("Window and level")},
          {tr("Middle drag"), tr("Pan")},
          {tr("Ctrl+wheel"), tr("Zoom")},
          {tr("Double click · Esc"), tr("The image alone · back")},
          {u"A · R"_s, tr("Automatic window · reset view")},
          {u"I"_s, tr("Smooth, or voxel by voxel")}};
}

}  // namespace gadolin::widgets
