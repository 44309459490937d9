#pragma once
// Studies and series that a search found, with a tick for each series that is wanted.

#include <QJsonObject>
#include <QStringList>
#include <QTreeWidget>

namespace gadolin::widgets {

/// GUI thread only.
class PacsResults : public QTreeWidget {
  Q_OBJECT
 public:
  explicit PacsResults(QWidget* parent = nullptr);

  /// One series as `gadolinctl pacs find` lists it. What looks like late enhancement is ticked.
  void addSeries(const QJsonObject& series);

  struct Chosen {
    QStringList series;  // "STUDY/SERIES"
    QStringList take;    // descriptions of those that do not look like late enhancement
    int images = 0;
  };
  [[nodiscard]] Chosen chosen() const;
  [[nodiscard]] int seriesCount() const;

 Q_SIGNALS:
  void choiceChanged();
};

}  // namespace gadolin::widgets
