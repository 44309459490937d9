#pragma once
// Which stacks of the project hold which DICOM images: to notice that a new one replaces an old
// one.

#include <map>
#include <set>
#include <string>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/image_marks.h"

namespace gadolin::session {

class KnownImages {
 public:
  /// As the project is now. Blocks.
  static Result<KnownImages> read(db::Database& database);

  struct Overlap {
    std::string stack;  // the one that shares most
    int shared = 0;     // images
  };
  /// `shared` is 0 where no other stack has any of them.
  [[nodiscard]] Overlap overlapOf(const ImageMarks& marks, const std::string& stack) const;

 private:
  std::multimap<std::string, std::string> stacks_;  // by the mark of an image
};

}  // namespace gadolin::session
