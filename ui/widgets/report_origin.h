#pragma once
// Beside a patient's report: from its figures to the revision of the mask, the mask beside it and the
// run, by one click each.

#include <QFrame>
#include <QString>
#include <optional>

#include "core/report/patient_report.h"

class QPushButton;

namespace gadolin::widgets {

struct Desk;

class ReportOrigin : public QFrame {
  Q_OBJECT
 public:
  explicit ReportOrigin(QWidget* parent = nullptr);
  void setDesk(Desk* desk);
  /// Nothing: no report is shown.
  void showOrigin(const QString& stack, const std::optional<report::Provenance>& provenance);

 Q_SIGNALS:
  /// The measured mask is the newest prediction: it is looked at in Review.
  void openPrediction(const QString& stack);
  /// A person's mask, or a prediction that a reader has edited: in Contour.
  void openDrawing(const QString& stack);
  void openRun(const QString& run);

 private:
  void openMeasured();
  void openReference();
  void tellAll();

  Desk* desk_ = nullptr;
  QString stack_;
  std::optional<report::Provenance> provenance_;
  QPushButton* measured_;
  QPushButton* reference_;
  QPushButton* run_;
  QPushButton* all_;
};

}  // namespace gadolin::widgets
