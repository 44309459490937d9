#pragma once
// What is in the project for other programs: which format, where to.

#include <QDialog>
#include <QSet>
#include <QString>
#include <functional>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QWidget;

namespace gadolin::widgets {

class Chores;

/// Asks and starts the export as a chore; opens no file itself. GUI thread only.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ExportDialog(Chores& chores, QWidget* parent = nullptr);

 private:
  QWidget* makeChoice();
  QWidget* makePlaces();
  /// A line for a folder, with a button that looks for one.
  QWidget* placeRow(QLineEdit* line, const char* button, std::function<void()> browse);
  void showFormat(int row);
  void browsePlace();
  void browseImages();
  void start();
  /// In the user's home, under a name that nothing has there as far as `taken_` knows: an export
  /// replaces nothing.
  [[nodiscard]] QString suggested(int row) const;
  void suggestPlace();

  Chores& chores_;
  QString project_;      // its name
  QSet<QString> taken_;  // names in the user's home
  QString suggested_;    // what was written into the place last
  QListWidget* formats_;
  QLabel* about_;
  QLineEdit* place_;
  QLabel* place_label_;
  QLineEdit* images_;
  QWidget* images_box_;
  QPushButton* start_;
};

/// Opens it over the window of `over`; nothing where no project is open.
void openExport(Chores& chores, QWidget* over);

}  // namespace gadolin::widgets
