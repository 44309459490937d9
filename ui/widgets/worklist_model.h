#pragma once
// The worklist of the Label workspace as a list: a stack a row, with what is done of it.

#include <QAbstractListModel>

namespace gadolin::widgets {

class LabelSession;

class WorklistModel : public QAbstractListModel {
  Q_OBJECT
 public:
  WorklistModel(LabelSession& session, QObject* parent);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  LabelSession& session_;
  int rows_ = 0;
};

}  // namespace gadolin::widgets
