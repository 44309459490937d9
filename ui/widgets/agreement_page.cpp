#include "ui/widgets/agreement_page.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <algorithm>

#include "ui/plots/bland_altman_plot.h"
#include "ui/session/agreement_queries.h"
#include "ui/session/project.h"
#include "ui/session/project_queries.h"
#include "ui/view/image_view.h"
#include "ui/widgets/confusion_table.h"
#include "ui/widgets/later.h"
#include "ui/widgets/maximiser.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString words(const std::string& text) {
  return QString::fromStdString(text);
}

/// "κ 0.63", or what stands in its place.
QString shortKappa(const analysis::CategoryAgreement& agreement) {
  return agreement.kappa ? u"κ %1"_s.arg(*agreement.kappa, 0, 'f', 2) : u"κ –"_s;
}

}  // namespace

QString AgreementPage::nameOf(const std::string& reader) const {
  if (reader == "reference") return tr("reference masks");
  if (reader == session::model_reader) return tr("model");
  return words(reader);
}

const session::LabelPair* AgreementPage::labelPair() const {
  return labels_ && shown_ && shown_->kind == Comparison::Labels ? &labels_->pairs[shown_->index]
                                                                 : nullptr;
}

const session::MaskPair* AgreementPage::maskPair() const {
  return masks_ && shown_ && shown_->kind == Comparison::Masks ? &masks_->pairs[shown_->index]
                                                               : nullptr;
}

void AgreementPage::connectParts() {
  connect(&calm_, &QTimer::timeout, this, &AgreementPage::refresh);
  connect(run_, &QComboBox::currentIndexChanged, this, [this] { markOld(false, true); });
  connect(part_, &QComboBox::currentIndexChanged, this, [this] { markOld(false, true); });
  connect(pairs_, &QListWidget::currentRowChanged, this, [this](int row) {
    if (row < 0 || row >= static_cast<int>(comparisons_.size())) return;
    shown_ = comparisons_[static_cast<std::size_t>(row)];
    showComparison();
    image_->setFocus();
  });
  connect(confusion_, &ConfusionTable::cellChosen, this, &AgreementPage::fillCases);
  connect(measure_, &QComboBox::currentIndexChanged, this, &AgreementPage::fillPlot);
  connect(plot_, &plots::BlandAltmanPlot::pointChosen, this, [this](int point) {
    const std::string patient =
        plot_->data().points[static_cast<std::size_t>(point)].name.toStdString();
    const auto found = std::ranges::find(cases_, patient, &Case::patient);
    if (found != cases_.end()) list_->setCurrentRow(static_cast<int>(found - cases_.begin()));
    image_->setFocus();
  });
  connect(list_, &QListWidget::currentRowChanged, this, &AgreementPage::chooseCase);
  connect(list_, &QListWidget::itemClicked, this, [this] { image_->setFocus(); });
  connect(decide_, &QPushButton::clicked, this, [this] {
    const int row = list_->currentRow();
    if (row < 0 || !decide_->isVisible()) return;
    const Case& chosen = cases_[static_cast<std::size_t>(row)];
    Q_EMIT decideWanted(words(chosen.stack), chosen.slice);
  });
  connect(save_figures_, &QPushButton::clicked, this, &AgreementPage::askFiguresFile);
  connect(save_plot_, &QPushButton::clicked, this, &AgreementPage::askPlotFile);
}

AgreementPage::~AgreementPage() {
  if (cancel_masks_) *cancel_masks_ = true;
}

void AgreementPage::tell(const QString& what, const QString& why) {
  if (desk_ != nullptr) desk_->notices.show(NoticeKind::Bad, what, why);
}

void AgreementPage::setDesk(Desk* desk) {
  if (desk_ != nullptr) disconnect(&desk_->project, nullptr, this, nullptr);
  if (cancel_masks_) *cancel_masks_ = true;
  desk_ = desk;
  ++generation_;
  ++mask_number_;
  ++case_number_;
  waiting_ = 0;
  labels_.reset();
  masks_.reset();
  labels_fault_.clear();
  masks_fault_.clear();
  shown_.reset();
  comparisons_.clear();
  cases_.clear();
  progress_->hide();
  image_->setStack(nullptr);
  fillPairs();
  if (desk_ == nullptr) return;
  connect(&desk_->project, &session::Project::labelsChanged, this,
          [this] { markOld(true, false); });
  connect(&desk_->project, &session::Project::cohortChanged, this, [this] { markOld(true, true); });
  connect(&desk_->project, &session::Project::predictionsChanged, this,
          [this] { markOld(false, true); });
  connect(&desk_->project, &session::Project::reviewsChanged, this,
          [this] { markOld(false, true); });
  connect(&desk_->project, &session::Project::runsChanged, this, &AgreementPage::reloadRuns);
  reloadRuns();
  markOld(true, true);
}

