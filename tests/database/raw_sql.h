#pragma once
// For tests that do what no code of ours may do: any SQL on a file.

#include <filesystem>

namespace gadolin::db::test {

/// True when SQLite ran it all.
bool execute(const std::filesystem::path& file, const char* sql);

}  // namespace gadolin::db::test
