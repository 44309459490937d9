// The menus of the Cohort workspace's table, and its choice of columns.

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <algorithm>
#include <set>

#include "ui/session/project_queries.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/cohort_workspace.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_actions.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

void CohortWorkspace::showMenu(const QPoint& position) {
  const QModelIndexList selected = table_->selectionModel()->selectedRows(CohortModel::Patient);
  if (selected.isEmpty() || desk_ == nullptr) return;
  std::set<std::string> patients;
  for (const QModelIndex& index : selected) patients.insert(index.data().toString().toStdString());
  const QString stack = stackAt(selected.front().row());
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  connect(menu->addAction(tr("Label")), &QAction::triggered, this,
          [this, stack] { Q_EMIT openStack(stack, Place::Label); });
  connect(menu->addAction(tr("Review")), &QAction::triggered, this,
          [this, stack] { Q_EMIT openStack(stack, Place::Review); });
  connect(menu->addAction(tr("Report")), &QAction::triggered, this,
          [this, stack] { Q_EMIT openStack(stack, Place::Report); });
  if (!desk_->read_only) {
    menu->addSeparator();
    for (const dataset::Part part : {dataset::Part::Train, dataset::Part::Validation,
                                     dataset::Part::Test, dataset::Part::None}) {
      const QString name = part == dataset::Part::None ? tr("no part") : partText(part);
      const QString text = patients.size() == 1
                               ? tr("Move this patient to: %1").arg(name)
                               : tr("Move %1 patients to: %2").arg(patients.size()).arg(name);
      connect(menu->addAction(text), &QAction::triggered, this, [this, patients, part] {
        if (desk_ == nullptr) return;
        whenDone(this, session::setPart(desk_->project, {patients.begin(), patients.end()}, part),
                 [this](const Result<int>& moved) {
                   if (!moved && desk_ != nullptr)
                     desk_->notices.show(NoticeKind::Bad, tr("The split was not changed"),
                                         QString::fromStdString(moved.error().message));
                   reload();
                 });
      });
    }
    menu->addSeparator();
    addStackActions(*menu, this, *desk_, selectedStacks());
  }
  menu->popup(table_->viewport()->mapToGlobal(position));
}

std::vector<std::string> CohortWorkspace::selectedStacks() const {
  std::vector<std::string> stacks;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows(CohortModel::Patient))
    stacks.push_back(stackAt(index.row()).toStdString());
  return stacks;
}

void CohortWorkspace::askAside() {
  auto stacks = selectedStacks();
  if (stacks.empty() || desk_ == nullptr || desk_->read_only) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  // Not addSection(): the style shows a line there, without its text.
  menu->addAction(stacks.size() == 1 ? tr("Set this stack aside, since it is:")
                                     : tr("Set %1 stacks aside, since they are:").arg(stacks.size()))
      ->setEnabled(false);
  menu->addSeparator();
  addAsideActions(*menu, this, *desk_, std::move(stacks));
  const QRect row = table_->visualRect(table_->currentIndex());
  menu->popup(table_->viewport()->mapToGlobal(row.bottomLeft()));
}

void CohortWorkspace::showColumns() {
  const QStringList hidden = memory::hiddenColumns();
  for (int column = CohortModel::StackId; column < model_->columnCount(); ++column) {
    table_->setColumnHidden(
        column,
        hidden.contains(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()));
    // Once a column: the person may have made it wider since.
    const QString name = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    if (column < CohortModel::column_count || sized_.contains(name)) continue;
    sized_ << name;
    table_->resizeColumnToContents(column);
    table_->setColumnWidth(column, std::clamp(table_->columnWidth(column), 60, 220));
  }
}

void CohortWorkspace::showColumnMenu(const QPoint& position) {
  auto* menu = new QMenu(this);
  menu->setObjectName(u"columnMenu"_s);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int column = CohortModel::StackId; column < model_->columnCount(); ++column) {
    if (column == CohortModel::column_count) menu->addSeparator();
    const QString name = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    QAction* action = menu->addAction(name);
    action->setCheckable(true);
    action->setChecked(!table_->isColumnHidden(column));
    connect(action, &QAction::toggled, this, [this, name](bool shown) {
      QStringList hidden = memory::hiddenColumns();
      hidden.removeAll(name);
      if (!shown) hidden << name;
      memory::setHiddenColumns(hidden);
      showColumns();
    });
  }
  menu->popup(table_->horizontalHeader()->mapToGlobal(position));
}

}  // namespace gadolin::widgets
