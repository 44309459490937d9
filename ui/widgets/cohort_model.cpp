#include "ui/widgets/cohort_model.h"

#include <QColor>
#include <algorithm>

#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

QString labelText(SliceLabel label) {
  switch (label) {
    case SliceLabel::Unlabelled:
      return CohortModel::tr("not labelled");
    case SliceLabel::None:
      return CohortModel::tr("no fibrosis");
    case SliceLabel::Fibrosis:
      return CohortModel::tr("fibrosis");
    case SliceLabel::Unsure:
      return CohortModel::tr("unsure");
    case SliceLabel::NotDiagnostic:
      return CohortModel::tr("not diagnostic");
  }
  return {};
}

QString partText(dataset::Part part) {
  switch (part) {
    case dataset::Part::None:
      return u"–"_s;
    case dataset::Part::Train:
      return CohortModel::tr("train");
    case dataset::Part::Validation:
      return CohortModel::tr("validation");
    case dataset::Part::Test:
      return CohortModel::tr("test");
  }
  return {};
}

QString verdictText(db::Verdict verdict) {
  switch (verdict) {
    case db::Verdict::None:
      return u"–"_s;
    case db::Verdict::Accepted:
      return CohortModel::tr("accepted");
    case db::Verdict::Rejected:
      return CohortModel::tr("rejected");
  }
  return {};
}

QString kindText(ImageKind kind) {
  switch (kind) {
    case ImageKind::Unknown:
      return CohortModel::tr("not stated");
    case ImageKind::Magnitude:
      return CohortModel::tr("magnitude");
    case ImageKind::Psir:
      return CohortModel::tr("PSIR");
  }
  return {};
}

void CohortModel::setRows(std::vector<db::CohortRow> rows) {
  const bool same_stacks =
      rows.size() == rows_.size() && std::equal(rows.begin(), rows.end(), rows_.begin(),
                                                [](const db::CohortRow& a, const db::CohortRow& b) {
                                                  return a.stack.id == b.stack.id;
                                                });
  if (!same_stacks) beginResetModel();
  rows_ = std::move(rows);
  renewSearch();
  if (!same_stacks)
    endResetModel();
  else if (!rows_.empty())
    Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(rows_.size()) - 1, columnCount() - 1));
}

void CohortModel::setClinical(session::ClinicalTable clinical) {
  const bool same_columns =
      std::equal(clinical.columns.begin(), clinical.columns.end(), clinical_.columns.begin(),
                 clinical_.columns.end(),
                 [](const auto& a, const auto& b) { return a.name == b.name && a.unit == b.unit; });
  if (!same_columns) beginResetModel();
  clinical_ = std::move(clinical);
  renewSearch();
  if (!same_columns)
    endResetModel();
  else if (!rows_.empty() && !clinical_.columns.empty())
    Q_EMIT dataChanged(index(0, column_count),
                       index(static_cast<int>(rows_.size()) - 1, columnCount() - 1));
}

void CohortModel::renewSearch() {
  search_.clear();
  search_.reserve(rows_.size());
  for (const db::CohortRow& row : rows_) {
    QString all;
    for (int column = 0; column < columnCount(); ++column) all += text(row, column) + u' ';
    search_.push_back(all.toLower());
  }
}

const db::ClinicalValueRecord* CohortModel::fact(const db::CohortRow& row, int column) const {
  const auto found = clinical_.patients.find(row.stack.patient);
  const auto at = static_cast<std::size_t>(column - column_count);
  if (column < column_count || found == clinical_.patients.end() || at >= found->second.size())
    return nullptr;
  const db::ClinicalValueRecord& value = found->second[at];
  return value.value.empty() ? nullptr : &value;
}

int CohortModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int CohortModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : column_count + static_cast<int>(clinical_.columns.size());
}

QString CohortModel::text(const db::CohortRow& row, int column) const {
  switch (column) {
    case Patient:
      return QString::fromStdString(row.stack.patient);
    case StackId:
      return QString::fromStdString(row.stack.id);
    case Kind:
      return kindText(row.stack.kind);
    case Slices:
      return QString::number(row.stack.size[2]);
    case Spacing:
      return u"%1 × %2 × %3"_s.arg(row.stack.spacing_mm[0], 0, 'f', 2)
          .arg(row.stack.spacing_mm[1], 0, 'f', 2)
          .arg(row.stack.spacing_mm[2], 0, 'f', 1);
    case Labels:
      return row.labelled_slices == 0
                 ? u"–"_s
                 : u"%1 / %2"_s.arg(row.labelled_slices).arg(row.stack.size[2]);
    case StackLabel:
      if (row.stack_label == SliceLabel::Unlabelled) return u"–"_s;
      if (row.stack_label == SliceLabel::Fibrosis)
        return tr("fibrosis (%1)").arg(row.positive_slices);
      return labelText(row.stack_label);
    case Reference:
      return row.has_reference ? tr("yes") : u"–"_s;
    case Split:
      return partText(row.part);
    case Prediction:
      return row.last_prediction_run.empty() ? u"–"_s
                                             : QString::fromStdString(row.last_prediction_run);
    case Review:
      return verdictText(row.verdict);
    default: {
      const auto* value = fact(row, column);
      return value == nullptr ? u"–"_s : QString::fromStdString(value->value);
    }
  }
}

