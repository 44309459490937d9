#pragma once
// How decoded stacks, with their masks, enter the project: files first, then one transaction.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "ui/session/image_marks.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// A stack file and perhaps a mask file in the project's scratch folder.
struct DecodedStack {
  std::string patient;
  std::string description;
  StackAnswer stack;
  std::filesystem::path stack_file;
  std::optional<MaskAnswer> mask;  // fits the stack
  std::filesystem::path mask_file;
  std::vector<std::string> notes;  // of the mask, for the stack's row
  ImageMarks marks;                // of DICOM images, so that a segmentation finds them
};

struct StoredStack {
  std::string id;
  std::string patient;  // whose it is in the project
  bool new_stack = false;
  bool new_mask = false;
};

/// Adds what is new, all in one transaction: several wait for the disk hardly longer than one. A
/// stack with this content, of whatever patient, is known and keeps its id; a reference mask with
/// this content is known too; another one becomes a further revision. The answers are in the order
/// of the stacks. After a fault nothing of them is in and their files are where they were. Blocks.
Result<std::vector<StoredStack>> storeStacks(Project& project,
                                             std::span<const DecodedStack> decoded,
                                             const std::string& who);

/// A reference mask for a stack of the project; false when the stack has it already. The blob is moved
/// from `file`. Blocks.
Result<bool> storeMask(Project& project, const std::string& stack, const std::string& sha256,
                       const std::filesystem::path& file, const std::string& who);

/// A file of an import: its path for a person, without identities, and by what it is known
/// (db::RefusalRecord::place). Projects from before places know it by the path.
struct PlacedFile {
  std::string shown;
  std::string place;
};

/// Notes refusals that the project does not have yet and forgets those of files that are in now.
/// `files`: of the refusals, one for each in their order. Writes nothing when nothing changes. Errors
/// of the database. Blocks.
Result<void> storeRefusals(Project& project, const std::vector<Refusal>& refusals,
                           const std::vector<PlacedFile>& files,
                           const std::vector<PlacedFile>& taken);

/// "P" and eight hexadecimal digits of SHA-256(salt + identity). The salt is made at first use.
Result<std::string> projectSalt(Project& project);
/// The salt that is there; nothing where no pseudonym was made yet.
Result<std::optional<std::string>> knownSalt(db::Database& database);
std::string pseudonym(const std::string& salt, const std::string& identity);

}  // namespace gadolin::session
