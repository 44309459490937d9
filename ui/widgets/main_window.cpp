#include "ui/widgets/main_window.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>

#include "ui/session/in_pool.h"
#include "ui/session/label_desk.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/session/stack_store.h"
#include "ui/view/graphics.h"
#include "ui/view/image_view.h"
#include "ui/widgets/activity_bar.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_workspace.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/job_bar.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/key_map.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/report_workspace.h"
#include "ui/widgets/review_workspace.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/train_workspace.h"
#include "ui/widgets/welcome_page.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

struct MainWindow::Open {
  std::unique_ptr<QLockFile> lock;  // held by the window that may write
  std::unique_ptr<session::Project> project;
  std::unique_ptr<session::StackStore> store;
  std::unique_ptr<session::LabelDesk> labels;
};

namespace {

/// The project of a folder, or of the project.sqlite in it: file managers open files, not folders.
QString folderOf(const QString& path) {
  const QFileInfo given(path);
  const bool database = given.fileName() == u"project.sqlite"_s;
  return QDir::cleanPath(database ? given.absolutePath() : given.absoluteFilePath());
}

// A write of the settings costs two fsyncs, which no key shall wait for.
constexpr int whereabouts_delay_ms = 500;

}  // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent) {
  setWindowTitle(tr("Gadolin"));
  setMinimumSize(1000, 640);
  setAcceptDrops(true);
  view::composeWithOpenGL(this);
  auto* centre = new QWidget;
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  banner_ = makeLabel({}, "warn");
  banner_->setObjectName(u"banner"_s);
  banner_->setContentsMargins(16, 6, 16, 6);
  banner_->hide();
  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  bar_ = new ActivityBar;
  pages_ = new QStackedWidget;
  pages_->setObjectName(u"stack"_s);
  row->addWidget(bar_);
  auto* right = new QVBoxLayout;
  right->setSpacing(0);
  right->addWidget(banner_);
  right->addWidget(pages_, 1);
  row->addLayout(right, 1);
  column->addLayout(row, 1);
  setCentralWidget(centre);

  jobs_ = new JobList(this);
  makeStatusBar();
  notices_ = new Notices(this, 30);
  chores_ = new Chores(*jobs_, *notices_, this);
  key_map_ = new KeyMap(this);
  welcome_ = new WelcomePage;
  pages_->addWidget(welcome_);
  bar_->setWorkspacesEnabled(false);

  connect(chores_, &Chores::predicted, this, &MainWindow::scoreTestPatients);
  connect(bar_, &ActivityBar::placeWanted, this, &MainWindow::showPlace);
  connect(bar_, &ActivityBar::helpWanted, this, &MainWindow::showKeys);
  connect(bar_, &ActivityBar::schemeWanted, this, &MainWindow::switchScheme);
  connect(welcome_, &WelcomePage::openWanted, this, &MainWindow::askOpen);
  connect(welcome_, &WelcomePage::newWanted, this, [this] { askNew({}); });
  connect(welcome_, &WelcomePage::archiveWanted, this, &MainWindow::askArchive);
  connect(welcome_, &WelcomePage::demoWanted, this, &MainWindow::askDemo);
  connect(welcome_, &WelcomePage::recentWanted, this,
          [this](const QString& folder) { openProject(folder); });
  makeShortcuts();

  whereabouts_ = new QTimer(this);
  whereabouts_->setSingleShot(true);
  whereabouts_->setInterval(whereabouts_delay_ms);
  connect(whereabouts_, &QTimer::timeout, this, &MainWindow::rememberWhereabouts);

  resizeOnScreen(this, {1440, 900});
  // What was remembered may be of a larger screen.
  if (restoreGeometry(memory::geometry()) && !isMaximized() && !isFullScreen())
    resizeOnScreen(this, size());
}

MainWindow::~MainWindow() {
  closeProject();
}

void MainWindow::makeStatusBar() {
  project_text_ = makeLabel(tr("No project"));
  statusBar()->addWidget(project_text_);
  statusBar()->addPermanentWidget(new JobBar(*jobs_));
  statusBar()->setSizeGripEnabled(false);
}

bool MainWindow::readOnly() const {
  return desk_ != nullptr && desk_->read_only;
}

void MainWindow::enter(const QString& folder, const QString& failure, Enter way,
                       std::function<void(session::EnteredProject)> entered) {
  ++opening_;
  project_text_->setText(tr("Opening %1 …").arg(QFileInfo(folder).fileName()));
  session::inPool(this, std::move(way),
                  [this, failure, entered = std::move(entered),
                   wish = ++last_wish_](Result<session::EnteredProject> result) {
                    --opening_;
                    if (wish != last_wish_) return;  // another one was wanted since
                    showProjectText();
                    if (result) {
                      entered(std::move(result).value());
                    } else {
                      notices_->show(NoticeKind::Bad, failure,
                                     QString::fromStdString(result.error().message));
                    }
                  });
}

