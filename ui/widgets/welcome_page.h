#pragma once
// What is there before a project is open: open, new, the synthetic cohort, recent projects.

#include <QWidget>

class QVBoxLayout;

namespace gadolin::widgets {

class WelcomePage : public QWidget {
  Q_OBJECT
 public:
  explicit WelcomePage(QWidget* parent = nullptr);
  void refreshRecent();

 Q_SIGNALS:
  void openWanted();
  void newWanted();
  void archiveWanted();
  void demoWanted();
  void recentWanted(const QString& folder);

 private:
  QVBoxLayout* recent_;
};

}  // namespace gadolin::widgets
