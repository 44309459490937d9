#include "ui/widgets/label_session.h"

#include <algorithm>
#include <numeric>

#include "ui/session/label_desk.h"
#include "ui/session/project.h"
#include "ui/session/stack_store.h"
#include "ui/widgets/later.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

namespace {

constexpr int prefetched_stacks = 3;
/// A reader who went for coffee did not look at the slice all the time.
constexpr double longest_look_s = 120.0;

double secondsOf(const QElapsedTimer& clock) {
  return clock.isValid() ? std::min(longest_look_s, static_cast<double>(clock.elapsed()) * 1e-3)
                         : 0.0;
}

}  // namespace

LabelSession::LabelSession(QObject* parent) : QObject(parent) {
  ahead_.setSingleShot(true);
  ahead_.setInterval(look_ahead_delay_ms);
  connect(&ahead_, &QTimer::timeout, this, &LabelSession::lookAhead);
}

void LabelSession::setDesk(Desk* desk) {
  desk_ = desk;
  queue_.clear();
  reload_wanted_ = false;
  wanted_stack_.clear();
  wanted_slice_.reset();
  busy_ = false;
  ++generation_;
  forgetStack();
  readWorklist();
}

void LabelSession::openStack(const std::string& stack) {
  navigate([this, stack] {
    if (!worklist_read_) {
      wanted_stack_ = stack;
      return;
    }
    const int position = positionOf(stack);
    if (position < 0 && kind_ != session::Worklist::All) {
      kind_ = session::Worklist::All;
      forgetStack();
      wanted_stack_ = stack;
      readWorklist();
      Q_EMIT worklistKindChanged();
      return;
    }
    if (position >= 0 && position != heading_) show(position, std::nullopt);
  });
}

void LabelSession::openSlice(const std::string& stack, std::optional<int> slice) {
  navigate([this, stack, slice] {
    const int position = positionOf(stack);
    if (position < 0) {
      // Not read yet, or older than the question: the answer takes it.
      wanted_stack_ = stack;
      wanted_slice_ = slice;
      if (worklist_read_) readWorklist();
    } else if (position != position_ || heading_ != position_) {
      show(position, slice);
    } else if (slice) {
      showSlice(*slice);
      if (deciding()) readLabels(slice);  // the difference may be newer than the stack in front
    }
  });
}

void LabelSession::nextUndone() {
  navigate([this] { goToNextUnfinished(); });
}

void LabelSession::show(int position, std::optional<int> slice) {
  if (desk_ == nullptr || position < 0 || position >= static_cast<int>(worklist_.size())) return;
  const std::string& id = worklist_[static_cast<std::size_t>(position)].stack;
  const int number = ++load_number_;
  heading_ = position;
  if (auto cached = desk_->store.cached(id)) {
    showLoaded(position, std::move(cached), slice);
    return;
  }
  loading_ = true;
  whenDone(this, desk_->store.load(id),
           [this, slice, number](const Result<std::shared_ptr<const Stack>>& stack) {
             if (number != load_number_) return;
             loading_ = false;
             if (!stack) {
               heading_ = position_;
               queue_.clear();  // keys that were meant for it
               Q_EMIT failed(tr("The stack cannot be shown"),
                             QString::fromStdString(stack.error().message));
               runQueue();
               return;
             }
             showLoaded(heading_, *stack, slice);  // the worklist may have been read anew
           });
}

void LabelSession::showLoaded(int position, std::shared_ptr<const Stack> stack,
                              std::optional<int> slice) {
  position_ = heading_ = position;
  stack_ = std::move(stack);
  labels_.assign(static_cast<std::size_t>(stack_->sliceCount()), SliceLabel::Unlabelled);
  disagreements_.clear();
  slice_ = slice.value_or(displayOrder().front());
  startClock();
  Q_EMIT stackChanged();
  readLabels(slice);
  ahead_.start();
}

void LabelSession::lookAhead() {
  if (desk_ == nullptr) return;
  std::vector<std::string> next;
  for (std::size_t i = static_cast<std::size_t>(position_) + 1;
       i < worklist_.size() && next.size() < prefetched_stacks; ++i)
    next.push_back(worklist_[i].stack);
  desk_->store.prefetch(next);
  Q_EMIT lookedAhead();
}

