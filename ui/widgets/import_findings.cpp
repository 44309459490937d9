#include "ui/widgets/import_findings.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/widgets/chores.h"
#include "ui/widgets/sentence_rows.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QTreeWidgetItem* addLine(QTreeWidgetItem* below, const QString& text, const QString& tip) {
  auto* line = new QTreeWidgetItem(below, {text});
  line->setToolTip(0, plainTip(tip));
  line->setFirstColumnSpanned(true);
  return line;
}

void showCount(QTreeWidgetItem* row) {
  row->setText(1, QLocale().toString(row->childCount()));
  row->setTextAlignment(1, Qt::AlignRight | Qt::AlignTop);
}

}  // namespace

ImportFindings::ImportFindings(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  title_ = makeLabel({}, "warn");
  title_->setWordWrap(true);
  column->addWidget(title_);
  list_ = new QTreeWidget;
  list_->setObjectName(u"refusedFiles"_s);
  list_->setHeaderLabels({tr("Why, and which files"), tr("Files")});
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  list_->setIndentation(14);
  list_->setTextElideMode(Qt::ElideMiddle);  // of a path the folder and the name tell most
  wrapSentences(list_);
  list_->setMinimumHeight(180);
  column->addWidget(list_, 1);
  clear();
}

void ImportFindings::clear() {
  list_->clear();
  reasons_.clear();
  notes_ = nullptr;
  refusals_ = 0;
  showCounts();
}

void ImportFindings::addRefusal(const QString& path, const QString& reason) {
  const QString why = reasonAlone(path, reason);
  QTreeWidgetItem*& row = reasons_[why];
  if (row == nullptr) {
    row = new QTreeWidgetItem({why});
    row->setToolTip(0, plainTip(why));
    markSentence(row);
    list_->insertTopLevelItem(static_cast<int>(reasons_.size()) - 1, row);  // before the notes
  }
  addLine(row, path, path);
  showCount(row);
  ++refusals_;
  showCounts();
}

void ImportFindings::setNotes(const QStringList& notes) {
  delete notes_;
  notes_ = nullptr;
  if (!notes.isEmpty()) {
    notes_ = new QTreeWidgetItem(list_, {tr("Notes on what came in")});
    for (const QString& note : notes) markSentence(addLine(notes_, note, note));
    showCount(notes_);
  }
  showCounts();
}

void ImportFindings::showCounts() {
  setVisible(refusals_ > 0 || notes_ != nullptr);
  QStringList parts;
  if (refusals_ > 0)
    parts << (refusals_ == 1 ? tr("1 file was not taken")
                             : tr("%L1 files were not taken").arg(refusals_));
  if (notes_ != nullptr)
    parts << (notes_->childCount() == 1 ? tr("1 note") : tr("%L1 notes").arg(notes_->childCount()));
  title_->setText(parts.join(u" · "_s));
  setRole(title_, refusals_ > 0 ? "warn" : "caption");
}

}  // namespace gadolin::widgets
