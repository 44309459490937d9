# Link scan: which shared libraries the three programs load. Run by ctest:
#   cmake -DBIN_DIR=... -P CheckLinks.cmake
cmake_minimum_required(VERSION 3.25)
set(gadolin_forbidden "libtorch|libc10|libQt5|libITK|libgdcm")
set(gadolinctl_forbidden "libtorch|libc10|libQt5|libQt6Widgets|libvtk")
# Qt 5, GDCM and SQLite reach the worker through Debian's OpenCV and GDAL behind LibTorch; what ours
# would bring is Qt 6, VTK, ITK and SQLiteCpp.
set(gadolin-worker_forbidden "libQt6|libvtk|libITK|libSQLiteCpp")

set(seen 0)
foreach(program gadolin gadolinctl gadolin-worker)
  if(NOT EXISTS "${BIN_DIR}/${program}")
    continue()
  endif()
  math(EXPR seen "${seen} + 1")
  execute_process(COMMAND ldd "${BIN_DIR}/${program}" OUTPUT_VARIABLE libraries
                  RESULT_VARIABLE status ERROR_VARIABLE why)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "ldd ${program}: ${why}")
  endif()
  string(REGEX MATCHALL "[^\n]*(${${program}_forbidden})[^\n]*" found "${libraries}")
  if(found)
    list(JOIN found "\n" text)
    message(FATAL_ERROR "${program} loads what its folder never holds:\n${text}")
  endif()
endforeach()
if(seen EQUAL 0)
  message(FATAL_ERROR "No program found in ${BIN_DIR}.")
endif()
message(STATUS "${seen} programs load only what they may.")
