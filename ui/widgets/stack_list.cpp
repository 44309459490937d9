#include "ui/widgets/stack_list.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalBlocker>

#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

StackList::StackList(const QString& heading, QWidget* parent)
    : QWidget(parent), heading_text_(heading) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  heading_ = makeLabel(heading, "heading");
  column->addWidget(heading_);
  filter_ = new QLineEdit;
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setClearButtonEnabled(true);
  filter_->addAction(icon(u"search"_s, &ThemeColours::muted), QLineEdit::LeadingPosition);
  column->addWidget(filter_);
  list_ = new QListWidget;
  list_->setUniformItemSizes(true);
  list_->setTextElideMode(Qt::ElideRight);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(list_, 1);
  connect(filter_, &QLineEdit::textChanged, this, &StackList::applyFilter);
  connect(list_, &QListWidget::itemClicked, this, &StackList::clicked);
  connect(list_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr) Q_EMIT chosen(item->data(Qt::UserRole).toString());
  });
}

void StackList::setEntries(const std::vector<ListEntry>& entries) {
  const auto textOf = [](const ListEntry& entry) {
    return entry.detail.isEmpty() ? entry.text : entry.text + u"\n"_s + entry.detail;
  };
  // The same stacks, one of which has a mask now: thousands of rows are not made anew for it.
  bool same = static_cast<int>(entries.size()) == list_->count();
  for (std::size_t i = 0; same && i < entries.size(); ++i)
    same = list_->item(static_cast<int>(i))->data(Qt::UserRole).toString() == entries[i].id;
  if (same) {
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (QListWidgetItem* item = list_->item(static_cast<int>(i)); item->text() != textOf(entries[i]))
        item->setText(textOf(entries[i]));
    return;
  }
  const QString before = current();
  const QSignalBlocker quiet(list_);
  list_->clear();
  for (const ListEntry& entry : entries) {
    auto* item = new QListWidgetItem(textOf(entry), list_);
    item->setData(Qt::UserRole, entry.id);
    if (entry.id == before) list_->setCurrentItem(item);
  }
  heading_->setText(tr("%1 (%2)").arg(heading_text_).arg(entries.size()));
  applyFilter(filter_->text());
}

bool StackList::setCurrent(const QString& id) {
  const QSignalBlocker quiet(list_);
  for (int i = 0; i < list_->count(); ++i)
    if (list_->item(i)->data(Qt::UserRole).toString() == id) {
      list_->setCurrentRow(i);
      list_->scrollToItem(list_->item(i));
      return true;
    }
  return false;
}

QString StackList::current() const {
  const QListWidgetItem* item = list_->currentItem();
  return item == nullptr ? QString() : item->data(Qt::UserRole).toString();
}

QString StackList::first() const {
  return list_->count() == 0 ? QString() : list_->item(0)->data(Qt::UserRole).toString();
}

void StackList::step(int rows) {
  int row = list_->currentRow();
  const int direction = rows > 0 ? 1 : -1;
  for (int left = std::abs(rows); left > 0;) {
    row += direction;
    if (row < 0 || row >= list_->count()) return;
    if (!list_->item(row)->isHidden()) --left;
  }
  list_->setCurrentRow(row);
}

void StackList::applyFilter(const QString& text) {
  const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
  for (int i = 0; i < list_->count(); ++i) {
    bool shown = true;
    for (const QString& word : words)
      shown &= list_->item(i)->text().contains(word, Qt::CaseInsensitive);
    list_->item(i)->setHidden(!shown);
  }
}

}  // namespace gadolin::widgets
