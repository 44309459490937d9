#include "ui/widgets/pacs_results.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QSignalBlocker>

#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

namespace {

enum Column { what_column, number_column, images_column, judgement_column };
enum Role { key_role = Qt::UserRole, description_role, verdict_role, images_role };

QString judgementText(const QJsonObject& series) {
  const QString verdict = series.value("verdict"_L1).toString();
  if (series.value("reasons"_L1).toArray().isEmpty())
    return PacsResults::tr("the description does not say");
  const QString points = PacsResults::tr("%1 points").arg(series.value("points"_L1).toInt());
  if (verdict == "take"_L1) return PacsResults::tr("late enhancement, %1").arg(points);
  if (verdict == "leave"_L1) return PacsResults::tr("something else, %1").arg(points);
  return PacsResults::tr("perhaps, %1").arg(points);
}

QString studyText(const QJsonObject& series) {
  QStringList parts{series.value("patient_id"_L1).toString()};
  // The carets of the DICOM name are no part of it.
  for (const QString& part :
       {series.value("patient_name"_L1).toString().replace(u'^', u' ').trimmed(),
        series.value("date"_L1).toString(), series.value("study_description"_L1).toString()})
    if (!part.isEmpty()) parts << part;
  return parts.join(u" · "_s);
}

}  // namespace

PacsResults::PacsResults(QWidget* parent) : QTreeWidget(parent) {
  setObjectName(u"pacsResults"_s);
  setHeaderLabels({tr("Study, series"), tr("No."), tr("Images"), tr("By its description")});
  header()->setStretchLastSection(false);
  header()->setSectionResizeMode(what_column, QHeaderView::Stretch);
  for (const int column : {number_column, images_column, judgement_column})
    header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
  setUniformRowHeights(true);
  setAlternatingRowColors(true);
  setSelectionMode(QAbstractItemView::NoSelection);
  connect(this, &QTreeWidget::itemChanged, this, &PacsResults::choiceChanged);
}

void PacsResults::addSeries(const QJsonObject& series) {
  const QSignalBlocker quiet(this);
  const QString study = series.value("study"_L1).toString();
  QTreeWidgetItem* parent = nullptr;
  for (int i = topLevelItemCount() - 1; i >= 0 && parent == nullptr; --i)
    if (topLevelItem(i)->data(what_column, key_role).toString() == study) parent = topLevelItem(i);
  if (parent == nullptr) {
    parent = new QTreeWidgetItem(this, {studyText(series)});
    parent->setData(what_column, key_role, study);
    parent->setFlags(Qt::ItemIsEnabled);
    parent->setFirstColumnSpanned(true);
    QFont bold = parent->font(what_column);
    bold.setWeight(QFont::DemiBold);
    parent->setFont(what_column, bold);
    parent->setExpanded(true);
  }
  const QString description = series.value("description"_L1).toString();
  const QString verdict = series.value("verdict"_L1).toString();
  const int images = series.value("images"_L1).toInt(-1);
  auto* row = new QTreeWidgetItem(
      parent, {description.isEmpty() ? tr("no description") : description,
               series.value("number"_L1).toString(), images < 0 ? u"?"_s : QString::number(images),
               judgementText(series)});
  row->setData(what_column, key_role, study + u'/' + series.value("series"_L1).toString());
  row->setData(what_column, description_role, description);
  row->setData(what_column, verdict_role, verdict);
  row->setData(what_column, images_role, images);
  row->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable);
  row->setCheckState(what_column, verdict == "take"_L1 ? Qt::Checked : Qt::Unchecked);
  row->setTextAlignment(number_column, Qt::AlignRight | Qt::AlignVCenter);
  row->setTextAlignment(images_column, Qt::AlignRight | Qt::AlignVCenter);
  row->setForeground(judgement_column, verdict == "take"_L1 ? colours().good : colours().muted);
  QStringList reasons;
  for (const QJsonValue& reason : series.value("reasons"_L1).toArray())
    reasons << reason.toString();
  row->setToolTip(judgement_column, plainTip(reasons.join(u'\n')));
  parent->setExpanded(true);
}

PacsResults::Chosen PacsResults::chosen() const {
  Chosen all;
  for (int i = 0; i < topLevelItemCount(); ++i) {
    for (int j = 0; j < topLevelItem(i)->childCount(); ++j) {
      const QTreeWidgetItem* row = topLevelItem(i)->child(j);
      if (row->checkState(what_column) != Qt::Checked) continue;
      all.series << row->data(what_column, key_role).toString();
      all.images += std::max(0, row->data(what_column, images_role).toInt());
      const QString description = row->data(what_column, description_role).toString();
      if (row->data(what_column, verdict_role).toString() == "leave"_L1 &&
          !all.take.contains(description))
        all.take << description;
    }
  }
  return all;
}

int PacsResults::seriesCount() const {
  int count = 0;
  for (int i = 0; i < topLevelItemCount(); ++i) count += topLevelItem(i)->childCount();
  return count;
}

}  // namespace gadolin::widgets
