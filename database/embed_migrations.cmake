# cmake -DFOLDER=... -DOUTPUT=... -P embed_migrations.cmake
# Writes the SQL files of FOLDER, in the order of their numbers, into one .cpp file.
file(GLOB files "${FOLDER}/[0-9][0-9][0-9][0-9]_*.sql")
list(SORT files)
set(entries "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  string(REGEX MATCH "^0*([0-9]+)_" matched "${name}")
  set(version ${CMAKE_MATCH_1})
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "Migration ${expected} is missing: found ${name}")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ "${file}" sql)
  string(APPEND entries "    {${version}, \"${name}\", R\"gadolin_sql(${sql})gadolin_sql\"},\n")
endforeach()
file(WRITE "${OUTPUT}.new" "// Generated from database/migrations by embed_migrations.cmake.
#include <array>

#include \"database/migration.h\"

namespace gadolin::db {

std::span<const Migration> migrations() {
  static constexpr auto steps = std::to_array<Migration>({
${entries}  });
  return steps;
}

}  // namespace gadolin::db
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
