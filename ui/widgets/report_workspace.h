#pragma once
// Workspace 6: what leaves the lab. The page as it will be printed, before it is saved.

#include <QImage>
#include <functional>
#include <map>
#include <vector>

#include "ui/session/project_queries.h"
#include "ui/widgets/workspace.h"

class QLabel;
class QPushButton;
class QScrollArea;

namespace gadolin::widgets {

class Chores;
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
  QWidget* makeSide();
  void reload();
  void fillList(const std::vector<db::CohortRow>& rows);
  void load(const QString& patient);
  void showPage();
  void askFile(const QString& title, const QString& name,
               std::function<void(const QString&)> chosen);
  void askFolder(const QString& title, std::function<void(const QString&)> chosen);

  Chores& chores_;
  Desk* desk_ = nullptr;
  QString wanted_;                         // stack
  QString shown_;                          // patient
  std::map<QString, QString> patient_of_;  // by stack
  QImage page_image_;
  int load_number_ = 0;
  int waiting_ = 0;
  bool stale_ = true;
  StackList* list_;
  QScrollArea* scroll_;
  QLabel* page_;
  QLabel* note_;
  QPushButton* save_;
};

}  // namespace gadolin::widgets