void AgreementPage::markOld(bool labels, bool masks) {
  labels_old_ |= labels;
  masks_old_ |= masks;
  if (isVisible()) calm_.start();
}

void AgreementPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  image_->setFocus();
  refresh();
}

void AgreementPage::refresh() {
  if (desk_ == nullptr || !isVisible()) return;
  if (labels_old_) readLabels();
  if (masks_old_) readMasks();
}

void AgreementPage::reloadRuns() {
  whenDone(this, session::runRecords(desk_->project),
           [this](const Result<std::vector<db::RunRecord>>& runs) {
             if (desk_ == nullptr || !runs) return;
             const QString before = run_->currentData().toString();
             const QSignalBlocker quiet(run_);
             run_->clear();
             run_->addItem(tr("Newest predictions"), QString());
             for (const db::RunRecord& run : *runs)
               if (run.state == db::RunState::Finished) run_->addItem(words(run.id), words(run.id));
             run_->setCurrentIndex(std::max(0, run_->findData(before)));
             run_->setVisible(run_->count() > 2);
             part_->setVisible(run_->count() > 1);
           });
}

void AgreementPage::readLabels() {
  labels_old_ = false;
  ++waiting_;
  whenDone(this, session::readLabelAgreement(desk_->project),
           [this, generation = generation_](const Result<session::LabelAgreement>& labels) {
             if (generation != generation_) return;
             --waiting_;
             labels_fault_.clear();
             if (!labels) {
               labels_.reset();
               labels_fault_ = words(labels.error().message);
               tell(tr("The labels cannot be compared"), labels_fault_);
               fillPairs();
               return;
             }
             labels_ = std::make_shared<session::LabelAgreement>(*labels);
             fillPairs();
           });
}

void AgreementPage::readMasks() {
  masks_old_ = false;
  const int number = ++mask_number_;
  // What an older comparison comes to is not asked for any more.
  if (cancel_masks_) *cancel_masks_ = true;
  cancel_masks_ = std::make_shared<std::atomic<bool>>(false);
  ++waiting_;
  showProgress(progress_, 0, 0);
  progress_->show();
  // Reported from a pool thread, for a page that may be gone by then.
  const auto report = [page = QPointer(this), number](int done, int total) {
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [page, number, done, total] {
          if (page && number == page->mask_number_) showProgress(page->progress_, done, total);
        },
        Qt::QueuedConnection);
  };
  const session::ModelChoice model{run_->currentData().toString().toStdString(),
                                   part_->currentData().toString().toStdString()};
  whenDone(this, session::readMaskAgreement(desk_->project, model, report, cancel_masks_),
           [this, generation = generation_, number](const Result<session::MaskAgreement>& masks) {
             if (generation != generation_) return;
             --waiting_;
             if (number != mask_number_) return;
             progress_->hide();
             masks_fault_.clear();
             if (!masks) {
               masks_.reset();
               masks_fault_ = words(masks.error().message);
               tell(tr("The masks cannot be compared"), masks_fault_);
               fillPairs();
               return;
             }
             masks_ = std::make_shared<session::MaskAgreement>(*masks);
             fillPairs();
           });
}

