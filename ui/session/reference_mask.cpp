#include "ui/session/reference_mask.h"

#include <algorithm>
#include <chrono>

#include "core/base/files.h"
#include "core/base/id.h"
#include "core/imaging/regrid.h"
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
  // DICOM sorts slices its own way; the file may hold them in another order.
  GADOLIN_TRY(const Mask read, readMask(decoded.path));
  const auto mask = onGrid(read, image.image.geometry);
  if (!mask) return mask.error().within(file.string());
  const std::string hash = contentHash(*mask);
  const fs::path blob = paths.mask(hash);
  return project.writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_TRY(const auto known, db::masksOfStack(database, stack));
    const bool have = std::ranges::any_of(known, [&](const db::MaskRecord& one) {
      return one.source == db::MaskSource::Reference && one.sha256 == hash;
    });
    if (have) return false;
    std::error_code ignored;
    if (!fs::exists(blob, ignored)) GADOLIN_CHECK(writeMask(blob, *mask));
    db::MaskRecord record;
    record.stack = stack;
    record.source = db::MaskSource::Reference;
    record.author = author;
    record.sha256 = hash;
    GADOLIN_CHECK(db::addMask(database, record));
    return true;
  });
}

}  // namespace gadolin::session
