#pragma once
// The address of one archive.

#include <QDialog>
#include <QJsonObject>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace gadolin::widgets {

/// Keeps the peer with `gadolinctl pacs peers add`, which also checks it. GUI thread only.
class PeerDialog : public QDialog {
  Q_OBJECT
 public:
  /// peer: as `pacs peers` lists it; empty: a new one.
  explicit PeerDialog(const QJsonObject& peer, QWidget* parent = nullptr);

 Q_SIGNALS:
  void saved(const QString& name);

 private:
  void save();

  QLineEdit* name_;
  QLineEdit* ae_title_;
  QLineEdit* host_;
  QSpinBox* port_;
  QLineEdit* own_ae_title_;
  QLineEdit* receive_at_;
  QSpinBox* receive_port_;
  QLabel* fault_;
  QPushButton* save_;
};

}  // namespace gadolin::widgets
