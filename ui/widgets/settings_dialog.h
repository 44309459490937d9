#pragma once
// Every hyper-parameter with its meaning, range and the preset's value; what differs from the
// preset is what the run gets by `--set`.

#include <QDialog>
#include <string>
#include <utility>
#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace gadolin::widgets {

class SettingsDialog : public QDialog {
  Q_OBJECT
 public:
  using Changes = std::vector<std::pair<std::string, std::string>>;
  SettingsDialog(const QString& preset, const Changes& changes, QWidget* parent = nullptr);

 Q_SIGNALS:
  /// Accepted: what differs from the preset, all valid.
  void chosen(const std::vector<std::pair<std::string, std::string>>& changes);

 private:
  void check(QTreeWidgetItem* item);
  void refresh();
  void take();

  QString preset_;
  QTreeWidget* table_;
  QLabel* fault_;
  QPushButton* take_;
};

}  // namespace gadolin::widgets
