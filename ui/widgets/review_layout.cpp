// How the Review workspace is laid out, and what it writes beside the image.

#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QStackedWidget>
#include <QTabBar>

#include "ui/view/heart_view.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/review_numbers.h"
#include "ui/widgets/review_workspace.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

ReviewWorkspace::ReviewWorkspace(Chores& chores, QWidget* parent)
    : Workspace(parent), chores_(chores) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 6, 16, 14);
  column->setSpacing(8);
  tabs_ = new QTabBar;
  tabs_->setObjectName(u"reviewTabs"_s);
  tabs_->setFocusPolicy(Qt::NoFocus);
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->addTab(tr("Predictions"));
  tabs_->addTab(tr("Agreement of readers"));
  column->addWidget(tabs_);
  tab_pages_ = new QStackedWidget;
  column->addWidget(tab_pages_, 1);
  auto* predictions = new QWidget;
  auto* row = new QHBoxLayout(predictions);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(14);
  row->addWidget(makeLeft());
  row->addWidget(makeMiddle(), 1);
  row->addWidget(makeRight());
  tab_pages_->addWidget(predictions);
  agreement_ = new AgreementPage;
  tab_pages_->addWidget(agreement_);
  connect(tabs_, &QTabBar::currentChanged, this, [this](int index) { showAgreement(index == 1); });
  connect(agreement_, &AgreementPage::decideWanted, this, &ReviewWorkspace::decideSlice);
  maximiser_ = new Maximiser(image_, this);
  prompt_ = new ReaderPrompt(this);
  connect(prompt_, &ReaderPrompt::named, this, &ReviewWorkspace::readerNamed);
  connect(prompt_, &ReaderPrompt::dismissed, this, [this] {
    comment_after_name_ = false;
    tellOfDrafts(tr("A comment is not stored: it needs the name of its reader"));
    image_->setFocus();
  });
  refreshItem();
}

QWidget* ReviewWorkspace::makeLeft() {
  auto* box = new QWidget;
  // On a small screen the list gives way, not the switches below the image.
  box->setMinimumWidth(190);
  box->setMaximumWidth(260);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  run_ = new QComboBox;
  run_->addItem(tr("Newest of each stack"), QString());
  run_->setFocusPolicy(Qt::NoFocus);
  run_->setToolTip(tr("Whose predictions are shown"));
  column->addWidget(run_);
  predict_ = makeButton(tr("Predict"), u"predict"_s);
  predict_->setToolTip(tr("Predicts every stack with the chosen run, or with the newest one"));
  predict_->setFocusPolicy(Qt::NoFocus);
  column->addWidget(predict_);
  list_ = new StackList(tr("Predictions"));
  column->addWidget(list_, 1);
  list_note_ = makeLabel({}, "caption");
  list_note_->setWordWrap(true);
  column->addWidget(list_note_);
  connect(run_, &QComboBox::currentIndexChanged, this, [this] { reload(); });
  connect(predict_, &QPushButton::clicked, this, [this] {
    // Item 0 stands for all runs, item 1 is the newest finished one.
    const int index = run_->currentIndex() > 0 ? run_->currentIndex() : 1;
    if (index < run_->count()) chores_.predict(run_->itemData(index).toString());
  });
  connect(list_, &StackList::clicked, this, [this] {
    if (!prompt_->isVisible()) image_->setFocus();
  });
  connect(list_, &StackList::chosen, this, [this](const QString& stack) {
    show(stack);
    if (!prompt_->isVisible()) image_->setFocus();
  });
  return box;
}

