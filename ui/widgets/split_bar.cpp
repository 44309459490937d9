#include "ui/widgets/split_bar.h"

#include <QPainter>
#include <map>
#include <numeric>

#include "ui/widgets/cohort_model.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

std::array<SplitCount, 4> countSplit(const std::vector<db::CohortRow>& rows) {
  struct Patient {
    dataset::Part part = dataset::Part::None;
    bool fibrotic = false;
  };
  std::map<std::string, Patient> patients;
  for (const db::CohortRow& row : rows) {
    Patient& patient = patients[row.stack.patient];
    patient.part = row.part;
    patient.fibrotic |= row.stack_label == SliceLabel::Fibrosis;
  }
  std::array<SplitCount, 4> counts{};
  for (const auto& [name, patient] : patients) {
    SplitCount& count = counts[static_cast<std::size_t>(patient.part)];
    ++count.patients;
    if (patient.fibrotic) ++count.fibrotic;
  }
  return counts;
}

SplitBar::SplitBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SplitBar::setRows(const std::vector<db::CohortRow>& rows) {
  counts_ = countSplit(rows);
  QStringList tips;
  for (std::size_t i = 1; i < counts_.size(); ++i)
    tips << tr("%1: %2 patients, %3 with fibrosis")
                .arg(partText(static_cast<dataset::Part>(i)))
                .arg(counts_[i].patients)
                .arg(counts_[i].fibrotic);
  setToolTip(tips.join(u"\n"_s));
  updateGeometry();
  update();
}

QSize SplitBar::sizeHint() const {
  return {260, 92};
}

void SplitBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const ThemeColours& c = colours();
  const std::array<QColor, 4> fills{c.edge, c.accent_dim, QColor(0x8a, 0x6f, 0xb0),
                                    QColor(0xb0, 0x7a, 0x3c)};
  const int total = std::accumulate(counts_.begin(), counts_.end(), 0,
                                    [](int sum, const SplitCount& n) { return sum + n.patients; });
  const QRectF bar(0, 2, width(), 16);
  painter.setPen(Qt::NoPen);
  painter.setBrush(c.field);
  painter.drawRoundedRect(bar, 3, 3);
  if (total == 0) {
    painter.setPen(c.muted);
    painter.drawText(QRectF(0, 24, width(), 20), Qt::AlignLeft, tr("No patients yet"));
    return;
  }
  // Parts first, patients without one last.
  double left = 0;
  double text_top = 26;
  for (const std::size_t i : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{0}}) {
    const SplitCount& count = counts_[i];
    const double w = bar.width() * count.patients / total;
    if (count.patients > 0) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(fills[i]);
      painter.drawRect(QRectF(left, bar.top(), std::max(1.0, w - 1), bar.height()));
      left += w;
    }
    if (i == 0 && count.patients == 0) continue;
    painter.setPen(Qt::NoPen);
    painter.setBrush(fills[i]);
    painter.drawRoundedRect(QRectF(0, text_top + 3, 9, 9), 2, 2);
    painter.setPen(c.text);
    const QString name = i == 0 ? tr("no part") : partText(static_cast<dataset::Part>(i));
    painter.drawText(QRectF(16, text_top, 90, 16), Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setPen(c.muted);
    const QString numbers = count.patients == 0
                                ? tr("empty")
                                : tr("%1 patients, %2 % fibrotic")
                                      .arg(count.patients)
                                      .arg(qRound(100.0 * count.fibrotic / count.patients));
    painter.drawText(QRectF(104, text_top, width() - 104, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     numbers);
    text_top += 17;
  }
}

}  // namespace gadolin::widgets
