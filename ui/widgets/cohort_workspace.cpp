#include "ui/widgets/cohort_workspace.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>
#include <algorithm>
#include <set>

#include "ui/session/pacs_listener.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/aside_dialog.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/import_panel.h"
#include "ui/widgets/kind_question.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/pacs_dialog.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/split_panel.h"
#include "ui/widgets/stack_actions.h"
#include "ui/widgets/supervision_panel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

CohortWorkspace::CohortWorkspace(Chores& chores, QWidget* parent)
    : Workspace(parent), chores_(chores) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 4, 14);
  row->setSpacing(14);
  row->addWidget(makeTable(), 1);
  // In a low window, with refused files listed, the panels are higher than the screen.
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setFixedWidth(342);
  auto* panels = new QWidget;
  auto* side = new QVBoxLayout(panels);
  side->setContentsMargins(0, 0, 0, 0);
  side->setSpacing(12);
  scroll->setWidget(panels);
  // The ground of the workspace shows between the panels.
  panels->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);
  row->addWidget(scroll);
  import_ = new ImportPanel(chores_);
  import_->setFixedWidth(330);
  side->addWidget(import_);
  listener_ = new session::PacsListener(this);
  connect(&chores_, &Chores::importOptionsChanged, this,
          [this] { listener_->setWishes(chores_.importWishes()); });
  connect(import_, &ImportPanel::seriesDecided, this, &CohortWorkspace::decideSeries);
  connect(&chores_, &Chores::importStarted, this, [this] {
    importing_ = true;
    refreshCount();
  });
  connect(&chores_, &Chores::importEnded, this, [this] {
    importing_ = false;
    refreshCount();
  });
  connect(import_, &ImportPanel::pacsWanted, this, &CohortWorkspace::openPacs);
  connect(listener_, &session::PacsListener::changed, this, [this] {
    import_->setReceiving(listener_->isOn() ? receiveText(*listener_) : QString());
  });
  connect(listener_, &session::PacsListener::imported, &chores_, &Chores::tellReceived);
  connect(listener_, &session::PacsListener::failed, this, [this](const Error& error) {
    if (desk_ != nullptr)
      desk_->notices.show(NoticeKind::Bad, tr("Receiving ended"), QString::fromStdString(error.message));
  });
  split_ = new SplitPanel(chores_);
  split_->setFixedWidth(330);
  side->addWidget(split_);
  supervision_ = new SupervisionPanel;
  supervision_->setFixedWidth(330);
  connect(supervision_, &SupervisionPanel::deriveWanted, this, &CohortWorkspace::askDerive);
  side->addWidget(supervision_);
  side->addStretch(1);
}

QWidget* CohortWorkspace::makeTable() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  auto* top = new QHBoxLayout;
  top->addWidget(makeLabel(tr("Cohort"), "title"));
  count_ = makeLabel({}, "muted");
  top->addWidget(count_);
  aside_ = makeButton({}, {}, "flat");
  aside_->setObjectName(u"asideButton"_s);
  aside_->setToolTip(tr("Stacks that are in no list: why, and the way back"));
  aside_->hide();
  top->addWidget(aside_);
  top->addStretch(1);
  words_ = new QLineEdit;
  words_->setObjectName(u"cohortFilter"_s);
  words_->setPlaceholderText(tr("Filter: patient, split, fibrosis…"));
  words_->setClearButtonEnabled(true);
  words_->addAction(icon(u"search"_s, &ThemeColours::muted), QLineEdit::LeadingPosition);
  words_->setFixedWidth(300);
  top->addWidget(words_);
  column->addLayout(top);
  kind_question_ = new KindQuestion;
  column->addWidget(kind_question_);
  connect(kind_question_, &KindQuestion::answered, this,
          [this](const std::vector<std::string>& stacks, ImageKind kind) {
            if (desk_ != nullptr) setKind(this, *desk_, stacks, kind, [this] { reload(); });
          });
  connect(kind_question_, &KindQuestion::lookWanted, this,
          [this](const QString& stack) { Q_EMIT openStack(stack, Place::Label); });

  model_ = new CohortModel(this);
  filter_ = new CohortFilter(this);
  filter_->setSourceModel(model_);
  table_ = new QTableView;
  table_->setObjectName(u"cohortTable"_s);
  table_->setModel(filter_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(CohortModel::Patient, Qt::AscendingOrder);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(28);
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  table_->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  table_->horizontalHeader()->setMinimumSectionSize(44);
  connect(table_->horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
          &CohortWorkspace::showColumnMenu);
  const std::array<int, CohortModel::column_count> widths{120, 138, 98, 58,  146, 76,
                                                          106, 52,  84, 170, 80};
  for (int i = 0; i < CohortModel::column_count; ++i)
    table_->setColumnWidth(i, widths[static_cast<std::size_t>(i)]);
  auto* layers = new QStackedLayout;
  layers->setStackingMode(QStackedLayout::StackAll);
  empty_ = makeLabel({}, "muted");
  empty_->setObjectName(u"cohortHint"_s);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setAttribute(Qt::WA_TransparentForMouseEvents);
  layers->addWidget(empty_);
  layers->addWidget(table_);
  layers->setCurrentWidget(empty_);
  column->addLayout(layers, 1);

  connect(words_, &QLineEdit::textChanged, this, [this](const QString& text) {
    filter_->setWords(text);
    refreshCount();
  });
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    Q_EMIT openStack(stackAt(index.row()), Place::Label);
  });
  connect(table_, &QTableView::customContextMenuRequested, this, &CohortWorkspace::showMenu);
  connect(aside_, &QPushButton::clicked, this, [this] {
    if (desk_ != nullptr) (new AsideDialog(*desk_, window()))->open();
  });
  auto* aside = new QShortcut(QKeySequence::Delete, table_);
  aside->setContext(Qt::WidgetShortcut);
  connect(aside, &QShortcut::activated, this, &CohortWorkspace::askAside);
  auto* find = new QShortcut(QKeySequence::Find, this);
  connect(find, &QShortcut::activated, words_, [this] { words_->setFocus(); });
  return box;
}

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
             else
               desk_->notices.show(
                   NoticeKind::Good, tr("The choices are remembered"),
                   tr("They hold for what comes from now on. What was left has to be sent or "
                      "fetched again."));
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

std::vector<KeyHint> CohortWorkspace::keys() const {
  return {{tr("Enter"), tr("Label the selected stack")},
          {tr("Ctrl+F"), tr("Filter the table")},
          {tr("Del"), tr("Set the selected stacks aside")},
          {tr("Right click"), tr("Label, review, report, move to a part")},
          {tr("Right click on the head"), tr("Choose the columns")}};
}

}  // namespace gadolin::widgets
