#include "ui/widgets/pseudo_dialog.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QThreadPool>
#include <QToolButton>
#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/imaging/brush.h"
#include "ui/session/project.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/reader_prompt.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/stack_list.h"
#include "ui/widgets/window_memory.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

/// One after another, in the order asked for; what was asked for is done though its dialog is gone.
QThreadPool& writer() {
  static QThreadPool* const pool = [] {
    auto* one = new QThreadPool(QCoreApplication::instance());
    one->setMaxThreadCount(1);
    return one;
  }();
  return *pool;
}

QString glyphOf(const session::PseudoSlice& slice) {
  if (!slice.verdict) return slice.pixels == 0 ? u"∅"_s : u"·"_s;
  switch (*slice.verdict) {
    case run::PseudoVerdict::Accepted:
      return u"✓"_s;
    case run::PseudoVerdict::Trimmed:
      return u"✂"_s;
    case run::PseudoVerdict::Rejected:
      return u"✗"_s;
  }
  return {};
}

QString sentenceOf(const session::PseudoSlice& slice) {
  if (!slice.verdict)
    return slice.pixels == 0 ? PseudoDialog::tr(
                                   "Nothing was found here although the answer was yes: "
                                   "accepted, it teaches that there is none.")
                             : PseudoDialog::tr("Not judged yet.");
  switch (*slice.verdict) {
    case run::PseudoVerdict::Accepted:
      return PseudoDialog::tr("Accepted: the network learns from it.");
    case run::PseudoVerdict::Trimmed:
      return PseudoDialog::tr("Trimmed: the network learns from what is left.");
    case run::PseudoVerdict::Rejected:
      return PseudoDialog::tr("Rejected: the network does not see this slice.");
  }
  return {};
}

int judgedIn(const session::PseudoStack& stack) {
  return static_cast<int>(std::ranges::count_if(
      stack.slices, [](const session::PseudoSlice& slice) { return slice.verdict.has_value(); }));
}

}  // namespace

void PseudoDialog::tell(const QString& what, const Error& error) {
  desk_.notices.show(NoticeKind::Bad, what, QString::fromStdString(error.message));
  fault_->setText(QString::fromStdString(error.message));
  fault_->show();
}

// ---- from the disk -----------------------------------------------------------------------------

void PseudoDialog::load(bool show_first) {
  const int written = written_;
  ++waiting_;
  whenDone(this,
           QtConcurrent::run(&writer(), [paths = desk_.project.paths(),
                                         run = run_] { return session::pseudoState(paths, run); }),
           [this, show_first, written](const Result<session::PseudoState>& state) {
             --waiting_;
             if (written != written_) {  // it does not know of what was judged meanwhile
               load(show_first);
               return;
             }
             if (!state) {
               tell(tr("The pseudo-masks cannot be read"), state.error());
               return;
             }
             state_ = *state;
             fillList();
             fillChips();
             refresh();
             if (!show_first || state_.stacks.empty()) return;
             // Where somebody left off.
             const auto open = std::ranges::find_if(state_.stacks, [](const auto& one) {
               return judgedIn(one) < static_cast<int>(one.slices.size());
             });
             const auto& first = open == state_.stacks.end() ? state_.stacks.front() : *open;
             choose(QString::fromStdString(first.stack));
           });
}

void PseudoDialog::show(const QString& id) {
  if (id.toStdString() == shown_ && layers_) return;
  image_->liftBrush();
  // Keys go on with the picture, unless somebody is typing.
  if (qobject_cast<QLineEdit*>(focusWidget()) == nullptr) image_->setFocus();
  shown_ = id.toStdString();
  layers_.reset();
  image_stack_.reset();
  const int number = ++load_number_;
  ++waiting_;
  whenDone(this, desk_.store.load(shown_),
           [this, number](const Result<std::shared_ptr<const Stack>>& loaded) {
             --waiting_;
             if (number != load_number_) return;
             if (!loaded) {
               image_->setStack(nullptr);
               tell(tr("The stack cannot be shown"), loaded.error());
               return;
             }
             image_stack_ = *loaded;
             image_->setTitle(QString::fromStdString(shown_));
             image_->setStack(image_stack_);
             ++waiting_;
             whenDone(
                 this,
                 QtConcurrent::run(
                     &writer(),
                     [folder = desk_.project.paths().run(run_), id = shown_]() -> Result<Layers> {
                       Layers layers;
                       GADOLIN_TRY(layers.file, run::readPseudoMasks(folder, id));
                       auto kept = run::readTrimmed(folder, id, layers.file.size);
                       if (!kept && kept.error().code != ErrorCode::NotFound) return kept.error();
                       layers.kept = kept ? std::move(*kept) : layers.file.mask;
                       return layers;
                     }),
                 [this, number](Result<Layers> layers) {
                   --waiting_;
                   if (number != load_number_) return;
                   if (layers)
                     takeLayers(std::move(*layers));
                   else
                     tell(tr("The pseudo-masks cannot be shown"), layers.error());
                 });
           });
  fillChips();
  refresh();
}

