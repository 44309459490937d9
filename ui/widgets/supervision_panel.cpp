#include "ui/widgets/supervision_panel.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/widgets/small_parts.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QString effortText(double minutes) {
  if (minutes <= 0) return u"–"_s;
  if (minutes < 1) return SupervisionPanel::tr("%1 s").arg(qRound(minutes * 60));
  if (minutes < 90) return SupervisionPanel::tr("%1 min").arg(qRound(minutes));
  return SupervisionPanel::tr("%1 h").arg(minutes / 60, 0, 'f', 1);
}

SupervisionPanel::SupervisionPanel(QWidget* parent) : QFrame(parent) {
  setObjectName(u"panel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 10, 12, 12);
  column->setSpacing(8);
  column->addWidget(makeLabel(tr("What there is to learn from"), "heading"));
  grid_ = new QGridLayout;
  grid_->setHorizontalSpacing(12);
  grid_->setVerticalSpacing(5);
  grid_->setColumnStretch(0, 1);
  column->addLayout(grid_);
  note_ = makeLabel({}, "caption");
  note_->setWordWrap(true);
  column->addWidget(note_);
  derive_text_ = makeLabel({}, "caption");
  derive_text_->setWordWrap(true);
  column->addWidget(derive_text_);
  derive_ = makeButton(tr("Labels from masks"), u"label"_s);
  derive_->setObjectName(u"deriveLabels"_s);
  derive_->setToolTip(
      tr("Labels every slice of a stack with an imported mask: fibrosis where the mask holds scar "
         "or no-reflow, none elsewhere. The reader of these labels is called \"reference\"."));
  column->addWidget(derive_);
  connect(derive_, &QPushButton::clicked, this, &SupervisionPanel::deriveWanted);
  setMasksWithoutLabels(0);
}

void SupervisionPanel::setMasksWithoutLabels(int stacks) {
  derive_text_->setText(stacks == 1 ? tr("1 stack has a mask and no slice labels.")
                                    : tr("%1 stacks have a mask and no slice labels.").arg(stacks));
  derive_text_->setVisible(stacks > 0);
  derive_->setVisible(stacks > 0);
}

void SupervisionPanel::setSummary(const session::SupervisionSummary& summary) {
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const QStringList heads{QString(), tr("patients"), tr("slices"), tr("time")};
  for (int i = 0; i < heads.size(); ++i)
    grid_->addWidget(makeLabel(heads[i], "caption"), 0, i, i == 0 ? Qt::AlignLeft : Qt::AlignRight);
  const auto addRow = [this](int row, const QString& name, const session::SupervisionLevel& level) {
    grid_->addWidget(makeLabel(name), row, 0);
    grid_->addWidget(makeLabel(QString::number(level.patients)), row, 1, Qt::AlignRight);
    grid_->addWidget(makeLabel(QString::number(level.slices)), row, 2, Qt::AlignRight);
    grid_->addWidget(makeLabel(effortText(level.minutes), "muted"), row, 3, Qt::AlignRight);
  };
  addRow(1, tr("Pixel masks"), summary.pixel);
  addRow(2, tr("Slice labels"), summary.slice);
  addRow(3, tr("Nothing yet"), summary.unlabelled);
  QString note;
  if (summary.slice.slices > 0)
    note = tr("%1 of %2 labelled slices show fibrosis.")
               .arg(summary.fibrotic_slices)
               .arg(summary.slice.slices);
  if (summary.unsure_slices > 0)
    note += u" "_s + (summary.unsure_slices == 1
                          ? tr("1 slice is marked unsure and is not trained on.")
                          : tr("%1 slices are marked unsure and are not trained on.")
                                .arg(summary.unsure_slices));
  note_->setText(note.trimmed());
  note_->setVisible(!note.isEmpty());
}

}  // namespace gadolin::widgets
