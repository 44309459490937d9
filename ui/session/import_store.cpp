#include "ui/session/import_store.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "database/journal.h"
#include "database/masks.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view salt_key = "pseudonym_salt";

/// Files that are on their way to their places: moved at once, safe after sync(), back where they
/// came from when the object goes without done().
class Placing {
 public:
  ~Placing() {
    std::error_code ignored;
    for (const auto& [from, to] : moved_) fs::rename(to, from, ignored);
  }

  Result<void> place(const fs::path& from, const fs::path& to) {
    GADOLIN_CHECK(syncFile(from));
    std::error_code fault;
    fs::rename(from, to, fault);
    if (fault) return systemError(fault.value(), "write", to.string());
    moved_.emplace_back(from, to);
    folders_.insert(to.parent_path());
    return {};
  }

  [[nodiscard]] Result<void> sync() const {
    for (const auto& folder : folders_) GADOLIN_CHECK(syncFolder(folder));
    return {};
  }

  void done() { moved_.clear(); }

 private:
  std::vector<std::pair<fs::path, fs::path>> moved_;
  std::set<fs::path> folders_;
};

/// "<patient>-s<n>", n one more than the highest that the patient has.
Result<std::string> freeId(db::Database& database, const std::string& patient) {
  GADOLIN_TRY(const auto stacks, db::stacksOfPatient(database, patient, db::Which::All));
  const std::string prefix = patient + "-s";
  int highest = 0;
  for (const auto& stack : stacks) {
    int number = 0;
    if (stack.id.starts_with(prefix)) {
      std::from_chars(stack.id.data() + prefix.size(), stack.id.data() + stack.id.size(), number);
    }
    highest = std::max(highest, number);
  }
  return prefix + std::to_string(highest + 1);
}

Result<void> addNewStack(db::Database& database, const ProjectPaths& paths,
                         const DecodedStack& decoded, const std::string& id, Placing& placing) {
  db::StackRecord record;
  record.id = id;
  record.patient = decoded.patient;
  record.kind = decoded.stack.kind;
  record.size = decoded.stack.geometry.size;
  record.spacing_mm = decoded.stack.geometry.spacing_mm;
  record.apex_first = decoded.stack.apex_first;
  record.content_hash = decoded.stack.content_hash;
  record.description = decoded.description;
  record.notes = decoded.stack.notes;
  record.notes.insert(record.notes.end(), decoded.notes.begin(), decoded.notes.end());
  GADOLIN_CHECK(placing.place(decoded.stack_file, paths.stack(id)));
  return db::addStack(database, record);
}

Result<bool> addNewMask(db::Database& database, const ProjectPaths& paths,
                        const std::string& sha256, const fs::path& file, const std::string& stack,
                        const std::string& who, Placing& placing) {
  GADOLIN_TRY(const auto known, db::masksOfStack(database, stack));
  const fs::path blob = paths.mask(sha256);
  std::error_code ignored;
  if (!fs::exists(blob, ignored)) GADOLIN_CHECK(placing.place(file, blob));
  const bool have = std::ranges::any_of(known, [&](const db::MaskRecord& mask) {
    return mask.source == db::MaskSource::Reference && mask.sha256 == sha256;
  });
  if (have) return false;
  db::MaskRecord record;
  record.stack = stack;
  record.source = db::MaskSource::Reference;
  record.author = who;
  record.sha256 = sha256;
  GADOLIN_CHECK(db::addMask(database, record));
  return true;
}

/// Stacks with this content, whichever kind of content hash they have.
Result<std::vector<db::StackRecord>> knownStacks(db::Database& database, const StackAnswer& stack) {
  GADOLIN_TRY(auto known, db::stacksByContent(database, stack.content_hash));
  if (stack.former_hash.empty()) return known;
  GADOLIN_TRY(auto former, db::stacksByContent(database, stack.former_hash));
  std::ranges::move(former, std::back_inserter(known));
  return known;
}

