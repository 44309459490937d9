#include "ui/widgets/review_workspace.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>

#include "ui/session/project.h"
#include "ui/session/stack_store.h"
#include "ui/view/heart_view.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/review_numbers.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QString reasonText(session::ReviewReason reason) {
  switch (reason) {
    case session::ReviewReason::Uncertain:
      return ReviewWorkspace::tr("The model is less sure here than elsewhere.");
    case session::ReviewReason::LabelSaysNone:
      return ReviewWorkspace::tr("The labels say no fibrosis; the mask shows some.");
    case session::ReviewReason::LabelSaysFibrosis:
      return ReviewWorkspace::tr("The labels say fibrosis; the mask shows none.");
    case session::ReviewReason::OutsideTraining:
      return ReviewWorkspace::tr("Unlike the training data:");
  }
  return {};
}

namespace {

QString shortReason(const session::ReviewItem& item) {
  if (!item.strangeness.empty()) return ReviewWorkspace::tr("unlike training");
  for (const session::ReviewReason reason : item.reasons) {
    if (reason == session::ReviewReason::LabelSaysNone) return ReviewWorkspace::tr("labelled none");
    if (reason == session::ReviewReason::LabelSaysFibrosis)
      return ReviewWorkspace::tr("labelled fibrosis");
  }
  return item.reasons.empty() ? ReviewWorkspace::tr("sure") : ReviewWorkspace::tr("uncertain");
}

Error misfit(const std::string& stack) {
  return {ErrorCode::Corrupt,
          "The mask has not the size of stack " + stack + ". Run: gadolinctl check PROJECT"};
}

std::string idOf(const session::ReviewItem& item) {
  return item.prediction.stack;
}

}  // namespace

void ReviewWorkspace::tell(const QString& what, const Error& error) {
  if (desk_ != nullptr)
    desk_->notices.show(NoticeKind::Bad, what, QString::fromStdString(error.message));
}

void ReviewWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) {
    storeDrafts(0, false);
    tellOfDrafts(tr("A comment was not stored: nobody gave a name for it"));
    disconnect(&desk_->project, nullptr, this, nullptr);
  }
  desk_ = desk;
  ++generation_;
  drafts_.clear();
  deciding_.clear();
  ++load_number_;
  waiting_ = 0;
  items_.clear();
  shown_stack_.clear();
  undo_.clear();
  redo_.clear();
  agreement_->setDesk(desk_);
  stack_.reset();
  image_->setStack(nullptr);
  fillList();
  refreshItem();
  if (desk_ == nullptr) return;
  connect(&desk_->project, &session::Project::predictionsChanged, this, &ReviewWorkspace::reload);
  connect(&desk_->project, &session::Project::reviewsChanged, this, &ReviewWorkspace::reload);
  connect(&desk_->project, &session::Project::runsChanged, this, &ReviewWorkspace::reloadRuns);
  reloadRuns();
  reload();
}

void ReviewWorkspace::enter() {
  if (tabs_->currentIndex() == 0) image_->setFocus();
}

void ReviewWorkspace::showAgreement(bool on) {
  tabs_->setCurrentIndex(on ? 1 : 0);
  if (on && comment_->hasFocus()) storeDrafts(0, true);
  tab_pages_->setCurrentIndex(on ? 1 : 0);
  if (!on) image_->setFocus();
}

bool ReviewWorkspace::settled() const {
  return waiting_ == 0 && (tabs_->currentIndex() == 0 || agreement_->settled());
}

void ReviewWorkspace::leave() {
  storeDrafts(0, false);
  tellOfDrafts(tr("A comment waits in Review for the name of its reader"));
  setHidden(false);
}

void ReviewWorkspace::reloadRuns() {
  whenDone(this, session::runRecords(desk_->project),
           [this](const Result<std::vector<db::RunRecord>>& runs) {
             if (desk_ == nullptr) return;
             if (!runs) {
               tell(tr("The runs cannot be listed"), runs.error());
               return;
             }
             const QString before = run_->currentData().toString();
             const QSignalBlocker quiet(run_);
             run_->clear();
             run_->addItem(tr("Newest of each stack"), QString());
             for (const db::RunRecord& run : *runs) {
               if (run.state != db::RunState::Finished) continue;
               run_->addItem(QString::fromStdString(run.id), QString::fromStdString(run.id));
             }
             const int index = run_->findData(before);
             run_->setCurrentIndex(std::max(0, index));
             predict_->setEnabled(!desk_->read_only && run_->count() > 1);
           });
}

