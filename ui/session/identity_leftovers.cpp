#include "ui/session/identity_leftovers.h"

#include <QByteArray>
#include <QRegularExpression>
#include <QString>
#include <array>

#include "database/journal.h"
#include "database/runs.h"
#include "database/texts.h"

namespace gadolin::session {
using namespace Qt::StringLiterals;
namespace {

constexpr std::string_view a_date = "a date";

/// What our own texts hold by design: times, hashes, names of runs and the schema's own table.
bool isOurs(const std::string& table, const std::string& column) {
  return table == "schema_migration" || column.ends_with("_utc") || column.ends_with("sha256") ||
         column.ends_with("hash");
}

bool isNameOfPatient(const std::string& table, const std::string& column) {
  return column == "patient" || column == "stack" || (table == "patient" && column == "name") ||
         (table == "stack" && column == "id");
}

}  // namespace

std::optional<std::string> looksLikeIdentity(std::string_view text) {
  struct Pattern {
    QRegularExpression expression;
    std::string_view what;
  };
  static const std::array patterns{
      Pattern{QRegularExpression(uR"([^\s^"]{2}\^[^\s^"]{2})"_s), "a name as DICOM writes it"},
      Pattern{QRegularExpression(uR"((?<![0-9.])[0-2](\.[0-9]+){6,})"_s), "a DICOM UID"},
      Pattern{QRegularExpression(
                  uR"((?<![0-9])(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9]))"_s),
              a_date},
      Pattern{QRegularExpression(
                  uR"((?<![0-9])(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![0-9T]))"_s),
              a_date},
      Pattern{QRegularExpression(
                  uR"((?<![0-9])(0?[1-9]|[12][0-9]|3[01])[./](0?[1-9]|1[0-2])[./](19|20)[0-9]{2}(?![0-9]))"_s),
              a_date},
      Pattern{QRegularExpression(uR"([\w.+-]@[\w-]+\.[a-zA-Z]{2})"_s), "an address of e-mail"},
  };
  const auto whole = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
  for (const auto& pattern : patterns)
    if (pattern.expression.match(whole).hasMatch()) return std::string(pattern.what);
  return std::nullopt;
}

Result<bool> keepsIdentities(db::Database& database) {
  GADOLIN_TRY(const auto kept, db::setting(database, identities_kept_key));
  return kept.has_value();
}

Result<LeftoverSearch> LeftoverSearch::make(db::Database& database, const KeyTable& keys) {
  LeftoverSearch search;
  GADOLIN_TRY(search.kept_, keepsIdentities(database));
  GADOLIN_TRY(const auto runs, db::runs(database));
  for (const auto& run : runs) search.runs_.push_back(run.id);
  for (const auto& [name, row] : keys) {
    DicomHeader header;
    header.patient_id = row.patient_id;
    header.patient_name = row.patient_name;
    header.birth_date = row.birth_date;
    search.known_.learn(header, name);
  }
  return search;
}

Result<void> LeftoverSearch::addDatabase(db::Database& database) {
  return db::forEachText(database, [&](const std::string& table, const std::string& column,
                                       const std::string& text) {
    if (isOurs(table, column) || (kept_ && isNameOfPatient(table, column))) return;
    look("table " + table + ", column " + column, text);
  });
}

void LeftoverSearch::addStack(const Stack& stack) {
  for (const auto& slice : stack.slices) look("stack files, name of the source", slice.source);
  for (const auto& note : stack.notes) look("stack files, notes", note);
}

void LeftoverSearch::look(const std::string& where, const std::string& text) {
  // Paths and descriptions are kept percent-encoded within JSON.
  std::string plain = QByteArray::fromPercentEncoding(QByteArray::fromStdString(text)).toStdString();
  for (const auto& run : runs_) {
    for (auto at = plain.find(run); at != std::string::npos; at = plain.find(run)) plain.erase(at, run.size());
  }
  // Words of the trade are passed over: with a patient called Sax every short axis would be a find.
  if (known_.cleanDescription(plain) != plain) {
    ++found_[{where, "names a patient of the key table"}];
  } else if (const auto found = looksLikeIdentity(plain);
             // Names of tables that were imported often hold the date of their making.
             found && !(*found == a_date && where.starts_with("table audit,"))) {
    ++found_[{where, "holds what looks like " + *found}];
  }
}

std::vector<Leftover> LeftoverSearch::result() const {
  std::vector<Leftover> list;
  for (const auto& [place, count] : found_) {
    const auto& [where, what] = place;
    list.push_back({where, count == 1 ? "One entry " + what + "."
                                      : std::to_string(count) + " entries: each " + what + "."});
  }
  return list;
}

}  // namespace gadolin::session
