#include "ui/session/reference_mask.h"

#include <algorithm>
#include <chrono>

#include "core/base/files.h"
#include "core/base/id.h"
#include "core/imaging/stack_file.h"
#include "database/masks.h"
#include "ui/session/decode_client.h"
#include "ui/session/project.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// Removes the file at the end unless it has been moved away.
struct Scrap {
  fs::path path;
  ~Scrap() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
};

}  // namespace

Result<bool> importReferenceMask(Project& project, DecodeClient& reader, const std::string& stack,
                                 const fs::path& file, const std::string& author) {
  const ProjectPaths& paths = project.paths();
  GADOLIN_TRY(const Stack image, readStack(paths.stack(stack)));
  GADOLIN_CHECK(makePrivateFolder(paths.scratch()));
  const Scrap decoded{paths.scratch() / (newId("mask") + ".safetensors")};
  const auto outcome =
      reader.ask(LoadMaskRequest{file.string(), decoded.path.string(), LabelTable::Tissue},
                 std::chrono::minutes(2));
  if (const auto* error = std::get_if<Error>(&outcome.answer)) return error->within(file.string());
  const auto* answer = std::get_if<MaskAnswer>(&outcome.answer);
  if (answer == nullptr) {
    return Error{ErrorCode::Internal, "The reader gave another answer than was asked for."};
  }
  // A tenth of a millimetre and a hundredth of a degree: what headers round.
  if (!sameGrid(image.image.geometry, answer->geometry, 0.1, 2e-4)) {
    return Error{ErrorCode::InvalidInput,
                 file.string() + " does not lie on the voxels of stack " + stack +
                     ". Resample the mask to the stack and import it again."};
  }
  return project.writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_TRY(const auto known, db::masksOfStack(database, stack));
    const bool have = std::ranges::any_of(known, [&](const db::MaskRecord& mask) {
      return mask.source == db::MaskSource::Reference && mask.sha256 == answer->sha256;
    });
    if (have) return false;
    const fs::path blob = paths.mask(answer->sha256);
    std::error_code failed;
    if (!fs::exists(blob, failed)) {
      fs::rename(decoded.path, blob, failed);
      if (failed) return systemError(failed.value(), "write", blob.string());
      GADOLIN_CHECK(syncFolder(paths.masks()));
    }
    db::MaskRecord record;
    record.stack = stack;
    record.source = db::MaskSource::Reference;
    record.author = author;
    record.sha256 = answer->sha256;
    GADOLIN_CHECK(db::addMask(database, record));
    return true;
  });
}

}  // namespace gadolin::session
