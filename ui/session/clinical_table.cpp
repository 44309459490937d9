#include "ui/session/clinical_table.h"

#include "core/base/csv.h"
#include "ui/session/project.h"

namespace gadolin::session {

Result<ClinicalTable> clinicalTable(db::Database& database) {
  ClinicalTable table;
  GADOLIN_TRY(table.columns, db::clinicalColumns(database));
  std::map<std::string, std::size_t, std::less<>> place;
  for (std::size_t i = 0; i < table.columns.size(); ++i) place[table.columns[i].name] = i;
  GADOLIN_TRY(auto values, db::clinicalValues(database));
  for (auto& value : values) {
    auto& row = table.patients[value.patient];
    row.resize(table.columns.size());
    const auto at = place.find(value.column);
    if (at != place.end()) row[at->second] = std::move(value);
  }
  return table;
}

QFuture<Result<ClinicalTable>> clinicalTable(Project& project) {
  return project.read<ClinicalTable>(
      [](db::Database& database) { return clinicalTable(database); });
}

Result<std::string> exportClinical(db::Database& database) {
  GADOLIN_TRY(const ClinicalTable table, clinicalTable(database));
  std::vector<std::string> fields{"patient"};
  for (const auto& column : table.columns)
    fields.push_back(column.unit.empty() ? column.name : column.name + " [" + column.unit + "]");
  std::string text = csvLine(fields);
  for (const auto& [patient, values] : table.patients) {
    fields.assign(1, patient);
    for (const auto& value : values) fields.push_back(value.value);
    text += csvLine(fields);
  }
  return text;
}

}  // namespace gadolin::session