void MainWindow::openProject(const QString& path, std::optional<Place> place) {
  const QString folder = folderOf(path);
  if (desk_ != nullptr && chores_->project() == folder) {
    ++last_wish_;
    showProjectText();
    if (place) showPlace(*place);
    return;
  }
  enter(
      folder, tr("%1 cannot be opened").arg(QFileInfo(folder).fileName()),
      [folder, home = thread()] { return session::enterProject(folder, home); },
      [this, folder, place](session::EnteredProject entered) {
        showProject(folder, std::move(entered), place);
      });
}

void MainWindow::createProject(const QString& path, const QStringList& imports) {
  QString folder = folderOf(path);
  if (!folder.endsWith(u".gadolin"_s)) folder += u".gadolin"_s;
  enter(
      folder, tr("The project was not made"),
      [folder, home = thread()] { return session::makeAndEnterProject(folder, home); },
      [this, folder, imports](session::EnteredProject entered) {
        showProject(folder, std::move(entered), Place::Cohort);
        if (!imports.isEmpty()) chores_->importPaths(imports);
      });
}

void MainWindow::showProject(const QString& folder, session::EnteredProject entered,
                             std::optional<Place> place) {
  closeProject();
  const bool read_only = entered.project->access() == session::Access::ReadOnly;
  open_ = std::make_unique<Open>();
  open_->lock = std::move(entered.lock);
  open_->project = std::move(entered.project);
  open_->store = std::make_unique<session::StackStore>(open_->project->paths());
  open_->labels = std::make_unique<session::LabelDesk>(*open_->project);
  if (!memory::reader().isEmpty()) open_->labels->setReader(memory::reader());
  desk_ = std::make_unique<Desk>(
      Desk{*open_->project, *open_->store, *open_->labels, *jobs_, *notices_, read_only});
  chores_->setProject(folder);
  memory::addRecentProject(folder);
  last_stack_ = memory::lastStack(folder);

  setWindowTitle(tr("%1 – Gadolin").arg(open_->project->name()));
  showProjectText();
  banner_->setText(
      entered.held_elsewhere
          ? tr("Another window has this project open. You can look at everything here; "
               "labels and verdicts are given there.")
          : tr("This project cannot be written. You can look at everything; labels and "
               "verdicts need a folder that can be written."));
  banner_->setVisible(read_only);
  bar_->setWorkspacesEnabled(true);
  for (Workspace* workspace : workspaces_)
    if (workspace != nullptr) workspace->setDesk(desk_.get());
  showPlace(place.value_or(memory::lastPlace(folder)));
  Q_EMIT projectOpened();
}

void MainWindow::showProjectText() {
  if (desk_ == nullptr) {
    project_text_->setText(tr("No project"));
    project_text_->setToolTip({});
    return;
  }
  const QString name = open_->project->name();
  project_text_->setText(desk_->read_only ? tr("%1 (read only)").arg(name) : name);
  project_text_->setToolTip(plainTip(chores_->project()));
}

void MainWindow::closeProject() {
  if (desk_ == nullptr) return;
  rememberWhereabouts();
  workspaces_[static_cast<std::size_t>(place_)]->leave();
  for (Workspace* workspace : workspaces_)
    if (workspace != nullptr) workspace->setDesk(nullptr);
  desk_.reset();
  open_.reset();
  chores_->setProject({});
  bar_->setWorkspacesEnabled(false);
  banner_->hide();
  showProjectText();
  setWindowTitle(tr("Gadolin"));
  welcome_->refreshRecent();
  pages_->setCurrentWidget(welcome_);
}

Workspace* MainWindow::makeWorkspace(Place place) {
  switch (place) {
    case Place::Cohort:
      return new CohortWorkspace(*chores_);
    case Place::Label:
      return new LabelWorkspace;
    case Place::Contour:
      return new ContourWorkspace;
    case Place::Train:
      return new TrainWorkspace(*chores_);
    case Place::Review:
      return new ReviewWorkspace(*chores_);
    case Place::Report:
      return new ReportWorkspace(*chores_);
  }
  return nullptr;
}

Workspace* MainWindow::workspace(Place place) {
  Workspace*& made = workspaces_[static_cast<std::size_t>(place)];
  if (made != nullptr) return made;
  made = makeWorkspace(place);
  pages_->addWidget(made);
  shareImageWindows(made);
  connect(made, &Workspace::openStack, this, [this](const QString& stack, Place target) {
    stackShown(stack);
    showPlace(target);
    workspace(target)->showStack(stack);
  });
  connect(made, &Workspace::editPrediction, this,
          [this](const QString& stack, int slice, qint64 mask, const QString& sha256) {
            stackShown(stack);
            showPlace(Place::Contour);
            workspace(Place::Contour)->beginEdit(stack, slice, mask, sha256);
          });
  connect(made, &Workspace::decideSlice, this, [this](const QString& stack, int slice) {
    stackShown(stack);
    showPlace(Place::Label);
    workspace(Place::Label)->beginDecision(stack, slice);
  });
  connect(made, &Workspace::openPrediction, this, [this](const QString& stack) {
    stackShown(stack);
    showPlace(Place::Review);
    workspace(Place::Review)->showPrediction(stack);
  });
  connect(made, &Workspace::openRun, this, [this](const QString& run) {
    showPlace(Place::Train);
    workspace(Place::Train)->showRun(run);
  });
  connect(made, &Workspace::stackShown, this, &MainWindow::stackShown);
  if (desk_ != nullptr) {
    made->setDesk(desk_.get());
    if (!last_stack_.isEmpty()) made->showStack(last_stack_);
  }
  return made;
}

