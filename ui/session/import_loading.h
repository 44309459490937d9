#pragma once
// The second pass of an import: reads the stacks and masks that the headers promise, and stores
// them.

#include <map>
#include <string>

#include "core/base/result.h"
#include "ui/session/decode_pool.h"
#include "ui/session/import_identities.h"
#include "ui/session/import_request.h"
#include "ui/session/import_scan.h"
#include "ui/session/import_scratch.h"
#include "ui/session/import_tally.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// All of it outlives the call.
struct ImportContext {
  Project& project;
  const ImportRequest& request;
  const std::string& who;
  const ScannedFiles& files;
  const std::map<std::string, std::string>& shown;   // paths for a person, by path
  const std::map<std::string, std::string>& places;  // absolute paths, by what is shown of them
  const ImportScratch& scratch;
  DecodePool& pool;
  ImportIdentities& identities;
  ImportTally& tally;
};

/// Reading and storing go side by side; stacks are stored in the order of their headers. What was
/// read before a fault or Cancel is stored all the same. Cancelled, NoSpace, ReadOnly, WorkerLost.
/// Blocks.
Result<void> loadFiles(const ImportContext& context);

}  // namespace gadolin::session