void AgreementPage::fillPairs() {
  const auto nameIn = [this](const Comparison& one) -> std::string {
    if (one.kind == Comparison::AllReaders) return "all";
    if (one.kind == Comparison::Labels)
      return "labels\n" + labels_->pairs[one.index].first + "\n" + labels_->pairs[one.index].second;
    return "masks\n" + masks_->pairs[one.index].first + "\n" + masks_->pairs[one.index].second;
  };
  const QVariant before =
      pairs_->currentItem() == nullptr ? QVariant() : pairs_->currentItem()->data(Qt::UserRole);
  comparisons_.clear();
  shown_.reset();
  const QSignalBlocker quiet(pairs_);
  pairs_->clear();
  const auto add = [&](Comparison one, const QString& text, const QString& detail) {
    auto* item = new QListWidgetItem(text + u"\n"_s + detail, pairs_);
    item->setData(Qt::UserRole, words(nameIn(one)));
    item->setToolTip(plainTip(text));
    comparisons_.push_back(one);
  };
  if (labels_) {
    for (std::size_t i = 0; i < labels_->pairs.size(); ++i) {
      const session::LabelPair& pair = labels_->pairs[i];
      add({Comparison::Labels, i}, tr("%1 · %2").arg(nameOf(pair.first), nameOf(pair.second)),
          tr("labels  %1").arg(shortKappa(pair.decided)));
    }
    if (labels_->readers.size() > 2 && !labels_->pairs.empty())
      add({Comparison::AllReaders, 0}, tr("All %1 readers").arg(labels_->readers.size()),
          tr("labels  %1").arg(shortKappa(labels_->all_decided)));
  }
  if (masks_) {
    for (std::size_t i = 0; i < masks_->pairs.size(); ++i) {
      const session::MaskPair& pair = masks_->pairs[i];
      const auto& dice = pair.tissues[1].dice_mean;
      add({Comparison::Masks, i}, tr("%1 · %2").arg(nameOf(pair.first), nameOf(pair.second)),
          (dice                     ? tr("masks  Dice %1").arg(*dice, 0, 'f', 2)
           : !pair.stacks.empty()   ? tr("masks")
           : pair.dependent.empty() ? tr("masks  none of this part")
                                    : tr("masks  none independent")) +
              (pair.model && pair.part != "all" ? u" · "_s + words(pair.part) : QString()));
    }
  }
  QStringList sentences;
  for (const QString& fault : {labels_fault_, masks_fault_})
    if (!fault.isEmpty()) sentences << fault;
  if (labels_)
    for (const std::string& sentence : labels_->sentences) sentences << words(sentence);
  if (masks_)
    for (const std::string& sentence : masks_->sentences) sentences << words(sentence);
  pages_->setCurrentIndex(comparisons_.empty() ? 0 : 1);
  save_figures_->setEnabled(!comparisons_.empty());
  if (comparisons_.empty()) {
    if (waiting_ == 0 && labels_ && masks_)
      sentences << tr(
          "Switch the reader in Label (Ctrl+2) and read the same stacks again: nobody "
          "sees another's labels there.");
    const bool labels_known = labels_ || !labels_fault_.isEmpty();
    empty_->setText(waiting_ > 0 || !labels_known ? tr("Comparing…") : sentences.join(u"\n"_s));
    return;
  }
  int row = 0;
  for (int i = 0; i < pairs_->count(); ++i)
    if (pairs_->item(i)->data(Qt::UserRole) == before) row = i;
  pairs_->setCurrentRow(row);
  shown_ = comparisons_[static_cast<std::size_t>(row)];
  showComparison();
}

void AgreementPage::keyPressEvent(QKeyEvent* event) {
  if ((event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != Qt::NoModifier) {
    QWidget::keyPressEvent(event);
    return;
  }
  switch (event->key()) {
    case Qt::Key_D:
      if (!event->isAutoRepeat() && decide_->isEnabled()) decide_->click();
      break;
    case Qt::Key_PageDown:
      if (list_->currentRow() + 1 < list_->count()) list_->setCurrentRow(list_->currentRow() + 1);
      break;
    case Qt::Key_PageUp:
      if (list_->currentRow() > 0) list_->setCurrentRow(list_->currentRow() - 1);
      break;
    case Qt::Key_Right:
    case Qt::Key_Down:
      image_->stepTowardsApex(1);
      break;
    case Qt::Key_Left:
    case Qt::Key_Up:
      image_->stepTowardsApex(-1);
      break;
    case Qt::Key_Escape:
      if (maximiser_->restore()) break;
      [[fallthrough]];
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  event->accept();
}

void AgreementPage::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange) return;
  plot_->setTheme(scheme() == Scheme::Dark ? plots::Theme::Dark : plots::Theme::Light);
  confusion_->update();
  fillFigures(std::move(rows_));  // their colours are the scheme's
}

std::vector<KeyHint> AgreementPage::keys() const {
  return {{tr("PgDn · PgUp"), tr("Next · previous slice or patient of the list")},
          {u"→ ↓ · ← ↑"_s, tr("Towards the apex · the base")},
          {u"D"_s, tr("Decide the slice in Label")},
          {u"T"_s, tr("Overlays on and off")},
          {u"[ · ]"_s, tr("Opacity")},
          {u"A · R"_s, tr("Automatic window · reset view")},
          {tr("Click a point or a cell"), tr("Show the patient, or the slices with these labels")},
          {tr("Double click · Esc"), tr("The image alone · back")}};
}

}  // namespace gadolin::widgets