Result<StoredStack> storeOne(db::Database& database, const ProjectPaths& paths,
                             const DecodedStack& decoded, const std::string& who,
                             Placing& placing) {
  StoredStack result;
  GADOLIN_TRY(const auto known, knownStacks(database, decoded.stack));
  if (!known.empty()) {
    const auto own = std::ranges::find(known, decoded.patient, &db::StackRecord::patient);
    const auto& record = own != known.end() ? *own : known.front();
    result.id = record.id;
    result.patient = record.patient;
    if (record.content_hash != decoded.stack.content_hash)
      GADOLIN_CHECK(db::setContentHash(database, record.id, decoded.stack.content_hash));
    std::error_code ignored;
    if (!fs::exists(paths.stack(result.id), ignored))  // lost since: put it back
      GADOLIN_CHECK(placing.place(decoded.stack_file, paths.stack(result.id)));
  } else {
    GADOLIN_TRY(result.id, freeId(database, decoded.patient));
    result.patient = decoded.patient;
    GADOLIN_CHECK(addNewStack(database, paths, decoded, result.id, placing));
    result.new_stack = true;
  }
  if (decoded.mask) {
    GADOLIN_TRY(result.new_mask, addNewMask(database, paths, decoded.mask->sha256, decoded.mask_file,
                                            result.id, who, placing));
  }
  GADOLIN_CHECK(addMarks(database, result.id, decoded.marks));
  return result;
}

}  // namespace

Result<std::vector<StoredStack>> storeStacks(Project& project,
                                             std::span<const DecodedStack> decoded,
                                             const std::string& who) {
  const ProjectPaths paths = project.paths();
  // The slow part, outside the transaction: nobody else's writing waits for the disk.
  for (const auto& one : decoded) {
    GADOLIN_TRY(const auto known, knownStacks(project.reader(), one.stack));
    if (known.empty()) GADOLIN_CHECK(syncFile(one.stack_file));
    if (one.mask) GADOLIN_CHECK(syncFile(one.mask_file));
  }
  Placing placing;
  auto stored = project.writeNow<std::vector<StoredStack>>(
      [&](db::Database& database) -> Result<std::vector<StoredStack>> {
        std::vector<StoredStack> results;
        for (const auto& one : decoded) {
          GADOLIN_TRY(auto result, storeOne(database, paths, one, who, placing));
          results.push_back(std::move(result));
        }
        GADOLIN_CHECK(placing.sync());  // before the rows: no row without its file
        return results;
      });
  if (stored) placing.done();
  return stored;
}

Result<bool> storeMask(Project& project, const std::string& stack, const std::string& sha256,
                       const fs::path& file, const std::string& who) {
  const ProjectPaths paths = project.paths();
  GADOLIN_CHECK(syncFile(file));
  Placing placing;
  auto fresh = project.writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_TRY(const bool added, addNewMask(database, paths, sha256, file, stack, who, placing));
    GADOLIN_CHECK(placing.sync());
    return added;
  });
  if (fresh) placing.done();
  return fresh;
}

Result<void> storeRefusals(Project& project, const std::vector<Refusal>& refusals,
                           const std::vector<PlacedFile>& files,
                           const std::vector<PlacedFile>& taken) {
  return project.writeNow<void>([&](db::Database& database) -> Result<void> {
    GADOLIN_TRY(const auto rows, db::refusals(database));
    std::map<std::string, const db::RefusalRecord*> known;
    for (const auto& row : rows) known[row.place] = &row;
    const auto forget = [&](const std::string& place) -> Result<void> {
      return known.contains(place) ? db::removeRefusal(database, place) : Result<void>();
    };
    for (std::size_t i = 0; i < refusals.size(); ++i) {
      const auto& refusal = refusals[i];
      if (files[i].shown != files[i].place) GADOLIN_CHECK(forget(files[i].shown));
      const auto row = known.find(files[i].place);
      if (row != known.end() && row->second->path == refusal.path &&
          row->second->reason == refusal.reason && row->second->code == refusal.code)
        continue;
      GADOLIN_CHECK(db::addRefusal(
          database, {refusal.path, refusal.reason, refusal.code, utcNow(), files[i].place}));
    }
    for (const auto& file : taken) {
      GADOLIN_CHECK(forget(file.shown));
      GADOLIN_CHECK(forget(file.place));
    }
    return {};
  });
}

Result<std::string> projectSalt(Project& project) {
  return project.writeNow<std::string>([](db::Database& database) -> Result<std::string> {
    GADOLIN_TRY(const auto known, db::setting(database, salt_key));
    if (known && !known->empty()) return *known;
    const std::string salt = newId("s") + newId("") + newId("");
    GADOLIN_CHECK(db::setSetting(database, salt_key, salt));
    return salt;
  });
}

Result<std::optional<std::string>> knownSalt(db::Database& database) {
  GADOLIN_TRY(auto salt, db::setting(database, salt_key));
  if (salt && salt->empty()) salt.reset();
  return salt;
}

std::string pseudonym(const std::string& salt, const std::string& identity) {
  return "P" + sha256Hex(salt + identity).substr(0, 8);
}

}  // namespace gadolin::session
