#include "database/masks.h"

#include "core/base/time.h"
#include "core/labels/reader_name.h"
#include "database/stack_row.h"
#include "database/standing_mask.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

#define GADOLIN_MASK_COLUMNS                                      \
  "id, stack, source, author, run, parent, sha256, created_utc, " \
  "EXISTS (SELECT 1 FROM withdrawn_mask w WHERE w.id = mask.id)"

MaskRecord maskFromRow(const Query& query) {
  MaskRecord mask;
  mask.id = query.big(0);
  mask.stack = query.text(1);
  mask.source = maskSourceFromText(query.text(2)).value_or(MaskSource::Reference);
  mask.author = query.text(3);
  if (!query.isNull(4)) mask.run = query.text(4);
  if (!query.isNull(5)) mask.parent = query.big(5);
  mask.sha256 = query.text(6);
  mask.created_utc = query.text(7);
  mask.withdrawn = query.number(8) != 0;
  return mask;
}

Result<std::optional<MaskRecord>> firstOf(Query& query) {
  std::optional<MaskRecord> mask;
  if (query.next()) mask = maskFromRow(query);
  return mask;
}

}  // namespace

Result<std::int64_t> addMask(Database& database, const MaskRecord& mask) {
  // Comparisons name imported masks and predictions so.
  if (mask.source == MaskSource::Reader) GADOLIN_CHECK(checkReaderName(mask.author));
  std::int64_t id = 0;
  auto written = database.transaction([&] {
    return guarded(database, "add a mask of " + mask.stack, [&]() -> Result<void> {
      if (sliceCount(database, mask.stack) == 0) return noSuchStack(mask.stack);
      if (mask.parent) {
        Query parent(database, "SELECT 1 FROM mask WHERE id = ? AND stack = ?", *mask.parent,
                     mask.stack);
        if (!parent.next()) {
          return Error{ErrorCode::NotFound, "Stack " + mask.stack + " has no mask revision " +
                                                std::to_string(*mask.parent) + "."};
        }
      }
      const std::optional<std::string> run =
          mask.run.empty() ? std::nullopt : std::optional(mask.run);
      Query(database,
            "INSERT INTO mask (stack, source, author, run, parent, sha256, created_utc) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            mask.stack, toText(mask.source), mask.author, run, mask.parent, mask.sha256,
            mask.created_utc.empty() ? utcNow() : mask.created_utc)
          .run();
      id = database.connection().sqlite.getLastInsertRowid();
      if (mask.source != MaskSource::Prediction) {
        summariseMask(database, mask.stack);
        database.connection().changes.cohort = true;
      }
      return {};
    });
  });
  if (!written) return written.error();
  return id;
}

Result<MaskRecord> maskById(Database& database, std::int64_t id) {
  return guarded(database, "read the masks", [&]() -> Result<MaskRecord> {
    Query query(database, "SELECT " GADOLIN_MASK_COLUMNS " FROM mask WHERE id = ?", id);
    if (!query.next()) {
      return Error{ErrorCode::NotFound, "There is no mask revision " + std::to_string(id) + "."};
    }
    return maskFromRow(query);
  });
}

Result<std::optional<MaskRecord>> latestMask(Database& database, std::string_view stack,
                                             MaskSource source) {
  return guarded(database, "read the masks", [&] {
    Query query(database,
                "SELECT " GADOLIN_MASK_COLUMNS
                " FROM mask WHERE stack = ? AND source = ? ORDER BY id DESC LIMIT 1",
                stack, toText(source));
    return firstOf(query);
  });
}

Result<std::optional<MaskRecord>> latestPersonMask(Database& database, std::string_view stack) {
  return guarded(database, "read the masks", [&] {
    Query query(database,
                "SELECT " GADOLIN_MASK_COLUMNS " FROM mask WHERE stack = ? AND " GADOLIN_MASK_STANDS
                " ORDER BY id DESC LIMIT 1",
                stack);
    return firstOf(query);
  });
}

Result<std::map<std::string, MaskRecord, std::less<>>> latestPersonMasks(Database& database) {
  using Masks = std::map<std::string, MaskRecord, std::less<>>;
  return guarded(database, "read the masks", [&]() -> Result<Masks> {
    Masks masks;
    Query query(database, "SELECT " GADOLIN_MASK_COLUMNS
                          " FROM mask WHERE id IN (SELECT max(id) FROM mask "
                          "WHERE " GADOLIN_MASK_STANDS " GROUP BY stack)");
    while (query.next()) {
      MaskRecord mask = maskFromRow(query);
      std::string stack = mask.stack;
      masks.insert_or_assign(std::move(stack), std::move(mask));
    }
    return masks;
  });
}

Result<std::vector<MaskRecord>> masksOfStack(Database& database, std::string_view stack) {
  return guarded(database, "read the masks", [&]() -> Result<std::vector<MaskRecord>> {
    std::vector<MaskRecord> masks;
    Query query(database, "SELECT " GADOLIN_MASK_COLUMNS " FROM mask WHERE stack = ? ORDER BY id",
                stack);
    while (query.next()) masks.push_back(maskFromRow(query));
    return masks;
  });
}

Result<std::map<std::string, std::vector<std::string>, std::less<>>> maskBlobsOfStacks(
    Database& database) {
  using Blobs = std::map<std::string, std::vector<std::string>, std::less<>>;
  return guarded(database, "read the masks", [&]() -> Result<Blobs> {
    Blobs blobs;
    Query query(database, "SELECT stack, sha256 FROM mask ORDER BY id");
    while (query.next()) blobs[query.text(0)].push_back(query.text(1));
    return blobs;
  });
}

Result<std::vector<std::string>> maskBlobs(Database& database) {
  return guarded(database, "read the masks", [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    Query query(database, "SELECT DISTINCT sha256 FROM mask ORDER BY sha256");
    while (query.next()) names.push_back(query.text(0));
    return names;
  });
}

}  // namespace gadolin::db
