#pragma once
// Revisions of masks. A revision is never changed, only followed by another; the voxels are a blob
// named by their hash in the project's masks/ folder.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// Adds a revision and returns its id; `id` of the record is ignored, `created_utc` is set when
/// empty. The blob must be on disk before. NotFound: no such stack or parent.
Result<std::int64_t> addMask(Database& database, const MaskRecord& mask);

/// NotFound: no such revision.
Result<MaskRecord> maskById(Database& database, std::int64_t id);
/// The newest revision of that source, or nothing.
Result<std::optional<MaskRecord>> latestMask(Database& database, std::string_view stack,
                                             MaskSource source);
/// The mask that a person stands for: the newest of sources Reference and Reader together that is
/// not withdrawn, or nothing.
Result<std::optional<MaskRecord>> latestPersonMask(Database& database, std::string_view stack);
/// The same for every stack that has one, by stack id.
Result<std::map<std::string, MaskRecord, std::less<>>> latestPersonMasks(Database& database);
/// All revisions of a stack, oldest first.
Result<std::vector<MaskRecord>> masksOfStack(Database& database, std::string_view stack);
/// The blob names of all revisions, by stack.
Result<std::map<std::string, std::vector<std::string>, std::less<>>> maskBlobsOfStacks(
    Database& database);
/// Every blob name that a revision uses, sorted.
Result<std::vector<std::string>> maskBlobs(Database& database);

}  // namespace gadolin::db
