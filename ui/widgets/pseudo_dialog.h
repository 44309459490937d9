#pragma once
// The pseudo-masks of a run, slice by slice, for a person to accept, trim or reject before the
// fibrosis network learns from them.

#include <QDialog>
#include <QPointer>
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
  /// Of the mask of a slice of the stack in front, as it is shown.
  [[nodiscard]] std::size_t shownPixels(int z) const;
  /// Also stores a stroke that is under way.
  void done(int result) override;

 Q_SIGNALS:
  /// All are judged and the person wants the training to go on.
  void resumeWanted(const QString& run);
  /// A verdict is on the disk.
  void judged();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

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
  void choose(const QString& stack);
  void judge(Verdict verdict);
  void judgeRest(Verdict verdict);
  void erase(const QPointF& from, const QPointF& to);
  void storeTrim();
  void takeBack();
  void finish();
  void reload();
  void showAsDrawn(int z);
  /// In the order asked for, one at a time, away from this thread.
  template <typename Write>
  void write(Write work);
  void changeBrush(double factor);
  void setHidden(bool hidden);
  void applyStyle();
  void refresh();
  void fillList();
  void fillChips();
  [[nodiscard]] bool mayWrite();
  [[nodiscard]] bool mayJudge();
  /// What a slice without a pseudo-mask teaches.
  [[nodiscard]] QString useOf(int z) const;
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
  bool hidden_ = false;  // while H is down
  bool off_ = false;     // by T
  bool map_on_ = false;
  bool finishing_ = false;
  int waiting_ = 0;
  int written_ = 0;  // verdicts that were sent to the disk
  int load_number_ = 0;

  QLabel* about_;
  QLabel* fault_;
  QLabel* said_;
  StackList* list_;
  view::ImageView* image_;
  QHBoxLayout* chips_;
  QPushButton* accept_;
  QPushButton* reject_;
  QPushButton* back_;
  QPushButton* rest_;
  QPushButton* done_;
  ReaderPrompt* prompt_;
};

}  // namespace gadolin::widgets
