// Slices and patients of the agreement page: the list of those that differ, the image of the one
// that is chosen, and what is saved.

#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <tuple>

#include "core/base/files.h"
#include "ui/plots/bland_altman_plot.h"
#include "ui/session/project.h"
#include "ui/session/stack_store.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/confusion_table.h"
#include "ui/widgets/later.h"
#include "ui/widgets/notices.h"
#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

QString plain(const std::string& text) {
  return QString::fromStdString(text);
}

}  // namespace

void AgreementPage::caseOfLabels(const session::LabelPair* pair, std::vector<Case>& cases) const {
  const auto chosen = pair == nullptr ? std::nullopt : confusion_->chosen();
  const auto add = [&](const session::Disagreement& one, bool differs) {
    const auto of = [&one](const std::string& reader) {
      const auto found =
          std::ranges::find(one.said, reader, &decltype(one.said)::value_type::first);
      return found == one.said.end() ? SliceLabel::Unlabelled : found->second;
    };
    if (pair != nullptr) {
      const SliceLabel first = of(pair->first);
      const SliceLabel second = of(pair->second);
      if (first == SliceLabel::Unlabelled || second == SliceLabel::Unlabelled) return;
      if (chosen ? session::compared_labels[static_cast<std::size_t>(chosen->first)] != first ||
                       session::compared_labels[static_cast<std::size_t>(chosen->second)] != second
                 : first == second)
        return;
    }
    Case each;
    each.patient = one.patient;
    each.stack = one.stack;
    each.slice = one.slice;
    each.differs = differs;
    QStringList said, of_pair;
    for (const auto& [reader, label] : one.said) {
      said << u"%1: %2"_s.arg(nameOf(reader), labelText(label));
      if (pair == nullptr || reader == pair->first || reader == pair->second)
        of_pair << said.back();
    }
    each.text = tr("%1, slice %2").arg(plain(one.patient), QString::number(one.from_base));
    each.caption = said.join(u" · "_s);
    if (one.decided != SliceLabel::Unlabelled) {
      each.text += tr("  ✓ %1").arg(labelText(one.decided));
      each.caption +=
          u"\n"_s + tr("Decided by %1: %2").arg(plain(one.decided_by), labelText(one.decided));
    }
    each.text += u"\n"_s + of_pair.join(u" · "_s);
    cases.push_back(std::move(each));
  };
  for (const session::Disagreement& one : labels_->disagreements) add(one, true);
  if (!chosen || chosen->first != chosen->second) return;
  // A cell of agreement: what all say alike, among what a third reader sees differently.
  for (const session::Disagreement& one : labels_->alike) add(one, false);
  std::ranges::sort(cases, {},
                    [](const Case& one) { return std::tie(one.patient, one.stack, one.slice); });
}

void AgreementPage::caseOfMasks(const session::MaskPair& pair, std::vector<Case>& cases) const {
  const auto& scar = pair.measures[1];
  for (const analysis::PatientMetrics& metrics : pair.tissues[1].per_patient) {
    Case each;
    each.patient = metrics.patient;
    const auto patient =
        std::ranges::find(scar.patients, metrics.patient, &session::MeasuredPatient::patient);
    if (patient == scar.patients.end()) continue;
    each.stack = patient->stack;
    each.slice = patient->slice;
    if (const auto stack =
            std::ranges::find(pair.stacks, each.stack, &session::ComparedStack::stack);
        stack != pair.stacks.end()) {
      each.first_sha256 = stack->first_sha256;
      each.second_sha256 = stack->second_sha256;
    }
    each.text = plain(each.patient) + u"\n"_s +
                tr("Dice %1 · scar %2, %3 ml")
                    .arg(metrics.dice ? QString::number(*metrics.dice, 'f', 2) : u"–"_s)
                    .arg(patient->first, 0, 'f', 1)
                    .arg(patient->second, 0, 'f', 1);
    cases.push_back(std::move(each));
  }
}

void AgreementPage::fillCases() {
  const int row = list_->currentRow();
  const auto before = row >= 0 && row < static_cast<int>(cases_.size())
                          ? std::optional(cases_[static_cast<std::size_t>(row)])
                          : std::nullopt;
  std::vector<Case> cases;
  if (const auto* masks = maskPair())
    caseOfMasks(*masks, cases);
  else if (labels_ && shown_)
    caseOfLabels(labelPair(), cases);
  cases_ = std::move(cases);
  const bool of_masks = maskPair() != nullptr;
  cases_title_->setText(of_masks ? tr("Patients, lowest Dice first (%1)").arg(cases_.size())
                        : confusion_->chosen() && labelPair() != nullptr
                            ? tr("Slices of the chosen cell (%1)").arg(cases_.size())
                            : tr("Slices labelled differently (%1)").arg(cases_.size()));
  decide_->setVisible(!of_masks);
  const QSignalBlocker quiet(list_);
  list_->clear();
  int same = -1;
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    auto* item = new QListWidgetItem(cases_[i].text, list_);
    item->setToolTip(plainTip(cases_[i].text));
    if (before && before->stack == cases_[i].stack && before->slice == cases_[i].slice &&
        before->first_sha256 == cases_[i].first_sha256)
      same = static_cast<int>(i);
  }
  list_->setCurrentRow(same >= 0 ? same : cases_.empty() ? -1 : 0);
  if (same >= 0) {  // what is looked at stays in front; its words may be new
    chooseCase(same);
    return;
  }
  chooseCase(list_->currentRow());
}

