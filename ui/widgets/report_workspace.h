#pragma once
// Workspace 6: what leaves the lab. The page as it will be printed, before it is saved.

#include <QImage>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/analysis/evaluation_file.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/workspace.h"

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;

namespace gadolin::widgets {

class Chores;
class ReportOrigin;
class StackList;

class ReportWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit ReportWorkspace(Chores& chores, QWidget* parent = nullptr);

  void setDesk(Desk* desk) override;
  void enter() override;
  std::vector<KeyHint> keys() const override;
  void showStack(const QString& stack) override;
  [[nodiscard]] bool settled() const override { return waiting_ == 0; }
  [[nodiscard]] bool hasPage() const { return !page_image_.isNull(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// What is known of how good the model is.
  struct Scores {
    std::string newest_run;                          // of the finished ones; empty without one
    std::optional<analysis::Evaluation> evaluation;  // that the cohort report will show
    std::optional<Error> fault;                      // an evaluation that cannot be read
  };

  QWidget* makeSide();
  void reload();
  void fillList(const std::vector<db::CohortRow>& rows);
  void load(const QString& patient);
  void loadScores();
  void showScores();
  void showPage();
  /// Asks for a file of any of the formats of a report and writes it. name: without an ending.
  void saveReport(const QString& title, const QString& name, const QStringList& what);

  Chores& chores_;
  Desk* desk_ = nullptr;
  QString wanted_;                         // stack
  QString shown_;                          // patient
  std::map<QString, QString> patient_of_;  // by stack
  QImage page_image_;
  int load_number_ = 0;
  int waiting_ = 0;
  bool stale_ = true;
  int scores_number_ = 0;
  Scores scores_;
  int test_patients_ = 0;
  int test_references_ = 0;  // test patients with a mask of a person
  StackList* list_;
  QScrollArea* scroll_;
  QLabel* page_;
  QLabel* note_;
  ReportOrigin* origin_;
  QComboBox* paper_;
  QPushButton* save_;
  QLabel* scores_text_;
  QPushButton* score_;
};

}  // namespace gadolin::widgets
