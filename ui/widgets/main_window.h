#pragma once
// The one window: bar, six workspaces, status bar with jobs, notices, drop of folders, key map, and
// the project that is open.

#include <QMainWindow>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "ui/session/project_door.h"
#include "ui/view/window_level.h"
#include "ui/widgets/workspace.h"

class QLabel;
class QStackedWidget;
class QTimer;

namespace gadolin::widgets {

class ActivityBar;
class Chores;
class JobList;
class KeyMap;
class Notices;
class WelcomePage;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens the project in the background and then shows it (projectOpened()), or says in a notice
  /// why not; until then the one that is open stays. A project that another window holds is opened
  /// for reading only. `place`: the workspace to show; default: where the person was. The last wish
  /// counts.
  void openProject(const QString& folder, std::optional<Place> place = std::nullopt);
  /// Makes an empty project and opens it, in the background too. `imports` are imported into it.
  void createProject(const QString& folder, const QStringList& imports = {});
  void closeProject();

  void showPlace(Place place);
  [[nodiscard]] Place place() const { return place_; }
  /// Made when first asked for.
  Workspace* workspace(Place place);
  [[nodiscard]] bool hasProject() const { return desk_ != nullptr; }
  [[nodiscard]] bool isOpening() const { return opening_ > 0; }
  [[nodiscard]] bool readOnly() const;
  /// Asks nothing by itself (the reader's name): for a window that nobody sits at.
  void setQuiet(bool quiet);
  /// The newest notice in words; empty without one.
  [[nodiscard]] QString lastMessage() const;
  [[nodiscard]] Notices& notices() { return *notices_; }
  [[nodiscard]] JobList& jobs() { return *jobs_; }
  [[nodiscard]] Chores& chores() { return *chores_; }

 Q_SIGNALS:
  void projectOpened();
  /// Once: the window has been on screen.
  void firstPainted();

 protected:
  bool event(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void makeShortcuts();
  void makeStatusBar();
  void askOpen();
  void askNew(const QStringList& imports);
  void askDemo();
  void askArchive();
  void showKeys();
  void switchScheme();
  void takeDrop(const QStringList& paths);
  void scoreTestPatients(const QString& project, const QString& run);
  void stackShown(const QString& stack);
  void rememberWhereabouts();
  using Enter = std::function<Result<session::EnteredProject>()>;
  /// Runs `enter` in the background; `entered` is called with a project in the window's hands.
  void enter(const QString& folder, const QString& failure, Enter way,
             std::function<void(session::EnteredProject)> entered);
  void showProject(const QString& folder, session::EnteredProject entered,
                   std::optional<Place> place);
  void showProjectText();
  Workspace* makeWorkspace(Place place);
  void shareImageWindows(Workspace* made);

  struct Open;  // the open project and what hangs on it
  std::unique_ptr<Open> open_;
  std::unique_ptr<Desk> desk_;
  int opening_ = 0;  // wishes to open a project that have not ended
  int last_wish_ = 0;
  Place place_ = Place::Cohort;
  QString last_stack_;
  // Runs while the workspace and stack in front, or a grey window, wait to be remembered.
  QTimer* whereabouts_;
  std::map<ImageKind, view::RelativeWindow> chosen_windows_;  // since they were last remembered
  bool painted_ = false;
  std::array<Workspace*, place_count> workspaces_{};

  JobList* jobs_;
  Notices* notices_;
  Chores* chores_;
  ActivityBar* bar_;
  QStackedWidget* pages_;
  WelcomePage* welcome_;
  KeyMap* key_map_;
  QLabel* project_text_;
  QLabel* banner_;
};

}  // namespace gadolin::widgets
