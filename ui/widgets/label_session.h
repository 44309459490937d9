#pragma once
// What a reader does in the Label workspace, without a widget: the worklist, the stack and slice in
// front, one committed label a key, and what comes next.

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/imaging/stack.h"
#include "ui/session/label_agreement.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

/// Of the worklist of disagreements: slices that differ, and how many of them are decided.
struct WorkItem {
  std::string stack;
  std::string patient;
  int slices = 0;
  int labelled = 0;
};

struct LabelProgress {
  int stacks_done = 0;  // every slice labelled
  int stacks = 0;
  int slices_done = 0;
  int slices = 0;
  double slice_seconds = 0;  // looked at the slice in front
  double stack_seconds = 0;  // looked at the stack in front
  double mean_slice_seconds =
      0;  // over what was labelled since the workspace was opened; 0: nothing
};

/// Keys may come faster than the disk takes them: they wait in a queue, and each acts on what the
/// one before it left on screen. GUI thread only.
class LabelSession : public QObject {
  Q_OBJECT
 public:
  explicit LabelSession(QObject* parent = nullptr);

  void setDesk(Desk* desk);
  /// Reads the worklist: stacks without any label first, then unfinished ones, then the rest; after
  /// the keys that are on their way, whose answers belong to the stack in front. That stack stays
  /// in the list until it is left, also where its labels would take it out.
  void reload();
  /// Which stacks are worked through. In the one of disagreements labels are decisions (LabelDesk::
  /// decide) on slices that readers labelled differently, and what they said is told; everywhere
  /// else a reader meets nobody's labels but their own.
  void setWorklist(session::Worklist kind);
  [[nodiscard]] session::Worklist worklistKind() const { return kind_; }
  [[nodiscard]] bool deciding() const { return kind_ == session::Worklist::Disagreements; }
  /// Of the stack in front, while deciding.
  [[nodiscard]] const std::vector<session::Disagreement>& disagreements() const {
    return disagreements_;
  }
  /// What readers said of the slice in front; null where they do not differ.
  [[nodiscard]] const session::Disagreement* disagreement() const;

  void label(SliceLabel label);
  void fillRemainingNone();
  void undo();
  void redo();

  // Where the reader goes; waits for keys before it that are not on disk yet.
  /// A stack that the worklist has not is shown in that of all stacks.
  void openStack(const std::string& stack);
  /// The same in the present worklist alone, with a slice in front. What the list has not is looked
  /// for on disk before failed() tells that it is not in it.
  void openSlice(const std::string& stack, std::optional<int> slice);
  /// The next stack, in the order of the worklist, with something left to do.
  void nextUndone();
  void nextStack();
  void previousStack();
  void goToSlice(int z);
  /// Towards the apex (positive) or the base.
  void stepTowardsApex(int steps);
  void stopClock();
  void startClock();

  [[nodiscard]] const std::vector<WorkItem>& worklist() const { return worklist_; }
  [[nodiscard]] int position() const { return position_; }  // in the worklist; -1: none
  [[nodiscard]] const std::shared_ptr<const Stack>& stack() const { return stack_; }
  [[nodiscard]] const std::vector<SliceLabel>& labels() const { return labels_; }
  [[nodiscard]] int slice() const { return slice_; }
  [[nodiscard]] LabelProgress progress() const;
  /// Nothing is waiting for the disk.
  [[nodiscard]] bool idle() const {
    return !busy_ && queue_.empty() && !loading_ && !reload_wanted_ &&
           (desk_ == nullptr || worklist_read_);
  }

 Q_SIGNALS:
  void worklistChanged();
  /// Another worklist than was chosen, because of openStack().
  void worklistKindChanged();
  /// One entry's count of labels, at this position of the worklist.
  void workItemChanged(int position);
  /// Image and labels of another stack are there; nullptr: none.
  void stackChanged();
  /// The present stack is on the screen: time to make ready what comes next.
  void lookedAhead();
  void labelsChanged();
  void sliceChanged(int z);
  void failed(const QString& what, const QString& why);
  /// The last slice of the last unfinished stack was labelled.
  void allDone();

 private:
  void navigate(std::function<void()> action);
  void enqueue(std::function<void()> action);
  void actionDone();
  void runQueue();
  void show(int position, std::optional<int> slice);
  void showLoaded(int position, std::shared_ptr<const Stack> stack, std::optional<int> slice);
  void readWorklist();
  void takeWorklist(const std::vector<session::WorklistRow>& rows);
  void readLabels(std::optional<int> slice);
  void takeLabels(const std::vector<SliceLabel>& labels, std::optional<int> slice);
  void forgetStack();
  [[nodiscard]] bool isOpen(int z) const;
  void advance();
  void goToNextUnfinished();
  void lookAhead();
  void countLabels();
  void goTo(const std::string& stack, int slice);
  void showSlice(int z);
  /// Seconds since the last label, or since the stack came up: with every look through its slices.
  double takeLook();
  [[nodiscard]] const std::string& stackId() const;
  [[nodiscard]] std::vector<int> displayOrder() const;
  [[nodiscard]] int positionOf(const std::string& stack) const;

  Desk* desk_ = nullptr;
  session::Worklist kind_ = session::Worklist::All;
  std::vector<session::Disagreement> disagreements_;
  std::optional<int> wanted_slice_;
  bool reload_wanted_ = false;  // when no key is on its way any more
  int reload_number_ = 0;
  int commits_ = 0;  // a worklist that was read before one of them is older than the keys
  std::vector<WorkItem> worklist_;
  int position_ = -1;
  int heading_ = -1;  // position that is being read; else position_
  std::string wanted_stack_;
  std::shared_ptr<const Stack> stack_;
  std::vector<SliceLabel> labels_;
  int slice_ = 0;
  bool busy_ = false;     // an action waits for COMMIT
  bool loading_ = false;  // a stack is being read
  bool worklist_read_ = false;
  int load_number_ = 0;
  int generation_ = 0;  // of the desk: answers meant for an earlier one are dropped
  std::deque<std::function<void()>> queue_;
  QTimer ahead_;
  QElapsedTimer look_clock_;
  QElapsedTimer slice_clock_;
  QElapsedTimer stack_clock_;
  double labelled_seconds_ = 0;
  int labelled_count_ = 0;
};

}  // namespace gadolin::widgets