QWidget* ReviewWorkspace::makeMiddle() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  image_ = new view::ImageView;
  image_->setObjectName(u"reviewImage"_s);
  image_->setPlaceholder(tr("No prediction to review"));
  image_->setViewKeysEnabled(false);
  auto* pictures = new QHBoxLayout;
  pictures->setSpacing(8);
  pictures->addWidget(image_, 3);
  heart_ = new view::HeartView;
  heart_->hide();
  pictures->addWidget(heart_, 2);
  column->addLayout(pictures, 1);
  auto* row = new QHBoxLayout;
  row->setSpacing(10);
  fill_ = new QCheckBox(tr("Fill"));
  outline_ = new QCheckBox(tr("Outline"));
  show_reference_ = new QCheckBox(tr("Reference"));
  for (QCheckBox* each : {fill_, outline_, show_reference_}) {
    each->setChecked(true);
    each->setFocusPolicy(Qt::NoFocus);
    row->addWidget(each);
    connect(each, &QCheckBox::toggled, this, [this] { applyStyle(); });
  }
  row->addSpacing(4);
  row->addWidget(makeLabel(tr("Map"), "muted"));
  heat_group_ = new QButtonGroup(this);
  const std::array<QString, 3> names{tr("none"), tr("probability"), tr("CAM")};
  const std::array<QString, 3> tips{tr("No colour map"),
                                    tr("Probability of fibrosis in each voxel"),
                                    tr("Class activation map: where the slice classifier looked")};
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto* button = new QRadioButton(names[i]);
    button->setToolTip(tips[i]);
    button->setFocusPolicy(Qt::NoFocus);
    button->setChecked(i == 0);
    heat_group_->addButton(button, static_cast<int>(i));
    row->addWidget(button);
  }
  row->addStretch(1);
  opacity_ = new QSlider(Qt::Horizontal);
  opacity_->setRange(0, 100);
  opacity_->setValue(40);
  opacity_->setToolTip(tr("Opacity of what lies over the image: [ and ]"));
  opacity_->setMinimumWidth(50);
  opacity_->setMaximumWidth(110);
  opacity_->setFocusPolicy(Qt::NoFocus);
  row->addWidget(opacity_);
  auto* window = makeButton(tr("W  Auto"));
  window->setToolTip(tr("Automatic window and level"));
  window->setFocusPolicy(Qt::NoFocus);
  row->addWidget(window);
  space_ = makeButton(tr("3  3D"));
  space_->setObjectName(u"space"_s);
  space_->setCheckable(true);
  space_->setToolTip(tr("The ventricle in space with its scar, beside the image (3)"));
  space_->setFocusPolicy(Qt::NoFocus);
  row->addWidget(space_);
  column->addLayout(row);
  connect(space_, &QPushButton::clicked, this, &ReviewWorkspace::setHeartShown);
  connect(image_, &view::ImageView::sliceChanged, this, [this](int z) { heart_->setSlice(z); });
  connect(window, &QPushButton::clicked, image_, &view::ImageView::useAutoWindow);
  connect(opacity_, &QSlider::valueChanged, this, [this] { applyStyle(); });
  connect(heat_group_, &QButtonGroup::idClicked, this, [this](int id) {
    heat_ = static_cast<Heat>(id);
    applyStyle();
  });
  connect(image_, &view::ImageView::sliceChanged, this, [this] { refreshSlice(); });
  connect(image_, &view::ImageView::overlayStyleChanged, this,
          [this](const view::OverlayStyle& style) {
            const QSignalBlocker quiet(opacity_);
            opacity_->setValue(qRound(style.opacity * 100));
          });
  return box;
}

QWidget* ReviewWorkspace::makeRight() {
  QVBoxLayout* column = nullptr;
  QFrame* panel = makePanel({}, &column);
  panel->setFixedWidth(300);
  title_ = makeLabel({}, "title");
  column->addWidget(title_);
  reasons_ = makeLabel({}, "warn");
  reasons_->setWordWrap(true);
  column->addWidget(reasons_);
  column->addSpacing(4);
  numbers_ = new ReviewNumbers;
  column->addWidget(numbers_);
  slice_text_ = makeLabel({}, "muted");
  slice_text_->setWordWrap(true);
  column->addWidget(slice_text_);
  column->addStretch(1);
  verdict_text_ = makeLabel({}, "muted");
  verdict_text_->setWordWrap(true);
  column->addWidget(verdict_text_);
  comment_ = new QLineEdit;
  comment_->setObjectName(u"reviewComment"_s);
  comment_->setPlaceholderText(tr("Comment (C)"));
  comment_->setMaxLength(500);
  column->addWidget(comment_);
  auto* row = new QHBoxLayout;
  accept_ = makeButton(tr("A  Accept"), u"check"_s);
  reject_ = makeButton(tr("R  Reject"), u"cross"_s);
  edit_ = makeButton(tr("E  Edit in Contour"));
  edit_->setObjectName(u"edit"_s);
  edit_->setToolTip(tr("Draw what is wrong right, in Contour; your mask begins with this prediction"));
  accept_->setObjectName(u"accept"_s);
  reject_->setObjectName(u"reject"_s);
  for (QPushButton* button : {accept_, reject_, edit_}) {
    button->setFocusPolicy(Qt::NoFocus);
    button->setMinimumHeight(38);
    if (button != edit_) row->addWidget(button);
  }
  column->addWidget(edit_);  // three do not fit beside each other
  column->addLayout(row);
  connect(accept_, &QPushButton::clicked, this, [this] { decide(db::Verdict::Accepted); });
  connect(edit_, &QPushButton::clicked, this, &ReviewWorkspace::beginEditing);
  connect(reject_, &QPushButton::clicked, this, [this] { decide(db::Verdict::Rejected); });
  connect(comment_, &QLineEdit::textEdited, this, &ReviewWorkspace::commentTyped);
  connect(comment_, &QLineEdit::returnPressed, this, [this] {
    storeDrafts(0, true);
    if (!prompt_->isVisible()) image_->setFocus();
  });
  return panel;
}

