#include "ui/widgets/import_panel.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <algorithm>

#include "core/imaging/series_judgement.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/import_findings.h"
#include "ui/widgets/import_options.h"
#include "ui/widgets/sentence_rows.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/table_dialog.h"
#include "ui/widgets/window_memory.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

/// What a row of the series knows beside its text.
enum Role {
  key_role = Qt::UserRole,
  name_role,
  count_role,
  lowest_role,
  highest_role,
  taken_role,
};

}  // namespace

ImportPanel::ImportPanel(Chores& chores, QWidget* parent) : QFrame(parent), chores_(chores) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(makeLabel(tr("Import"), "heading"));
  folder_ = makeButton(tr("Import a folder…"), u"import"_s);
  folder_->setObjectName(u"importButton"_s);
  auto* start = new QHBoxLayout;
  start->addWidget(folder_, 1);
  options_ = new ImportOptionsButton(chores_);
  start->addWidget(options_);
  column->addLayout(start);
  table_ = makeButton(tr("Table…"));
  table_->setObjectName(u"importTableButton"_s);
  table_->setToolTip(tr("Labels of slices and clinical columns from CSV or TSV. What each column means is shown first."));
  pacs_ = makeButton(tr("From PACS…"));
  pacs_->setObjectName(u"pacsButton"_s);
  pacs_->setToolTip(tr("Search an archive and fetch from it, or receive what it sends"));
  auto* others = new QHBoxLayout;
  others->addWidget(table_, 1);
  others->addWidget(pacs_, 1);
  column->addLayout(others);
  identities_ = makeLabel({}, "warn");
  identities_->setObjectName(u"identitiesText"_s);
  identities_->setWordWrap(true);
  column->addWidget(identities_);
  connect(&chores_, &Chores::importOptionsChanged, this, &ImportPanel::showIdentities);
  showIdentities();
  receiving_ = makeLabel({}, "good");
  receiving_->setObjectName(u"receivingText"_s);
  receiving_->setWordWrap(true);
  receiving_->hide();
  column->addWidget(receiving_);
  state_ = makeLabel({}, "caption");
  state_->setWordWrap(true);
  column->addWidget(state_);
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  progress_->hide();
  column->addWidget(progress_);
  series_title_ = makeLabel({}, "caption");
  series_title_->setWordWrap(true);
  column->addWidget(series_title_);
  series_ = new QTreeWidget;
  series_->setObjectName(u"seriesList"_s);
  series_->setHeaderLabels({tr("Series, with reasons"), tr("Points")});
  series_->header()->setStretchLastSection(false);
  series_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  series_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  series_->setIndentation(14);
  wrapSentences(series_);
  series_->setMinimumHeight(150);
  column->addWidget(series_, 1);
  again_ = makeButton(tr("Import again with these choices"), u"import"_s);
  again_->setObjectName(u"importAgainButton"_s);
  column->addWidget(again_);
  findings_ = new ImportFindings;
  column->addWidget(findings_, 1);

  connect(pacs_, &QPushButton::clicked, this, &ImportPanel::pacsWanted);
  connect(folder_, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(window(), tr("Folder with LGE stacks"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& paths) { chores_.importPaths(paths); });
    dialog->open();
  });
  connect(table_, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(window(), tr("Table with labels or clinical columns"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Tables (*.csv *.tsv *.txt *.cfg)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ImportPanel::showTable);
    dialog->open();
  });
  connect(&chores_, &Chores::tableOffered, this, &ImportPanel::showTable);
  connect(&chores_, &Chores::importStarted, this, [this](const QStringList& paths) {
    clear();
    paths_ = paths;
    phase_.clear();
    state_->setText(paths.isEmpty() ? tr("Fetching")
                                    : tr("Reading %1").arg(QFileInfo(paths.value(0)).fileName()));
    showProgress(progress_, 0, 0);
    progress_->show();
  });
  connect(&chores_, &Chores::importProgress, this,
          [this](qint64 done, qint64 total, const QString& what) {
            showProgressOf(done, total, what);
          });
  connect(&chores_, &Chores::importRefused, this,
          [this](const QString& path, const QString& reason, const QString& code) {
            // Series that were left are rows of the list of series.
            if (code != "not-lge"_L1 && code != "earlier-images"_L1)
              findings_->addRefusal(path, reason);
          });
  connect(&chores_, &Chores::importNoted, findings_, &ImportFindings::setNotes);
  connect(&chores_, &Chores::importJudged, this, &ImportPanel::addSeries);
  connect(&chores_, &Chores::seriesReceived, this, &ImportPanel::beginReceived);
  connect(series_, &QTreeWidget::itemChanged, this, [this] { refreshSeries(); });
  connect(again_, &QPushButton::clicked, this, &ImportPanel::applyChoices);
  connect(&chores_, &Chores::importEnded, this, [this](bool, const QString& text) {
    progress_->hide();
    state_->setText(text);
  });
  clear();
}