void PseudoDialog::takeLayers(Layers layers) {
  if (layers.file.size != image_stack_->image.geometry.size) {
    tell(tr("The pseudo-masks cannot be shown"),
         {ErrorCode::Corrupt, "They are of another size than stack " + shown_ + "."});
    return;
  }
  // Slices that were not trimmed show what the worker drew.
  if (const session::PseudoStack* one = stack()) {
    const auto area = layers.file.mask.size() / layers.file.use.size();
    for (const session::PseudoSlice& each : one->slices) {
      if (each.verdict == Verdict::Trimmed) continue;
      const auto first = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(each.slice) * area);
      std::copy_n(layers.file.mask.begin() + first, area, layers.kept.begin() + first);
    }
  }
  layers_ = std::move(layers);
  if (!layers_->file.cam.empty()) {
    auto map = std::make_shared<view::HeatMap>();
    map->geometry = image_stack_->image.geometry;
    map->voxels = layers_->file.cam;
    image_->setHeatMap(map);
  }
  showMask();
  lookAtHeart();
  goOn();
  fillChips();
  refresh();
}

/// The masks of all slices lie in the wall: their middle is the heart's, roughly.
void PseudoDialog::lookAtHeart() {
  const Geometry& geometry = image_stack_->image.geometry;
  std::array<double, 2> sum{};
  double count = 0;
  for (std::size_t i = 0; i < layers_->file.mask.size(); ++i) {
    if (layers_->file.mask[i] == 0) continue;
    const std::size_t pixel = i % geometry.sliceVoxels();
    const auto columns = static_cast<std::size_t>(geometry.size[0]);
    sum[0] += static_cast<double>(pixel % columns);
    sum[1] += static_cast<double>(pixel / columns);
    ++count;
  }
  constexpr double shown_mm = 140;  // a heart with what lies around it
  if (count > 0) image_->lookAt({sum[0] / count, sum[1] / count}, shown_mm);
}

std::size_t PseudoDialog::shownPixels(int z) const {
  if (!layers_) return 0;
  const std::size_t area = image_stack_->image.geometry.sliceVoxels();
  return static_cast<std::size_t>(std::ranges::count(
      std::span(layers_->kept).subspan(static_cast<std::size_t>(z) * area, area), 1));
}

void PseudoDialog::showMask() {
  auto mask = std::make_shared<Mask>();
  mask->geometry = image_stack_->image.geometry;
  mask->voxels.resize(layers_->kept.size());
  std::ranges::transform(layers_->kept, mask->voxels.begin(), [](std::uint8_t kept) {
    return kept != 0 ? static_cast<std::uint8_t>(Tissue::Scar) : std::uint8_t{0};
  });
  image_->setMask(mask);
}

// ---- where one is ------------------------------------------------------------------------------

session::PseudoStack* PseudoDialog::stack() {
  const auto found = std::ranges::find(state_.stacks, shown_, &session::PseudoStack::stack);
  return found == state_.stacks.end() ? nullptr : &*found;
}

session::PseudoSlice* PseudoDialog::slice() {
  session::PseudoStack* one = stack();
  if (one == nullptr) return nullptr;
  const auto found = std::ranges::find(one->slices, image_->slice(), &session::PseudoSlice::slice);
  return found == one->slices.end() ? nullptr : &*found;
}

