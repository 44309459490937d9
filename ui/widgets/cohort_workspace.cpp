#include "ui/widgets/cohort_workspace.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTimer>
#include <set>

#include "ui/session/pacs_listener.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/import_panel.h"
#include "ui/widgets/kind_question.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/pacs_dialog.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/split_panel.h"
#include "ui/widgets/supervision_panel.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

void CohortWorkspace::offerDerivedLabels() {
  int stacks = 0;
  for (const db::CohortRow& row : model_->rows())
    if (row.has_reference && row.labelled_slices == 0) ++stacks;
  supervision_->setMasksWithoutLabels(desk_ == nullptr || desk_->read_only ? 0 : stacks);
}

void CohortWorkspace::askDerive() {
  if (desk_ == nullptr) return;
  int labelled = 0;
  for (const db::CohortRow& row : model_->rows())
    if (row.has_reference && row.labelled_slices > 0) ++labelled;
  if (labelled == 0) {
    chores_.deriveLabels();
    return;
  }
  askFirst(this, u"replaceLabels"_s, tr("Label from all masks?"),
           tr("%1 stacks with a mask are labelled already. Where readers differ, the newest label "
              "counts, "
              "and that would be the one from the mask. What readers said stays in the history.")
               .arg(labelled),
           tr("Label from masks"), [this] { chores_.deriveLabels(); });
}

void CohortWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  listener_->stop();  // what came is imported into the project that it was for
  loaded_ = false;
  model_->setRows({});
  model_->setClinical({});
  sized_.clear();
  import_->clear();
  words_->clear();
  kind_question_->clear();
  split_->setDesk(desk_);
  offerDerivedLabels();
  if (desk_ == nullptr) {
    countAside();
    return;
  }
  import_->setReadOnly(desk_->read_only);
  // A thousand changes in one second are one query.
  const auto later = [this] {
    if (reload_pending_) return;
    reload_pending_ = true;
    QTimer::singleShot(200, this, [this] {
      reload_pending_ = false;
      reload();
    });
  };
  connect(&desk_->project, &session::Project::cohortChanged, this, later);
  connect(&desk_->project, &session::Project::labelsChanged, this, later);
  connect(&desk_->project, &session::Project::predictionsChanged, this, later);
  connect(&desk_->project, &session::Project::reviewsChanged, this, later);
  reload();
  whenDone(this, session::refusals(desk_->project),
           [this](const Result<std::vector<db::RefusalRecord>>& list) {
             if (!list) {
               if (desk_ != nullptr)
                 desk_->notices.show(NoticeKind::Bad, tr("The refused files cannot be listed"),
                                     QString::fromStdString(list.error().message));
               return;
             }
             for (const db::RefusalRecord& refusal : *list)
               import_->addRefusal(QString::fromStdString(refusal.path),
                                   QString::fromStdString(refusal.reason));
           });
}