std::vector<int> LabelSession::displayOrder() const {
  std::vector<int> order(labels_.size());
  std::iota(order.begin(), order.end(), 0);
  if (stack_ && stack_->apex_first) std::reverse(order.begin(), order.end());
  return order;
}

void LabelSession::countLabels() {
  if (position_ < 0) return;
  WorkItem& item = worklist_[static_cast<std::size_t>(position_)];
  if (deciding()) item.slices = static_cast<int>(disagreements_.size());
  item.labelled = static_cast<int>(std::count_if(
      labels_.begin(), labels_.end(), [](SliceLabel l) { return l != SliceLabel::Unlabelled; }));
  Q_EMIT workItemChanged(position_);
}

const std::string& LabelSession::stackId() const {
  return worklist_[static_cast<std::size_t>(position_)].stack;
}

void LabelSession::navigate(std::function<void()> action) {
  // Behind a key that waits for the disk: that key's answer belongs on the slice where it was
  // pressed. A stack that is only being read is overtaken at once.
  if (busy_ || !queue_.empty())
    enqueue(std::move(action));
  else
    action();
}

void LabelSession::enqueue(std::function<void()> action) {
  queue_.push_back(std::move(action));
  runQueue();
}

void LabelSession::actionDone() {
  busy_ = false;
  ++commits_;
  runQueue();
}

void LabelSession::runQueue() {
  while (!busy_ && !loading_ && !queue_.empty()) {
    auto action = std::move(queue_.front());
    queue_.pop_front();
    action();
  }
  if (!busy_ && queue_.empty() && reload_wanted_) readWorklist();
}

void LabelSession::label(SliceLabel label) {
  enqueue([this, label] {
    if (desk_ == nullptr || !stack_) return;
    if (deciding() && disagreement() == nullptr) {
      Q_EMIT failed(tr("Nothing to decide on this slice"),
                    tr("Readers agree on it, or only one has labelled it. N shows the next one."));
      return;
    }
    busy_ = true;
    const double seconds = takeLook();
    const int slice = slice_;
    whenDone(this,
             deciding() ? desk_->labels.decide(stackId(), slice, label, seconds)
                        : desk_->labels.label(stackId(), slice, label, seconds),
             [this, stack = stack_, slice, label, seconds,
              generation = generation_](const auto& committed) {
               if (generation != generation_) return;
               if (!committed) {
                 queue_.clear();
                 Q_EMIT failed(tr("The label was not saved"),
                               QString::fromStdString(committed.error().message));
               } else if (stack == stack_) {
                 labels_[static_cast<std::size_t>(slice)] = label;
                 for (session::Disagreement& one : disagreements_)
                   if (one.slice == slice) {
                     one.decided = label;
                     one.decided_by = memory::reader().toStdString();
                   }
                 labelled_seconds_ += seconds;
                 ++labelled_count_;
                 countLabels();
                 Q_EMIT labelsChanged();
                 advance();
               }
               actionDone();
             });
  });
}

void LabelSession::fillRemainingNone() {
  enqueue([this] {
    if (desk_ == nullptr || !stack_) return;
    if (deciding()) {  // nothing is decided by leaving it out
      goToNextUnfinished();
      return;
    }
    busy_ = true;
    const double seconds = takeLook();
    whenDone(this, desk_->labels.fillRemainingNone(stackId(), seconds),
             [this, stack = stack_, seconds, generation = generation_](const auto& committed) {
               if (generation != generation_) return;
               if (!committed) {
                 queue_.clear();
                 Q_EMIT failed(tr("The labels were not saved"),
                               QString::fromStdString(committed.error().message));
               } else if (stack == stack_) {
                 for (SliceLabel& label : labels_)
                   if (label == SliceLabel::Unlabelled) {
                     label = SliceLabel::None;
                     ++labelled_count_;
                   }
                 labelled_seconds_ += seconds;
                 countLabels();
                 Q_EMIT labelsChanged();
                 goToNextUnfinished();
               }
               actionDone();
             });
  });
}

