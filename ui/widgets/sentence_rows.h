#pragma once
// Sentences in the first column of a narrow list: wrapped and as high as they need. QTreeView itself gives every row
// one line.

class QTreeWidget;
class QTreeWidgetItem;

namespace gadolin::widgets {

/// Once, after the columns of the list are set. Rows that were not marked stay on one line.
void wrapSentences(QTreeWidget* list);
/// The text of this row's first column is a sentence. Before the row gets to a list, or its height is that of one line
/// until the next layout.
void markSentence(QTreeWidgetItem* row);

}  // namespace gadolin::widgets
