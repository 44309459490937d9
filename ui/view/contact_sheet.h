#pragma once
// All slices of a stack at a glance, base to apex, with what is said of each.

#include <QImage>
#include <QThreadPool>
#include <QWidget>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "core/imaging/stack.h"
#include "core/labels/slice_label.h"
#include "ui/view/window_level.h"

namespace gadolin::view {

/// Thumbnails are made in a thread of its own and kept for the last stacks; painting only copies
/// them. States differ by glyph and word as well as by colour.
/// Slices are numbered as stored; they are shown base first.
/// Thread: the GUI thread.
class ContactSheet : public QWidget {
  Q_OBJECT
 public:
  explicit ContactSheet(QWidget* parent = nullptr);
  ~ContactSheet() override;

  /// Labels become Unlabelled and the most basal slice current. Null clears.
  void setStack(std::shared_ptr<const Stack> stack);
  [[nodiscard]] const std::shared_ptr<const Stack>& stack() const { return stack_; }
  /// One per slice, stored order; missing ones are Unlabelled.
  void setLabels(std::vector<SliceLabel> labels);
  /// Slices that readers labelled differently: a sign at their upper right. One per slice, stored
  /// order; missing ones are not marked.
  void setDisputed(std::vector<bool> disputed);
  void setCurrent(int z);
  [[nodiscard]] int current() const { return current_; }
  /// The window of the large view for stacks of this kind, see ImageView::windowChanged.
  void setWindow(ImageKind kind, const RelativeWindow& window);
  [[nodiscard]] RelativeWindow windowOf(ImageKind kind) const;
  /// Makes the thumbnails of a stack that will be shown next.
  void prepare(const std::shared_ptr<const Stack>& stack);
  /// False while thumbnails of the present stack are still being made.
  [[nodiscard]] bool isComplete() const;

  [[nodiscard]] QRect tileOf(int z) const;
  [[nodiscard]] QSize sizeHint() const override { return {300, 480}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {120, 120}; }

 Q_SIGNALS:
  void sliceChosen(int z);
  /// Thumbnails of the present stack have been painted.
  void painted();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Thumbnails {
    std::shared_ptr<const Stack> stack;
    RelativeWindow window;
    QSize box;                   // device pixels
    std::vector<QImage> images;  // by slice; empty while they are being made
  };
  struct Grid {
    int columns = 1;
    int rows = 1;
    QSize tile;  // logical pixels
  };
  [[nodiscard]] Grid gridFor(const Stack& stack) const;
  [[nodiscard]] QSize boxFor(const Stack& stack) const;
  [[nodiscard]] int positionOf(int z) const;
  [[nodiscard]] int sliceAt(QPoint position) const;
  Thumbnails* find(const Stack& stack, QSize box);
  void request(const std::shared_ptr<const Stack>& stack);
  void paintTile(QPainter& painter, int z, const QRect& tile, const Thumbnails* thumbnails);

  std::shared_ptr<const Stack> stack_;
  std::vector<SliceLabel> labels_;
  std::vector<bool> disputed_;
  int current_ = 0;
  std::map<ImageKind, RelativeWindow> windows_;  // those that differ from the automatic one
  std::list<Thumbnails> cache_;                  // newest first
  QThreadPool pool_;
};

}  // namespace gadolin::view