void AgreementPage::chooseCase(int row) {
  decide_->setEnabled(row >= 0 && row < static_cast<int>(cases_.size()) && desk_ != nullptr &&
                      !desk_->read_only && cases_[static_cast<std::size_t>(row)].differs);
  if (row < 0 || row >= static_cast<int>(cases_.size())) {
    ++case_number_;
    image_->setStack(nullptr);
    image_->setPlaceholder(maskPair() != nullptr  ? tr("No patient to compare")
                           : confusion_->chosen() ? tr("No slice in this cell")
                                                  : tr("No slice is labelled differently"));
    caption_->clear();
    return;
  }
  const Case& chosen = cases_[static_cast<std::size_t>(row)];
  if (maskPair() != nullptr) {
    const auto& points = plot_->data().points;
    const auto found = std::ranges::find(points, plain(chosen.patient), &plots::PairPoint::name);
    plot_->setCurrent(found == points.end() ? -1 : static_cast<int>(found - points.begin()));
  }
  showCase(chosen);
}

void AgreementPage::showCase(const Case& chosen) {
  if (desk_ == nullptr) return;
  const int number = ++case_number_;
  ++waiting_;
  whenDone(this, desk_->store.load(chosen.stack),
           [this, number, chosen,
            generation = generation_](const Result<std::shared_ptr<const Stack>>& loaded) {
             if (generation != generation_) return;
             --waiting_;
             if (number != case_number_ || desk_ == nullptr) return;
             if (!loaded) {
               image_->setStack(nullptr);
               caption_->clear();
               tell(tr("The stack cannot be shown"), plain(loaded.error().message));
               return;
             }
             image_->setTitle(plain(chosen.patient));
             // Another place to look at: masks, zoom and pan of the one before go.
             image_->setStack(*loaded, chosen.slice);
             caption_->setText(chosen.caption);
             if (!chosen.first_sha256.empty()) showMasks(chosen, number);
           });
}

void AgreementPage::showMasks(const Case& chosen, int number) {
  using Loaded = Result<std::shared_ptr<const Mask>>;
  const session::MaskPair* pair = maskPair();
  if (pair == nullptr) return;
  caption_->setText(tr("Filled: %1. Outlined: %2.").arg(nameOf(pair->first), nameOf(pair->second)));
  const auto load = [this, number](const std::string& sha256, auto show) {
    ++waiting_;
    whenDone(this, desk_->store.loadMask(sha256),
             [this, number, show, generation = generation_](const Loaded& mask) {
               if (generation != generation_) return;
               --waiting_;
               if (number != case_number_) return;
               if (!mask) {
                 tell(tr("The mask cannot be shown"), plain(mask.error().message));
               } else if (!show(*mask)) {
                 tell(tr("The mask cannot be shown"), tr("It has not the size of its stack."));
               }
             });
  };
  load(chosen.first_sha256, [this](const std::shared_ptr<const Mask>& mask) {
    if (!image_->setMask(mask)) return false;
    lookAtHeart(*mask);
    return true;
  });
  load(chosen.second_sha256,
       [this](const std::shared_ptr<const Mask>& mask) { return image_->setReference(mask); });
}

void AgreementPage::lookAtHeart(const Mask& mask) {
  const auto [columns, rows, slices] = mask.geometry.size;
  const int z = image_->slice();
  double x = 0;
  double y = 0;
  int count = 0;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      if (mask.at(column, row, z) == 0) continue;
      x += column;
      y += row;
      ++count;
    }
  }
  constexpr double heart_mm = 130;
  if (count > 0) image_->lookAt(QPointF(x / count, y / count), heart_mm);
}

void AgreementPage::exportFigures(const QString& path) {
  if (!labels_ && !masks_) return;
  const auto labels = labels_ ? labels_ : std::make_shared<const session::LabelAgreement>();
  const auto masks = masks_ ? masks_ : std::make_shared<const session::MaskAgreement>();
  ++waiting_;
  whenDone(this, QtConcurrent::run([labels, masks, file = path.toStdString()] {
             return writeFileAtomically(file,
                                        session::toCsv(session::agreementRows(*labels, *masks)));
           }),
           [this, path, generation = generation_](const Result<void>& written) {
             if (generation != generation_) return;
             --waiting_;
             if (!written) {
               tell(tr("The figures were not saved"), plain(written.error().message));
             } else if (desk_ != nullptr) {
               desk_->notices.show(NoticeKind::Good, tr("Figures saved"), path);
             }
           });
}

Result<void> AgreementPage::exportPlot(const QString& path) {
  return path.endsWith(u".pdf"_s, Qt::CaseInsensitive) ? plot_->exportPdf(path)
                                                       : plot_->exportPng(path);
}

void AgreementPage::askFiguresFile() {
  auto* dialog =
      new QFileDialog(window(), tr("Save the figures"), QDir::homePath(), tr("Tables (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(u"csv"_s);
  dialog->selectFile(u"agreement.csv"_s);
  connect(dialog, &QFileDialog::fileSelected, this, &AgreementPage::exportFigures);
  dialog->open();
}

void AgreementPage::askPlotFile() {
  auto* dialog = new QFileDialog(window(), tr("Save the plot"), QDir::homePath(),
                                 tr("Pictures (*.png);;Documents (*.pdf)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(u"png"_s);
  dialog->selectFile(u"bland-altman.png"_s);
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    dialog->setDefaultSuffix(filter.contains(u"pdf"_s) ? u"pdf"_s : u"png"_s);
  });
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    if (const auto saved = exportPlot(path); !saved)
      tell(tr("The plot was not saved"), plain(saved.error().message));
    else if (desk_ != nullptr)
      desk_->notices.show(NoticeKind::Good, tr("Plot saved"), path);
  });
  dialog->open();
}

}  // namespace gadolin::widgets
