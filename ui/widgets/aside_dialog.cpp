#include "ui/widgets/aside_dialog.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

AsideDialog::AsideDialog(Desk& desk, QWidget* parent) : QDialog(parent), desk_(desk) {
  setObjectName(u"asideDialog"_s);
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Stacks set aside"));
  resizeOnScreen(this, {760, 420});
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  about_ = makeLabel(
      tr("They are in no list, training, measurement or export. Their labels and masks are kept."),
      "muted");
  about_->setWordWrap(true);
  column->addWidget(about_);
  list_ = new QTreeWidget;
  list_->setObjectName(u"asideList"_s);
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->setAlternatingRowColors(true);
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setHeaderLabels({tr("Stack"), tr("Description"), tr("Reason"), tr("By"), tr("When")});
  list_->header()->setStretchLastSection(true);
  column->addWidget(list_, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  back_ = makeButton(tr("Take back"));
  back_->setObjectName(u"takeBackButton"_s);
  buttons->addButton(back_, QDialogButtonBox::ActionRole);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &AsideDialog::refreshButton);
  connect(back_, &QPushButton::clicked, this, &AsideDialog::takeBack);
  connect(&desk_.project, &session::Project::cohortChanged, this, &AsideDialog::look);
  refreshButton();
  look();
}

void AsideDialog::look() {
  whenDone(this, session::asideStacks(desk_.project),
           [this](const Result<std::vector<db::AsideRecord>>& stacks) {
             if (stacks)
               fill(*stacks);
             else
               about_->setText(QString::fromStdString(stacks.error().message));
           });
}

void AsideDialog::fill(const std::vector<db::AsideRecord>& stacks) {
  list_->clear();
  for (const db::AsideRecord& one : stacks) {
    const auto text = [](const std::string& words) { return QString::fromStdString(words); };
    const auto when = QDateTime::fromString(text(one.at_utc), Qt::ISODateWithMs).toLocalTime();
    new QTreeWidgetItem(list_, {text(one.stack.id), text(one.stack.description), text(one.reason),
                                text(one.who), QLocale().toString(when, QLocale::ShortFormat)});
  }
  for (int i = 0; i < list_->columnCount(); ++i) list_->resizeColumnToContents(i);
  if (stacks.empty()) about_->setText(tr("No stack is set aside."));
  refreshButton();
}

void AsideDialog::takeBack() {
  std::vector<std::string> stacks;
  for (const auto* item : list_->selectedItems()) stacks.push_back(item->text(0).toStdString());
  whenDone(this, session::takeBack(desk_.project, std::move(stacks)),
           [this](const Result<int>& done) {
             if (!done)
               desk_.notices.show(NoticeKind::Bad, tr("Nothing was taken back"),
                                  QString::fromStdString(done.error().message));
           });
}

void AsideDialog::refreshButton() {
  back_->setEnabled(!desk_.read_only && !list_->selectedItems().isEmpty());
}

}  // namespace gadolin::widgets
