#include "ui/widgets/contour_threshold.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>
#include <array>

#include "ui/session/contour_desk.h"
#include "ui/session/in_pool.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

struct Choice {
  const char* rule;  // of analysis::thresholdRuleFromText()
  int key;
};
constexpr std::array<Choice, 7> choices{{{"2sd", Qt::Key_2},
                                         {"3sd", Qt::Key_3},
                                         {"4sd", Qt::Key_4},
                                         {"5sd", Qt::Key_5},
                                         {"6sd", Qt::Key_6},
                                         {"fwhm", Qt::Key_W},
                                         {"otsu", Qt::Key_O}}};
constexpr int usual = 3;  // 5 SD

/// A remote region of fewer pixels than a hand can point at says nothing of their spread.
constexpr double smallest_remote_mm = 3;

double areaOf_ml(const Stack& image, std::span<const std::uint8_t> slice, int z,
                 bool (*belongs)(std::uint8_t)) {
  return static_cast<double>(std::ranges::count_if(slice, belongs)) * image.voxelVolume_ml(z);
}

}  // namespace

ContourThreshold::ContourThreshold(ContourHand& hand, QWidget* parent)
    : QWidget(parent), hand_(hand), tool_(hand, [this](const contour::Point& at) { place(at); }) {
  setObjectName(u"contourThreshold"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* grid = new QGridLayout;
  grid->setSpacing(4);
  rules_ = new QButtonGroup(this);
  const std::array<QString, 7> names{tr("2 SD"), tr("3 SD"), tr("4 SD"), tr("5 SD"),
                                     tr("6 SD"), tr("FWHM"), tr("Otsu")};
  for (std::size_t i = 0; i < choices.size(); ++i) {
    auto* button = new QToolButton;
    button->setObjectName(u"choice"_s);
    button->setText(names[i]);
    button->setCheckable(true);
    button->setChecked(static_cast<int>(i) == usual);
    button->setFocusPolicy(Qt::NoFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto rule = analysis::thresholdRuleFromText(choices[i].rule);
    button->setToolTip(tr("%1  (%2)").arg(QString::fromStdString(rule->description()),
                                          QKeySequence(choices[i].key).toString()));
    rules_->addButton(button, static_cast<int>(i));
    grid->addWidget(button, i < 4 ? 0 : 1, static_cast<int>(i < 4 ? i : i - 4));
  }
  column->addLayout(grid);
  said_ = makeLabel({}, "muted");
  said_->setObjectName(u"thresholdSaid"_s);
  said_->setWordWrap(true);
  column->addWidget(said_);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  slice_ = makeButton(tr("This slice  (Enter)"), {}, "primary");
  stack_ = makeButton(tr("All slices"));
  stack_->setToolTip(tr("On every slice that has myocardium and is not labelled free of fibrosis "
                        "(Shift+Enter)"));
  for (QPushButton* button : {slice_, stack_}) {
    button->setFocusPolicy(Qt::NoFocus);
    row->addWidget(button);
  }
  column->addLayout(row);
  connect(rules_, &QButtonGroup::idClicked, this, &ContourThreshold::refresh);
  connect(slice_, &QPushButton::clicked, this, [this] { take(false); });
  connect(stack_, &QPushButton::clicked, this, [this] { take(true); });
}

std::string ContourThreshold::name() const {
  return std::string("threshold ") +
         choices[static_cast<std::size_t>(rules_->checkedId())].rule;
}

void ContourThreshold::forgetPlaces() {
  places_.clear();
  preview_.reset();
}

void ContourThreshold::setActive(bool active) {
  active_ = active;
  setVisible(active);
  wanted_ = Take::Nothing;
  if (!active) {
    preview_.reset();
    Q_EMIT previewChanged();
    return;
  }
  refresh();
}

bool ContourThreshold::key(const QKeyEvent& event) {
  if (event.modifiers() & (Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier)) return false;
  const auto chosen = std::ranges::find(choices, event.key(), &Choice::key);
  if (chosen == choices.end()) return false;
  rules_->button(static_cast<int>(chosen - choices.begin()))->setChecked(true);
  refresh();
  return true;
}

void ContourThreshold::place(const contour::Point& point) {
  places_[hand_.slice()] = {point, std::max(hand_.radius_mm, smallest_remote_mm)};
  refresh();
}

void ContourThreshold::take(bool whole_stack) {
  if (!active_) return;
  wanted_ = whole_stack ? Take::Stack : Take::Slice;
  if (working_) return;  // what is seen is of an older mask, or of another rule
  const Take wanted = std::exchange(wanted_, Take::Nothing);
  if (preview_ && (wanted == Take::Stack || slice_ok_)) Q_EMIT taken(wanted == Take::Stack);
}

void ContourThreshold::refresh() {
  if (!active_) return;
  if (hand_.desk == nullptr || !hand_.desk->mask()) {
    show({});
    return;
  }
  const auto own = places_.find(hand_.slice());
  if (own != places_.end())
    tool_.setPlace(own->second.point, own->second.radius_mm);
  else
    tool_.setPlace(std::nullopt, 0);
  if (working_)
    again_ = true;
  else
    work();
}

void ContourThreshold::work() {
  const int z = hand_.slice();
  // The mask goes on being drawn while this is worked out.
  auto job = [image = hand_.desk->image(), mask = *hand_.desk->mask(),
              labels = hand_.desk->drawing().labels, places = places_, z,
              rule = *analysis::thresholdRuleFromText(
                  choices[static_cast<std::size_t>(rules_->checkedId())].rule)] {
    const auto slices = static_cast<std::size_t>(image->sliceCount());
    std::vector<std::uint8_t> wanted(slices, 1);
    for (std::size_t i = 0; i < slices && i < labels.size(); ++i)
      wanted[i] = labels[i] != SliceLabel::None || static_cast<int>(i) == z ? 1 : 0;
    std::vector<std::optional<analysis::RemoteRegion>> remote(slices);
    for (const auto& [slice, place] : places)
      remote[static_cast<std::size_t>(slice)] = analysis::remoteRegionAt(
          *image, mask, slice, {place.point.x, place.point.y}, place.radius_mm);
    Found found;
    const auto scar = analysis::thresholdScar(*image, mask, rule, wanted, remote);
    if (!scar) {
      found.fault = QString::fromStdString(scar.error().message);
      return found;
    }
    Mask preview = scar->mask;
    for (std::size_t i = 0; i < preview.voxels.size(); ++i)
      if (mask.voxels[i] == 4) preview.voxels[i] = 4;
    // Where no threshold was made, what was drawn stays.
    for (const int skipped : scar->skipped_slices) wanted[static_cast<std::size_t>(skipped)] = 0;
    for (std::size_t i = 0; i < slices; ++i)
      if (const int slice = static_cast<int>(i); wanted[i] == 0)
        std::ranges::copy(mask.slice(slice), preview.slice(slice).begin());
    found.scar_ml = areaOf_ml(*image, std::as_const(preview).slice(z), z, isFibrosis);
    found.myocardium_ml = areaOf_ml(*image, std::as_const(preview).slice(z), z, isMyocardium);
    found.placed = remote[static_cast<std::size_t>(z)].has_value();
    found.too_small = places.contains(z) && !found.placed;
    found.remote = found.placed ? remote[static_cast<std::size_t>(z)]
                                : analysis::remoteRegion(*image, mask, z);
    found.mask = std::make_shared<const Mask>(std::move(preview));
    return found;
  };
  working_ = true;
  again_ = false;
  session::inPool(this, std::move(job), [this](const Found& found) {
    working_ = false;
    if (!active_) return;
    if (again_) {
      refresh();
      return;
    }
    show(found);
    if (wanted_ != Take::Nothing) take(wanted_ == Take::Stack);
  });
}

void ContourThreshold::show(const Found& found) {
  preview_ = found.mask;
  slice_ok_ = preview_ && found.myocardium_ml > 0 && found.remote;
  slice_->setEnabled(slice_ok_);
  stack_->setEnabled(preview_ != nullptr);
  if (!found.fault.isEmpty()) {
    said_->setText(found.fault);
  } else if (!preview_ || found.myocardium_ml <= 0) {
    said_->setText(tr("This slice has no myocardium: draw the contours first (C)."));
  } else if (!found.remote) {
    said_->setText(tr("No healthy myocardium is found on this slice: point at it."));
  } else {
    const QLocale locale;
    said_->setText(
        tr("%1 ml above, %2 % of the myocardium of this slice.\nRemote region, %3: %4 ± %5 (%6 "
           "pixels).")
            .arg(locale.toString(found.scar_ml, 'f', 2),
                 locale.toString(100 * found.scar_ml / found.myocardium_ml, 'f', 0),
                 found.placed      ? tr("placed")
                 : found.too_small ? tr("found, because too little myocardium is under the one "
                                        "that is placed")
                                   : tr("found"),
                 locale.toString(found.remote->mean, 'g', 4),
                 locale.toString(found.remote->sd, 'g', 3), QString::number(found.remote->pixels)));
  }
  Q_EMIT previewChanged();
}

}  // namespace gadolin::widgets
