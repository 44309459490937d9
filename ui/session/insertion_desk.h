#pragma once
// Where a reader sets, moves and takes back the insertions of the right ventricle.

#include <QObject>
#include <QString>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/wall_report.h"
#include "core/imaging/volume.h"
#include "ui/session/project.h"

namespace gadolin::db {
struct InsertionRecord;
}

namespace gadolin::session {

/// The insertions of one stack. What is set is seen at once and is one transaction each in the
/// project's writer thread; where that fails, failed() says so and what is on disk is shown. As long
/// as nobody has set any, those that the program finds in the image are proposed. Thread: the GUI's.
class InsertionDesk : public QObject {
  Q_OBJECT
 public:
  explicit InsertionDesk(Project& project, QObject* parent = nullptr);

  void setReader(const QString& name) { reader_ = name; }
  /// Another stack, or "" for none; changed() follows.
  void open(const std::string& stack);
  /// Looks for the insertions in the image, unless a reader has set them; changed() follows when some
  /// are found. Both may be another's soon: they are kept until then.
  void propose(std::shared_ptr<const Stack> image, std::shared_ptr<const Mask> mask);

  /// What the segments are counted from: by readers, else proposed.
  [[nodiscard]] const std::vector<analysis::RvInsertion>& points() const {
    return set_.points.empty() ? proposed_ : set_.points;
  }
  [[nodiscard]] bool areProposed() const { return set_.points.empty() && !proposed_.empty(); }
  /// Who set the newest; empty where none is set.
  [[nodiscard]] const std::string& setBy() const { return set_.reader; }

  /// Moves or adds a point of a slice; no place takes it away. Where the points were proposed, the
  /// other one of them is stored as well: the reader has seen both.
  void set(int slice, analysis::InsertionKind kind, std::optional<std::array<double, 2>> place);
  /// Stores the proposed points as the reader's.
  void confirm();
  /// Puts back what the last set() or confirm() since open() changed; false when there is none.
  bool undo();

  /// Searches and transactions that are under way.
  [[nodiscard]] int pending() const { return pending_; }

 Q_SIGNALS:
  void changed();
  void failed(const QString& message);

 private:
  void read();
  bool write(const analysis::SetInsertions& after);
  void store(std::vector<db::InsertionRecord> rows);

  Project& project_;
  QString reader_;
  std::string stack_;
  analysis::SetInsertions set_;
  std::vector<analysis::RvInsertion> proposed_;
  std::vector<analysis::SetInsertions> before_;  // for undo, the newest last
  int number_ = 0;                               // of the stack that is open
  bool changed_here_ = false;  // since it was opened: what is read later is older
  int pending_ = 0;
};

}  // namespace gadolin::session
