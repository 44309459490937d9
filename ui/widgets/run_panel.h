#pragma once
// One run: state in words, progress, curves of every stage, fixed validation slices, and what can
// be done with it.

#include <QPointer>
#include <QWidget>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ui/session/run_catalog.h"
#include "ui/session/run_controller.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTabBar;

namespace gadolin::plots {
class CurvePlot;
}
namespace gadolin::view {
class PreviewStrip;
}

namespace gadolin::widgets {

/// "Running: fibrosis, epoch 3 of 20" and the like, whole sentences for a person.
QString statusText(const session::RunStatus& status);
QString stageText(const QString& stage);
/// 0..1 over all stages, each taken as equally long.
double progressShare(const session::RunProgress& progress);

class RunPanel : public QWidget {
  Q_OBJECT
 public:
  explicit RunPanel(QWidget* parent = nullptr);

  void clear();
  /// Shows this run: its history from the folder, then what `controller` says. The controller may
  /// be null (a run that is over) and may go at any time.
  void showRun(session::Project& project, const session::RunInfo& info,
               session::RunController* controller);
  [[nodiscard]] const std::string& runId() const { return run_id_; }
  void setReadOnly(bool read_only);
  [[nodiscard]] bool settled() const { return !loading_; }
  [[nodiscard]] const plots::CurvePlot& curves() const { return *plot_; }
  /// Points on all curves, an epoch that was trained again counted once; what a test counts.
  [[nodiscard]] int pointCount() const { return points_; }

 Q_SIGNALS:
  void resumeWanted(const QString& run);
  void longerWanted(const QString& run);
  void predictWanted(const QString& run);
  void pseudoMasksWanted(const QString& run);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeHead();
  void takeHistory(const session::RunHistory& history);
  void takeStage(const run::StageBegin& stage);
  void takeEpoch(const run::Epoch& epoch);
  void takePreview(const run::Preview& picture);
  void takeCheckpoint(const run::CheckpointSaved& checkpoint);
  void refresh();
  void connectController();
  int stageNumber(const std::string& name, int epochs);

  std::string run_id_;
  session::RunInfo info_;
  run::RunFolder folder_;
  QPointer<session::RunController> controller_;
  bool read_only_ = false;
  bool loading_ = false;
  int load_number_ = 0;
  int points_ = 0;
  std::vector<run::StageBegin> waiting_stages_;  // live events that came before the history
  std::vector<run::Epoch> waiting_epochs_;
  std::vector<run::CheckpointSaved> waiting_checkpoints_;
  std::map<std::pair<int, int>, double> scores_;  // Dice or AUROC by stage and epoch
  std::map<std::string, int> stages_;
  std::set<std::pair<int, int>> epochs_drawn_;  // stage and epoch
  double last_images_per_s_ = 0;
  int train_loss_ = 0;
  int validation_loss_ = 0;
  int dice_ = 0;
  int auroc_ = 0;

  QLabel* title_;
  QLabel* state_;
  QLabel* facts_;
  QProgressBar* progress_;
  QPushButton* after_epoch_;
  QPushButton* stop_;
  QPushButton* resume_;
  QPushButton* longer_;
  QPushButton* pseudo_;
  QPushButton* predict_;
  QTabBar* tabs_;
  QWidget* body_;
  plots::CurvePlot* plot_;
  view::PreviewStrip* preview_;
};

}  // namespace gadolin::widgets
