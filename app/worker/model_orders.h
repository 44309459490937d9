#pragma once
// `gadolin-worker export` and `check-model`: networks as files for others, and those of others.

#include <string>

namespace gadolin {

/// Writes the networks of a run into a folder and prints what was written as one JSON line. Exit
/// status of a worker; a message on stderr.
int exportModel(const std::string& run_dir, const std::string& out);

/// Whether the checkpoints of a run folder fit its settings. Exit status and message as above.
int checkModel(const std::string& run_dir);

}  // namespace gadolin
