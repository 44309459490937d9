#include "ui/session/import_tally.h"

#include <algorithm>
#include <filesystem>
#include <variant>

#include "ui/session/foreign_text.h"

namespace gadolin::session {

void ImportTally::refuse(Refusal refusal) {
  if (on_refusal) on_refusal(refusal);
  so_far.refused.push_back(std::move(refusal));
}

void ImportTally::judge(const JudgedSeries& series) {
  if (on_series) on_series(series);
  so_far.series.push_back(series);
}

Result<bool> ImportTally::accept(const DecodeOutcome& outcome, const std::string& shown) {
  const auto* error = std::get_if<Error>(&outcome.answer);
  if (!error) return true;
  if (error->code == ErrorCode::NoSpace || error->code == ErrorCode::ReadOnly ||
      outcome.code == "reader-missing") {
    return *error;
  }
  refuse({shown, asUtf8(error->message), outcome.code});
  return false;
}

void ImportTally::noteStored(const DecodedStack& decoded, const StoredStack& stored,
                             const std::vector<std::string>& sources) {
  if (stored.patient != decoded.patient) {
    warnings.add(sources.front(),
                 "These images are in the project already, as patient " + stored.patient + ".");
  }
  for (const auto& note : decoded.stack.notes) warnings.add(stored.id, note);
  for (const auto& note : decoded.notes) warnings.add(stored.id, note);
  patients.insert(stored.patient);
  stacks[stored.id] = decoded.stack.geometry.size[2];
  if (decoded.mask) masked.insert(stored.id);
  so_far.new_stacks += stored.new_stack ? 1 : 0;
  so_far.new_masks += stored.new_mask ? 1 : 0;
  taken.insert(sources.begin(), sources.end());
}

Result<void> ImportTally::checkCancelled() const {
  if (cancelled_) return Error{ErrorCode::Cancelled, "The import was cancelled."};
  return {};
}

ImportSummary ImportTally::summary() const {
  ImportSummary summary = so_far;
  summary.patients = static_cast<int>(patients.size());
  summary.stacks = static_cast<int>(stacks.size());
  for (const auto& [id, slices] : stacks) summary.slices += slices;
  summary.masks = static_cast<int>(masked.size());
  summary.warnings = warnings.list();
  return summary;
}

std::vector<std::string> ImportTally::touchedStacks() const {
  std::set<std::string> ids = masked;
  for (const auto& [id, slices] : stacks) ids.insert(id);
  return {ids.begin(), ids.end()};
}

}  // namespace gadolin::session
