#include "ui/widgets/table_dialog.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QTreeWidget>
#include <algorithm>

#include "ui/session/ctl_job.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

enum TableColumn { NameColumn, RoleColumn, ValuesColumn, ReasonColumn };

struct RoleText {
  const char* role;
  const char* text;
};
constexpr RoleText roles[] = {
    {"ignored", QT_TRANSLATE_NOOP("TableDialog", "Left out")},
    {"patient", QT_TRANSLATE_NOOP("TableDialog", "Patient")},
    {"stack", QT_TRANSLATE_NOOP("TableDialog", "Stack")},
    {"slice", QT_TRANSLATE_NOOP("TableDialog", "Slice")},
    {"slice-label", QT_TRANSLATE_NOOP("TableDialog", "Label of the slice")},
    {"stack-label", QT_TRANSLATE_NOOP("TableDialog", "Label of the whole stack")},
    {"slice-list", QT_TRANSLATE_NOOP("TableDialog", "List of positive slices")},
    {"one-slice", QT_TRANSLATE_NOOP("TableDialog", "Label of the slice in its name")},
    {"reader", QT_TRANSLATE_NOOP("TableDialog", "Reader")},
    {"time", QT_TRANSLATE_NOOP("TableDialog", "Time of the label")},
    {"number", QT_TRANSLATE_NOOP("TableDialog", "Clinical: number")},
    {"category", QT_TRANSLATE_NOOP("TableDialog", "Clinical: category")},
    {"text", QT_TRANSLATE_NOOP("TableDialog", "Clinical: text")},
    {"date", QT_TRANSLATE_NOOP("TableDialog", "Clinical: date")},
};

QString counted(qint64 count, const QString& one, const QString& many) {
  return count == 1 ? u"1 "_s + one : QString::number(count) + u' ' + many;
}

/// Of a column: its first different values, or its words with what they mean.
QString valuesOf(const QJsonObject& column, int index, const QJsonArray& rows) {
  QStringList values;
  for (const QJsonValue& each : column.value("words"_L1).toArray()) {
    const QString meaning = each["meaning"_L1].toString();
    values << each["word"_L1].toString() + u" = "_s + (meaning.isEmpty() ? u"?"_s : meaning);
  }
  for (const QJsonValue& row : rows) {
    const QString value = row[index].toString().simplified();
    if (column.value("words"_L1).toArray().isEmpty() && !value.isEmpty() && !values.contains(value))
      values << value;
  }
  return values.mid(0, 6).join(u" · "_s);
}

}  // namespace

TableDialog::TableDialog(Chores& chores, QString file, QString reader, QWidget* parent)
    : QDialog(parent), chores_(chores), file_(std::move(file)), reader_(std::move(reader)) {
  setObjectName(u"tableDialog"_s);
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Import a table"));
  resizeOnScreen(this, {1120, 840});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  column->addWidget(makeLabel(QFileInfo(file_).fileName(), "title"));
  about_ = makeLabel({}, "muted");
  about_->setObjectName(u"tableAbout"_s);
  about_->setWordWrap(true);
  column->addWidget(about_);
  columns_ = new QTreeWidget;
  columns_->setObjectName(u"tableColumns"_s);
  columns_->setRootIsDecorated(false);
  columns_->setSelectionMode(QAbstractItemView::NoSelection);
  columns_->setFocusPolicy(Qt::NoFocus);
  columns_->setHeaderLabels({tr("Column"), tr("Understood as"), tr("Values"), tr("Why")});
  columns_->setColumnWidth(NameColumn, 170);
  columns_->setColumnWidth(RoleColumn, 220);
  columns_->setColumnWidth(ValuesColumn, 250);
  column->addWidget(columns_, 5);
  column->addWidget(makeChoices());
  column->addWidget(makeLabel(tr("First rows"), "heading"));
  column->addWidget(makeRows(), 2);
  problems_title_ = makeLabel({}, "heading");
  problems_title_->setObjectName(u"tableProblemsTitle"_s);
  column->addWidget(problems_title_);
  problems_ = new QTreeWidget;
  problems_->setObjectName(u"tableProblems"_s);
  problems_->setRootIsDecorated(false);
  problems_->setHeaderHidden(true);
  problems_->setWordWrap(true);
  problems_->setSelectionMode(QAbstractItemView::NoSelection);
  problems_->setMinimumHeight(90);
  column->addWidget(problems_, 2);
  skip_ = new QCheckBox(tr("Leave these rows out and take the others"));
  skip_->setObjectName(u"skipContradictions"_s);
  column->addWidget(skip_);
  auto* row = new QHBoxLayout;
  outcome_ = makeLabel({}, "muted");
  outcome_->setObjectName(u"tableOutcome"_s);
  outcome_->setWordWrap(true);
  row->addWidget(outcome_, 1);
  auto* cancel = makeButton(tr("Cancel"));
  row->addWidget(cancel);
  take_ = makeButton(tr("Import"), {}, "primary");
  take_->setObjectName(u"takeTable"_s);
  row->addWidget(take_);
  column->addLayout(row);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(take_, &QPushButton::clicked, this, &TableDialog::take);
  connect(skip_, &QCheckBox::toggled, this, &TableDialog::refreshButton);
  problems_title_->hide();
  problems_->hide();
  skip_->hide();
  look();
}

