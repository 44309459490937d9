#include "ui/widgets/cohort_workspace.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollArea>
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
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr int largest_seed = 999'999;
}

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
  side->addWidget(makeSplitPanel());
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
  test_percent_->setObjectName(u"testPercent"_s);
  validation_percent_->setObjectName(u"validationPercent"_s);
  row->addWidget(makeLabel(tr("Test"), "muted"));
  row->addWidget(test_percent_);
  row->addStretch(1);
  row->addWidget(makeLabel(tr("Validation"), "muted"));
  row->addWidget(validation_percent_);
  column->addLayout(row);
  auto* draw = new QHBoxLayout;
  seed_ = new QSpinBox;
  seed_->setObjectName(u"splitSeed"_s);
  seed_->setRange(0, largest_seed);
  seed_->setSpecialValueText(tr("new"));
  seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  seed_->setFixedWidth(72);
  seed_->setToolTip(
      tr("A new seed each time; type a number to draw the same parts again: the same "
         "seed, shares and labels give the same split. 0 is \"new\"."));
  draw->addWidget(makeLabel(tr("Seed"), "muted"));
  draw->addWidget(seed_);
  split_button_ = makeButton(tr("Split anew"), u"split"_s);
  split_button_->setObjectName(u"splitAnew"_s);
  split_button_->setToolTip(
      tr("Draws the parts anew, patient by patient, with the same share of fibrosis "
         "in each. Rows can also be moved by their context menu."));
  draw->addWidget(split_button_, 1);
  column->addLayout(draw);
  seed_text_ = makeLabel({}, "caption");
  seed_text_->setObjectName(u"splitSeedText"_s);
  seed_text_->setWordWrap(true);
  column->addWidget(seed_text_);
  connect(split_button_, &QPushButton::clicked, this, &CohortWorkspace::askSplit);
  return panel;
}

void CohortWorkspace::ask(const QString& name, const QString& question, const QString& text,
                          const QString& yes, std::function<void()> then) {
  auto* box = new QMessageBox(QMessageBox::NoIcon, window()->windowTitle(), question,
                              QMessageBox::Cancel, this);
  box->setObjectName(name);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(text);
  const QPushButton* accept = box->addButton(yes, QMessageBox::AcceptRole);
  box->setDefaultButton(QMessageBox::Cancel);
  connect(box, &QMessageBox::buttonClicked, this,
          [accept, then = std::move(then)](const QAbstractButton* clicked) {
            if (clicked == accept) then();
          });
  box->open();
}

void CohortWorkspace::askSplit() {
  // Not before it is known what would be replaced.
  if (desk_ == nullptr || !loaded_) return;
  const auto counts = countSplit(model_->rows());
  const auto in = [&counts](dataset::Part part) {
    return counts[static_cast<std::size_t>(part)].patients;
  };
  const int train = in(dataset::Part::Train);
  const int validation = in(dataset::Part::Validation);
  const int test = in(dataset::Part::Test);
  if (train + validation + test == 0) {
    drawSplit();
    return;
  }
  ask(u"replaceSplit"_s, tr("Replace the split?"),
      tr("%1 patients have a part now: %2 to train, %3 to validate, %4 to test. That split is "
         "lost; "
         "one that came from a file can be taken from it again (gadolinctl split --from).\n\n"
         "Runs keep the split that they were trained on. Do not score an older run on the new test "
         "patients: it may have learned from them.")
          .arg(train + validation + test)
          .arg(train)
          .arg(validation)
          .arg(test),
      tr("Draw anew"), [this] { drawSplit(); });
}

void CohortWorkspace::drawSplit() {
  if (desk_ == nullptr) return;
  const int seed = seed_->value() > 0 ? seed_->value()
                                      : QRandomGenerator::global()->bounded(1, largest_seed + 1);
  chores_.split(test_percent_->value() / 100.0, validation_percent_->value() / 100.0, seed,
                [this, seed, project = chores_.project()] {
                  memory::setLastSplitSeed(project, seed);
                  refreshSeed();
                });
}

void CohortWorkspace::refreshSeed() {
  const auto seed =
      desk_ != nullptr ? memory::lastSplitSeed(chores_.project()) : std::optional<int>();
  seed_text_->setText(
      seed ? tr("You drew last with seed %1; type it to draw the same again.").arg(*seed)
           : QString());
  seed_text_->setVisible(seed.has_value());
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
  ask(u"replaceLabels"_s, tr("Label from all masks?"),
      tr("%1 stacks with a mask are labelled already. Where readers differ, the newest label "
         "counts, "
         "and that would be the one from the mask. What readers said stays in the history.")
          .arg(labelled),
      tr("Label from masks"), [this] { chores_.deriveLabels(); });
}

void CohortWorkspace::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  desk_ = desk;
  loaded_ = false;
  model_->setRows({});
  import_->clear();
  words_->clear();
  refreshSeed();
  offerDerivedLabels();
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
             offerDerivedLabels();
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
  empty_->setText(model_->rows().empty()
                      ? tr("No stacks yet.\nDrop a folder here, or import one on the right.")
                      : tr("No stack fits the filter."));
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
  }
  menu->popup(table_->viewport()->mapToGlobal(position));
}

std::vector<KeyHint> CohortWorkspace::keys() const {
  return {{tr("Enter"), tr("Label the selected stack")},
          {tr("Ctrl+F"), tr("Filter the table")},
          {tr("Right click"), tr("Label, review, report, move to a part")}};
}

}  // namespace gadolin::widgets
