#pragma once
// Prediction with a run as part of another command.

#include <string>
#include <vector>

#include "app/ctl/command.h"

namespace gadolin::session {
class Project;
}

namespace gadolin::ctl {

/// Predicts these stacks with a trained run and takes the results into the project. Cancelled after
/// Ctrl-C; what is done by then is in the project.
Result<void> predictStacks(session::Project& project, const std::string& run,
                           const std::vector<std::string>& stacks, Output& output);

}  // namespace gadolin::ctl