void LabelSession::advance() {
  const std::vector<int> order = displayOrder();
  const auto here = std::find(order.begin(), order.end(), slice_);
  if (deciding()) {
    const auto next = std::find_if(here, order.end(), [this](int z) { return isOpen(z); });
    if (next != order.end()) {
      showSlice(*next);
      return;
    }
  } else if (here != order.end() && here + 1 != order.end()) {
    showSlice(*(here + 1));
    return;
  }
  // At the end: what was skipped, then the next stack.
  for (const int z : order)
    if (isOpen(z)) {
      showSlice(z);
      return;
    }
  goToNextUnfinished();
}

void LabelSession::goToNextUnfinished() {
  const int count = static_cast<int>(worklist_.size());
  for (int step = 1; step < count; ++step) {
    const int candidate = (position_ + step) % count;
    const WorkItem& item = worklist_[static_cast<std::size_t>(candidate)];
    if (item.labelled < item.slices) {
      show(candidate, std::nullopt);
      return;
    }
  }
  Q_EMIT allDone();
}

void LabelSession::goTo(const std::string& stack, int slice) {
  const int position = positionOf(stack);
  if (position < 0) return;
  if (position == position_) {
    showSlice(slice);
    readLabels(slice);
  } else {
    show(position, slice);
  }
}

void LabelSession::undo() {
  enqueue([this] {
    if (desk_ == nullptr || !desk_->labels.canUndo()) return;
    busy_ = true;
    whenDone(this, desk_->labels.undo(), [this, generation = generation_](const auto& step) {
      if (generation != generation_) return;
      if (!step)
        Q_EMIT failed(tr("Nothing was undone"), QString::fromStdString(step.error().message));
      else
        goTo(step->stack, step->slice);
      actionDone();
    });
  });
}

void LabelSession::redo() {
  enqueue([this] {
    if (desk_ == nullptr || !desk_->labels.canRedo()) return;
    busy_ = true;
    whenDone(this, desk_->labels.redo(), [this, generation = generation_](const auto& step) {
      if (generation != generation_) return;
      if (!step)
        Q_EMIT failed(tr("Nothing was redone"), QString::fromStdString(step.error().message));
      else
        goTo(step->stack, step->slice);
      actionDone();
    });
  });
}

void LabelSession::nextStack() {
  navigate([this] { show(heading_ + 1, std::nullopt); });
}
void LabelSession::previousStack() {
  navigate([this] { show(heading_ - 1, std::nullopt); });
}

void LabelSession::goToSlice(int z) {
  if (z == slice_) return;  // the views echo what they were told
  navigate([this, z] { showSlice(z); });
}

void LabelSession::showSlice(int z) {
  if (!stack_ || z == slice_ || z < 0 || z >= stack_->sliceCount()) return;
  slice_ = z;
  slice_clock_.start();
  Q_EMIT sliceChanged(z);
}

void LabelSession::stepTowardsApex(int steps) {
  navigate([this, steps] {
    if (!stack_) return;
    showSlice(
        std::clamp(slice_ + (stack_->apex_first ? -steps : steps), 0, stack_->sliceCount() - 1));
  });
}

double LabelSession::takeLook() {
  const double seconds = secondsOf(look_clock_);
  look_clock_.start();
  return seconds;
}

void LabelSession::stopClock() {
  look_clock_.invalidate();
  slice_clock_.invalidate();
  stack_clock_.invalidate();
}

void LabelSession::startClock() {
  look_clock_.start();
  slice_clock_.start();
  stack_clock_.start();
}

LabelProgress LabelSession::progress() const {
  LabelProgress progress;
  progress.stacks = static_cast<int>(worklist_.size());
  for (const WorkItem& item : worklist_) {
    progress.slices += item.slices;
    progress.slices_done += item.labelled;
    if (item.labelled >= item.slices) ++progress.stacks_done;
  }
  progress.slice_seconds = secondsOf(slice_clock_);
  progress.stack_seconds =
      stack_clock_.isValid() ? static_cast<double>(stack_clock_.elapsed()) * 1e-3 : 0.0;
  if (labelled_count_ > 0) progress.mean_slice_seconds = labelled_seconds_ / labelled_count_;
  return progress;
}

}  // namespace gadolin::widgets
