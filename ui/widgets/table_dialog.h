#pragma once
// A foreign table before it is taken: how each column was understood, the first rows, what only a
// person can say, and everything that contradicts. Reading and importing is gadolinctl's work, so
// the window never waits.

#include <QDialog>
#include <QJsonObject>
#include <QMap>
#include <QStringList>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;
class QTreeWidget;
class QVBoxLayout;

namespace gadolin::session {
class CtlJob;
}

namespace gadolin::widgets {

class Chores;

class TableDialog : public QDialog {
  Q_OBJECT
 public:
  /// `file`: a table, or a folder with case sheets. `reader`: of labels whose rows name none.
  TableDialog(Chores& chores, QString file, QString reader, QWidget* parent = nullptr);

  /// False while the table is being read.
  [[nodiscard]] bool settled() const { return job_ == nullptr; }

 private:
  QWidget* makeChoices();
  QWidget* makeRows();
  void look();
  void show(const QJsonObject& preview);
  void showColumns(const QJsonObject& preview);
  void showRows(const QJsonObject& preview);
  void showProblems(const QJsonObject& preview);
  void refreshButton();
  void take();
  [[nodiscard]] QStringList arguments() const;

  Chores& chores_;
  QString file_;
  QString reader_;
  session::CtlJob* job_ = nullptr;
  bool look_again_ = false;
  QJsonObject preview_;
  QMap<QString, QString> roles_;  // by column, as a person chose

  QLabel* about_;
  QTreeWidget* columns_;
  QTableWidget* rows_;
  QComboBox* first_slice_;
  QComboBox* decimal_;
  QCheckBox* from_base_;
  QCheckBox* others_;
  QCheckBox* all_stacks_;
  QCheckBox* identity_;
  QLabel* problems_title_;
  QTreeWidget* problems_;
  QCheckBox* skip_;
  QLabel* outcome_;
  QPushButton* take_;
};

}  // namespace gadolin::widgets
