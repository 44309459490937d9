// How the Contour workspace is laid out.

#include <QBoxLayout>
#include <QButtonGroup>
#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QToolButton>

#include "ui/session/contour_desk.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int side_width = 292;
// Below this the image needs the place of the list; PgUp and PgDn change stacks all the same.
constexpr int room_for_list = 860;

QToolButton* makeChoice(const QString& text, const QString& tip) {
  auto* button = new QToolButton;
  button->setObjectName(u"choice"_s);
  button->setText(text);
  button->setToolTip(tip);
  button->setCheckable(true);
  button->setFocusPolicy(Qt::NoFocus);  // keys stay with the picture
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  return button;
}

QIcon swatch(view::Rgb rgb) {
  QPixmap picture(24, 24);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(rgb.r, rgb.g, rgb.b));
  painter.drawRoundedRect(2, 2, 20, 20, 5, 5);
  return QIcon(picture);
}

/// A row of choices of which one holds.
QWidget* makeRow(QButtonGroup* group, const std::vector<std::pair<int, QToolButton*>>& buttons) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  for (const auto& [id, button] : buttons) {
    group->addButton(button, id);
    row->addWidget(button);
  }
  return box;
}

}  // namespace

ContourWorkspace::ContourWorkspace(QWidget* parent)
    : Workspace(parent), brush_(hand_), polygon_(hand_), fill_(hand_), borders_(hand_), insertions_(hand_) {
  hand_.slice = [this] { return image_->slice(); };
  hand_.may_draw = [this] { return mayDraw(); };
  hand_.show_mask = [this] { showMask(); };
  hand_.show_pixels = [this](std::span<const std::size_t> pixels, std::uint8_t label) {
    image_->maskChanging(pixels, label);
  };
  hand_.show_tool = [this] { image_->updateTool(); };
  hand_.border_changed = [this] {
    which_border_->button(static_cast<int>(borders_.border()))->setChecked(true);
  };
  hand_.explain = [this](const QString& text) { explain(text); };
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 14, 16, 14);
  row->setSpacing(14);
  list_ = new StackList(tr("Stacks"));
  list_->setFixedWidth(200);
  row->addWidget(list_);
  row->addWidget(makeMiddle(), 1);
  row->addWidget(makeSide());
  maximiser_ = new Maximiser(image_, this);
  prompt_ = new ReaderPrompt(this);
  connect(prompt_, &ReaderPrompt::named, this, [this] { enter(); });
  connect(prompt_, &ReaderPrompt::dismissed, this, [this] { image_->setFocus(); });
  connect(list_, &StackList::chosen, this, [this](const QString& stack) {
    choose(stack);
    image_->setFocus();
  });
  connect(list_, &StackList::clicked, this, [this] { image_->setFocus(); });
  setTool(Tool::Look);
  setTissue(Tissue::Scar);
  setRadius(hand_.radius_mm);
  refresh();
}

QWidget* ContourWorkspace::makeMiddle() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  image_ = new view::ImageView;
  image_->setObjectName(u"contourImage"_s);
  image_->setPlaceholder(tr("Choose a stack"));
  column->addWidget(image_, 1);
  column->addWidget(makeChipRow(&chips_));
  connect(image_, &view::ImageView::sliceChanged, this, &ContourWorkspace::sliceChanged);
  connect(image_, &view::ImageView::brushScaled, this,
          [this](int notches) { setRadius(hand_.radius_mm * std::pow(1.15, notches)); });
  connect(image_, &view::ImageView::overlayStyleChanged, this,
          [this](const view::OverlayStyle& style) { hand_.palette = style.palette; });
  return box;
}