void ReviewWorkspace::reload() {
  if (desk_ == nullptr) return;
  ++waiting_;
  whenDone(this, session::reviewItems(desk_->project, run_->currentData().toString().toStdString()),
           [this](Result<std::vector<session::ReviewItem>> items) {
             if (waiting_ > 0) --waiting_;
             if (desk_ == nullptr) return;
             if (!items) {
               desk_->notices.show(NoticeKind::Bad, tr("The predictions cannot be read"),
                                   QString::fromStdString(items.error().message));
               return;
             }
             takeItems(std::move(items).value());
           });
}

void ReviewWorkspace::takeItems(std::vector<session::ReviewItem> items) {
  // While the same predictions are reviewed their order stays: nothing jumps under the hand.
  const auto same = [](const session::ReviewItem& a, const session::ReviewItem& b) {
    return a.prediction.id == b.prediction.id;
  };
  if (items.size() == items_.size() &&
      std::is_permutation(items.begin(), items.end(), items_.begin(), same)) {
    for (session::ReviewItem& old : items_)
      old = *std::find_if(items.begin(), items.end(),
                          [&](const session::ReviewItem& each) { return same(each, old); });
    fillList();
    refreshItem();
    return;
  }
  items_ = std::move(items);
  fillList();
  const QString wanted = !wanted_.isEmpty() ? wanted_ : QString::fromStdString(shown_stack_);
  if (!wanted.isEmpty() && list_->setCurrent(wanted))
    show(wanted);
  else if (!items_.empty()) {
    list_->setCurrent(list_->first());
    show(list_->first());
  } else {
    storeDrafts(0, true);
    shown_stack_.clear();
    image_->setStack(nullptr);
    refreshItem();
  }
}

void ReviewWorkspace::fillList() {
  std::vector<ListEntry> entries;
  int decided = 0;
  for (const session::ReviewItem& item : items_) {
    QString mark;
    if (item.verdict == db::Verdict::Accepted) mark = u"✓ "_s;
    if (item.verdict == db::Verdict::Rejected) mark = u"✗ "_s;
    if (item.verdict != db::Verdict::None) ++decided;
    entries.push_back(
        {QString::fromStdString(idOf(item)), mark + QString::fromStdString(item.stack.patient),
         tr("%1 · scar %2 ml").arg(shortReason(item)).arg(item.prediction.scar_ml, 0, 'f', 1)});
  }
  list_->setEntries(entries);
  list_note_->setText(items_.empty()
                          ? tr("No predictions yet. Train a cascade (Ctrl+4), choose its run "
                               "above and press Predict.")
                          : tr("%1 of %2 decided. Those that need a look come first.")
                                .arg(decided)
                                .arg(items_.size()));
}

session::ReviewItem* ReviewWorkspace::current() {
  const auto found =
      std::find_if(items_.begin(), items_.end(),
                   [this](const session::ReviewItem& item) { return idOf(item) == shown_stack_; });
  return found == items_.end() ? nullptr : &*found;
}

void ReviewWorkspace::showStack(const QString& stack) {
  wanted_ = stack;
  if (stack.toStdString() != shown_stack_ && list_->setCurrent(stack)) show(stack);
}

void ReviewWorkspace::showPrediction(const QString& stack) {
  showAgreement(false);
  run_->setCurrentIndex(0);  // lists again where another was chosen
  showStack(stack);
}