QWidget* TableDialog::makeChoices() {
  auto* box = new QWidget;
  auto* rows = new QVBoxLayout(box);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(8);
  // Two rows: side by side they are wider than many a screen.
  const auto addRow = [rows] {
    auto* row = new QHBoxLayout;
    row->setSpacing(14);
    rows->addLayout(row);
    return row;
  };
  first_slice_ = new QComboBox;
  first_slice_->setObjectName(u"firstSlice"_s);
  first_slice_->addItem(tr("First slice: by the table"), QString());
  first_slice_->addItem(tr("First slice is 0"), u"0"_s);
  first_slice_->addItem(tr("First slice is 1"), u"1"_s);
  decimal_ = new QComboBox;
  decimal_->addItem(tr("Decimal sign: by the table"), QString());
  decimal_->addItem(tr("Decimal comma"), u"comma"_s);
  decimal_->addItem(tr("Decimal point"), u"point"_s);
  from_base_ = new QCheckBox(tr("Counted from the base"));
  from_base_->setToolTip(tr("Otherwise slices are counted in the order in which they are stored."));
  others_ = new QCheckBox(tr("Slices not listed have no fibrosis"));
  all_stacks_ = new QCheckBox(tr("For all stacks of a patient"));
  identity_ = new QCheckBox(tr("Keep names, dates and free text"));
  identity_->setObjectName(u"keepIdentity"_s);
  identity_->setToolTip(
      tr("They may say who a patient is, and are left out of a project that holds pseudonyms."));
  auto* counting = addRow();
  for (QComboBox* combo : {first_slice_, decimal_}) {
    counting->addWidget(combo);
    connect(combo, &QComboBox::activated, this, &TableDialog::look);
  }
  counting->addWidget(from_base_);
  counting->addStretch(1);
  auto* taking = addRow();
  for (QCheckBox* check : {others_, all_stacks_, identity_}) taking->addWidget(check);
  taking->addStretch(1);
  for (QCheckBox* check : {from_base_, others_, all_stacks_, identity_})
    connect(check, &QCheckBox::toggled, this, &TableDialog::look);
  return box;
}

QWidget* TableDialog::makeRows() {
  rows_ = new QTableWidget;
  rows_->setObjectName(u"tableRows"_s);
  rows_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  rows_->setSelectionMode(QAbstractItemView::NoSelection);
  rows_->setFocusPolicy(Qt::NoFocus);
  rows_->setShowGrid(false);
  rows_->setWordWrap(false);
  rows_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  rows_->verticalHeader()->hide();
  rows_->verticalHeader()->setDefaultSectionSize(24);
  rows_->setMinimumHeight(120);
  return rows_;
}

QStringList TableDialog::arguments() const {
  QStringList list{u"labels"_s, u"import"_s, chores_.project(), file_};
  for (auto each = roles_.begin(); each != roles_.end(); ++each)
    list << u"--column="_s + each.key() + u'=' + each.value();
  if (!reader_.isEmpty()) list << u"--reader="_s + reader_;
  if (const QString first = first_slice_->currentData().toString(); !first.isEmpty())
    list << u"--first-slice="_s + first;
  if (const QString sign = decimal_->currentData().toString(); !sign.isEmpty())
    list << u"--decimal="_s + sign;
  if (from_base_->isChecked()) list << u"--from-base"_s;
  if (others_->isChecked()) list << u"--negative-others"_s;
  if (all_stacks_->isChecked()) list << u"--all-stacks"_s;
  if (identity_->isChecked()) list << u"--identity=keep"_s;
  return list;
}

