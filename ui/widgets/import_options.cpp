#include "ui/widgets/import_options.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include "ui/widgets/chores.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

ImportOptionsButton::ImportOptionsButton(Chores& chores, QWidget* parent)
    : QToolButton(parent), chores_(chores) {
  setObjectName(u"importOptions"_s);
  setIcon(widgets::icon(u"settings"_s));
  setToolTip(tr("Single files, names of patients, key table"));
  setAccessibleName(tr("Options of the import"));
  setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(this);
  menu->setToolTipsVisible(true);
  connect(menu->addAction(tr("Import files…")), &QAction::triggered, this,
          &ImportOptionsButton::chooseFiles);
  menu->addSeparator();
  keep_ = menu->addAction(tr("Keep names and numbers of patients"));
  keep_->setObjectName(u"keepIdentities"_s);
  keep_->setCheckable(true);
  keep_->setToolTip(tr("DICOM comes in under pseudonyms otherwise, and nothing in the project names a patient."));
  table_ = menu->addAction(QString());
  table_->setObjectName(u"keyTable"_s);
  table_->setCheckable(true);
  table_->setToolTip(tr("A file outside the project that leads from pseudonyms back to patients."));
  setMenu(menu);
  connect(keep_, &QAction::toggled, this, &ImportOptionsButton::apply);
  connect(table_, &QAction::triggered, this, [this](bool wanted) {
    if (wanted) {
      chooseKeyTable();
    } else {
      table_file_.clear();
      apply();
    }
  });
  apply();
}

void ImportOptionsButton::chooseFiles() {
  auto* dialog = new QFileDialog(window(), tr("Files with LGE stacks and masks"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this,
          [this](const QStringList& paths) { chores_.importPaths(paths); });
  dialog->open();
}

void ImportOptionsButton::chooseKeyTable() {
  table_->setChecked(false);  // until a file is chosen
  auto* dialog = new QFileDialog(window(), tr("Key table: pseudonyms and patients"), {},
                                 tr("Tables (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(u"csv"_s);
  dialog->setOption(QFileDialog::DontConfirmOverwrite);  // rows are added to one that is there
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    table_file_ = file;
    apply();
  });
  dialog->open();
}

void ImportOptionsButton::apply() {
  const bool keep = keep_->isChecked();
  table_->setEnabled(!keep);
  table_->setChecked(!keep && !table_file_.isEmpty());
  table_->setText(table_file_.isEmpty() ? tr("Write a key table…")
                                        : tr("Key table: %1").arg(QFileInfo(table_file_).fileName()));
  chores_.setImportOptions({keep, keep ? QString() : table_file_});
}

}  // namespace gadolin::widgets
