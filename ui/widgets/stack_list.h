#pragma once
// A short list to choose a stack or a patient from, with a filter above it.

#include <QString>
#include <QWidget>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;

namespace gadolin::widgets {

struct ListEntry {
  QString id;      // what chosen() says
  QString text;    // first line
  QString detail;  // second line, smaller in meaning; may be empty
};

class StackList : public QWidget {
  Q_OBJECT
 public:
  explicit StackList(const QString& heading, QWidget* parent = nullptr);
  /// Keeps the choice when it is still there; chooses nothing by itself.
  void setEntries(const std::vector<ListEntry>& entries);
  /// Chooses without a signal; false when it is not in the list.
  bool setCurrent(const QString& id);
  [[nodiscard]] QString current() const;
  [[nodiscard]] QString first() const;
  void step(int rows);

 Q_SIGNALS:
  void chosen(const QString& id);
  /// By the mouse, also on what was chosen already: the keys are for what is shown of it.
  void clicked();

 private:
  void applyFilter(const QString& text);

  QLabel* heading_;
  QString heading_text_;
  QLineEdit* filter_;
  QListWidget* list_;
};

}  // namespace gadolin::widgets
