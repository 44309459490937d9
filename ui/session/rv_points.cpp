#include "ui/session/rv_points.h"

#include "database/rv_insertions.h"

namespace gadolin::session {

Result<analysis::SetInsertions> setInsertions(db::Database& database, const std::string& stack) {
  GADOLIN_TRY(const auto records, db::insertionsOfStack(database, stack));
  analysis::SetInsertions set;
  std::string newest;
  for (const db::InsertionRecord& record : records) {  // by slice
    if (set.points.empty() || set.points.back().slice != record.slice)
      set.points.push_back({record.slice, std::nullopt, std::nullopt});
    auto& point = set.points.back();
    (record.kind == db::InsertionKind::Anterior ? point.anterior : point.inferior) = record.place;
    if (record.at_utc >= newest) {
      newest = record.at_utc;
      set.reader = record.reader;
    }
  }
  return set;
}

}  // namespace gadolin::session