void PseudoDialog::stepSlice(int steps) {
  const session::PseudoStack* one = stack();
  if (one == nullptr || !image_stack_) return;
  // Base first, as everywhere.
  std::vector<int> order;
  for (const auto& each : one->slices) order.push_back(each.slice);
  if (image_stack_->apex_first) std::ranges::reverse(order);
  const auto at = std::ranges::find(order, image_->slice());
  const auto from = at == order.end() ? -1 : at - order.begin();
  const auto to = std::clamp<std::ptrdiff_t>(from + steps, 0, std::ssize(order) - 1);
  image_->setSlice(order[static_cast<std::size_t>(to)]);
}

/// To the next slice that is not judged: of this stack, from the present one on, else of the next
/// stack that has some. Stays where all are judged.
void PseudoDialog::goOn() {
  const session::PseudoStack* one = stack();
  if (one == nullptr || !image_stack_) return;
  const auto open = [](const session::PseudoSlice& each) { return !each.verdict; };
  std::vector<session::PseudoSlice> order = one->slices;
  if (image_stack_->apex_first) std::ranges::reverse(order);
  const auto at = std::ranges::find(order, image_->slice(), &session::PseudoSlice::slice);
  if (at == order.end())
    image_->setSlice(order.front().slice);
  else
    std::ranges::rotate(order, at);
  if (const auto next = std::ranges::find_if(order, open); next != order.end()) {
    image_->setSlice(next->slice);
    return;
  }
  auto stacks = state_.stacks;
  std::ranges::rotate(stacks, std::ranges::find(stacks, shown_, &session::PseudoStack::stack));
  const auto next = std::ranges::find_if(
      stacks, [&](const auto& each) { return std::ranges::any_of(each.slices, open); });
  if (next != stacks.end()) choose(QString::fromStdString(next->stack));
}

void PseudoDialog::choose(const QString& stack) {
  if (list_->setCurrent(stack)) show(stack);
}

void PseudoDialog::fillList() {
  std::vector<ListEntry> entries;
  for (const session::PseudoStack& one : state_.stacks) {
    const int judged = judgedIn(one), all = static_cast<int>(one.slices.size());
    entries.push_back({QString::fromStdString(one.stack),
                       (judged == all ? u"✓ "_s : QString()) + QString::fromStdString(one.stack),
                       tr("%1 of %2 judged").arg(judged).arg(all)});
  }
  list_->setEntries(entries);
}

void PseudoDialog::fillChips() {
  while (QLayoutItem* item = chips_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const session::PseudoStack* one = stack();
  if (one == nullptr || !image_stack_) return;
  std::vector<session::PseudoSlice> order = one->slices;
  if (image_stack_->apex_first) std::ranges::reverse(order);
  const int count = image_stack_->sliceCount();
  for (const session::PseudoSlice& each : order) {
    auto* chip = new QToolButton;
    chip->setObjectName(u"sliceChip"_s);
    chip->setFocusPolicy(Qt::NoFocus);
    chip->setCheckable(true);
    chip->setChecked(each.slice == image_->slice());
    const int from_base = image_stack_->apex_first ? count - each.slice : each.slice + 1;
    chip->setText(u"%1 %2"_s.arg(from_base).arg(glyphOf(each)));
    chip->setToolTip(sentenceOf(each));
    chip->setAccessibleName(tr("Slice %1: %2").arg(from_base).arg(sentenceOf(each)));
    connect(chip, &QToolButton::clicked, this, [this, z = each.slice] {
      image_->setSlice(z);
      refresh();
    });
    chips_->addWidget(chip);
  }
  chips_->addStretch(1);
}

// ---- verdicts ----------------------------------------------------------------------------------

bool PseudoDialog::mayWrite() {
  if (desk_.read_only || !state_.open || finishing_ || !layers_) return false;
  if (!memory::reader().isEmpty()) return true;
  prompt_->ask();
  return false;
}

/// What nobody sees is not judged.
bool PseudoDialog::mayJudge() {
  return slice() != nullptr && !hidden_ && !off_ && mayWrite();
}

template <typename Write>
void PseudoDialog::write(Write work) {
  ++waiting_;
  ++written_;
  fault_->hide();
  // Told though the dialog is gone.
  whenDone(&desk_.notices, QtConcurrent::run(&writer(), std::move(work)),
           [self = QPointer(this), &notices = desk_.notices](const Result<void>& done) {
             if (self) --self->waiting_;
             if (done) {
               if (self) Q_EMIT self->judged();
             } else if (self) {
               self->tell(tr("The verdict was not stored"), done.error());
               self->reload();
             } else {
               notices.show(NoticeKind::Bad, tr("A verdict on a pseudo-mask was not stored"),
                            QString::fromStdString(done.error().message));
             }
           });
}

/// Verdicts and pixels as they are on the disk.
void PseudoDialog::reload() {
  layers_.reset();
  load(false);
  show(QString::fromStdString(shown_));
}

void PseudoDialog::showAsDrawn(int z) {
  const std::size_t area = image_stack_->image.geometry.sliceVoxels();
  const auto first = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(z) * area);
  std::copy_n(layers_->file.mask.begin() + first, area, layers_->kept.begin() + first);
  showMask();
}

