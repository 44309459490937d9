#pragma once
// What is asked before a training: supervision, preset, device, seed, more settings; and what the
// labels allow.

#include <QFrame>
#include <optional>

#include "ui/session/run_request.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace gadolin::widgets {

class TrainForm : public QFrame {
  Q_OBJECT
 public:
  explicit TrainForm(QWidget* parent = nullptr);

  void setInputs(const session::RunInputs& inputs);
  void setReadOnly(bool read_only);
  /// A training is being prepared: no second click.
  void setBusy(bool busy);
  [[nodiscard]] session::RunRequest request() const;

 Q_SIGNALS:
  void startWanted(const gadolin::session::RunRequest& request);

 private:
  void refresh();
  /// What a part holds for the chosen kind, in one line.
  [[nodiscard]] static QString partText(run::Supervision supervision,
                                        const session::PartInputs& inputs);
  /// Every kind says at its button whether the labels at hand allow it, and if not why.
  void judgeKinds();
  void openSettings();

  std::optional<session::RunInputs> inputs_;
  std::vector<std::pair<std::string, std::string>> settings_;
  bool read_only_ = false;
  bool busy_ = false;
  QButtonGroup* supervision_;
  QWidget* limits_;  // of mixed supervision
  QSpinBox* pixel_limit_;
  QLabel* has_;
  QLabel* missing_;
  QLabel* remark_;
  QComboBox* preset_;
  QLabel* preset_text_;
  QComboBox* device_;
  QSpinBox* seed_;
  QPushButton* more_;
  QPushButton* start_;
};

}  // namespace gadolin::widgets
