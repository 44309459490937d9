#pragma once
// Walks through all six workspaces of the real window and saves what is on screen.

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include "ui/widgets/main_window.h"

namespace gadolin {

/// Ends the program: status 0 when all pictures are there, 3 otherwise with a sentence on stderr.
class ScreenshotTour : public QObject {
  Q_OBJECT
 public:
  ScreenshotTour(widgets::MainWindow& window, QString folder, QObject* parent = nullptr);
  void start();

 private:
  void look();
  bool save();
  void fail(const QString& sentence);

  widgets::MainWindow& window_;
  QString folder_;
  QTimer timer_;
  QElapsedTimer waited_;
  int place_ = -1;       // -1: waits for the project
  int quiet_looks_ = 0;  // how often in a row the workspace had nothing left to do
};

}  // namespace gadolin