void ReviewWorkspace::show(const QString& stack) {
  if (desk_ == nullptr) return;
  wanted_.clear();
  shown_stack_ = stack.toStdString();
  // Also when it is the same stack with another prediction.
  const session::ReviewItem* in_front = current();
  storeDrafts(in_front == nullptr ? 0 : in_front->prediction.id, true);
  const int number = ++load_number_;
  stack_.reset();
  mask_.reset();
  reference_.reset();
  layers_ = {};
  layers_missing_.clear();
  heart_->forgetCamera();
  heart_->setHeart(nullptr, false);
  refreshItem();
  Q_EMIT stackShown(stack);
  ++waiting_;
  whenDone(this, desk_->store.load(shown_stack_),
           [this, number](const Result<std::shared_ptr<const Stack>>& loaded) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_ || desk_ == nullptr) return;
             const session::ReviewItem* item = current();
             if (item == nullptr) return;
             if (!loaded) {
               // The picture and figures of another patient must not stand beside this name.
               image_->setStack(nullptr);
               numbers_->clear();
               tell(tr("The stack cannot be shown"), loaded.error());
               return;
             }
             stack_ = *loaded;
             image_->setTitle(QString::fromStdString(item->stack.patient));
             image_->setStack(stack_);
             loadMasks(*item, number);
           });
}

void ReviewWorkspace::loadMasks(const session::ReviewItem& item, int number) {
  using Loaded = Result<std::shared_ptr<const Mask>>;
  ++waiting_;
  whenDone(this, desk_->store.loadMask(item.mask_sha256), [this, number](const Loaded& mask) {
    if (waiting_ > 0) --waiting_;
    if (number != load_number_ || desk_ == nullptr) return;
    if (!mask || !image_->setMask(*mask)) {
      numbers_->clear();
      tell(tr("The prediction cannot be shown"), mask ? misfit(shown_stack_) : mask.error());
      return;
    }
    mask_ = *mask;
    // Where the scar is largest: that is what a reviewer looks at first.
    int best = stack_->sliceCount() / 2;
    std::ptrdiff_t most = 0;
    for (int z = 0; z < stack_->sliceCount(); ++z) {
      const auto slice = mask_->slice(z);
      const auto scar =
          std::count_if(slice.begin(), slice.end(), [](std::uint8_t l) { return l >= 3; });
      if (scar > most) {
        most = scar;
        best = z;
      }
    }
    image_->setSlice(best);
    measure(number);
    buildHeart();
  });
  if (!item.reference_sha256.empty()) {
    ++waiting_;
    whenDone(this, desk_->store.loadMask(item.reference_sha256),
             [this, number](const Loaded& mask) {
               if (waiting_ > 0) --waiting_;
               if (number != load_number_) return;
               if (!mask || !image_->setReference(*mask)) {
                 tell(tr("The reference mask cannot be shown"),
                      mask ? misfit(shown_stack_) : mask.error());
                 return;
               }
               reference_ = *mask;
               measure(number);
             });
  }
  ++waiting_;
  whenDone(this,
           session::loadPredictionLayers(desk_->project, item.prediction.run, item.prediction.stack,
                                         stack_),
           [this, number](const Result<session::PredictionLayers>& layers) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_) return;
             if (layers)
               layers_ = *layers;
             else if (layers.error().code == ErrorCode::NotFound)
               // A run folder that was emptied to save space: said beside the image, once for each.
               layers_missing_ = QString::fromStdString(layers.error().message);
             else
               tell(tr("The maps of the prediction cannot be shown"), layers.error());
             applyStyle();
             refreshSlice();
           });
  QTimer::singleShot(look_ahead_delay_ms, this, [this, number] {
    if (number == load_number_) lookAhead();
  });
}

void ReviewWorkspace::lookAhead() {
  if (desk_ == nullptr) return;
  // The next two are in memory before they are asked for.
  std::vector<std::string> next;
  for (std::size_t i = 0; i + 1 < items_.size() && next.size() < 2; ++i)
    if (idOf(items_[i]) == shown_stack_)
      for (std::size_t k = i + 1; k < items_.size() && next.size() < 2; ++k)
        next.push_back(idOf(items_[k]));
  desk_->store.prefetch(next);
}