void ReviewWorkspace::applyStyle() {
  view::OverlayStyle style = image_->overlayStyle();
  style.visible = overlays_on_ && !hidden_;
  style.fill = fill_->isChecked() && heat_ == Heat::None;
  style.outline = outline_->isChecked();
  style.reference = show_reference_->isChecked();
  style.heat = heat_ != Heat::None;
  style.opacity = opacity_->value() / 100.0;
  if (stack_) {
    if (heat_ == Heat::Probability)
      image_->setHeatMap(layers_.fibrosis);
    else if (heat_ == Heat::Cam)
      image_->setHeatMap(layers_.cam);
    else
      image_->setHeatMap(nullptr);
  }
  image_->setOverlayStyle(style);
  if (heat_group_->buttons().size() == 3) {
    heat_group_->button(1)->setEnabled(layers_.fibrosis != nullptr);
    heat_group_->button(2)->setEnabled(layers_.cam != nullptr);
  }
}

void ReviewWorkspace::refreshItem() {
  const session::ReviewItem* item = current();
  const bool writable = item != nullptr && desk_ != nullptr && !desk_->read_only;
  accept_->setEnabled(writable);
  reject_->setEnabled(writable);
  comment_->setEnabled(writable);
  if (item == nullptr) {
    title_->setText(tr("Review"));
    reasons_->clear();
    numbers_->clear();
    slice_text_->clear();
    verdict_text_->clear();
    comment_->clear();
    return;
  }
  title_->setText(QString::fromStdString(item->stack.patient));
  QStringList reasons;
  for (const session::ReviewReason reason : item->reasons) {
    reasons << reasonText(reason);
    if (reason != session::ReviewReason::OutsideTraining) continue;
    for (const std::string& why : item->strangeness)
      reasons << u"\u2022 "_s + QString::fromStdString(why);
  }
  reasons_->setText(reasons.join(u"\n"_s));
  reasons_->setVisible(!reasons.isEmpty());
  // The cursor stays where it is while the text is the one that is typed.
  if (const QString comment = commentOf(*item); comment_->text() != comment)
    comment_->setText(comment);
  QString verdict;
  const char* role = "muted";
  switch (item->verdict) {
    case db::Verdict::None:
      verdict = tr("Not decided yet.");
      break;
    case db::Verdict::Accepted:
      verdict = tr("Accepted by %1. The mask is a revision of this stack now.")
                    .arg(QString::fromStdString(item->reviewer));
      role = "good";
      break;
    case db::Verdict::Rejected:
      verdict = tr("Rejected by %1.").arg(QString::fromStdString(item->reviewer));
      role = "bad";
      break;
  }
  setRole(verdict_text_, role);
  verdict_text_->setText(verdict);
  refreshSlice();
}

void ReviewWorkspace::refreshSlice() {
  const session::ReviewItem* item = current();
  if (item == nullptr) return;
  QStringList lines;
  lines << tr("Uncertainty %1 · %2")
               .arg(item->prediction.uncertainty, 0, 'f', 2)
               .arg(partText(item->part));
  lines << tr("Stack labelled: %1").arg(labelText(item->stack_label));
  const auto z = static_cast<std::size_t>(std::max(0, image_->slice()));
  if (z < layers_.slice_probability.size())
    lines << tr("Classifier, this slice: %1 % fibrosis")
                 .arg(qRound(100 * static_cast<double>(layers_.slice_probability[z])));
  if (!layers_missing_.isEmpty()) lines << tr("No maps: %1").arg(layers_missing_);
  lines << tr("Run %1").arg(QString::fromStdString(item->prediction.run));
  slice_text_->setText(lines.join(u"\n"_s));
}

}  // namespace gadolin::widgets
