#pragma once
// The image of a workspace over everything else in it, and back: a double click, or Esc.

#include <QObject>
#include <QPointer>
#include <utility>
#include <vector>

class QSplitter;
class QWidget;

namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

/// Hides what stands beside the image, up to the border of its workspace; what was hidden before
/// stays hidden when the rest comes back. GUI thread only.
class Maximiser : public QObject {
  Q_OBJECT
 public:
  /// `workspace` holds `image` somewhere inside and owns this object.
  Maximiser(view::ImageView* image, QWidget* workspace);

  [[nodiscard]] bool active() const { return active_; }
  void toggle();
  /// False when there was nothing to bring back.
  bool restore();

 private:
  void maximise();

  view::ImageView* image_;
  QWidget* workspace_;
  bool active_ = false;
  std::vector<QPointer<QWidget>> hidden_;
  std::vector<std::pair<QPointer<QSplitter>, QList<int>>> sizes_;  // of splitters, before
};

}  // namespace gadolin::widgets
