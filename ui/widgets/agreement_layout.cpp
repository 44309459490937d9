// How the agreement page is laid out.

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>

#include "ui/plots/bland_altman_plot.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/confusion_table.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

AgreementPage::AgreementPage(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  pages_ = new QStackedWidget;
  column->addWidget(pages_);
  makeEmpty(pages_);
  auto* page = new QWidget;
  auto* row = new QHBoxLayout(page);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(14);
  row->addWidget(makePairs());
  auto* splitter = new QSplitter;
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(10);
  splitter->addWidget(makeFigures());
  splitter->addWidget(makeCases());
  splitter->setStretchFactor(0, 5);
  splitter->setStretchFactor(1, 4);
  splitter->setSizes({640, 500});
  row->addWidget(splitter, 1);
  pages_->addWidget(page);
  maximiser_ = new Maximiser(image_, this);
  calm_.setSingleShot(true);
  calm_.setInterval(250);
  connectParts();
}

void AgreementPage::makeEmpty(QStackedWidget* pages) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->addStretch(2);
  auto* heading = makeLabel(tr("Nothing to compare yet"), "title");
  heading->setAlignment(Qt::AlignCenter);
  column->addWidget(heading);
  empty_ = makeLabel({}, "muted");
  empty_->setObjectName(u"agreementEmpty"_s);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  column->addWidget(empty_);
  column->addStretch(3);
  pages->addWidget(box);
}

QWidget* AgreementPage::makePairs() {
  auto* box = new QWidget;
  box->setMinimumWidth(190);
  box->setMaximumWidth(240);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  run_ = new QComboBox;
  run_->setObjectName(u"agreementRun"_s);
  run_->addItem(tr("Newest predictions"), QString());
  run_->setFocusPolicy(Qt::NoFocus);
  run_->setToolTip(tr("Whose predictions readers are compared with"));
  column->addWidget(run_);
  part_ = new QComboBox;
  part_->setObjectName(u"agreementPart"_s);
  part_->setFocusPolicy(Qt::NoFocus);
  part_->setToolTip(
      plainTip(tr("Over whom the model is compared with readers. It has learnt from the training "
                  "patients and was chosen by the validation patients: that flatters it. Readers "
                  "are compared with one another over everybody.")));
  part_->addItem(tr("Model over test patients"), u"test"_s);
  part_->addItem(tr("Model over validation patients"), u"val"_s);
  part_->addItem(tr("Model over training patients"), u"train"_s);
  part_->addItem(tr("Model over all patients"), u"all"_s);
  part_->hide();
  column->addWidget(part_);
  column->addWidget(makeLabel(tr("Comparisons"), "heading"));
  pairs_ = new QListWidget;
  pairs_->setObjectName(u"agreementPairs"_s);
  pairs_->setFocusPolicy(Qt::NoFocus);
  pairs_->setTextElideMode(Qt::ElideRight);
  pairs_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(pairs_, 1);
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  progress_->hide();
  column->addWidget(progress_);
  save_figures_ = makeButton(tr("Save figures…"), u"save"_s);
  save_figures_->setObjectName(u"saveFigures"_s);
  save_figures_->setToolTip(tr("Every figure of every comparison as a CSV table"));
  save_figures_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(save_figures_);
  return box;
}