void PseudoDialog::judge(Verdict verdict) {
  image_->liftBrush();
  if (!mayJudge()) return;
  session::PseudoSlice& one = *slice();
  // What was trimmed stays trimmed when it is accepted.
  if (verdict == Verdict::Accepted && one.verdict == Verdict::Trimmed) verdict = Verdict::Trimmed;
  // The pixels come back with it: what is seen is what is stored.
  if (one.verdict == Verdict::Trimmed && verdict != Verdict::Trimmed) showAsDrawn(one.slice);
  one.verdict = verdict;
  write([paths = desk_.project.paths(), run = run_, reader = memory::reader().toStdString(),
         id = shown_, z = one.slice, verdict] {
    return session::judgePseudoMasks(paths, run, reader, {{id, {{z, verdict}}}});
  });
  fillList();
  goOn();
  fillChips();
  refresh();
}

void PseudoDialog::judgeRest(Verdict verdict) {
  image_->liftBrush();
  if (!mayWrite() || stack() == nullptr) return;
  session::PseudoJudgements judgements;
  for (session::PseudoSlice& each : stack()->slices)
    if (!each.verdict) judgements[shown_][each.slice] = each.verdict = verdict;
  if (!judgements.empty())
    write([paths = desk_.project.paths(), run = run_, reader = memory::reader().toStdString(),
           judgements] { return session::judgePseudoMasks(paths, run, reader, judgements); });
  fillList();
  goOn();
  fillChips();
  refresh();
}

void PseudoDialog::erase(const QPointF& from, const QPointF& to) {
  if (!mayJudge() || slice()->verdict == Verdict::Rejected) return;
  const Geometry& geometry = image_stack_->image.geometry;
  BrushStroke stroke;
  stroke.from = {from.x(), from.y()};
  stroke.to = {to.x(), to.y()};
  stroke.radius_mm = brush_mm_;
  stroke.spacing_mm = {geometry.spacing_mm[0], geometry.spacing_mm[1]};
  stroke.columns = geometry.size[0];
  stroke.rows = geometry.size[1];
  const std::size_t first = static_cast<std::size_t>(image_->slice()) * geometry.sliceVoxels();
  bool changed = false;
  for (const std::size_t pixel : pixelsUnder(stroke)) {
    changed = changed || layers_->kept[first + pixel] != 0;
    layers_->kept[first + pixel] = 0;
  }
  if (!changed) return;
  trimmed_ = true;
  showMask();
}

void PseudoDialog::storeTrim() {
  if (!std::exchange(trimmed_, false) || !layers_ || slice() == nullptr) return;
  session::PseudoSlice& one = *slice();
  one.verdict = Verdict::Trimmed;
  const std::size_t area = image_stack_->image.geometry.sliceVoxels();
  const auto first = layers_->kept.begin() +
                     static_cast<std::ptrdiff_t>(static_cast<std::size_t>(one.slice) * area);
  write([paths = desk_.project.paths(), run = run_, reader = memory::reader().toStdString(),
         id = shown_, z = one.slice,
         kept = std::vector<std::uint8_t>(first, first + static_cast<std::ptrdiff_t>(area))] {
    return session::trimPseudoMask(paths, run, reader, id, z, kept);
  });
  fillList();
  fillChips();
  refresh();
}