void ImportPanel::setReadOnly(bool read_only) {
  folder_->setEnabled(!read_only);
  options_->setEnabled(!read_only);
  table_->setEnabled(!read_only);
  pacs_->setEnabled(!read_only);
}

void ImportPanel::showTable(const QString& file) {
  if (chores_.project().isEmpty()) return;
  auto* dialog = new TableDialog(chores_, file, memory::reader(), window());
  dialog->open();
}

void ImportPanel::showIdentities() {
  const bool kept = chores_.importWishes().contains(u"--identity=keep"_s);
  identities_->setText(tr("Names and numbers of patients are kept in the project."));
  identities_->setVisible(kept);
}

void ImportPanel::setReceiving(const QString& text) {
  receiving_->setText(text);
  receiving_->setVisible(!text.isEmpty());
}

void ImportPanel::clear() {
  findings_->clear();
  series_->clear();
  paths_.clear();
  progress_->hide();
  state_->setText(
      tr("DICOM, NIfTI, NRRD or EMIDEC folders, with all folders below them. Importing again "
         "changes nothing. A folder or a table can also be dropped on the window."));
  refreshSeries();
}

void ImportPanel::showProgressOf(qint64 done, qint64 total, const QString& what) {
  if (what != phase_) rate_.begin();
  phase_ = what;
  rate_.add(done);
  showProgress(progress_, total > 0 ? static_cast<int>(done * 1000 / total) : 0,
               total > 0 ? 1000 : 0);
  QStringList parts{what, total > 0 ? tr("%L1 of %L2").arg(done).arg(total) : tr("%L1").arg(done)};
  if (const auto rate = rate_.rate(); rate && total > 0)
    parts << tr("%L1 a second").arg(*rate, 0, 'f', *rate < 10 ? 1 : 0);
  if (const auto left = rate_.secondsLeft(total); left && total > done)
    parts << (*left < 90 ? tr("%1 s left").arg(*left) : tr("%1 min left").arg((*left + 30) / 60));
  if (const int refused = findings_->refusals(); refused > 0)
    parts << tr("%L1 refused").arg(refused);
  state_->setText(parts.join(u" · "_s));
}

