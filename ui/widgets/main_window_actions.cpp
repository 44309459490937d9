// Shortcuts and the dialogs of the window.

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QShortcut>

#include "ui/widgets/activity_bar.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/key_map.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

/// A dialog for the place of a new project; `chosen` gets the folder.
template <class Chosen>
void askForNewFolder(QWidget* parent, const QString& title, Chosen chosen) {
  auto* dialog = new QFileDialog(parent, title, QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilter(MainWindow::tr("Gadolin projects (*.gadolin)"));
  dialog->setDefaultSuffix(u"gadolin"_s);
  dialog->setLabelText(QFileDialog::Accept, MainWindow::tr("Create"));
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, chosen);
  dialog->open();
}

}  // namespace

void MainWindow::makeShortcuts() {
  for (int i = 0; i < place_count; ++i) {
    auto* shortcut =
        new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)), this);
    connect(shortcut, &QShortcut::activated, this, [this, i] { showPlace(static_cast<Place>(i)); });
  }
  const auto add = [this](const QKeySequence& keys, void (MainWindow::*slot)()) {
    auto* shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, slot);
  };
  add(QKeySequence::Open, &MainWindow::askOpen);
  auto* leave = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), this);
  connect(leave, &QShortcut::activated, this, &MainWindow::close);
  add(QKeySequence(Qt::Key_Question), &MainWindow::showKeys);
  // On many keyboards the question mark is Shift and another key.
  add(QKeySequence(Qt::SHIFT | Qt::Key_Question), &MainWindow::showKeys);
  add(QKeySequence(Qt::Key_F1), &MainWindow::showKeys);
  // One step a press: held, they would take a whole session of labels and verdicts back.
  auto* undo = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z), this);
  undo->setAutoRepeat(false);
  connect(undo, &QShortcut::activated, this, [this] {
    if (desk_ != nullptr) workspace(place_)->undo();
  });
  auto* redo = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), this);
  redo->setAutoRepeat(false);
  connect(redo, &QShortcut::activated, this, [this] {
    if (desk_ != nullptr) workspace(place_)->redo();
  });
  auto* full = new QShortcut(QKeySequence(Qt::Key_F11), this);
  connect(full, &QShortcut::activated, this,
          [this] { isFullScreen() ? showNormal() : showFullScreen(); });
}

void MainWindow::askOpen() {
  auto* dialog =
      new QFileDialog(this, tr("Open a project (a folder NAME.gadolin)"), QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& folder) { openProject(folder); });
  dialog->open();
}

void MainWindow::askNew(const QStringList& imports) {
  askForNewFolder(this,
                  imports.isEmpty() ? tr("New project") : tr("New project for the dropped folder"),
                  [this, imports](const QString& folder) { createProject(folder, imports); });
}

void MainWindow::askArchive() {
  auto* dialog = new QFileDialog(this, tr("Open the archive of a project"), QDir::homePath(),
                                 tr("Archives (*.tar *.tar.gz *.tar.zst);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& archive) {
    askForNewFolder(this, tr("Place of the project"), [this, archive](const QString& folder) {
      chores_->openArchive(archive, folder,
                           [this, folder] { openProject(folder, Place::Cohort); });
    });
  });
  dialog->open();
}

void MainWindow::askDemo() {
  askForNewFolder(this, tr("Place of the synthetic cohort"), [this](const QString& folder) {
    chores_->makeDemo(folder, [this, folder] { openProject(folder, Place::Cohort); });
  });
}

void MainWindow::showKeys() {
  if (desk_ == nullptr)
    key_map_->open(tr("Start"), {{tr("Drop a folder"), tr("Import it into a new project")}});
  else
    key_map_->open(placeName(place_), workspace(place_)->keys());
}

void MainWindow::switchScheme() {
  const Scheme wanted = scheme() == Scheme::Dark ? Scheme::Light : Scheme::Dark;
  memory::saveScheme(wanted);
  if (auto* application = qobject_cast<QApplication*>(QApplication::instance()))
    applyTheme(*application, wanted);
  bar_->refreshIcons();
}

}  // namespace gadolin::widgets
