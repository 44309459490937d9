#pragma once
// The jobs in the status bar: the newest running one with progress, rate, time left and Cancel; a
// click on its name opens the list of all.

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QFrame;
class QVBoxLayout;

namespace gadolin::widgets {

class JobList;
struct JobEntry;

/// "12 of 75 · 3.1 a second · 20 s left", with what is known.
QString jobProgressText(const JobEntry& job);

class JobBar : public QWidget {
  Q_OBJECT
 public:
  explicit JobBar(JobList& jobs, QWidget* parent = nullptr);

 private:
  void refresh();
  void showList();
  void fillList();

  JobList& jobs_;
  QPushButton* title_;
  QLabel* progress_text_;
  QProgressBar* progress_;
  QPushButton* cancel_;
  QFrame* list_ = nullptr;
  QVBoxLayout* list_rows_ = nullptr;
  int shown_job_ = 0;
};

}  // namespace gadolin::widgets
