#pragma once
// The second page of Review: how far readers agree, in figures and slice by slice.

#include <QElapsedTimer>
#include <QString>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/volume.h"
#include "ui/session/agreement_table.h"
#include "ui/widgets/workspace.h"

class QComboBox;
class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace gadolin::plots {
class BlandAltmanPlot;
}
namespace gadolin::view {
class ImageView;
}

namespace gadolin::widgets {

class ConfusionTable;
class Maximiser;

/// Reads the project when it is on screen and something has changed. Thread: the GUI's.
class AgreementPage : public QWidget {
  Q_OBJECT
 public:
  explicit AgreementPage(QWidget* parent = nullptr);
  ~AgreementPage() override;

  void setDesk(Desk* desk);
  /// True when every figure that was asked for is there and the image is shown.
  [[nodiscard]] bool settled() const {
    return desk_ == nullptr || (waiting_ == 0 && !labels_old_ && !masks_old_);
  }
  [[nodiscard]] std::vector<KeyHint> keys() const;
  [[nodiscard]] view::ImageView& imageView() { return *image_; }

  /// The figures of every comparison as CSV; written in the background, told in a notice.
  void exportFigures(const QString& path);
  /// The plot in front, by the name's end as PDF or PNG.
  Result<void> exportPlot(const QString& path);

 Q_SIGNALS:
  /// The slice is to be decided in Label.
  void decideWanted(const QString& stack, int slice);

 protected:
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  /// What one entry of the list of comparisons stands for.
  struct Comparison {
    enum Kind { Labels, AllReaders, Masks } kind = Labels;
    std::size_t index = 0;  // of the pair
    [[nodiscard]] bool operator==(const Comparison&) const = default;
  };
  /// A slice or patient to look at.
  struct Case {
    std::string patient;
    std::string stack;
    int slice = 0;
    std::string first_sha256, second_sha256;  // of masks
    bool differs = false;                     // labels: there is something to decide
    QString text;                             // two lines of the list
    QString caption;                          // below the image
  };

  QWidget* makePairs();
  QWidget* makeFigures();
  QWidget* makeCases();
  void makeEmpty(QStackedWidget* pages);
  void connectParts();

  void markOld(bool labels, bool masks);
  void refresh();
  void readLabels();
  void readMasks();
  void reloadRuns();
  void fillPairs();
  void showComparison();
  void fillFigures(std::vector<session::AgreementRow> figures);
  void fillPlot();
  void fillCases();
  void caseOfLabels(const session::LabelPair* pair, std::vector<Case>& cases) const;
  void caseOfMasks(const session::MaskPair& pair, std::vector<Case>& cases) const;
  void chooseCase(int row);
  void showCase(const Case& chosen);
  void showMasks(const Case& chosen, int number);
  /// Brings what is drawn on the present slice into the middle, as large as a heart is.
  void lookAtHeart(const Mask& mask);
  void askPlotFile();
  void askFiguresFile();
  void tell(const QString& what, const QString& why);
  [[nodiscard]] const session::LabelPair* labelPair() const;
  [[nodiscard]] const session::MaskPair* maskPair() const;
  [[nodiscard]] QString nameOf(const std::string& reader) const;

  Desk* desk_ = nullptr;
  std::shared_ptr<const session::LabelAgreement> labels_;
  std::shared_ptr<const session::MaskAgreement> masks_;
  QString labels_fault_, masks_fault_;  // why there are none
  std::vector<Comparison> comparisons_;
  std::optional<Comparison> shown_;
  std::vector<session::AgreementRow> rows_;  // of the comparison in front
  std::vector<Case> cases_;
  bool labels_old_ = true;
  bool masks_old_ = true;
  int waiting_ = 0;
  int generation_ = 0;  // of the desk
  int mask_number_ = 0;
  int case_number_ = 0;
  std::shared_ptr<std::atomic<bool>> cancel_masks_;  // of the comparison under way
  QTimer calm_;  // keys in another window come faster than anybody reads figures

  QStackedWidget* pages_;
  QLabel* empty_;
  QComboBox* run_;
  QComboBox* part_;
  QProgressBar* progress_;
  QListWidget* pairs_;
  QLabel* title_;
  QLabel* notes_;
  QTableWidget* figures_;
  QStackedWidget* below_;
  QLabel* confusion_title_;
  ConfusionTable* confusion_;
  QComboBox* measure_;
  plots::BlandAltmanPlot* plot_;
  QPushButton* save_plot_;
  QPushButton* save_figures_;
  QLabel* cases_title_;
  QListWidget* list_;
  view::ImageView* image_;
  QLabel* caption_;
  QPushButton* decide_;
  Maximiser* maximiser_;
};

}  // namespace gadolin::widgets
