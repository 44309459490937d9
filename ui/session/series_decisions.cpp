#include "ui/session/series_decisions.h"

#include "core/imaging/series_judgement.h"
#include "database/journal.h"

namespace gadolin::session {
namespace {

constexpr std::string_view taken = "take";
constexpr std::string_view left = "leave";

std::string keyOf(std::string_view description) {
  return "series." + decisionKey(description);
}

}  // namespace

Result<void> rememberSeries(Project& project, const std::vector<std::string>& descriptions, bool take,
                            const std::string& who) {
  if (descriptions.empty()) return {};
  return project.writeNow<void>([&](db::Database& database) -> Result<void> {
    for (const auto& description : descriptions) {
      GADOLIN_CHECK(db::setSetting(database, keyOf(description), take ? taken : left));
      GADOLIN_CHECK(db::addAudit(database, who, "series",
                                 "Series like '" + description + "' are to be " +
                                     (take ? "taken." : "left.")));
    }
    return {};
  });
}

Result<std::optional<bool>> decisionOn(Project& project, std::string_view description) {
  GADOLIN_TRY(const auto text, db::setting(project.reader(), keyOf(description)));
  if (text == taken) return std::optional(true);
  if (text == left) return std::optional(false);
  return std::optional<bool>();
}

}  // namespace gadolin::session
