#pragma once
// What two readers said of the same slices, label by label: rows the first, columns the second.

#include <QWidget>
#include <optional>

#include "ui/session/label_agreement.h"

namespace gadolin::widgets {

/// Cells are shaded by their count, agreement and disagreement in different colours. A click on a
/// cell chooses it, a second one lets it go. Thread: the GUI's.
class ConfusionTable : public QWidget {
  Q_OBJECT
 public:
  explicit ConfusionTable(QWidget* parent = nullptr);

  void setPair(const session::LabelPair& pair);
  struct Cell {
    int first = 0, second = 0;  // positions in session::compared_labels
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  [[nodiscard]] std::optional<Cell> chosen() const { return chosen_; }
  [[nodiscard]] QRect rectOf(Cell cell) const;
  [[nodiscard]] QSize sizeHint() const override { return {420, 230}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {280, 150}; }

 Q_SIGNALS:
  void cellChosen();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] std::optional<Cell> cellAt(QPoint position) const;
  [[nodiscard]] int headWidth() const;
  [[nodiscard]] int headHeight() const;

  session::LabelPair pair_;
  std::optional<Cell> chosen_;
};

}  // namespace gadolin::widgets
