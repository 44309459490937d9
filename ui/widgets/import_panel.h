#pragma once
// Import in the Cohort workspace: buttons, progress, what came in, and every refused file with its
// reason.

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace gadolin::widgets {

class Chores;

class ImportPanel : public QFrame {
  Q_OBJECT
 public:
  explicit ImportPanel(Chores& chores, QWidget* parent = nullptr);

  void setReadOnly(bool read_only);
  void clear();
  void addRefusal(const QString& path, const QString& reason);

 private:
  void refreshRefusals();

  Chores& chores_;
  QPushButton* folder_;
  QLabel* state_;
  QProgressBar* progress_;
  QLabel* refused_title_;
  QTreeWidget* refused_;
};

}  // namespace gadolin::widgets