QWidget* AgreementPage::makeFigures() {
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(8);
  auto* top = new QWidget;
  auto* column = new QVBoxLayout(top);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  title_ = makeLabel({}, "title");
  title_->setWordWrap(true);
  column->addWidget(title_);
  notes_ = makeLabel({}, "caption");
  notes_->setObjectName(u"agreementNotes"_s);
  notes_->setWordWrap(true);
  column->addWidget(notes_);
  figures_ = new QTableWidget(0, 3);
  figures_->setObjectName(u"agreementFigures"_s);
  figures_->setHorizontalHeaderLabels({tr("Figure"), tr("Value [95 % interval]"), tr("n")});
  figures_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  figures_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  figures_->horizontalHeader()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
  figures_->horizontalHeader()->setHighlightSections(false);
  figures_->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  figures_->verticalHeader()->hide();
  figures_->verticalHeader()->setMinimumSectionSize(20);
  figures_->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  // A narrower column wraps its text into more lines.
  connect(figures_->horizontalHeader(), &QHeaderView::sectionResized, figures_,
          [this] { figures_->resizeRowsToContents(); });
  figures_->setShowGrid(false);
  figures_->setAlternatingRowColors(true);
  figures_->setWordWrap(true);
  figures_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  figures_->setSelectionMode(QAbstractItemView::NoSelection);
  figures_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(figures_, 1);
  splitter->addWidget(top);

  below_ = new QStackedWidget;
  auto* confusion = new QWidget;
  auto* confusion_column = new QVBoxLayout(confusion);
  confusion_column->setContentsMargins(0, 4, 0, 0);
  confusion_column->setSpacing(6);
  confusion_title_ = makeLabel(tr("Slices by both, label by label"), "heading");
  confusion_column->addWidget(confusion_title_);
  confusion_ = new ConfusionTable;
  confusion_->setObjectName(u"confusionTable"_s);
  confusion_column->addWidget(confusion_, 1);
  below_->addWidget(confusion);
  auto* plot = new QWidget;
  auto* plot_column = new QVBoxLayout(plot);
  plot_column->setContentsMargins(0, 4, 0, 0);
  plot_column->setSpacing(6);
  auto* plot_row = new QHBoxLayout;
  plot_row->addWidget(makeLabel(tr("Bland–Altman"), "heading"));
  measure_ = new QComboBox;
  measure_->setObjectName(u"agreementMeasure"_s);
  measure_->setFocusPolicy(Qt::NoFocus);
  measure_->addItem(tr("Scar volume"), static_cast<int>(session::Measure::ScarMl));
  measure_->addItem(tr("Scar share of the LV"), static_cast<int>(session::Measure::ScarPercent));
  measure_->addItem(tr("Myocardium volume"), static_cast<int>(session::Measure::MyocardiumMl));
  plot_row->addWidget(measure_);
  plot_row->addStretch(1);
  save_plot_ = makeButton(tr("Save plot…"), u"save"_s);
  save_plot_->setObjectName(u"savePlot"_s);
  save_plot_->setToolTip(tr("As PNG or PDF, on white"));
  save_plot_->setFocusPolicy(Qt::NoFocus);
  plot_row->addWidget(save_plot_);
  plot_column->addLayout(plot_row);
  plot_ = new plots::BlandAltmanPlot;
  plot_->setObjectName(u"blandAltman"_s);
  plot_->setTheme(scheme() == Scheme::Dark ? plots::Theme::Dark : plots::Theme::Light);
  plot_column->addWidget(plot_, 1);
  below_->addWidget(plot);
  below_->addWidget(new QWidget);  // for all readers together: they have no pairs
  splitter->addWidget(below_);
  splitter->setSizes({440, 360});
  splitter->setStretchFactor(0, 5);
  splitter->setStretchFactor(1, 5);
  return splitter;
}

QWidget* AgreementPage::makeCases() {
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(8);
  auto* top = new QWidget;
  auto* column = new QVBoxLayout(top);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  cases_title_ = makeLabel({}, "heading");
  column->addWidget(cases_title_);
  list_ = new QListWidget;
  list_->setObjectName(u"agreementCases"_s);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setAlternatingRowColors(true);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(list_, 1);
  splitter->addWidget(top);
  auto* bottom = new QWidget;
  auto* image_column = new QVBoxLayout(bottom);
  image_column->setContentsMargins(0, 0, 0, 0);
  image_column->setSpacing(6);
  image_ = new view::ImageView;
  image_->setObjectName(u"agreementImage"_s);
  image_->setPlaceholder(tr("Choose a line or a point"));
  image_->setMinimumHeight(160);
  image_column->addWidget(image_, 1);
  caption_ = makeLabel({}, "muted");
  caption_->setObjectName(u"agreementCaption"_s);
  caption_->setWordWrap(true);
  image_column->addWidget(caption_);
  decide_ = makeButton(tr("D  Decide in Label"), u"label"_s);
  decide_->setObjectName(u"decide"_s);
  decide_->setToolTip(
      tr("A third decision on this slice, with your name, that counts before the readers' labels"));
  decide_->setFocusPolicy(Qt::NoFocus);
  image_column->addWidget(decide_, 0, Qt::AlignRight);
  splitter->addWidget(bottom);
  splitter->setSizes({260, 480});
  splitter->setStretchFactor(0, 2);
  splitter->setStretchFactor(1, 3);
  return splitter;
}

}  // namespace gadolin::widgets
