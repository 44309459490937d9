#pragma once
// Does anything in a project still name a patient? What `gadolinctl check` looks for.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"
#include "database/database.h"
#include "ui/session/identity_scrubber.h"
#include "ui/session/key_table.h"

namespace gadolin::session {

/// What looks like an identity in a text, in words: a DICOM name ("Doe^Jane"), a UID, a date of a day, an
/// address of e-mail. Nothing when there is none.
std::optional<std::string> looksLikeIdentity(std::string_view text);

struct Leftover {
  std::string where;  // table and column, or file
  std::string what;   // a sentence
};

/// Collects over the texts of a project; with `keys` it also looks for the names, numbers and birth dates of these
/// patients. Where identities are kept by wish, the names of patients and stacks are passed over.
class LeftoverSearch {
 public:
  /// Reads the settings and runs of the project. Blocks.
  static Result<LeftoverSearch> make(db::Database& database, const KeyTable& keys);

  /// Every text of the database. Blocks.
  Result<void> addDatabase(db::Database& database);
  /// What a stack's file says beside its voxels.
  void addStack(const Stack& stack);

  /// One for each place and kind, with a count.
  [[nodiscard]] std::vector<Leftover> result() const;

 private:
  void look(const std::string& where, const std::string& text);

  IdentityScrubber known_;
  std::vector<std::string> runs_;  // their names hold the date of the run
  bool kept_ = false;
  std::map<std::pair<std::string, std::string>, int> found_;
};

/// Whether an import was told to keep identities. Blocks.
Result<bool> keepsIdentities(db::Database& database);
inline constexpr std::string_view identities_kept_key = "identities_kept";

}  // namespace gadolin::session
