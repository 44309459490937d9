#pragma once
// Is everything there and sound? What `gadolinctl check` says.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/key_table.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

struct Problem {
  std::string kind;  // "database", "stack", "mask", "label", "run", "prediction", "drawing", "mode", "backup", "identity"
  std::string what;  // file or record
  std::string reason;  // a sentence
  std::string repair;  // what to do, a sentence
};

struct CheckReport {
  std::vector<Problem> problems;
  int stacks = 0;
  int masks = 0;
  int runs = 0;
  bool identities_kept = false;  // by wish of an import
};

/// Reads every file once. `keys`: patients to look for (identity_leftovers.h); may be empty. Several seconds for a large project: not in the GUI thread. `progress` is
/// called in the caller's thread with files done and in all.
Result<CheckReport> checkProject(db::Database& database, const ProjectPaths& paths, const KeyTable& keys,
                                 const std::function<void(int done, int total)>& progress);

}  // namespace gadolin::session