void ImportPanel::addSeries(const QJsonObject& series) {
  const QString description = series.value("series"_L1).toString();
  const QString repeat = series.value("repeat"_L1).toString();
  const QString name = series.value("name"_L1).toString();  // what a decision names
  const QString key =
      repeat.isEmpty() ? QString::fromStdString(decisionKey(description.toStdString())) : name;
  const int points = series.value("points"_L1).toInt();
  QTreeWidgetItem* row = nullptr;
  for (int i = 0; i < series_->topLevelItemCount() && row == nullptr; ++i)
    if (series_->topLevelItem(i)->data(0, key_role).toString() == key) row = series_->topLevelItem(i);
  const QSignalBlocker quiet(series_);
  if (row == nullptr) {
    row = new QTreeWidgetItem(series_);
    row->setData(0, key_role, key);
    row->setData(0, name_role, name);
    row->setData(1, lowest_role, points);
    row->setData(1, highest_role, points);
    row->setData(0, taken_role, false);
  }
  const int count = row->data(0, count_role).toInt() + 1;
  const int lowest = std::min(row->data(1, lowest_role).toInt(), points);
  const int highest = std::max(row->data(1, highest_role).toInt(), points);
  const bool taken = row->data(0, taken_role).toBool() || series.value("taken"_L1).toBool();
  row->setData(0, count_role, count);
  row->setData(1, lowest_role, lowest);
  row->setData(1, highest_role, highest);
  row->setData(0, taken_role, taken);
  row->setCheckState(0, taken ? Qt::Checked : Qt::Unchecked);
  QString shown = description.isEmpty() ? tr("no description") : description;
  if (!repeat.isEmpty())  // first, for the panel is narrow and ends what is long with dots
    shown =
        (series.value("rank"_L1).toInt() == 0 ? tr("Latest images: %1") : tr("Earlier images: %1"))
            .arg(shown);
  row->setText(0, count == 1 ? shown : tr("%1 (%2 series)").arg(shown).arg(count));
  row->setText(1, lowest == highest ? QString::number(lowest)
                                    : tr("%1 to %2").arg(lowest).arg(highest));
  row->setToolTip(0, plainTip(tr("%1\n%2\n%3 slices. Ticked: taken as late enhancement.")
                                  .arg(shown, series.value("path"_L1).toString())
                                  .arg(series.value("slices"_L1).toInt())));
  if (count == 1) {  // of many series of a kind the first speaks
    if (series.value("decided"_L1).toBool())
      new QTreeWidgetItem(row, {tr("decided by a person")});
    if (!repeat.isEmpty()) {
      auto* line = new QTreeWidgetItem(row, {repeat});
      line->setToolTip(0, plainTip(repeat));
    }
    for (const QJsonValue& reason : series.value("reasons"_L1).toArray()) {
      const QString text = reason.toString();
      const qsizetype points_end = text.indexOf(u' ');
      auto* line = new QTreeWidgetItem(row, {text.mid(points_end + 1), text.left(points_end)});
      line->setToolTip(0, plainTip(line->text(0)));
    }
    for (int i = 0; i < row->childCount(); ++i) {
      row->child(i)->setFlags(Qt::ItemIsEnabled);
      row->child(i)->setTextAlignment(1, Qt::AlignRight | Qt::AlignTop);
      markSentence(row->child(i));
    }
  }
  row->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
  row->setExpanded(!taken || !repeat.isEmpty());
  refreshSeries();
}

void ImportPanel::refreshSeries() {
  int left = 0;
  bool changed = false;
  for (int i = 0; i < series_->topLevelItemCount(); ++i) {
    const auto* row = series_->topLevelItem(i);
    const bool taken = row->data(0, taken_role).toBool();
    left += taken ? 0 : 1;
    changed = changed || taken != (row->checkState(0) == Qt::Checked);
  }
  const bool any = series_->topLevelItemCount() > 0;
  series_->setVisible(any);
  series_title_->setVisible(any);
  series_title_->setText(
      left == 0 ? tr("All DICOM series look like late enhancement and were taken.")
                : tr("Kinds of DICOM series left: %1. Tick what is to be taken all the same.")
                      .arg(left));
  again_->setVisible(changed);
  again_->setText(paths_.isEmpty() ? tr("Remember these choices")
                                   : tr("Import again with these choices"));
  again_->setToolTip(
      paths_.isEmpty() ? tr("The choices hold for all series of such descriptions from now on. "
                            "What was left has to be sent or "
                            "fetched again.")
                       : tr("The choices hold for all series of such descriptions, now and later. "
                            "Stacks that are in the project already stay."));
}

void ImportPanel::applyChoices() {
  QStringList take, leave;
  for (int i = 0; i < series_->topLevelItemCount(); ++i) {
    const auto* row = series_->topLevelItem(i);
    const bool wanted = row->checkState(0) == Qt::Checked;
    if (wanted == row->data(0, taken_role).toBool()) continue;
    const QString name = row->data(0, name_role).toString();
    (wanted ? take : leave) << (name.isEmpty() ? row->data(0, key_role).toString() : name);
  }
  if (paths_.isEmpty()) {
    Q_EMIT seriesDecided(take, leave);
    return;
  }
  const QStringList paths = paths_;
  chores_.importPaths(paths, take, leave);
}

void ImportPanel::choicesStored() {
  for (int i = 0; i < series_->topLevelItemCount(); ++i) {
    auto* row = series_->topLevelItem(i);
    row->setData(0, taken_role, row->checkState(0) == Qt::Checked);
  }
  refreshSeries();
}

void ImportPanel::beginReceived() {
  if (paths_.isEmpty()) return;
  paths_.clear();
  series_->clear();
  refreshSeries();
}

void ImportPanel::addRefusal(const QString& path, const QString& reason) {
  findings_->addRefusal(path, reason);
}

}  // namespace gadolin::widgets
