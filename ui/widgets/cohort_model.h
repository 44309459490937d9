#pragma once
// The cohort as a table: one row a stack. Sorting and filtering by CohortFilter.

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ui/session/clinical_table.h"
#include "ui/session/project_queries.h"

namespace gadolin::widgets {

class CohortModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column {
    Patient,
    StackId,
    Kind,
    Slices,
    Spacing,
    Labels,
    StackLabel,
    Reference,
    Split,
    Prediction,
    Review,
    column_count
  };
  /// Roles beside Qt's: what sorting compares, and the lower-case text that the filter searches.
  enum Role { SortRole = Qt::UserRole + 1, SearchRole };

  using QAbstractTableModel::QAbstractTableModel;

  /// Keeps the selection when the stacks are the same.
  void setRows(std::vector<db::CohortRow> rows);
  [[nodiscard]] const std::vector<db::CohortRow>& rows() const { return rows_; }
  /// Columns after the fixed ones: facts of the patients.
  void setClinical(session::ClinicalTable clinical);
  [[nodiscard]] const session::ClinicalTable& clinical() const { return clinical_; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  [[nodiscard]] QString text(const db::CohortRow& row, int column) const;
  [[nodiscard]] QVariant sortKey(const db::CohortRow& row, int column) const;

  void renewSearch();
  [[nodiscard]] bool isNumber(int column) const;
  /// Null where nothing is known.
  [[nodiscard]] const db::ClinicalValueRecord* fact(const db::CohortRow& row, int column) const;

  std::vector<db::CohortRow> rows_;
  session::ClinicalTable clinical_;
  std::vector<QString> search_;  // one a row
};

/// Rows in which every word of the filter occurs somewhere.
class CohortFilter : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit CohortFilter(QObject* parent = nullptr);
  void setWords(const QString& text);
  /// Only these stacks, by id; all without a set.
  void setStacks(std::optional<std::set<std::string>> stacks);

 protected:
  [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  QStringList words_;
  std::optional<std::set<std::string>> stacks_;
};

/// Words for a person: "fibrosis", "no fibrosis", ...
QString labelText(SliceLabel label);
QString partText(dataset::Part part);
QString verdictText(db::Verdict verdict);
QString kindText(ImageKind kind);

}  // namespace gadolin::widgets