QVariant CohortModel::sortKey(const db::CohortRow& row, int column) const {
  switch (column) {
    case Slices:
      return row.stack.size[2];
    case Spacing:
      return row.stack.spacing_mm[0];
    case Labels:
      return static_cast<double>(row.labelled_slices) / std::max(1, row.stack.size[2]);
    case StackLabel:
      return static_cast<int>(row.stack_label) * 1000 + row.positive_slices;
    case Reference:
      return row.has_reference;
    case Split:
      return static_cast<int>(row.part);
    case Review:
      return static_cast<int>(row.verdict);
    default: {
      // Numbers by their size; words and what is not known around them.
      const auto* value = fact(row, column);
      if (value != nullptr && value->number) return *value->number;
      return text(row, column);
    }
  }
}

QVariant CohortModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto at = static_cast<std::size_t>(index.row());
  const db::CohortRow& row = rows_[at];
  switch (role) {
    case Qt::DisplayRole:
      return text(row, index.column());
    case SortRole:
      return sortKey(row, index.column());
    case SearchRole:
      return search_[at];
    case Qt::TextAlignmentRole:
      if (index.column() == Slices || index.column() == Labels || isNumber(index.column()))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
      return {};
    case Qt::ForegroundRole:
      if (index.column() == Labels && row.labelled_slices == row.stack.size[2])
        return colours().good;
      if (index.column() == Review && row.verdict == db::Verdict::Accepted) return colours().good;
      if (index.column() == Review && row.verdict == db::Verdict::Rejected) return colours().danger;
      if (text(row, index.column()) == u"–"_s) return colours().faint;
      if (index.column() == Kind || index.column() == Spacing) return colours().muted;
      return {};
    case Qt::ToolTipRole: {
      QString tip = QString::fromStdString(row.stack.id);  // its column may be too narrow for it
      if (!row.stack.description.empty()) tip += u"\n"_s + QString::fromStdString(row.stack.description);
      for (const std::string& note : row.stack.notes) tip += u"\n"_s + QString::fromStdString(note);
      return plainTip(tip.trimmed());
    }
    default:
      return {};
  }
}

QVariant CohortModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant((section == Slices || section == Labels || isNumber(section) ? Qt::AlignRight
                                                                                 : Qt::AlignLeft) |
                    Qt::AlignVCenter);
  if (section >= column_count) {
    const db::ClinicalColumnRecord& column =
        clinical_.columns[static_cast<std::size_t>(section - column_count)];
    const QString unit = QString::fromStdString(column.unit);
    if (role == Qt::DisplayRole)
      return QString::fromStdString(column.name) +
             (unit.isEmpty() ? QString() : u" ("_s + unit + u')');
    if (role == Qt::ToolTipRole) return tr("A clinical column from a table");
    return {};
  }
  if (role == Qt::DisplayRole) {
    switch (section) {
      case Patient:
        return tr("Patient");
      case StackId:
        return tr("Stack");
      case Kind:
        return tr("Image");
      case Slices:
        return tr("Slices");
      case Spacing:
        return tr("Spacing (mm)");
      case Labels:
        return tr("Labelled");
      case StackLabel:
        return tr("Stack says");
      case Reference:
        return tr("Mask");
      case Split:
        return tr("Split");
      case Prediction:
        return tr("Last prediction");
      case Review:
        return tr("Review");
      default:
        return {};
    }
  }
  if (role == Qt::ToolTipRole) {
    switch (section) {
      case Labels:
        return tr("Slices with a label, of all slices");
      case StackLabel:
        return tr("Fibrosis when any slice is (how many); no fibrosis when all are free of it");
      case Reference:
        return tr("A pixel mask that a person made");
      case Spacing:
        return tr("Distance of pixel centres along rows and columns, and of slices");
      default:
        return {};
    }
  }
  return {};
}

bool CohortModel::isNumber(int column) const {
  return column >= column_count &&
         clinical_.columns[static_cast<std::size_t>(column - column_count)].kind == "number";
}

CohortFilter::CohortFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(CohortModel::SortRole);
  setSortLocaleAware(false);
}

void CohortFilter::setWords(const QString& text) {
  words_ = text.toLower().split(u' ', Qt::SkipEmptyParts);
  invalidateFilter();
}

void CohortFilter::setStacks(std::optional<std::set<std::string>> stacks) {
  if (stacks == stacks_) return;
  stacks_ = std::move(stacks);
  invalidateFilter();
}

bool CohortFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  if (stacks_) {
    const auto* model = static_cast<const CohortModel*>(sourceModel());
    if (!stacks_->contains(model->rows()[static_cast<std::size_t>(row)].stack.id)) return false;
  }
  if (words_.isEmpty()) return true;
  const QString all = sourceModel()->index(row, 0).data(CohortModel::SearchRole).toString();
  return std::all_of(words_.begin(), words_.end(),
                     [&all](const QString& word) { return all.contains(word); });
}

}  // namespace gadolin::widgets