void MainWindow::shareImageWindows(Workspace* made) {
  for (auto* image : made->findChildren<view::ImageView*>()) {
    for (const ImageKind kind : {ImageKind::Unknown, ImageKind::Magnitude, ImageKind::Psir}) {
      // What waits to be remembered is newer than what is.
      const auto waiting = chosen_windows_.find(kind);
      const auto window = waiting != chosen_windows_.end() ? std::optional(waiting->second)
                                                           : memory::imageWindow(kind);
      if (window) image->setRememberedWindow(kind, *window);
    }
    connect(image, &view::ImageView::windowChanged, this,
            [this, image](ImageKind kind, const view::RelativeWindow& window) {
              for (auto* other : findChildren<view::ImageView*>())
                if (other != image) other->setRememberedWindow(kind, window);
              chosen_windows_[kind] = window;
              whereabouts_->start();
            });
  }
}

void MainWindow::showPlace(Place place) {
  if (desk_ == nullptr) return;
  Workspace* next = workspace(place);
  if (pages_->currentWidget() != next) {
    if (auto* before = qobject_cast<Workspace*>(pages_->currentWidget())) before->leave();
    place_ = place;
    whereabouts_->start();
    pages_->setCurrentWidget(next);
    next->enter();
  }
  bar_->setCurrent(place);
}

void MainWindow::stackShown(const QString& stack) {
  if (desk_ == nullptr || stack == last_stack_) return;
  last_stack_ = stack;
  whereabouts_->start();
}

void MainWindow::rememberWhereabouts() {
  whereabouts_->stop();
  for (const auto& [kind, window] : std::exchange(chosen_windows_, {}))
    memory::setImageWindow(kind, window);
  if (desk_ == nullptr) return;
  memory::setLastPlace(chores_->project(), place_);
  if (!last_stack_.isEmpty()) memory::setLastStack(chores_->project(), last_stack_);
}

void MainWindow::scoreTestPatients(const QString& project, const QString& run) {
  // Another project may be open by now.
  if (desk_ == nullptr || desk_->read_only || chores_->project() != project) return;
  whenDone(this, session::cohortRows(desk_->project),
           [this, project, run](const Result<std::vector<db::CohortRow>>& rows) {
             if (desk_ == nullptr || chores_->project() != project) return;
             if (!rows) {
               notices_->show(NoticeKind::Bad, tr("The test patients were not scored"),
                              QString::fromStdString(rows.error().message));
               return;
             }
             // Without a mask of a person to compare with there is no score; Report says so.
             for (const db::CohortRow& row : *rows)
               if (row.part == dataset::Part::Test && row.has_reference) {
                 chores_->evaluate(run);
                 return;
               }
           });
}

void MainWindow::takeDrop(const QStringList& paths) {
  // A project is opened, anything else is data.
  for (const QString& path : paths)
    if (QFileInfo::exists(folderOf(path) + u"/project.sqlite"_s)) {
      openProject(path);
      return;
    }
  if (desk_ == nullptr) {
    askNew(paths);
    return;
  }
  if (desk_->read_only) {
    notices_->show(NoticeKind::Bad, tr("Nothing was imported"),
                   tr("This project is open for reading only."));
    return;
  }
  showPlace(Place::Cohort);
  const QString suffix = QFileInfo(paths.front()).suffix().toLower();
  if (paths.size() == 1 && (suffix == u"csv"_s || suffix == u"tsv"_s || suffix == u"txt"_s))
    chores_->offerTable(paths.front());
  else
    chores_->importPaths(paths);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList paths;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  if (paths.isEmpty()) return;
  event->acceptProposedAction();
  takeDrop(paths);
}

void MainWindow::setQuiet(bool quiet) {
  setProperty("quiet", quiet);
}

QString MainWindow::lastMessage() const {
  const QStringList texts = notices_->texts();
  return texts.isEmpty() ? QString() : texts.back();
}

bool MainWindow::event(QEvent* event) {
  const bool handled = QMainWindow::event(event);
  if (!painted_ && event->type() == QEvent::UpdateRequest) {
    painted_ = true;
    Q_EMIT firstPainted();
  }
  return handled;
}

void MainWindow::closeEvent(QCloseEvent* event) {
  memory::setGeometry(saveGeometry());
  ++last_wish_;  // what is being opened is not shown any more
  closeProject();
  QMainWindow::closeEvent(event);
}

}  // namespace gadolin::widgets
