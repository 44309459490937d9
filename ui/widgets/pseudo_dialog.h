#pragma once
// The pseudo-masks of a run, slice by slice, for a person to accept, trim or reject before the
// fibrosis network learns from them.

#include <QDialog>
#include <QPointer>
#include <QThreadPool>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/imaging/stack.h"
#include "ui/session/pseudo_masks.h"
#include "ui/view/slice_scene.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

struct Desk;
class ReaderPrompt;
class StackList;

class PseudoDialog : public QDialog {
  Q_OBJECT
 public:
  /// `desk` must outlive the dialog's use of it: whoever takes the project away deletes the dialog.
  PseudoDialog(Desk& desk, std::string run, QWidget* parent);
  ~PseudoDialog() override;

  /// True when what was asked for is on the screen and every verdict on the disk.
  [[nodiscard]] bool settled() const { return waiting_ == 0; }
  [[nodiscard]] const session::PseudoState& state() const { return state_; }
  [[nodiscard]] view::ImageView& image() { return *image_; }

 Q_SIGNALS:
  /// All are judged and the person wants the training to go on.
  void resumeWanted(const QString& run);
  /// A verdict is on the disk.
  void judged();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  using Verdict = run::PseudoVerdict;
  struct Layers {
    run::PseudoMaskFile file;
    std::vector<std::uint8_t> kept;  // what is left of file.mask
  };

  QWidget* makeSide();
  void load(bool show_first);
  void show(const QString& stack);
  void takeLayers(Layers layers);
  void showMask();
  void lookAtHeart();
  void stepSlice(int steps);
  void goOn();
  void judge(std::optional<Verdict> verdict);
  void judgeRest(Verdict verdict);
  void erase(const QPointF& from, const QPointF& to);
  void storeTrim();
  void restore();
  void finish();
  /// In the order asked for, one at a time, away from this thread.
  template <typename Write>
  void write(Write work);
  void changeBrush(double factor);
  void setHidden(bool hidden);
  void applyStyle();
  void refresh();
  void fillList();
  void fillChips();
  [[nodiscard]] bool mayJudge();
  [[nodiscard]] session::PseudoStack* stack();
  [[nodiscard]] session::PseudoSlice* slice();
  void tell(const QString& what, const Error& error);

  Desk& desk_;
  const std::string run_;
  session::PseudoState state_;
  std::string shown_;  // id of the stack in front
  std::shared_ptr<const Stack> image_stack_;
  std::optional<Layers> layers_;
  bool trimmed_ = false;  // by a stroke that is not stored yet
  double brush_mm_ = 4;
  bool hidden_ = false, map_on_ = false;
  int waiting_ = 0;
  int load_number_ = 0;
  QThreadPool writer_;  // of one thread

  QLabel* about_;
  QLabel* said_;
  StackList* list_;
  view::ImageView* image_;
  QHBoxLayout* chips_;
  QPushButton* accept_;
  QPushButton* reject_;
  QPushButton* restore_;
  QPushButton* rest_;
  QPushButton* done_;
  ReaderPrompt* prompt_;
};

}  // namespace gadolin::widgets
