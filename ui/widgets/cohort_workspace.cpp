#include "ui/widgets/cohort_workspace.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>
#include <set>

#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/import_panel.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/split_bar.h"
#include "ui/widgets/supervision_panel.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

CohortWorkspace::CohortWorkspace(Chores& chores, QWidget* parent)
    : Workspace(parent), chores_(chores) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(14);
  row->addWidget(makeTable(), 1);
  auto* side = new QVBoxLayout;
  side->setSpacing(12);
  row->addLayout(side);
  import_ = new ImportPanel(chores_);
  import_->setFixedWidth(330);
  side->addWidget(import_);
  side->addWidget(makeSplitPanel());
  supervision_ = new SupervisionPanel;
  supervision_->setFixedWidth(330);
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
  top->addStretch(1);
  words_ = new QLineEdit;
  words_->setObjectName(u"cohortFilter"_s);
  words_->setPlaceholderText(tr("Filter: patient, split, fibrosis…"));
  words_->setClearButtonEnabled(true);
  words_->addAction(icon(u"search"_s, colours().muted), QLineEdit::LeadingPosition);
  words_->setFixedWidth(300);
  top->addWidget(words_);
  column->addLayout(top);

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
  const std::array<int, CohortModel::column_count> widths{120, 138, 98, 58,  146, 76,
                                                          106, 52,  84, 170, 80};
  for (int i = 0; i < CohortModel::column_count; ++i)
    table_->setColumnWidth(i, widths[static_cast<std::size_t>(i)]);
  auto* layers = new QStackedLayout;
  layers->setStackingMode(QStackedLayout::StackAll);
  empty_ =
      makeLabel(tr("No stacks yet.\nDrop a folder here, or import one on the right."), "muted");
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
  auto* find = new QShortcut(QKeySequence::Find, this);
  connect(find, &QShortcut::activated, words_, [this] { words_->setFocus(); });
  return box;
}

QWidget* CohortWorkspace::makeSplitPanel() {
  QVBoxLayout* column = nullptr;
  QFrame* panel = makePanel(tr("Split by patient"), &column);
  panel->setFixedWidth(330);
  split_ = new SplitBar;
  column->addWidget(split_);
  auto* row = new QHBoxLayout;
  const auto percent = [](int value, int most) {
    auto* box = new QSpinBox;
    box->setRange(0, most);
    box->setValue(value);
    box->setSuffix(u" %"_s);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setFixedWidth(56);
    return box;
  };
  test_percent_ = percent(20, 80);
  validation_percent_ = percent(10, 50);
  row->addWidget(makeLabel(tr("Test"), "muted"));
  row->addWidget(test_percent_);
  row->addStretch(1);
  row->addWidget(makeLabel(tr("Validation"), "muted"));
  row->addWidget(validation_percent_);
  column->addLayout(row);
  split_button_ = makeButton(tr("Split anew"), u"split"_s);
  split_button_->setToolTip(
      tr("Draws the parts anew, patient by patient, with the same share of fibrosis "
         "in each. Rows can also be moved by their context menu."));
  column->addWidget(split_button_);
  connect(split_button_, &QPushButton::clicked, this, [this] {
    chores_.split(test_percent_->value() / 100.0, validation_percent_->value() / 100.0, 1);
  });
  return panel;
}

void CohortWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  loaded_ = false;
  model_->setRows({});
  import_->clear();
  words_->clear();
  if (desk_ == nullptr) return;
  import_->setReadOnly(desk_->read_only);
  split_button_->setEnabled(!desk_->read_only);
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
             if (!list) return;
             for (const db::RefusalRecord& refusal : *list)
               import_->addRefusal(QString::fromStdString(refusal.path),
                                   QString::fromStdString(refusal.reason));
           });
}

void CohortWorkspace::reload() {
  if (desk_ == nullptr) return;
  whenDone(this, session::cohortRows(desk_->project),
           [this](Result<std::vector<db::CohortRow>> rows) {
             if (desk_ == nullptr) return;
             if (!rows) {
               desk_->notices.show(NoticeKind::Bad, tr("The cohort cannot be read"),
                                   QString::fromStdString(rows.error().message));
               return;
             }
             split_->setRows(*rows);
             model_->setRows(std::move(rows).value());
             loaded_ = true;
             refreshCount();
           });
  whenDone(this, session::supervisionSummary(desk_->project),
           [this](const Result<session::SupervisionSummary>& summary) {
             if (summary) supervision_->setSummary(*summary);
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
  empty_->setVisible(loaded_ && model_->rows().empty());
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
  }
  menu->popup(table_->viewport()->mapToGlobal(position));
}

std::vector<KeyHint> CohortWorkspace::keys() const {
  return {{tr("Enter"), tr("Label the selected stack")},
          {tr("Ctrl+F"), tr("Filter the table")},
          {tr("Right click"), tr("Label, review, report, move to a part")}};
}

}  // namespace gadolin::widgets
