#pragma once
// Where a reader's keys become labels on disk.

#include <QFuture>
#include <QObject>
#include <QString>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/labels/slice_label.h"
#include "database/labels.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// What a key did, and where the view should go to show it.
struct LabelOutcome {
  std::string stack;
  int slice = 0;  // 0-based, in stored order: the first slice that changed
  std::vector<db::LabelEventRecord> events;
};

/// Every call is one transaction in the project's writer thread, in the order of the calls; the
/// future completes after COMMIT, and Project::labelsChanged(stack) follows. Thread: the GUI's.
class LabelDesk : public QObject {
  Q_OBJECT
 public:
  using Future = QFuture<Result<LabelOutcome>>;

  explicit LabelDesk(Project& project, QObject* parent = nullptr);
  ~LabelDesk() override;

  /// Whose labels the next keys are. Forgets what could be undone: nobody undoes another's labels.
  void setReader(const QString& name);
  [[nodiscard]] QString reader() const;

  /// slice: 0-based, in stored order. SliceLabel::Unlabelled takes the reader's label back.
  /// seconds: how long the reader looked. InvalidInput without a reader.
  Future label(const std::string& stack, int slice, SliceLabel label, double seconds);
  /// A third decision on a slice on which readers disagree (database/consensus.h), by this reader
  /// as its author; Unlabelled takes it back. The readers' labels stay as they are. Undone like a
  /// label: what stood before stands again by whoever had decided it.
  Future decide(const std::string& stack, int slice, SliceLabel label, double seconds);
  /// None on every slice of the stack that this reader has not labelled.
  Future fillRemainingNone(const std::string& stack, double seconds);
  /// Restores what this reader had before the last action that is not undone, whatever stack it was
  /// on. Conflict when there is none, or when the label was changed elsewhere since.
  Future undo();
  Future redo();
  /// As of the last call that has completed; changes are told by historyChanged().
  [[nodiscard]] bool canUndo() const;
  [[nodiscard]] bool canRedo() const;

 Q_SIGNALS:
  void historyChanged();

 private:
  struct History;
  Future submit(std::function<Result<LabelOutcome>(db::Database&)> job);
  Future step(bool back);

  Project& project_;
  QString reader_;
  std::shared_ptr<History> history_;
};

}  // namespace gadolin::session