void TableDialog::look() {
  if (job_ != nullptr) {
    look_again_ = true;
    return;
  }
  job_ = new session::CtlJob(tr("Reading a table"), this);
  const auto over = [this] {
    job_->deleteLater();
    job_ = nullptr;
    if (std::exchange(look_again_, false)) look();
    refreshButton();
  };
  connect(job_, &session::CtlJob::finished, this, [this, over](const QJsonObject& preview) {
    if (!look_again_) show(preview);
    over();
  });
  connect(job_, &session::CtlJob::failed, this, [this, over](const Error& error) {
    // What was shown stays: the person may take the last choice back.
    preview_ = {};
    setRole(about_, "bad");
    about_->setText(QString::fromStdString(error.message));
    over();
  });
  refreshButton();
  job_->start(arguments() << u"--preview"_s);
}

void TableDialog::show(const QJsonObject& preview) {
  preview_ = preview;
  setRole(about_, "muted");
  QStringList about{preview.value("encoding"_L1).toString(),
                    tr("separator: %1").arg(preview.value("separator"_L1).toString()),
                    counted(preview.value("rows"_L1).toInteger(), tr("row"), tr("rows"))};
  if (const QJsonValue first = preview.value("first_slice"_L1); first.isDouble())
    about << tr("the first slice is %1: %2")
                 .arg(first.toInt())
                 .arg(preview.value("first_slice_reason"_L1).toString());
  about_->setText(about.join(u" · "_s));
  showColumns(preview);
  showRows(preview);
  showProblems(preview);
  refreshButton();
}

void TableDialog::showColumns(const QJsonObject& preview) {
  const QJsonArray columns = preview.value("columns"_L1).toArray();
  const QJsonArray rows = preview.value("first_rows"_L1).toArray();
  bool lists = false, counts = false, identifying = false, numbers = false;
  columns_->clear();
  for (int i = 0; i < columns.size(); ++i) {
    const QJsonObject column = columns[i].toObject();
    const QString name = column.value("name"_L1).toString(),
                  role = column.value("role"_L1).toString();
    lists = lists || role == "slice-list"_L1;
    counts = counts || role == "slice"_L1 || role == "slice-list"_L1 || role == "one-slice"_L1;
    identifying = identifying || column.value("identifying"_L1).toBool();
    numbers = numbers || column.value("decimal"_L1).toString() == "open"_L1;
    auto* item = new QTreeWidgetItem(
        columns_, {name, {}, valuesOf(column, i, rows), column.value("reason"_L1).toString()});
    for (const int at : {NameColumn, ValuesColumn, ReasonColumn})
      item->setToolTip(at, plainTip(item->text(at)));
    item->setForeground(ReasonColumn, colours().muted);
    if (role == "ignored"_L1)
      for (const int at : {NameColumn, ValuesColumn}) item->setForeground(at, colours().faint);
    auto* combo = new QComboBox;
    combo->setFocusPolicy(Qt::StrongFocus);
    combo->setObjectName(u"role:"_s + name);
    for (const RoleText& each : roles)
      combo->addItem(QCoreApplication::translate("TableDialog", each.text),
                     QString::fromLatin1(each.role));
    combo->setCurrentIndex(combo->findData(role));
    connect(combo, &QComboBox::activated, this, [this, combo, name] {
      roles_[name] = combo->currentData().toString();
      look();
    });
    constexpr int row_height = 36;  // of a combo box with its border
    item->setSizeHint(RoleColumn, {0, row_height});
    columns_->setItemWidget(item, RoleColumn, combo);
  }
  // A choice that means nothing for this table is not there; one that was made stays in sight.
  first_slice_->setVisible(counts);
  from_base_->setVisible(counts);
  others_->setVisible(lists || others_->isChecked());
  bool several = all_stacks_->isChecked();
  for (const QJsonValue& each : preview.value("questions"_L1).toArray())
    several = several || each["question"_L1].toString() == "all-stacks"_L1;
  all_stacks_->setVisible(several);
  decimal_->setVisible(numbers || decimal_->currentIndex() > 0);
  identity_->setVisible(identifying || identity_->isChecked());
}

