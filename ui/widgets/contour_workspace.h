#pragma once
// Workspace 3: masks drawn by hand where they are worth it.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "ui/widgets/contour_borders.h"
#include "ui/widgets/contour_insertions.h"
#include "ui/widgets/contour_threshold.h"
#include "ui/widgets/contour_tools.h"
#include "ui/widgets/workspace.h"

class QBoxLayout;
class QButtonGroup;
class QHBoxLayout;
class QCheckBox;
class QLabel;
class QPushButton;
class QSlider;

namespace gadolin::session {
class ContourDesk;
class InsertionDesk;
enum class DrawingFault;
}
namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

class Maximiser;
class ReaderPrompt;
class StackList;

class ContourWorkspace : public Workspace {
  Q_OBJECT
 public:
  enum class Tool { Look, Brush, Polygon, Fill, Borders, Threshold, Insertions };

  explicit ContourWorkspace(QWidget* parent = nullptr);
  ~ContourWorkspace() override;

  void setDesk(Desk* desk) override;
  void enter() override;
  void leave() override;
  std::vector<KeyHint> keys() const override;
  void undo() override;
  void redo() override;
  void showStack(const QString& stack) override;
  /// Where no person's mask is, the prediction becomes one to begin with; where there is one, it is
  /// what "Start from the prediction" takes. Esc goes back to Review.
  void beginEdit(const QString& stack, int slice, qint64 mask, const QString& sha256) override;
  [[nodiscard]] bool settled() const override;
  [[nodiscard]] view::ImageView& imageView() { return *image_; }
  /// Null without a project.
  [[nodiscard]] session::ContourDesk* contours() { return contours_.get(); }
  [[nodiscard]] const BorderTool& borders() const { return borders_; }
  /// Null without a project.
  [[nodiscard]] session::InsertionDesk* insertions() { return insertion_desk_.get(); }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum class Neighbour { Base, Apex };

  QWidget* makeMiddle();
  QWidget* makeSide();
  void makeTools(QBoxLayout* side);
  void makeActions(QBoxLayout* side);
  void reload();
  void choose(const QString& stack);
  void takeClosed();
  void takeOpened();
  void takeEdit();
  void showImage();
  void takeFailed(session::DrawingFault fault, const QString& message);
  void lookAtHeart();
  void setInsertionDesk();
  void proposeInsertions();
  void showMask();
  void sliceChanged();
  void setTool(Tool tool);
  void setTissue(Tissue tissue);
  void setErase(bool erase);
  void setBorder(contour::Border border);
  void setRadius(double radius_mm);
  void setHidden(bool hidden);
  bool mayDraw();
  void afterChange();
  void refresh();
  void refreshNumbers();
  void refreshHint();
  void clearChips();
  void makeChips();
  void refreshChips();
  bool toolKey(int key, bool shift);
  void explain(const QString& text);
  [[nodiscard]] ContourTool* tool();

  // contour_actions.cpp: what is done to the slice as a whole
  void copyFrom(Neighbour neighbour);
  void interpolate(bool everywhere);
  void keepLargest();
  void fillHoles();
  void clearSlice();
  void startFromPrediction();
  void takeThreshold(bool whole_stack);
  void writeSlice(const std::vector<std::uint8_t>& slice, const char* name);
  [[nodiscard]] contour::Region regionOf(Tissue tissue) const;

  Desk* desk_ = nullptr;
  std::unique_ptr<session::ContourDesk> contours_;
  std::unique_ptr<session::InsertionDesk> insertion_desk_;
  ContourHand hand_;
  Tool chosen_ = Tool::Look;  // who only looks around draws nothing by mistake
  BrushTool brush_;
  PolygonTool polygon_;
  FillTool fill_;
  BorderTool borders_;
  InsertionTool insertions_;
  ContourThreshold* threshold_;
  QString wanted_;
  bool hidden_ = false;  // while H is held
  bool visible_before_ = true;
  int generation_ = 0;  // of the project: what comes back for another one is not taken
  /// What Review sent here.
  struct Edit {
    std::string stack;
    int slice = 0;
    std::int64_t mask = 0;
    std::string sha256;
    bool begun = false;
  };
  std::optional<Edit> edit_;
  int waiting_ = 0;
  bool waiting_interpolation_ = false;

  StackList* list_;
  view::ImageView* image_;
  Maximiser* maximiser_;
  ReaderPrompt* prompt_;
  QHBoxLayout* chips_;
  QButtonGroup* tools_;
  QButtonGroup* tissues_;
  QButtonGroup* modes_;
  QButtonGroup* which_border_;
  QWidget* tissue_box_;
  QWidget* mode_box_;
  QWidget* border_box_;
  QWidget* size_box_;
  QSlider* size_;
  QLabel* size_text_;
  QLabel* hint_;
  std::array<QLabel*, 6> numbers_;  // myocardium, scar, share; of the slice, of the stack
  QLabel* about_;
  QPushButton* undo_;
  QPushButton* redo_;
  QPushButton* prediction_;
  QCheckBox* independent_;
  std::vector<QPushButton*> actions_;
};

}  // namespace gadolin::widgets