void ContourWorkspace::makeTools(QBoxLayout* side) {
  tools_ = new QButtonGroup(this);
  auto* grid = new QGridLayout;
  grid->setSpacing(4);
  const std::vector<std::tuple<Tool, QString, QString>> tools{
      {Tool::Brush, tr("Brush  B"), tr("Draw with a round brush")},
      {Tool::Borders, tr("Contours  C"), tr("The borders of the heart, with points to drag")},
      {Tool::Polygon, tr("Polygon  P"), tr("An area by its corners, or by a free line")},
      {Tool::Threshold, tr("Threshold  S"), tr("Scar by a threshold inside the myocardium")},
      {Tool::Fill, tr("Fill  F"), tr("An enclosed area by one click")},
      {Tool::Insertions, tr("RV insertion  J"),
       tr("Where the right ventricle meets the left: the segments are counted from there")},
      {Tool::Look, tr("Look  V"), tr("Draw nothing")}};
  int place = 0;
  for (const auto& [tool, text, tip] : tools) {
    QToolButton* button = makeChoice(text, tip);
    tools_->addButton(button, static_cast<int>(tool));
    grid->addWidget(button, place / 2, place % 2);
    ++place;
  }
  side->addLayout(grid);
  side->addSpacing(8);

  const auto colours = view::palette(hand_.palette).main;
  tissues_ = new QButtonGroup(this);
  tissue_box_ = new QWidget;
  auto* tissue_grid = new QGridLayout(tissue_box_);
  tissue_grid->setContentsMargins(0, 0, 0, 0);
  tissue_grid->setSpacing(4);
  const std::vector<std::tuple<Tissue, QString, view::Rgb>> tissues{
      {Tissue::Cavity, tr("Cavity  1"), colours.endo},
      {Tissue::Myocardium, tr("Myocardium  2"), colours.epi},
      {Tissue::Scar, tr("Scar  3"), colours.scar},
      {Tissue::Mvo, tr("No-reflow  4"), colours.mvo}};
  place = 0;
  for (const auto& [tissue, text, rgb] : tissues) {
    QToolButton* button = makeChoice(text, {});
    button->setIcon(swatch(rgb));
    button->setIconSize({12, 12});
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    tissues_->addButton(button, static_cast<int>(tissue));
    tissue_grid->addWidget(button, place / 2, place % 2);
    ++place;
  }
  side->addWidget(tissue_box_);

  modes_ = new QButtonGroup(this);
  mode_box_ = makeRow(modes_, {{0, makeChoice(tr("Draw"), tr("E changes between the two"))},
                               {1, makeChoice(tr("Erase"), tr("E changes between the two"))}});
  modes_->button(0)->setChecked(true);
  side->addWidget(mode_box_);

  which_border_ = new QButtonGroup(this);
  border_box_ = makeRow(
      which_border_,
      {{static_cast<int>(contour::Border::Endocardium),
        makeChoice(tr("Endocardium  N"), tr("Which border the next curve is"))},
       {static_cast<int>(contour::Border::Epicardium),
        makeChoice(tr("Epicardium  M"), tr("Which border the next curve is"))}});
  which_border_->button(static_cast<int>(borders_.border()))->setChecked(true);
  side->addWidget(border_box_);

  size_box_ = new QWidget;
  auto* size_row = new QHBoxLayout(size_box_);
  size_row->setContentsMargins(0, 0, 0, 0);
  size_text_ = makeLabel({}, "muted");
  size_text_->setMinimumWidth(92);
  size_ = new QSlider(Qt::Horizontal);
  size_->setRange(0, 100);
  size_->setFocusPolicy(Qt::NoFocus);
  size_->setToolTip(tr("Size of the brush: + and −, or Shift and the wheel"));
  size_->setAccessibleName(tr("Size of the brush"));
  size_row->addWidget(size_text_);
  size_row->addWidget(size_, 1);
  side->addWidget(size_box_);

  threshold_ = new ContourThreshold(hand_);
  threshold_->hide();
  side->addWidget(threshold_);

  hint_ = makeLabel({}, "caption");
  hint_->setObjectName(u"contourHint"_s);
  hint_->setWordWrap(true);
  side->addWidget(hint_);

  connect(tools_, &QButtonGroup::idClicked, this,
          [this](int id) { setTool(static_cast<Tool>(id)); });
  connect(tissues_, &QButtonGroup::idClicked, this,
          [this](int id) { setTissue(static_cast<Tissue>(id)); });
  connect(modes_, &QButtonGroup::idClicked, this, [this](int id) { setErase(id == 1); });
  connect(which_border_, &QButtonGroup::idClicked, this,
          [this](int id) { setBorder(static_cast<contour::Border>(id)); });
  connect(size_, &QSlider::valueChanged, this,
          [this](int value) { setRadius(0.5 * std::pow(80.0, value / 100.0)); });
  connect(threshold_, &ContourThreshold::previewChanged, this, [this] { showMask(); });
  connect(threshold_, &ContourThreshold::taken, this, &ContourWorkspace::takeThreshold);
}

