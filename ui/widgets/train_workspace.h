#pragma once
// Workspace 4: one click, then watch.

#include <QPointer>
#include <map>
#include <memory>
#include <string>

#include "ui/session/run_catalog.h"
#include "ui/session/run_controller.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

class Chores;
class PseudoDialog;
class RunPanel;
class StackList;
class TrainForm;

class TrainWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit TrainWorkspace(Chores& chores, QWidget* parent = nullptr);
  ~TrainWorkspace() override;

  void setDesk(Desk* desk) override;
  void enter() override;
  std::vector<KeyHint> keys() const override;
  [[nodiscard]] bool settled() const override;
  void showRun(const QString& run) override;
  [[nodiscard]] RunPanel& panel() { return *panel_; }

 private:
  struct Followed {
    std::unique_ptr<session::RunController> controller;
    int job = 0;  // in the job list; 0: none
  };
  void start(const session::RunRequest& request);
  void resume(const QString& run, int extra_epochs);
  void askHowMuchLonger(const QString& run);
  void showPseudoMasks(const QString& run);
  void follow(Followed& followed);
  void runsChanged();
  void reloadInputs();
  void reportJob(session::RunController* controller, int job);
  void fillList();

  Chores& chores_;
  Desk* desk_ = nullptr;
  std::unique_ptr<session::RunCatalog> catalog_;
  std::map<std::string, Followed> followed_;
  Followed starting_;  // has no id yet
  std::string shown_run_;
  bool inputs_read_ = false;
  bool listed_ = false;
  TrainForm* form_;
  StackList* list_;
  RunPanel* panel_;
  QPointer<PseudoDialog> pseudo_;
};

}  // namespace gadolin::widgets
