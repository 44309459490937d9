#include "ui/session/series_decisions.h"

#include <regex>

#include "core/base/hash.h"
#include "core/imaging/series_judgement.h"
#include "database/journal.h"

namespace gadolin::session {
namespace {

constexpr std::string_view taken = "take";
constexpr std::string_view left = "leave";

/// A name of seriesName() for these images alone keeps its digits; a description loses its numbers.
std::string keyOf(std::string_view name) {
  static const std::regex repeat(R"(\[(latest|earlier|earliest) images, ([0-9a-f]{8})\]$)");
  std::match_results<std::string_view::const_iterator> parts;
  if (std::regex_search(name.begin(), name.end(), parts, repeat))
    return "series.#" + parts[2].str() + "." + parts[1].str();
  return "series." + decisionKey(name);
}

}  // namespace

std::string seriesName(const SeriesPlan& plan, const std::string& salt) {
  if (!plan.repeat) return plan.description;
  std::string identity = salt;
  for (const auto& uid : plan.repeat->images) identity += uid + '\n';
  const std::string which = plan.repeat->rank == 0 ? "latest"
                            : plan.repeat->count > 2 && plan.repeat->rank + 1 == plan.repeat->count
                                ? "earliest"
                                : "earlier";
  return plan.description + (plan.description.empty() ? "[" : " [") + which + " images, " +
         sha256Hex(identity).substr(0, 8) + "]";
}

bool isDecisionOn(std::string_view name, std::string_view series) {
  const std::string key = keyOf(name);
  // One about a description holds for the stacks that its repeated slices make, too.
  return key == keyOf(series) || key == keyOf(series.substr(0, series.rfind(" [")));
}

Result<void> rememberSeries(db::Database& database, const std::vector<std::string>& names,
                            bool take, const std::string& who) {
  for (const auto& name : names) {
    GADOLIN_CHECK(db::setSetting(database, keyOf(name), take ? taken : left));
    GADOLIN_CHECK(
        db::addAudit(database, who, "series",
                     "Series like '" + name + "' are to be " + (take ? "taken." : "left.")));
  }
  return {};
}

Result<void> rememberSeries(Project& project, const std::vector<std::string>& names, bool take,
                            const std::string& who) {
  if (names.empty()) return {};
  return project.writeNow<void>(
      [&](db::Database& database) { return rememberSeries(database, names, take, who); });
}

Result<std::optional<bool>> decisionOn(Project& project, std::string_view name) {
  GADOLIN_TRY(const auto text, db::setting(project.reader(), keyOf(name)));
  if (text == taken) return std::optional(true);
  if (text == left) return std::optional(false);
  return std::optional<bool>();
}

}  // namespace gadolin::session