void ContourWorkspace::makeActions(QBoxLayout* side) {
  auto* grid = new QGridLayout;
  grid->setSpacing(4);
  int place = 0;
  const auto add = [&](const QString& text, const QString& tip, const char* name, auto act) {
    QPushButton* button = makeButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::NoFocus);
    connect(button, &QPushButton::clicked, this, act);
    grid->addWidget(button, place / 2, place % 2);
    ++place;
    actions_.push_back(button);
    return button;
  };
  add(tr("Copy base  D"), tr("The labels of the slice before, towards the base"),
      "contourCopyBase", [this] { copyFrom(Neighbour::Base); });
  add(tr("Copy apex"), tr("The labels of the slice after, towards the apex (Shift+D)"),
      "contourCopyApex", [this] { copyFrom(Neighbour::Apex); });
  add(tr("Interpolate  G"),
      tr("This slice from the nearest drawn ones on both sides; Shift+G for every empty slice "
         "between drawn ones"),
      "contourInterpolate", [this] { interpolate(false); });
  add(tr("Largest part  L"), tr("Takes away all but the largest part of the chosen tissue"),
      "contourLargest", [this] { keepLargest(); });
  add(tr("Fill holes  O"), tr("Fills what the chosen tissue encloses"), "contourHoles",
      [this] { fillHoles(); });
  add(tr("Clear slice"), tr("Takes everything on this slice away (Shift+Delete)"), "contourClear",
      [this] { clearSlice(); });
  side->addLayout(grid);
  prediction_ = makeButton(tr("Start from the prediction"));
  prediction_->setObjectName(u"contourPrediction"_s);
  prediction_->setFocusPolicy(Qt::NoFocus);
  connect(prediction_, &QPushButton::clicked, this, &ContourWorkspace::startFromPrediction);
  side->addWidget(prediction_);
  independent_ = new QCheckBox(tr("Draw independently"));
  independent_->setObjectName(u"contourIndependent"_s);
  independent_->setFocusPolicy(Qt::NoFocus);
  independent_->setToolTip(plainTip(tr(
      "For a second reading: begins empty, or with your own drawing, and shows nobody else's. Only "
      "masks that did not begin as one another are compared in Review. In training and reports the "
      "newest mask of a stack counts, whoever drew it.")));
  connect(independent_, &QCheckBox::toggled, this, [this](bool on) {
    if (contours_) contours_->setIndependent(on);
    image_->setFocus();
  });
  side->addWidget(independent_);
}

QWidget* ContourWorkspace::makeSide() {
  QVBoxLayout* side = nullptr;
  QFrame* panel = makePanel(tr("Draw"), &side);
  side->setSpacing(6);
  makeTools(side);
  side->addSpacing(8);
  side->addWidget(makeLabel(tr("This slice"), "heading"));
  makeActions(side);
  side->addSpacing(8);
  side->addWidget(makeLabel(tr("Mask"), "heading"));
  auto* numbers = new QGridLayout;
  numbers->setHorizontalSpacing(10);
  numbers->setVerticalSpacing(2);
  const std::array<QString, 3> columns{tr("Myocardium"), tr("Scar"), tr("Share")};
  const std::array<QString, 2> rows{tr("Slice"), tr("Stack")};
  for (int column = 0; column < 3; ++column) {
    numbers->addWidget(makeLabel(columns[static_cast<std::size_t>(column)], "caption"), 0,
                       column + 1, Qt::AlignRight);
    for (int row = 0; row < 2; ++row) {
      auto* number = makeLabel({});
      numbers->addWidget(number, row + 1, column + 1, Qt::AlignRight);
      numbers_[static_cast<std::size_t>(row * 3 + column)] = number;
    }
  }
  for (int row = 0; row < 2; ++row)
    numbers->addWidget(makeLabel(rows[static_cast<std::size_t>(row)], "muted"), row + 1, 0);
  side->addLayout(numbers);
  about_ = makeLabel({}, "muted");
  about_->setObjectName(u"contourAbout"_s);
  about_->setWordWrap(true);
  side->addWidget(about_);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  undo_ = makeButton(tr("Undo"));
  undo_->setObjectName(u"contourUndo"_s);
  undo_->setToolTip(tr("Ctrl+Z; also what was drawn on other days"));
  redo_ = makeButton(tr("Redo"));
  redo_->setObjectName(u"contourRedo"_s);
  redo_->setToolTip(tr("Ctrl+Shift+Z"));
  for (QPushButton* button : {undo_, redo_}) {
    button->setFocusPolicy(Qt::NoFocus);
    row->addWidget(button);
  }
  connect(undo_, &QPushButton::clicked, this, &ContourWorkspace::undo);
  connect(redo_, &QPushButton::clicked, this, &ContourWorkspace::redo);
  side->addLayout(row);
  side->addStretch(1);
  auto* content = new QWidget;
  auto* around = new QVBoxLayout(content);
  around->setContentsMargins(0, 0, 3, 0);  // for the frame beside a scroll bar
  around->addWidget(panel);
  return makeScrolling(content, side_width);
}

void ContourWorkspace::resizeEvent(QResizeEvent* event) {
  if (!maximiser_->active()) list_->setVisible(width() >= room_for_list);
  Workspace::resizeEvent(event);
}

void ContourWorkspace::clearChips() {
  while (QLayoutItem* item = chips_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void ContourWorkspace::makeChips() {
  clearChips();
  const auto& stack = image_->stack();
  if (!stack) return;
  const int count = stack->sliceCount();
  for (int from_base = 1; from_base <= count; ++from_base) {
    const int z = stack->apex_first ? count - from_base : from_base - 1;
    auto* chip = new QToolButton;
    chip->setObjectName(u"sliceChip"_s);
    chip->setFocusPolicy(Qt::NoFocus);
    chip->setCheckable(true);
    chip->setProperty("slice", z);
    chip->setProperty("fromBase", from_base);
    connect(chip, &QToolButton::clicked, this, [this, z] {
      image_->setSlice(z);
      refreshChips();
    });
    chips_->addWidget(chip);
  }
  chips_->addStretch(1);
}

}  // namespace gadolin::widgets
