#pragma once
// Several runs one after another: trains, predicts and scores what a plan still lacks.

#include "app/ctl/command.h"
#include "ui/session/campaign.h"

namespace gadolin::session {
class Project;
}

namespace gadolin::ctl {

/// Keeps the plan (or finds the one that is kept), then trains each run that is not trained, from
/// its last checkpoint where it has one, predicts its held-out stacks, and scores all. Cancelled
/// after Ctrl-C, and the error of a run that failed: the same command goes on with what is missing.
Result<std::vector<session::EvaluatedRun>> carryOut(session::Project& project,
                                                    session::Campaign& campaign, Output& output);

/// The summary of a campaign, with its report as text, and the exit status. After Ctrl-C: a summary
/// with the status "cancelled" and exit_part, as of a single run. `campaign` has no id where not
/// even its plan came about.
int conclude(const session::Campaign& campaign, const Result<std::string>& report, Output& output);

}  // namespace gadolin::ctl
