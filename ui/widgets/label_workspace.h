#pragma once
// Workspace 2: stacks labelled at reading speed.

#include <array>
#include <string>
#include <vector>

#include "ui/session/worklists.h"
#include "ui/widgets/workspace.h"

class QComboBox;
class QFrame;
class QLabel;
class QListView;
class QProgressBar;
class QPushButton;
class QTimer;

namespace gadolin::view {
class ContactSheet;
class ImageView;
}  // namespace gadolin::view

namespace gadolin::widgets {

class LabelSession;
class Maximiser;
class ReaderPrompt;
class WorklistModel;

class LabelWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit LabelWorkspace(QWidget* parent = nullptr);

  void setDesk(Desk* desk) override;
  void enter() override;
  void leave() override;
  std::vector<KeyHint> keys() const override;
  void undo() override;
  void redo() override;
  void showStack(const QString& stack) override;
  /// The worklist of disagreements with this slice in front.
  void beginDecision(const QString& stack, int slice) override;
  [[nodiscard]] bool settled() const override;

  [[nodiscard]] LabelSession& session() { return *session_; }
  [[nodiscard]] view::ImageView& imageView() { return *image_; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeTopLine();
  QWidget* makeKeyLine();
  QWidget* makeWorklist();
  QWidget* makeDecision();
  void chooseWorklist(session::Worklist kind);
  void reloadReaders();
  void showReaders();
  void switchReader(const QString& name);
  void refreshDecision();
  void act(int action);
  void refreshStack();
  void followWindows();
  void restartClock();
  void prepareNext();
  void refreshLabels();
  void refreshProgress();
  void refreshReader();

  Desk* desk_ = nullptr;
  LabelSession* session_;
  view::ContactSheet* sheet_;
  view::ImageView* image_;
  Maximiser* maximiser_;
  ReaderPrompt* prompt_;
  WorklistModel* worklist_model_;
  QListView* worklist_;
  QLabel* patient_;
  QLabel* slice_;
  QLabel* times_;
  QLabel* progress_text_;
  QProgressBar* progress_;
  QComboBox* kind_;
  QFrame* decision_;
  QLabel* said_;
  QLabel* decided_;
  std::vector<std::string> readers_;  // who has labelled in this project
  QPushButton* reader_;
  QString shown_reader_;
  std::array<QPushButton*, 5> actions_{};
  QTimer* clock_;
};

}  // namespace gadolin::widgets
