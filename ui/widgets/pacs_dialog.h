#pragma once
// "From PACS…": the archives, a search, what it found, fetching, and receiving.

#include <QDialog>
#include <QJsonArray>
#include <functional>

#include "ui/widgets/receive_panel.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace gadolin::session {
class CtlJob;
}

namespace gadolin::widgets {

class Chores;
class PacsResults;

/// Every conversation is a `gadolinctl pacs` of its own. Fetching goes on when the dialog is
/// closed. GUI thread only.
class PacsDialog : public QDialog {
  Q_OBJECT
 public:
  PacsDialog(Chores& chores, session::PacsListener& listener, QWidget* parent = nullptr);

 private:
  QWidget* makePeers();
  QWidget* makeSearch();
  void loadPeers(const QString& select);
  void editPeer(bool add);
  void removePeer();
  void test();
  void search();
  void stopSearch();
  void fetch();
  void refresh();
  void say(const QString& text, const char* role);
  [[nodiscard]] QString peer() const;
  /// `done` gets the summary; a failure is said.
  session::CtlJob* ask(const QStringList& arguments, std::function<void(const QJsonObject&)> done);

  Chores& chores_;
  QJsonArray list_;
  session::CtlJob* searching_ = nullptr;
  bool fetching_ = false;
  QComboBox* peers_;
  QPushButton* test_;
  QPushButton* edit_;
  QPushButton* remove_;
  QLineEdit* patient_;
  QLineEdit* name_;
  QLineEdit* from_;
  QLineEdit* to_;
  QLineEdit* description_;
  QPushButton* search_;
  QLabel* state_;
  PacsResults* results_;
  QLabel* chosen_;
  QProgressBar* progress_;
  QPushButton* fetch_;
};

}  // namespace gadolin::widgets
