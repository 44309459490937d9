#pragma once
// What an import did not take, reason by reason with the files of each, and what it noted on what came in. The panel is
// narrow: reasons are wrapped, never cut off.

#include <QHash>
#include <QString>
#include <QStringList>
#include <QWidget>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace gadolin::widgets {

/// Hidden while there is nothing to say. GUI thread only.
class ImportFindings : public QWidget {
  Q_OBJECT
 public:
  explicit ImportFindings(QWidget* parent = nullptr);

  void clear();
  /// path: below the imported folder.
  void addRefusal(const QString& path, const QString& reason);
  /// In place of those before.
  void setNotes(const QStringList& notes);
  [[nodiscard]] int refusals() const { return refusals_; }

 private:
  void showCounts();

  QLabel* title_;
  QTreeWidget* list_;
  QHash<QString, QTreeWidgetItem*> reasons_;
  QTreeWidgetItem* notes_ = nullptr;
  int refusals_ = 0;
};

}  // namespace gadolin::widgets
