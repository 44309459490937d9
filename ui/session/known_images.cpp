#include "ui/session/known_images.h"

namespace gadolin::session {

Result<KnownImages> KnownImages::read(db::Database& database) {
  KnownImages known;
  GADOLIN_TRY(const auto marks, allMarks(database));
  for (const auto& [stack, of_stack] : marks)
    for (const auto& image : of_stack.images) known.stacks_.emplace(image, stack);
  return known;
}

KnownImages::Overlap KnownImages::overlapOf(const ImageMarks& marks,
                                            const std::string& stack) const {
  std::map<std::string, int> shared;
  for (const auto& image : marks.images) {
    const auto [begin, end] = stacks_.equal_range(image);
    for (auto one = begin; one != end; ++one)
      if (one->second != stack) ++shared[one->second];
  }
  Overlap most;
  for (const auto& [other, count] : shared)
    if (count > most.shared) most = {other, count};
  return most;
}

}  // namespace gadolin::session
