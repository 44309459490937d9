#pragma once
// A run on the terminal: events as JSON lines or text, a progress bar, Ctrl-C, the summary.

#include "app/ctl/command.h"
#include "ui/session/run_controller.h"

namespace gadolin::ctl {

/// Turns the event loop until the run is over (or, detached, until its worker has said hello), says
/// what happens and returns the exit status. The controller has been started.
int watchRun(session::RunController& controller, session::Launch launch, Output& output);

/// The same for a run that is one of several: turns the event loop until it is over, says what
/// happens and no summary.
session::RunStatus followRun(session::RunController& controller, Output& output);

}  // namespace gadolin::ctl