void ReviewWorkspace::measure(int number) {
  if (!stack_ || !mask_) return;
  ++waiting_;
  whenDone(this, QtConcurrent::run([stack = stack_, mask = mask_, reference = reference_] {
             return reviewFigures(*stack, *mask, reference.get());
           }),
           [this, number](const Result<ReviewFigures>& figures) {
             if (waiting_ > 0) --waiting_;
             if (number != load_number_) return;
             if (figures) {
               numbers_->setFigures(*figures);
             } else {
               numbers_->clear();
               tell(tr("The prediction cannot be measured"), figures.error());
             }
           });
}

void ReviewWorkspace::keyPressEvent(QKeyEvent* event) {
  // No verdict on a prediction that is not in front.
  if (tabs_->currentIndex() != 0 ||
      (event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != Qt::NoModifier) {
    Workspace::keyPressEvent(event);
    return;
  }
  const bool once = !event->isAutoRepeat();
  switch (event->key()) {
    case Qt::Key_A:
      if (once) decide(db::Verdict::Accepted);
      break;
    case Qt::Key_R:
      if (once) decide(db::Verdict::Rejected);
      break;
    case Qt::Key_C:
      if (once) beginComment();
      break;
    case Qt::Key_E:
      if (once) beginEditing();
      break;
    case Qt::Key_Escape:
      if (comment_->hasFocus()) {
        discardComment();
      } else if (!maximiser_->restore()) {
        Workspace::keyPressEvent(event);
        return;
      }
      break;
    case Qt::Key_H:
      setHidden(true);
      break;
    case Qt::Key_W:
      image_->useAutoWindow();
      break;
    case Qt::Key_T:
      if (once) setOverlaysOn(!overlays_on_);
      break;
    case Qt::Key_I:
      if (once) image_->toggleSmooth();
      break;
    case Qt::Key_3:
      if (once) setHeartShown(!space_->isChecked());
      break;
    case Qt::Key_BracketLeft:
      image_->changeOpacity(-0.1);
      break;
    case Qt::Key_BracketRight:
      image_->changeOpacity(0.1);
      break;
    case Qt::Key_Right:
    case Qt::Key_Down:
      image_->stepTowardsApex(1);
      break;
    case Qt::Key_Left:
    case Qt::Key_Up:
      image_->stepTowardsApex(-1);
      break;
    case Qt::Key_PageDown:
      list_->step(1);
      break;
    case Qt::Key_PageUp:
      list_->step(-1);
      break;
    default:
      Workspace::keyPressEvent(event);
      return;
  }
  event->accept();
}

void ReviewWorkspace::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_H && !event->isAutoRepeat())
    setHidden(false);
  else
    Workspace::keyReleaseEvent(event);
}

void ReviewWorkspace::changeEvent(QEvent* event) {
  // A key that is let go in another window is not heard of.
  if (event->type() == QEvent::ActivationChange && !isActiveWindow()) setHidden(false);
  Workspace::changeEvent(event);
}

void ReviewWorkspace::setOverlaysOn(bool on) {
  overlays_on_ = on;
  applyStyle();
}

void ReviewWorkspace::setHidden(bool hidden) {
  if (hidden_ == hidden) return;
  hidden_ = hidden;
  applyStyle();
}

std::vector<KeyHint> ReviewWorkspace::keys() const {
  if (tabs_->currentIndex() != 0) return agreement_->keys();
  return {{u"A"_s, tr("Accept, next")},
          {u"R"_s, tr("Reject, next")},
          {u"E"_s, tr("Edit in Contour; Esc comes back")},
          {u"C"_s, tr("Comment: Enter saves it, Esc drops it")},
          {tr("Hold H"), tr("Hide everything laid over the image")},
          {u"T"_s, tr("Overlays on and off")},
          {u"[ · ]"_s, tr("Opacity")},
          {u"→ ↓ · ← ↑"_s, tr("Towards the apex · the base")},
          {tr("PgDn · PgUp"), tr("Next · previous prediction")},
          {u"W"_s, tr("Automatic window")},
          {u"I"_s, tr("Smooth, or voxel by voxel")},
          {u"3"_s, tr("The ventricle in space beside the image")},
          {tr("Double click · Esc"), tr("The image alone · back")},
          {tr("Right drag"), tr("Window and level")},
          {tr("Ctrl+wheel"), tr("Zoom")}};
}

}  // namespace gadolin::widgets
