#pragma once
// What a person decided about series of one description: taken or left whatever their points say, in
// this import and all later ones of the project.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// What a decision is about: the description of the plan, or, for one of the stacks that repeated slices
/// make, the description with "[latest images, 1a2b3c4d]" or "[earlier images, …]", which holds for these
/// images alone. The hexadecimal digits are of SHA-256(salt + SOPInstanceUIDs).
std::string seriesName(const SeriesPlan& plan, const std::string& salt);

/// Whether a decision about `name` holds for the series that is called `series`.
bool isDecisionOn(std::string_view name, std::string_view series);

/// Notes the decision for every name; the last one holds. Blocks.
Result<void> rememberSeries(Project& project, const std::vector<std::string>& names, bool take,
                            const std::string& who);

/// The same, as a part of what else is written.
Result<void> rememberSeries(db::Database& database, const std::vector<std::string>& names,
                            bool take, const std::string& who);

/// True: take, false: leave, nothing: nobody decided. Blocks.
Result<std::optional<bool>> decisionOn(Project& project, std::string_view name);

}  // namespace gadolin::session
