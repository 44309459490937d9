#pragma once
// Workspace 1: what do we have?

#include <array>

#include "ui/widgets/workspace.h"

class QLabel;
class QPushButton;
class QComboBox;
class QLineEdit;
class QTableView;

namespace gadolin::session {
class PacsListener;
}

namespace gadolin::widgets {

class Chores;
class CohortFilter;
class CohortModel;
class ImportPanel;
class KindQuestion;
class SplitPanel;
class SupervisionPanel;

class CohortWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit CohortWorkspace(Chores& chores, QWidget* parent = nullptr);

  void setDesk(Desk* desk) override;
  void enter() override;
  std::vector<KeyHint> keys() const override;
  void showStack(const QString& stack) override;
  [[nodiscard]] bool settled() const override { return desk_ == nullptr || loaded_; }

 private:
  QWidget* makeTable();
  void openPacs();
  void reload();
  void offerDerivedLabels();
  void askDerive();
  void refreshCount();
  /// Asks for the stacks of the chosen worklist.
  void readWorklist();
  void showMenu(const QPoint& position);
  void showColumnMenu(const QPoint& position);
  /// Shows the columns that the person has not hidden.
  void showColumns();
  void askAside();
  void countAside();
  void decideSeries(const QStringList& take, const QStringList& leave);
  [[nodiscard]] QString stackAt(int proxy_row) const;
  [[nodiscard]] std::vector<std::string> selectedStacks() const;

  Chores& chores_;
  Desk* desk_ = nullptr;
  bool loaded_ = false;
  bool reload_pending_ = false;
  bool importing_ = false;
  int worklist_number_ = 0;
  QStringList sized_;  // titles of clinical columns that have their width
  CohortModel* model_;
  CohortFilter* filter_;
  QTableView* table_;
  QComboBox* worklist_;
  QLineEdit* words_;
  QLabel* count_;
  QPushButton* aside_;
  QLabel* empty_;
  ImportPanel* import_;
  KindQuestion* kind_question_;
  session::PacsListener* listener_;
  SplitPanel* split_;
  SupervisionPanel* supervision_;
};

}  // namespace gadolin::widgets
