#pragma once
// Receiving from a PACS: as whom, at which port, who can reach it, on or off, and what came.

#include <QFrame>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace gadolin::session {
class PacsListener;
}

namespace gadolin::widgets {

/// "Receiving on 127.0.0.1:11112 as GADOLIN · 3 series, 36 images".
QString receiveText(const session::PacsListener& listener);

/// GUI thread only.
class ReceivePanel : public QFrame {
  Q_OBJECT
 public:
  ReceivePanel(session::PacsListener& listener, QString project, QWidget* parent = nullptr);

 private:
  void switchTo(bool on);
  void refresh();

  session::PacsListener& listener_;
  QString project_;
  QCheckBox* on_;
  QLineEdit* ae_title_;
  QSpinBox* port_;
  QComboBox* reach_;
  QLabel* state_;
};

}  // namespace gadolin::widgets
