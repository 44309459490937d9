#pragma once
// Facts of the patients as a table: for the cohort's columns, and out again.

#include <QFuture>
#include <map>
#include <string>
#include <vector>

#include "database/clinical.h"

namespace gadolin::session {

class Project;

struct ClinicalTable {
  std::vector<db::ClinicalColumnRecord> columns;
  /// One cell a column; empty where nothing is known.
  std::map<std::string, std::vector<db::ClinicalValueRecord>, std::less<>> patients;
};

Result<ClinicalTable> clinicalTable(db::Database& database);
QFuture<Result<ClinicalTable>> clinicalTable(Project& project);

/// "patient" and one column a fact ("weight [kg]"), one row a patient that has any. importTable()
/// reads it back unchanged.
Result<std::string> exportClinical(db::Database& database);

}  // namespace gadolin::session
