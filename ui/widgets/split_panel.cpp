#include "ui/widgets/split_panel.h"

#include <QBoxLayout>
#include <QRandomGenerator>
#include <QSpinBox>

#include "ui/session/project.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/window_memory.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr int largest_seed = 999'999;
}

SplitPanel::SplitPanel(Chores& chores, QWidget* parent) : QFrame(parent), chores_(chores) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(makeLabel(tr("Split by patient"), "heading"));
  bar_ = new SplitBar;
  column->addWidget(bar_);
  auto* row = new QHBoxLayout;
  const auto percent = [](int value, int most) {
    auto* box = new QSpinBox;
    box->setRange(0, most);
    box->setValue(value);
    box->setSuffix(u" %"_s);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setFixedWidth(56);
    return box;
  };
  test_percent_ = percent(20, 80);
  validation_percent_ = percent(10, 50);
  test_percent_->setObjectName(u"testPercent"_s);
  validation_percent_->setObjectName(u"validationPercent"_s);
  row->addWidget(makeLabel(tr("Test"), "muted"));
  row->addWidget(test_percent_);
  row->addStretch(1);
  row->addWidget(makeLabel(tr("Validation"), "muted"));
  row->addWidget(validation_percent_);
  column->addLayout(row);
  auto* draw = new QHBoxLayout;
  seed_ = new QSpinBox;
  seed_->setObjectName(u"splitSeed"_s);
  seed_->setRange(0, largest_seed);
  seed_->setSpecialValueText(tr("new"));
  seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  seed_->setFixedWidth(72);
  seed_->setToolTip(
      tr("A new seed each time; type a number to draw the same parts again: the same "
         "seed, shares and labels give the same split. 0 is \"new\"."));
  draw->addWidget(makeLabel(tr("Seed"), "muted"));
  draw->addWidget(seed_);
  button_ = makeButton(tr("Split anew"), u"split"_s);
  button_->setObjectName(u"splitAnew"_s);
  button_->setToolTip(
      tr("Draws the parts anew, patient by patient, with the same share of fibrosis "
         "in each. Rows can also be moved by their context menu."));
  draw->addWidget(button_, 1);
  column->addLayout(draw);
  seed_text_ = makeLabel({}, "caption");
  seed_text_->setObjectName(u"splitSeedText"_s);
  seed_text_->setWordWrap(true);
  column->addWidget(seed_text_);
  connect(button_, &QPushButton::clicked, this, &SplitPanel::askFirstThenDraw);
}

void SplitPanel::setDesk(const Desk* desk) {
  desk_ = desk;
  counts_.reset();
  bar_->setRows({});
  button_->setEnabled(desk_ != nullptr && !desk_->read_only);
  refreshSeed();
}

void SplitPanel::setRows(const std::vector<db::CohortRow>& rows) {
  counts_ = countSplit(rows);
  bar_->setRows(rows);
}

void SplitPanel::askFirstThenDraw() {
  // Not before it is known what would be replaced.
  if (desk_ == nullptr || !counts_) return;
  const auto in = [this](dataset::Part part) {
    return (*counts_)[static_cast<std::size_t>(part)].patients;
  };
  const int train = in(dataset::Part::Train);
  const int validation = in(dataset::Part::Validation);
  const int test = in(dataset::Part::Test);
  if (train + validation + test == 0) {
    draw();
    return;
  }
  askFirst(
      this, u"replaceSplit"_s, tr("Replace the split?"),
      tr("%1 patients have a part now: %2 to train, %3 to validate, %4 to test. That split is "
         "lost; "
         "one that came from a file can be taken from it again (gadolinctl split --from).\n\n"
         "Runs keep the split that they were trained on. Do not score an older run on the new test "
         "patients: it may have learned from them.")
          .arg(train + validation + test)
          .arg(train)
          .arg(validation)
          .arg(test),
      tr("Draw anew"), [this] { draw(); });
}

void SplitPanel::draw() {
  if (desk_ == nullptr) return;
  const int seed = seed_->value() > 0 ? seed_->value()
                                      : QRandomGenerator::global()->bounded(1, largest_seed + 1);
  chores_.split(test_percent_->value() / 100.0, validation_percent_->value() / 100.0, seed,
                [this, seed, project = chores_.project()] {
                  memory::setLastSplitSeed(project, seed);
                  refreshSeed();
                });
}

void SplitPanel::refreshSeed() {
  const auto seed =
      desk_ != nullptr ? memory::lastSplitSeed(chores_.project()) : std::optional<int>();
  seed_text_->setText(
      seed ? tr("You drew last with seed %1; type it to draw the same again.").arg(*seed)
           : QString());
  seed_text_->setVisible(seed.has_value());
}

}  // namespace gadolin::widgets
