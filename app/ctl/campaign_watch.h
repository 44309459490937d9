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

}  // namespace gadolin::ctl
