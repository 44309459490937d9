#pragma once
// What a person decided about series of one description: taken or left whatever their points say, in
// this import and all later ones of the project.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// Notes the decision for every description; the last one holds. Blocks.
Result<void> rememberSeries(Project& project, const std::vector<std::string>& descriptions, bool take,
                            const std::string& who);

/// True: take, false: leave, nothing: nobody decided. Blocks.
Result<std::optional<bool>> decisionOn(Project& project, std::string_view description);

}  // namespace gadolin::session
