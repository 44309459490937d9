#include "ui/widgets/worklist_model.h"

#include "ui/widgets/label_session.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin::widgets {

using namespace Qt::StringLiterals;

WorklistModel::WorklistModel(LabelSession& session, QObject* parent)
    : QAbstractListModel(parent), session_(session) {
  connect(&session, &LabelSession::worklistChanged, this, [this] {
    const int rows = static_cast<int>(session_.worklist().size());
    if (rows != rows_) {
      beginResetModel();
      rows_ = rows;
      endResetModel();
    } else if (rows > 0) {
      Q_EMIT dataChanged(index(0), index(rows - 1));
    }
  });
  connect(&session, &LabelSession::workItemChanged, this,
          [this](int row) { Q_EMIT dataChanged(index(row), index(row)); });
}

int WorklistModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : rows_;
}

QVariant WorklistModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= static_cast<int>(session_.worklist().size())) return {};
  const WorkItem& item = session_.worklist()[static_cast<std::size_t>(index.row())];
  const bool done = item.labelled >= item.slices;
  switch (role) {
    case Qt::DisplayRole:
      return u"%1   %2/%3"_s.arg(QString::fromStdString(item.patient))
          .arg(item.labelled)
          .arg(item.slices);
    case Qt::ToolTipRole:
      return plainTip(QString::fromStdString(item.stack));
    case Qt::ForegroundRole:
      if (done) return colours().good;
      return item.labelled == 0 ? colours().muted : colours().text;
    default:
      return {};
  }
}

}  // namespace gadolin::widgets
