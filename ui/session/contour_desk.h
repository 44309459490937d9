#pragma once
// Where a reader's hand becomes a mask on disk.

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/contour/plane.h"
#include "ui/session/drawings.h"
#include "ui/session/project.h"
#include "ui/session/stack_store.h"

namespace gadolin::session {

/// What could not be done.
enum class DrawingFault { Reading, Storing, Revision };

/// One stack at a time is open. Every step is one transaction in the project's writer thread, in
/// the order of the calls; on screen it is seen before. When a step cannot be stored, failed() says
/// so and the stack is read again: what is seen is what is on disk. A revision of the mask follows
/// when the stack is left, and after a while without a step. Thread: the GUI's.
class ContourDesk : public QObject {
  Q_OBJECT
 public:
  ContourDesk(Project& project, StackStore& store, QObject* parent = nullptr);
  /// Asks for the revision of what is open; the project waits for it.
  ~ContourDesk() override;

  /// Whose drawing the next steps are; what is open is read again as theirs.
  void setReader(const QString& name);
  [[nodiscard]] QString reader() const { return reader_; }

  /// A second reading that can be compared with the first: begins with this reader's own drawing,
  /// or with nothing, and shows nobody else's. What is open is read again so.
  void setIndependent(bool independent);
  [[nodiscard]] bool independent() const { return beginning_ == Beginning::Independent; }

  /// Settles what is open and reads this stack; opened() or failed() follows. "" closes.
  void open(const std::string& stack);
  /// Again, where the standing mask is not the one that is drawn on: another one was imported, or a
  /// prediction was accepted.
  void refresh();
  /// The prediction of which drawing() tells is this one, until the stack is left.
  void offerPrediction(std::int64_t mask, const std::string& sha256);
  /// Labels and prediction again.
  void refreshFacts();
  /// Asks for the revision now.
  void settle();

  [[nodiscard]] const std::string& stack() const { return stack_; }
  /// False while it is being read, and in a project that is open for reading.
  [[nodiscard]] bool canDraw() const;
  /// Null until opened(); also there where only the mask could not be read.
  [[nodiscard]] std::shared_ptr<const Stack> image() const { return image_; }
  /// Changes in place with every step, in this thread; null until opened().
  [[nodiscard]] std::shared_ptr<const Mask> mask() const { return mask_; }
  [[nodiscard]] const Drawing& drawing() const { return drawing_; }
  [[nodiscard]] contour::Plane plane() const;

  /// The slice to write on, as it is seen at once; commit() makes it a step. Empty unless canDraw().
  [[nodiscard]] std::span<std::uint8_t> pen(int z);
  /// The slice as it was before pen().
  [[nodiscard]] std::span<const std::uint8_t> before() const { return before_; }
  [[nodiscard]] bool isDrawing() const { return pen_slice_ >= 0; }
  /// False when nothing was changed. tool: for the history, "brush".
  bool commit(const std::string& tool);
  /// Puts the slice back as it was before pen().
  void drop();
  /// The whole mask as one step that is seen on slice z. False when nothing changes.
  bool replace(const Mask& mask, int z, const std::string& tool);

  /// The slice on which the change is seen, or -1 when there is none.
  int undo();
  int redo();
  [[nodiscard]] bool canUndo() const { return canDraw() && !drawing_.done.empty(); }
  [[nodiscard]] bool canRedo() const { return canDraw() && !drawing_.undone.empty(); }

  /// Steps on their way to the disk.
  [[nodiscard]] int pending() const { return pending_; }
  /// True while a stack is being read.
  [[nodiscard]] bool reading() const { return reading_; }

 Q_SIGNALS:
  /// The mask is gone until opened(): whoever draws lets go, and nothing of it is kept.
  void closed();
  void opened();
  /// What readers said of the slices, or the newest prediction, is another.
  void factsChanged();
  /// The mask or what can be undone has changed.
  void changed();
  void stored();
  void failed(gadolin::session::DrawingFault fault, const QString& message);

 private:
  struct Writer;
  void read();
  void take(std::shared_ptr<const Stack> image, Drawing drawing);
  void write(int action, const DrawnStep& step, const contour::MaskDelta& delta);
  void step(std::vector<DrawnStep>& from, std::vector<DrawnStep>& to, bool back);

  Project& project_;
  StackStore& store_;
  QString reader_;
  Beginning beginning_ = Beginning::Standing;
  std::string stack_;
  std::shared_ptr<const Stack> image_;
  std::shared_ptr<Mask> mask_;
  Drawing drawing_;  // its mask is moved into mask_
  std::shared_ptr<Writer> writer_;
  std::vector<std::uint8_t> before_;
  int pen_slice_ = -1;
  int number_ = 0;  // of the reading that counts
  int pending_ = 0;
  int settling_ = 0;
  int step_number_ = 0;  // of the steps since the stack was read
  bool reading_ = false;
  QElapsedTimer since_step_;
  QTimer idle_;
};

}  // namespace gadolin::session
