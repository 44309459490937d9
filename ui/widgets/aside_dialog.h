#pragma once
// The stacks that were set aside: why, by whom, and the way back.

#include <QDialog>
#include <vector>

#include "ui/session/project_queries.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace gadolin::widgets {

struct Desk;

class AsideDialog : public QDialog {
  Q_OBJECT
 public:
  /// The desk outlives the dialog.
  AsideDialog(Desk& desk, QWidget* parent = nullptr);

 private:
  void look();
  void fill(const std::vector<db::AsideRecord>& stacks);
  void takeBack();
  void refreshButton();

  Desk& desk_;
  QLabel* about_;
  QTreeWidget* list_;
  QPushButton* back_;
};

}  // namespace gadolin::widgets