void PseudoDialog::takeBack() {
  image_->liftBrush();
  if (!mayJudge() || !slice()->verdict) return;
  session::PseudoSlice& one = *slice();
  showAsDrawn(one.slice);
  one.verdict.reset();
  write([paths = desk_.project.paths(), run = run_, reader = memory::reader().toStdString(),
         id = shown_, z = one.slice] {
    return session::judgePseudoMasks(paths, run, reader, {{id, {{z, std::nullopt}}}});
  });
  fillList();
  fillChips();
  refresh();
}

void PseudoDialog::finish() {
  image_->liftBrush();
  if (!mayWrite()) return;
  finishing_ = true;  // a verdict after this would open the review again
  refresh();
  ++waiting_;
  whenDone(this,
           QtConcurrent::run(&writer(),
                             [paths = desk_.project.paths(), run = run_,
                              reader = memory::reader().toStdString()] {
                               return session::finishPseudoReview(paths, run, reader);
                             }),
           [this](const Result<void>& done) {
             --waiting_;
             if (!done) {
               finishing_ = false;
               tell(tr("The review is not done"), done.error());
               reload();
               return;
             }
             Q_EMIT resumeWanted(QString::fromStdString(run_));
             close();
           });
}

// ---- what is seen ------------------------------------------------------------------------------

QString PseudoDialog::useOf(int z) const {
  switch (layers_->file.use[static_cast<std::size_t>(z)]) {
    case run::SliceUse::Background:
      return tr(
          "Teaches that there is no fibrosis here: labelled so, or, where the stack was "
          "labelled as a whole, believed so by the classifier.");
    case run::SliceUse::Nothing:
      return tr("Teaches nothing.");
    case run::SliceUse::PseudoMask:
      break;
  }
  return {};
}

void PseudoDialog::applyStyle() {
  view::OverlayStyle style = image_->overlayStyle();
  style.visible = !hidden_ && !off_;
  style.heat = map_on_;
  image_->setOverlayStyle(style);
}

void PseudoDialog::setHidden(bool hidden) {
  if (hidden_ == hidden) return;
  hidden_ = hidden;
  applyStyle();
  refresh();
}

void PseudoDialog::changeBrush(double factor) {
  brush_mm_ = std::clamp(brush_mm_ * factor, 0.5, 40.0);
  refresh();
}

void PseudoDialog::refresh() {
  const int all = state_.slices(), judged = state_.judged();
  const bool open = state_.open && !desk_.read_only && !finishing_ && layers_;
  QString about = tr("%1 of %2 pseudo-masks are judged.").arg(judged).arg(all);
  if (all > 0 && !state_.open)
    about += u' ' + tr("They can be looked at and not changed: the run does not wait for it.");
  about_->setText(about);
  const session::PseudoSlice* one = slice();
  said_->setText(one != nullptr ? sentenceOf(*one) : layers_ ? useOf(image_->slice()) : QString());
  for (QPushButton* button : {accept_, reject_})
    button->setEnabled(open && one != nullptr && !hidden_ && !off_);
  back_->setEnabled(open && one != nullptr && one->verdict);
  rest_->setEnabled(open && stack() != nullptr &&
                    judgedIn(*stack()) < static_cast<int>(stack()->slices.size()));
  done_->setEnabled(open && all > 0 && judged == all);
  done_->setToolTip(judged == all ? QString() : tr("%1 are left.").arg(all - judged));
  const bool drawn = one != nullptr && one->pixels > 0 && one->verdict != Verdict::Rejected;
  image_->setBrush(open && drawn && !hidden_ && !off_ ? std::optional(brush_mm_) : std::nullopt);
  for (int i = 0; i < chips_->count(); ++i)
    if (auto* chip = qobject_cast<QToolButton*>(chips_->itemAt(i)->widget());
        chip && image_stack_) {
      const int count = image_stack_->sliceCount();
      const int from_base =
          image_stack_->apex_first ? count - image_->slice() : image_->slice() + 1;
      chip->setChecked(chip->text().section(u' ', 0, 0) == QString::number(from_base));
    }
}

void PseudoDialog::done(int result) {
  image_->liftBrush();  // what was trimmed is stored
  QDialog::done(result);
}

void PseudoDialog::resizeEvent(QResizeEvent* event) {
  // On a small screen the image needs the place of the list; PgUp and PgDn change stacks all the same.
  constexpr int room_for_list = 860;
  list_->setVisible(width() >= room_for_list);
  QDialog::resizeEvent(event);
}

}  // namespace gadolin::widgets