void CohortWorkspace::openPacs() {
  if (desk_ == nullptr || desk_->read_only) return;
  auto* dialog = new PacsDialog(chores_, *listener_, window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void CohortWorkspace::reload() {
  if (desk_ == nullptr) return;
  countAside();
  whenDone(this, session::cohortRows(desk_->project),
           [this](Result<std::vector<db::CohortRow>> rows) {
             if (desk_ == nullptr) return;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The cohort cannot be read"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             split_->setRows(*rows);
             kind_question_->setRows(*rows, desk_->read_only);
             model_->setRows(std::move(rows).value());
             loaded_ = true;
             refreshCount();
             readWorklist();
             offerDerivedLabels();
           });
  whenDone(this, session::clinicalTable(desk_->project),
           [this](Result<session::ClinicalTable> clinical) {
             if (desk_ == nullptr) return;
             if (!clinical) {
               desk_->notices.show(NoticeKind::Bad, tr("The clinical columns cannot be read"),
                                   QString::fromStdString(clinical.error().message));
               return;
             }
             model_->setClinical(std::move(clinical).value());
             showColumns();
           });
  whenDone(this, session::supervisionSummary(desk_->project),
           [this](const Result<session::SupervisionSummary>& summary) {
             if (summary)
               supervision_->setSummary(*summary);
             else if (desk_ != nullptr)
               desk_->notices.show(NoticeKind::Bad, tr("The labels cannot be counted"),
                                   QString::fromStdString(summary.error().message));
           });
}

void CohortWorkspace::readWorklist() {
  if (desk_ == nullptr) return;
  const auto worklist = static_cast<session::Worklist>(worklist_->currentData().toInt());
  const int number = ++worklist_number_;
  if (worklist == session::Worklist::All) {
    filter_->setStacks(std::nullopt);
    refreshCount();
    return;
  }
  whenDone(this, session::labelWorklist(desk_->project, memory::reader().toStdString()),
           [this, worklist, number](const Result<std::vector<session::WorklistRow>>& rows) {
             if (desk_ == nullptr || number != worklist_number_) return;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The worklist cannot be read"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             std::set<std::string> stacks;
             for (const session::WorklistRow& row : *rows)
               if (session::isIn(worklist, row)) stacks.insert(row.stack);
             filter_->setStacks(std::move(stacks));
             refreshCount();
           });
}

void CohortWorkspace::refreshCount() {
  std::set<std::string> patients;
  int slices = 0;
  for (const db::CohortRow& row : model_->rows()) {
    patients.insert(row.stack.patient);
    slices += row.stack.size[2];
  }
  QString text = tr("%1 patients · %2 stacks · %3 slices")
                     .arg(patients.size())
                     .arg(model_->rows().size())
                     .arg(slices);
  if (filter_->rowCount() != model_->rowCount())
    text += u" · "_s + tr("%1 shown").arg(filter_->rowCount());
  count_->setText(text);
  empty_->setText(!model_->rows().empty() ? tr("No stack fits the filter.")
                  : importing_
                      ? tr("Importing. Stacks appear here as they come in.")
                      : tr("No stacks yet.\nDrop a folder here, or import one on the right."));
  empty_->setVisible(loaded_ && filter_->rowCount() == 0);
  empty_->raise();  // a stacked layout orders its widgets anew when it gets its parent
}

void CohortWorkspace::enter() {
  table_->setFocus();
}

QString CohortWorkspace::stackAt(int proxy_row) const {
  return filter_->index(proxy_row, CohortModel::StackId).data().toString();
}

void CohortWorkspace::showStack(const QString& stack) {
  for (int row = 0; row < filter_->rowCount(); ++row)
    if (stackAt(row) == stack) {
      table_->selectRow(row);
      return;
    }
}

void CohortWorkspace::decideSeries(const QStringList& take, const QStringList& leave) {
  if (desk_ == nullptr) return;
  const auto names = [](const QStringList& list) {
    std::vector<std::string> all;
    for (const QString& name : list) all.push_back(name.toStdString());
    return all;
  };
  whenDone(this, session::decideSeries(desk_->project, names(take), names(leave)),
           [this](const Result<int>& done) {
             if (desk_ == nullptr) return;
             if (!done)
               desk_->notices.show(NoticeKind::Bad, tr("The choices were not stored"),
                                   QString::fromStdString(done.error().message));
             else {
               import_->choicesStored();
               desk_->notices.show(
                   NoticeKind::Good, tr("The choices are remembered"),
                   tr("They hold for what comes from now on. What was left has to be sent or "
                      "fetched again."));
             }
           });
}

void CohortWorkspace::countAside() {
  if (desk_ == nullptr) {
    aside_->hide();
    return;
  }
  whenDone(this, session::asideStacks(desk_->project),
           [this](const Result<std::vector<db::AsideRecord>>& stacks) {
             const std::size_t count = stacks ? stacks->size() : 0;
             aside_->setVisible(count > 0);
             aside_->setText(tr("%1 set aside").arg(count));
           });
}

std::vector<KeyHint> CohortWorkspace::keys() const {
  return {{tr("Enter"), tr("Label the selected stack")},
          {tr("Ctrl+F"), tr("Filter the table")},
          {tr("Del"), tr("Set the selected stacks aside")},
          {tr("Right click"), tr("Label, review, report, move to a part")},
          {tr("Right click on the head"), tr("Choose the columns")}};
}

}  // namespace gadolin::widgets