void TableDialog::showRows(const QJsonObject& preview) {
  const QJsonArray columns = preview.value("columns"_L1).toArray(),
                   rows = preview.value("first_rows"_L1).toArray();
  QStringList names;
  for (const QJsonValue& column : columns) names << column["name"_L1].toString();
  rows_->setColumnCount(static_cast<int>(names.size()));
  rows_->setHorizontalHeaderLabels(names);
  rows_->setRowCount(static_cast<int>(rows.size()));
  for (int y = 0; y < rows.size(); ++y)
    for (int x = 0; x < names.size(); ++x) {
      auto* cell = new QTableWidgetItem(rows[y][x].toString().simplified());
      if (columns[x]["role"_L1].toString() == "ignored"_L1) cell->setForeground(colours().faint);
      rows_->setItem(y, x, cell);
    }
  rows_->resizeColumnsToContents();
}

void TableDialog::showProblems(const QJsonObject& preview) {
  problems_->clear();
  const auto add = [this](const QString& text, const QColor& colour) {
    auto* item = new QTreeWidgetItem(problems_, {text});
    item->setForeground(0, colour);
    item->setToolTip(0, plainTip(text));
  };
  const QJsonArray questions = preview.value("questions"_L1).toArray();
  const QJsonArray contradictions = preview.value("contradictions"_L1).toArray();
  const QJsonArray alike = preview.value("alike"_L1).toArray(),
                   notes = preview.value("notes"_L1).toArray();
  for (const QJsonValue& each : questions) add(each["text"_L1].toString(), colours().warn);
  // A table of another study contradicts on every row: nobody reads thousands of lines.
  constexpr qsizetype most_shown = 200;
  const auto count = preview.value("contradiction_count"_L1).toInteger();
  for (qsizetype i = 0; i < std::min(most_shown, contradictions.size()); ++i)
    add(contradictions[i]["reason"_L1].toString(), colours().danger);
  if (count > most_shown) add(tr("and %1 more").arg(count - most_shown), colours().danger);
  for (qsizetype i = 0; i < std::min(most_shown, alike.size()); ++i) {
    const QJsonValue each = alike[i];
    add(tr("'%1' is taken as %2: %3.")
            .arg(each["written"_L1].toString(), each["found"_L1].toString(),
                 each["how"_L1].toString()),
        colours().text);
  }
  if (alike.size() > most_shown)
    add(tr("and %1 more").arg(alike.size() - most_shown), colours().text);
  for (const QJsonValue& each : notes) add(each.toString(), colours().muted);
  QStringList title;
  if (!questions.isEmpty())
    title << counted(questions.size(), tr("open question"), tr("open questions"));
  if (!contradictions.isEmpty()) title << counted(count, tr("contradiction"), tr("contradictions"));
  problems_title_->setText(title.isEmpty() ? tr("What is meant") : title.join(u", "_s));
  const bool any = problems_->topLevelItemCount() > 0;
  problems_title_->setVisible(any);
  problems_->setVisible(any);
  skip_->setVisible(!contradictions.isEmpty());
}

void TableDialog::refreshButton() {
  const bool read = job_ == nullptr && !preview_.isEmpty();
  const auto number = [this](const char* key) {
    return preview_.value(QLatin1String(key)).toInteger();
  };
  const auto contradictions = preview_.value("contradictions"_L1).toArray().size();
  const auto questions = preview_.value("questions"_L1).toArray().size();
  const bool something = number("labels") + number("facts") > 0;
  take_->setEnabled(read && questions == 0 && something &&
                    (contradictions == 0 || skip_->isChecked()));
  QString text;
  if (job_ != nullptr) {
    text = tr("Reading…");
  } else if (read && questions > 0) {
    text = tr("Answer the open questions first.");
  } else if (read && contradictions > 0 && !skip_->isChecked()) {
    text = tr("Nothing is imported while rows contradict themselves or the project.");
  } else if (read) {
    text = something
               ? tr("%1 of %2, %3. Nothing is written before you import.")
                     .arg(counted(number("labels"), tr("label"), tr("labels")),
                          counted(number("stacks"), tr("stack"), tr("stacks")),
                          counted(number("facts"), tr("clinical value"), tr("clinical values")))
               : tr("The table says nothing that the project could take.");
  }
  outcome_->setText(text);
}

void TableDialog::take() {
  QStringList list = arguments();
  if (skip_->isChecked() && skip_->isVisible()) list << u"--skip-contradictions"_s;
  chores_.importTable(list);
  accept();
}

}  // namespace gadolin::widgets
