#pragma once
// Import in the Cohort workspace: buttons, progress, what came in, the series with what speaks for
// and against each, and every refused file with its reason.

#include <QFrame>
#include <QJsonObject>
#include <QStringList>

#include "ui/widgets/rate_meter.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace gadolin::widgets {

class Chores;
class ImportFindings;
class ImportOptionsButton;

class ImportPanel : public QFrame {
  Q_OBJECT
 public:
  explicit ImportPanel(Chores& chores, QWidget* parent = nullptr);

  void setReadOnly(bool read_only);
  /// Shows the table with how it was understood, and imports it when the person says so.
  void showTable(const QString& file);
  void clear();
  /// Of an earlier import. path: below the folder that was imported.
  void addRefusal(const QString& path, const QString& reason);
  /// What seriesDecided() told is in the project.
  void choicesStored();
  /// What the listener does, in words; empty: it is off.
  void setReceiving(const QString& text);

 Q_SIGNALS:
  void pacsWanted();
  /// Names of series to take and to leave from now on, where the files are not here any more.
  void seriesDecided(const QStringList& take, const QStringList& leave);

 private:
  /// Series of one kind of description share a row: a decision holds for them all.
  void addSeries(const QJsonObject& series);
  void refreshSeries();
  /// Series that came by network take the place of those of a folder: no path has these files.
  void beginReceived();
  /// Imports the same paths with the choices; of what came by network, whose files are gone, it
  /// remembers them.
  void applyChoices();
  void showIdentities();
  void showProgressOf(qint64 done, qint64 total, const QString& what);

  Chores& chores_;
  QPushButton* folder_;
  ImportOptionsButton* options_;
  QPushButton* table_;
  QPushButton* pacs_;
  QLabel* receiving_;
  QLabel* identities_;
  QLabel* state_;
  QProgressBar* progress_;
  QString phase_;  // of the import that runs
  RateMeter rate_;
  QStringList paths_;  // of the last import
  QLabel* series_title_;
  QTreeWidget* series_;
  QPushButton* again_;
  ImportFindings* findings_;
};

}  // namespace gadolin::widgets
