#pragma once
// How the next import treats the names of patients: a menu beside the button that starts it.

#include <QToolButton>

class QAction;

namespace gadolin::widgets {

class Chores;

/// Holds for every import of the window, also for what is dropped on it, until it is changed.
class ImportOptionsButton : public QToolButton {
  Q_OBJECT
 public:
  explicit ImportOptionsButton(Chores& chores, QWidget* parent = nullptr);

 private:
  void chooseFiles();
  void chooseKeyTable();
  void apply();

  Chores& chores_;
  QAction* keep_;
  QAction* table_;
  QString table_file_;
};

}  // namespace gadolin::widgets
