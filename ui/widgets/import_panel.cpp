#include "ui/widgets/import_panel.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>

#include "ui/widgets/chores.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

ImportPanel::ImportPanel(Chores& chores, QWidget* parent) : QFrame(parent), chores_(chores) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(makeLabel(tr("Import"), "heading"));
  folder_ = makeButton(tr("Import a folder…"), u"import"_s);
  folder_->setObjectName(u"importButton"_s);
  column->addWidget(folder_);
  state_ = makeLabel({}, "caption");
  state_->setWordWrap(true);
  column->addWidget(state_);
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  progress_->hide();
  column->addWidget(progress_);
  refused_title_ = makeLabel({}, "warn");
  refused_title_->setWordWrap(true);
  column->addWidget(refused_title_);
  refused_ = new QTreeWidget;
  refused_->setObjectName(u"refusedFiles"_s);
  refused_->setRootIsDecorated(false);
  refused_->setHeaderLabels({tr("Refused"), tr("Why")});
  refused_->header()->setStretchLastSection(true);
  refused_->setUniformRowHeights(true);
  refused_->setMinimumHeight(110);
  column->addWidget(refused_, 1);

  connect(folder_, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(window(), tr("Folder with LGE stacks"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& paths) { chores_.importPaths(paths); });
    dialog->open();
  });
  connect(&chores_, &Chores::importStarted, this, [this](const QStringList& paths) {
    clear();
    state_->setText(tr("Reading %1").arg(QFileInfo(paths.value(0)).fileName()));
    showProgress(progress_, 0, 0);
    progress_->show();
  });
  connect(&chores_, &Chores::importProgress, this,
          [this](qint64 done, qint64 total, const QString& what) {
            showProgress(progress_, total > 0 ? static_cast<int>(done * 1000 / total) : 0,
                         total > 0 ? 1000 : 0);
            state_->setText(total > 0 ? tr("%1 of %2 · %3").arg(done).arg(total).arg(what) : what);
          });
  connect(&chores_, &Chores::importRefused, this, &ImportPanel::addRefusal);
  connect(&chores_, &Chores::importEnded, this, [this](bool, const QString& text) {
    progress_->hide();
    state_->setText(text);
  });
  clear();
}

void ImportPanel::setReadOnly(bool read_only) {
  folder_->setEnabled(!read_only);
}

void ImportPanel::clear() {
  refused_->clear();
  progress_->hide();
  state_->setText(
      tr("DICOM, NIfTI or EMIDEC folders, with all folders below them. Importing again "
         "changes nothing. A folder can also be dropped on the window."));
  refreshRefusals();
}

void ImportPanel::addRefusal(const QString& path, const QString& reason) {
  auto* item = new QTreeWidgetItem(refused_, {QFileInfo(path).fileName(), reason});
  item->setToolTip(0, path);
  item->setToolTip(1, reason);
  refreshRefusals();
}

void ImportPanel::refreshRefusals() {
  const int count = refused_->topLevelItemCount();
  refused_->setVisible(count > 0);
  refused_title_->setVisible(count > 0);
  refused_title_->setText(count == 1 ? tr("1 file was not taken")
                                     : tr("%1 files were not taken").arg(count));
}

}  // namespace gadolin::widgets
