#pragma once
// Workspace 5: is it right?

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/quantification.h"
#include "ui/session/prediction_layers.h"
#include "ui/session/project_queries.h"
#include "ui/widgets/workspace.h"

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTabBar;

namespace gadolin::view {
class HeartView;
class ImageView;
}

namespace gadolin::widgets {

class AgreementPage;
class Chores;
class Maximiser;
class ReaderPrompt;
class ReviewNumbers;
class StackList;

/// Words for a reason, whole sentences.
QString reasonText(session::ReviewReason reason);

class ReviewWorkspace : public Workspace {
  Q_OBJECT
 public:
  explicit ReviewWorkspace(Chores& chores, QWidget* parent = nullptr);

  void setDesk(Desk* desk) override;
  void enter() override;
  void leave() override;
  std::vector<KeyHint> keys() const override;
  void undo() override;
  void redo() override;
  void showStack(const QString& stack) override;
  void showPrediction(const QString& stack) override;
  [[nodiscard]] bool settled() const override;
  [[nodiscard]] view::ImageView& imageView() { return *image_; }
  /// The page of readers' agreement instead of the predictions, or those again.
  void showAgreement(bool on);
  [[nodiscard]] view::HeartView& heartView() { return *heart_; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  enum class Heat { None, Probability, Cam };
  struct Verdict {
    std::int64_t prediction = 0;
    db::Verdict from = db::Verdict::None;
    db::Verdict to = db::Verdict::None;
  };

  /// A comment that was typed and is not on disk yet, with the prediction it was typed for.
  struct Draft {
    session::ReviewItem item;
    QString text;
    bool sent = false;  // on its way to the disk
  };

  QWidget* makeLeft();
  QWidget* makeMiddle();
  QWidget* makeRight();
  void reload();
  void takeItems(std::vector<session::ReviewItem> items);
  void fillList();
  void reloadRuns();
  void show(const QString& stack);
  void loadMasks(const session::ReviewItem& item, int number);
  void lookAhead();
  void measure(int number);
  void setHeartShown(bool shown);
  void buildHeart();
  bool mayWrite();
  void decide(db::Verdict verdict);
  void write(const session::ReviewItem& item, db::Verdict verdict, const QString& comment,
             bool advance);
  void written(std::int64_t prediction, db::Verdict verdict, const QString& comment,
               const QString& reader);
  void notWritten(std::int64_t prediction, db::Verdict verdict);
  /// Writes `verdict` of the newest step of `from`, which goes over to `to`.
  void step(std::vector<Verdict>& from, std::vector<Verdict>& to, db::Verdict Verdict::*verdict);
  void beginComment();
  void beginEditing();
  void commentTyped(const QString& text);
  void discardComment();
  void storeDrafts(std::int64_t but, bool ask);
  void tellOfDrafts(const QString& what);
  void readerNamed(const QString& name);
  [[nodiscard]] QString commentOf(const session::ReviewItem& item) const;
  [[nodiscard]] db::Verdict verdictOf(const session::ReviewItem& item) const;
  void applyStyle();
  void setHidden(bool hidden);
  void setOverlaysOn(bool on);
  void refreshItem();
  void refreshSlice();
  session::ReviewItem* current();
  void tell(const QString& what, const Error& error);

  Chores& chores_;
  Desk* desk_ = nullptr;
  std::vector<session::ReviewItem> items_;
  std::string shown_stack_;
  QString wanted_;
  int load_number_ = 0;
  int waiting_ = 0;
  std::shared_ptr<const Stack> stack_;
  std::shared_ptr<const Mask> mask_;
  std::shared_ptr<const Mask> reference_;
  session::PredictionLayers layers_;
  QString layers_missing_;  // why there are none, in words
  Heat heat_ = Heat::None;
  bool overlays_on_ = true;  // T
  bool hidden_ = false;      // while H is held
  int generation_ = 0;       // of the desk: what comes back for an earlier one is not taken
  std::map<std::int64_t, Draft> drafts_;          // by prediction
  std::map<std::int64_t, db::Verdict> deciding_;  // verdicts on their way to the disk
  bool comment_after_name_ = false;
  std::vector<Verdict> undo_;
  std::vector<Verdict> redo_;

  QTabBar* tabs_;  // predictions, agreement of readers
  QStackedWidget* tab_pages_;
  AgreementPage* agreement_;
  StackList* list_;
  QComboBox* run_;
  QPushButton* predict_;
  QLabel* list_note_;
  view::ImageView* image_;
  view::HeartView* heart_;
  QPushButton* space_;  // shows the heart beside the image
  int heart_of_ = -1;   // load_number_ of what the heart is of
  QCheckBox* fill_;
  QCheckBox* outline_;
  QCheckBox* show_reference_;
  QButtonGroup* heat_group_;
  QSlider* opacity_;
  QLabel* title_;
  QLabel* reasons_;
  ReviewNumbers* numbers_;
  QLabel* slice_text_;
  QLabel* verdict_text_;
  QPushButton* accept_;
  QPushButton* reject_;
  QPushButton* edit_;
  QLineEdit* comment_;
  Maximiser* maximiser_;
  ReaderPrompt* prompt_;
};

}  // namespace gadolin::widgets
