// Which stacks a reader works through, and the labels of the one in front: the reader's own, or
// what is decided of slices that readers labelled differently.

#include <algorithm>

#include "ui/session/agreement_queries.h"
#include "ui/session/project.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/later.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

void LabelSession::forgetStack() {
  worklist_.clear();
  position_ = heading_ = -1;
  stack_.reset();
  labels_.clear();
  disagreements_.clear();
  loading_ = worklist_read_ = false;
  ++load_number_;
  Q_EMIT worklistChanged();
  Q_EMIT stackChanged();
}

void LabelSession::setWorklist(session::Worklist kind) {
  // Behind the keys that are on their way: they belong to what was in front when they were pressed.
  navigate([this, kind] {
    if (kind == kind_) return;
    const std::string current = position_ >= 0 ? stackId() : std::string();
    kind_ = kind;
    forgetStack();
    if (wanted_stack_.empty()) wanted_stack_ = current;
    readWorklist();
  });
}

const session::Disagreement* LabelSession::disagreement() const {
  const auto found = std::ranges::find(disagreements_, slice_, &session::Disagreement::slice);
  return found == disagreements_.end() ? nullptr : &*found;
}

void LabelSession::reload() {
  reload_wanted_ = true;
  runQueue();
}

void LabelSession::readWorklist() {
  reload_wanted_ = false;
  if (desk_ == nullptr) return;
  whenDone(this, session::labelWorklist(desk_->project, memory::reader().toStdString()),
           [this, generation = generation_, number = ++reload_number_,
            commits = commits_](const Result<std::vector<session::WorklistRow>>& rows) {
             if (generation != generation_ || number != reload_number_) return;
             if (!rows) {
               Q_EMIT failed(tr("The worklist cannot be read"),
                             QString::fromStdString(rows.error().message));
             } else if (busy_ || !queue_.empty() || commits != commits_) {
               reload();  // a key came between: its answer belongs into the list as it was
             } else {
               takeWorklist(*rows);
             }
           });
}

void LabelSession::takeWorklist(const std::vector<session::WorklistRow>& rows) {
  const auto idAt = [this](int position) {
    return position >= 0 ? worklist_[static_cast<std::size_t>(position)].stack : std::string();
  };
  const std::string current = idAt(position_);
  const std::string heading = idAt(heading_);
  worklist_.clear();
  for (const session::WorklistRow& row : rows) {
    const bool in_front = row.stack == current || row.stack == heading;
    if (!in_front && !session::isIn(kind_, row)) continue;
    if (deciding())
      worklist_.push_back({row.stack, row.patient, row.disputed, row.disputed - row.undecided});
    else
      worklist_.push_back({row.stack, row.patient, row.slices, row.labelled});
  }
  // What is left to decide comes first.
  if (deciding())
    std::ranges::stable_partition(
        worklist_, [](const WorkItem& item) { return item.labelled < item.slices; });
  worklist_read_ = true;
  position_ = positionOf(current);
  heading_ = positionOf(heading);
  if (heading_ < 0) {  // what was in front, or on its way there, is not in use any more
    ++load_number_;
    loading_ = false;
    heading_ = position_;
  }
  if (position_ < 0 && stack_) {
    stack_.reset();
    labels_.clear();
    disagreements_.clear();
    Q_EMIT stackChanged();
  }
  Q_EMIT worklistChanged();
  const std::string wanted_stack = std::exchange(wanted_stack_, {});
  const int wanted = positionOf(wanted_stack);
  const auto wanted_slice = std::exchange(wanted_slice_, std::nullopt);
  if (wanted >= 0 && (wanted != heading_ || wanted_slice)) {
    show(wanted, wanted_slice);
    return;
  }
  if (wanted < 0 && wanted_slice)
    Q_EMIT failed(tr("The slice is not in this worklist"),
                  tr("It has been labelled or decided otherwise since, or its stack was set aside."));
  if (heading_ < 0 && !worklist_.empty()) show(0, std::nullopt);
}

int LabelSession::positionOf(const std::string& stack) const {
  for (std::size_t i = 0; i < worklist_.size(); ++i)
    if (worklist_[i].stack == stack) return static_cast<int>(i);
  return -1;
}

void LabelSession::readLabels(std::optional<int> slice) {
  const int number = load_number_;
  // Keys wait until it is known what the slices already are.
  loading_ = true;
  if (deciding()) {
    whenDone(this, session::readDisagreements(desk_->project, stackId()),
             [this, number, slice](const Result<std::vector<session::Disagreement>>& differing) {
               if (number != load_number_) return;
               loading_ = false;
               if (!differing) {
                 queue_.clear();
                 Q_EMIT failed(tr("The labels of this stack cannot be read"),
                               QString::fromStdString(differing.error().message));
               } else {
                 disagreements_ = *differing;
                 std::vector<SliceLabel> decided(labels_.size(), SliceLabel::Unlabelled);
                 for (const session::Disagreement& one : disagreements_)
                   decided.at(static_cast<std::size_t>(one.slice)) = one.decided;
                 takeLabels(decided, slice);
               }
               runQueue();
             });
    return;
  }
  whenDone(this, session::readerLabels(desk_->project, stackId(), memory::reader().toStdString()),
           [this, number, slice](const Result<std::vector<SliceLabel>>& labels) {
             if (number != load_number_) return;
             loading_ = false;
             if (!labels) {
               queue_.clear();  // keys that were meant for slices whose labels nobody has seen
               Q_EMIT failed(tr("Your labels of this stack cannot be read"),
                             QString::fromStdString(labels.error().message));
             } else if (labels->size() == labels_.size()) {
               takeLabels(*labels, slice);
             }
             runQueue();
           });
}

void LabelSession::takeLabels(const std::vector<SliceLabel>& labels, std::optional<int> slice) {
  labels_ = labels;
  countLabels();
  if (!slice) {
    // A half-labelled stack goes on where it was left.
    const auto order = displayOrder();
    auto next = std::ranges::find_if(order, [this](int z) { return isOpen(z); });
    if (next == order.end() && deciding())
      next = std::ranges::find_if(order, [this](int z) {
        return std::ranges::count(disagreements_, z, &session::Disagreement::slice) > 0;
      });
    if (next != order.end()) showSlice(*next);
  }
  Q_EMIT labelsChanged();
}

bool LabelSession::isOpen(int z) const {
  return labels_[static_cast<std::size_t>(z)] == SliceLabel::Unlabelled &&
         (!deciding() || std::ranges::count(disagreements_, z, &session::Disagreement::slice) > 0);
}

}  // namespace gadolin::widgets
