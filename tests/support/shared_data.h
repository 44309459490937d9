#pragma once
// Real data that is not part of the tree: $GADOLIN_SHARED, or ../shared/data beside the sources.

#include <cstdlib>
#include <filesystem>

namespace gadolin::test {

/// Empty when that data is not there; the test skips then.
inline std::filesystem::path sharedData(const std::filesystem::path& below) {
  const char* named = std::getenv("GADOLIN_SHARED");
  std::error_code ignored;
  for (const auto& base : {std::filesystem::path(named ? named : ""),
                           std::filesystem::path(GADOLIN_SOURCE_DIR) / ".." / "shared" / "data"}) {
    if (!base.empty() && std::filesystem::exists(base / below, ignored)) return base / below;
  }
  return {};
}

}  // namespace gadolin::test
