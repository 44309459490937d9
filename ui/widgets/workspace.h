#pragma once
// What the six workspaces have in common, and what the shell lends them.

#include <QString>
#include <QWidget>
#include <vector>

namespace gadolin::session {
class Project;
class StackStore;
class LabelDesk;
}  // namespace gadolin::session

namespace gadolin::widgets {

class JobList;
class Notices;

enum class Place { Cohort, Label, Contour, Train, Review, Report };
inline constexpr int place_count = 6;

struct KeyHint {
  QString keys;     // "1", "Space", "Ctrl+Z"
  QString meaning;  // a few words
};

/// The open project and the services of the window. Everything outlives the workspaces' use of it:
/// they get it by setDesk() and give it back with setDesk(nullptr).
struct Desk {
  session::Project& project;
  session::StackStore& store;
  session::LabelDesk& labels;
  JobList& jobs;
  Notices& notices;
  bool read_only = false;
};

/// Reading ahead waits until the stack that was asked for is painted: on two cores it would cost
/// that frame some ten milliseconds.
inline constexpr int look_ahead_delay_ms = 80;

class Workspace : public QWidget {
  Q_OBJECT
 public:
  explicit Workspace(QWidget* parent = nullptr) : QWidget(parent) {
    setObjectName(QStringLiteral("workspace"));
    setAttribute(Qt::WA_StyledBackground);
  }

  /// A project was opened, or (nullptr) is about to be closed.
  virtual void setDesk(Desk* desk) = 0;
  /// The workspace came to the front: take the keyboard focus, refresh what may be old.
  virtual void enter() {}
  virtual void leave() {}
  virtual std::vector<KeyHint> keys() const = 0;
  virtual void undo() {}
  virtual void redo() {}
  /// See editPrediction(); of Contour alone.
  virtual void beginEdit(const QString& stack, int slice, qint64 mask, const QString& sha256) {
    Q_UNUSED(slice)
    Q_UNUSED(mask)
    Q_UNUSED(sha256)
    showStack(stack);
  }
  /// See decideSlice(); of Label alone.
  virtual void beginDecision(const QString& stack, int slice) {
    Q_UNUSED(slice)
    showStack(stack);
  }
  /// Shows the newest prediction of this stack, whichever run was chosen before; of Review alone.
  virtual void showPrediction(const QString& stack) { showStack(stack); }
  /// Shows this run; of Train alone.
  virtual void showRun(const QString& run) { Q_UNUSED(run) }
  /// Shows this stack as soon as it can.
  virtual void showStack(const QString& stack) { Q_UNUSED(stack) }
  /// True when everything that was asked for is on screen; screenshots wait for it.
  [[nodiscard]] virtual bool settled() const { return true; }

 Q_SIGNALS:
  void openStack(const QString& stack, gadolin::widgets::Place place);
  /// What is wrong with a prediction is to be drawn right: revision `mask` of the stack, blob
  /// `sha256`, beginning with the slice that is looked at.
  void editPrediction(const QString& stack, int slice, qint64 mask, const QString& sha256);
  /// Readers disagree on this slice (0-based, in stored order; -1: on some of the stack): it is to be
  /// decided.
  void decideSlice(const QString& stack, int slice);
  /// The newest prediction of the stack, in Review; this run, in Train.
  void openPrediction(const QString& stack);
  void openRun(const QString& run);
  /// The stack in front changed; the shell remembers it for the project.
  void stackShown(const QString& stack);
};

}  // namespace gadolin::widgets
