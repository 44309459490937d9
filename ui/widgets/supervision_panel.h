#pragma once
// What each level of supervision has to learn from: patients, slices, minutes of people's time.

#include <QFrame>

#include "ui/session/project_queries.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace gadolin::widgets {

class SupervisionPanel : public QFrame {
  Q_OBJECT
 public:
  explicit SupervisionPanel(QWidget* parent = nullptr);
  void setSummary(const session::SupervisionSummary& summary);
  /// How many stacks have a mask and no slice labels; 0 hides the offer to label them from it.
  void setMasksWithoutLabels(int stacks);

 Q_SIGNALS:
  void deriveWanted();

 private:
  QGridLayout* grid_;
  QLabel* note_;
  QLabel* derive_text_;
  QPushButton* derive_;
};

/// "12 min", "3.5 h", "–" for none.
QString effortText(double minutes);

}  // namespace gadolin::widgets
