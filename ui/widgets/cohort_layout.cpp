// What stands where in the Cohort workspace, and which signal leads where.

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedLayout>
#include <QTableView>

#include "ui/session/pacs_listener.h"
#include "ui/widgets/aside_dialog.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/cohort_workspace.h"
#include "ui/widgets/export_dialog.h"
#include "ui/widgets/import_panel.h"
#include "ui/widgets/kind_question.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/pacs_dialog.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/split_panel.h"
#include "ui/widgets/stack_actions.h"
#include "ui/widgets/supervision_panel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/worklists.h"

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
  top->addWidget(count_, 1);
  aside_ = makeButton({}, {}, "flat");
  aside_->setObjectName(u"asideButton"_s);
  aside_->setToolTip(tr("Stacks that are in no list: why, and the way back"));
  aside_->hide();
  top->addWidget(aside_);
  top->addStretch(0);
  auto* export_data = makeButton(tr("Export…"), u"save"_s, "flat");
  export_data->setObjectName(u"exportCohort"_s);
  export_data->setToolTip(tr("The project for other programs: tables, NIfTI, nnU-Net, EMIDEC, DICOM"));
  connect(export_data, &QPushButton::clicked, this, [this] { openExport(chores_, this); });
  top->addWidget(export_data);
  worklist_ = new QComboBox;
  worklist_->setObjectName(u"cohortWorklist"_s);
  worklist_->setToolTip(tr("Which stacks: by their labels, by yours, by the verdict in Review"));
  addWorklists(worklist_);
  top->addWidget(worklist_);
  words_ = new QLineEdit;
  words_->setObjectName(u"cohortFilter"_s);
  words_->setPlaceholderText(tr("Filter: patient, split, fibrosis…"));
  words_->setClearButtonEnabled(true);
  words_->addAction(icon(u"search"_s, &ThemeColours::muted), QLineEdit::LeadingPosition);
  // In a narrow window the filter and the count give way, not the one to the other.
  words_->setMinimumWidth(130);
  words_->setMaximumWidth(300);
  count_->setMinimumWidth(1);
  top->addWidget(words_, 1);
  column->addLayout(top);
  kind_question_ = new KindQuestion;
  column->addWidget(kind_question_);
  connect(kind_question_, &KindQuestion::answered, this,
          [this](const std::vector<std::string>& stacks, ImageKind kind) {
            if (desk_ != nullptr)
              setKind(this, *desk_, stacks, kind, [this] { kind_question_->askAgain(); });
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

  connect(worklist_, &QComboBox::currentIndexChanged, this, &CohortWorkspace::readWorklist);
  connect(words_, &QLineEdit::textChanged, this, [this](const QString& text) {
    filter_->setWords(text);
    refreshCount();
  });
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    const auto worklist = static_cast<session::Worklist>(worklist_->currentData().toInt());
    if (worklist == session::Worklist::Disagreements)
      Q_EMIT decideSlice(stackAt(index.row()), -1);
    else
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

}  // namespace gadolin::widgets
