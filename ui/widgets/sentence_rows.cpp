#include "ui/widgets/sentence_rows.h"

#include <QHeaderView>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <algorithm>

namespace gadolin::widgets {
namespace {

constexpr int sentence_role = Qt::UserRole + 100;  // beyond those that lists have of their own

class SentenceRows : public QStyledItemDelegate {
 public:
  explicit SentenceRows(QTreeWidget* list) : QStyledItemDelegate(list), list_(list) {}

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (!index.data(sentence_role).toBool()) return size;
    int levels = list_->rootIsDecorated() ? 1 : 0;
    for (auto above = index.parent(); above.isValid(); above = above.parent()) ++levels;
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    const bool spanned = list_->isFirstColumnSpanned(index.row(), index.parent());
    const int column = spanned ? list_->header()->length() : list_->header()->sectionSize(0);
    row.rect = {0, 0, column - levels * list_->indentation(), size.height()};
    const QStyle* style = list_->style();
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &row, list_) + 1;
    const int width =
        style->subElementRect(QStyle::SE_ItemViewItemText, &row, list_).width() - 2 * margin;
    const QFontMetrics metrics(list_->font());
    const int height = metrics
                           .boundingRect(QRect(0, 0, std::max(width, 80), 10'000),
                                         Qt::TextWordWrap, index.data().toString())
                           .height();
    size.setHeight(size.height() + std::max(0, height - metrics.height()));
    return size;
  }

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    // A path would go on in a second line that nobody sees.
    if (!index.data(sentence_role).toBool()) option->features &= ~QStyleOptionViewItem::WrapText;
  }

 private:
  QTreeWidget* list_;
};

}  // namespace

void wrapSentences(QTreeWidget* list) {
  list->setUniformRowHeights(false);
  list->setWordWrap(true);
  list->setItemDelegateForColumn(0, new SentenceRows(list));
  QObject::connect(list->header(), &QHeaderView::sectionResized, list, &QTreeWidget::doItemsLayout);
}

void markSentence(QTreeWidgetItem* row) {
  row->setData(0, sentence_role, true);
}

}  // namespace gadolin::widgets
