#include "app/files/dicom_originals.h"

#include <algorithm>

#include "ui/session/image_marks.h"
#include "ui/session/import_store.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;

Result<DicomOriginals> DicomOriginals::find(session::Project& project, const fs::path& folder) {
  std::error_code code;
  if (!fs::is_directory(folder, code))
    return Error{ErrorCode::NotFound, folder.string() + " is no folder with images."};
  GADOLIN_TRY(const auto salt, session::knownSalt(project.reader()));
  GADOLIN_TRY(const auto marks, session::allMarks(project.reader()));
  if (!salt || marks.empty())
    return Error{ErrorCode::InvalidInput,
                 "No stack of the project came from DICOM, so that there are no images to find "
                 "again. Leave out --images: then they are written beside the masks."};
  std::multimap<std::string, std::string> stacks_of;  // by mark
  for (const auto& [stack, of_stack] : marks)
    for (const std::string& image : of_stack.images) stacks_of.emplace(image, stack);
  DicomOriginals found;
  auto at =
      fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, code);
  for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    GADOLIN_TRY(const auto image, io::readSourceImage(at->path()));
    if (!image) continue;
    const auto [first, last] = stacks_of.equal_range(session::markOf(*salt, image->sop_uid));
    for (auto stack = first; stack != last; ++stack)
      found.by_stack_[stack->second].push_back(*image);
  }
  if (code) return systemError(code.value(), "look through", folder.string());
  return found;
}

std::vector<io::SourceImage> DicomOriginals::of(const std::string& stack,
                                                const Stack& voxels) const {
  constexpr double same_place_mm = 0.01;
  const auto found = by_stack_.find(stack);
  if (found == by_stack_.end()) return {};
  std::vector<io::SourceImage> images;
  for (const SliceInfo& slice : voxels.slices) {
    const auto image = std::ranges::find_if(found->second, [&](const io::SourceImage& one) {
      return one.frames == 1 && one.position_mm &&
             norm(*one.position_mm - slice.origin_mm) < same_place_mm;
    });
    if (image == found->second.end() || image->frame_of_reference_uid.empty()) return {};
    if (!images.empty() && (image->study_uid != images.front().study_uid ||
                            image->frame_of_reference_uid != images.front().frame_of_reference_uid))
      return {};
    images.push_back(*image);
  }
  return images;
}

}  // namespace gadolin::ctl
