#pragma once
// What each level of supervision has to learn from: patients, slices, minutes of people's time.

#include <QFrame>

#include "ui/session/project_queries.h"

class QGridLayout;
class QLabel;

namespace gadolin::widgets {

class SupervisionPanel : public QFrame {
  Q_OBJECT
 public:
  explicit SupervisionPanel(QWidget* parent = nullptr);
  void setSummary(const session::SupervisionSummary& summary);

 private:
  QGridLayout* grid_;
  QLabel* note_;
};

/// "12 min", "3.5 h", "–" for none.
QString effortText(double minutes);

}  // namespace gadolin::widgets
