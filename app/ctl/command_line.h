#pragma once
// The command line of gadolinctl, which two programs read: gadolinctl itself and gadolin-files.

#include <memory>

#include "app/ctl/command.h"

namespace gadolin::ctl {

/// The parser with what stands before every command (--json, --version). `context` must outlive it.
std::unique_ptr<CLI::App> makeCommandLine(Context& context);

/// Parses, which runs the command. Help and complaints are printed with what was typed made
/// harmless. Returns the exit status.
int runCommandLine(CLI::App& app, Context& context, int argc, char** argv);

/// Qt's own remarks go to stderr, less the one on XDG_RUNTIME_DIR: batch systems and containers have
/// none, and nothing here needs one. Call before the application object is made.
void installMessageHandler();

}  // namespace gadolin::ctl
