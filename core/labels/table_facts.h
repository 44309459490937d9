#pragma once
// Facts of patients (age, weight, ejection fraction) out of the rows of a foreign table.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/labels/table_plan.h"
#include "core/labels/table_rows.h"

namespace gadolin {

class FactReader {
 public:
  /// What is wrong with a value, with the lines that it stands on.
  using Contradict = std::function<void(std::vector<int> lines, int column, std::string value,
                                        std::string sentence)>;

  void clear() { facts_.clear(); }
  /// Takes the row's clinical columns. Contradictions: no number with the column's decimal sign, no
  /// day, another value of the patient in a row before.
  void read(const RowMeaning& meaning, const std::vector<ColumnReading>& columns,
            const TableView& view, const Contradict& contradict);
  /// A fact that is known already; `written`: as the table has it.
  void add(ClinicalFact fact, const std::string& written, const Contradict& contradict);
  /// By patient and column; the first value of each.
  [[nodiscard]] std::vector<ClinicalFact> facts() const;

 private:
  /// With the value as it was written.
  std::map<std::pair<std::string, std::size_t>, std::pair<ClinicalFact, std::string>> facts_;
};

}  // namespace gadolin
