#pragma once
// By what a segmentation finds the images that it was made on: their UIDs, of which the project
// keeps hashes with its secret salt alone.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::session {

struct ImageMarks {
  std::string space;  // of the FrameOfReferenceUID
  std::vector<std::string> series, images;
  [[nodiscard]] bool empty() const { return space.empty() && series.empty() && images.empty(); }
  bool operator==(const ImageMarks&) const = default;
};

/// 16 hexadecimal digits of SHA-256(salt + uid); empty for an empty UID.
std::string markOf(const std::string& salt, const std::string& uid);

/// Keeps the marks of a stack beside those that it has: the same images may come again under other
/// UIDs. Writes nothing when all are known.
Result<void> addMarks(db::Database& database, std::string_view stack, const ImageMarks& marks);
/// Of every stack that has some, by stack id.
Result<std::map<std::string, ImageMarks>> allMarks(db::Database& database);

}  // namespace gadolin::session
