# Link scan: which shared libraries the programs load. Run by ctest:
#   cmake -DBIN_DIR=... -DPROGRAMS=gadolin,gadolinctl,gadolin-files,gadolin-worker -P CheckLinks.cmake
# PROGRAMS: those that this build makes; one of them that is not there is a fault.
cmake_minimum_required(VERSION 3.25)
set(gadolin_forbidden "libtorch|libc10|libQt5|libITK|libgdcm|libdcmnet")
set(gadolin-files_forbidden "libtorch|libc10|libQt5|libQt6Widgets|libvtk")
# It starts for every line of a script: what only some commands need is in gadolin-files.
set(gadolinctl_forbidden
    "${gadolin-files_forbidden}|libITK|libgdcm|libdcm|libQt6Gui|libX11|libGL")
# Qt 5, GDCM and SQLite reach the worker through Debian's OpenCV and GDAL behind LibTorch; what ours
# would bring is Qt 6, VTK, ITK and SQLiteCpp.
set(gadolin-worker_forbidden "libQt6|libvtk|libITK|libSQLiteCpp|libdcmnet")

string(REPLACE "," ";" programs "${PROGRAMS}")
list(LENGTH programs seen)
if(seen EQUAL 0)
  message(FATAL_ERROR "PROGRAMS names none.")
endif()
foreach(program IN LISTS programs)
  if(NOT EXISTS "${BIN_DIR}/${program}")
    message(FATAL_ERROR "${BIN_DIR}/${program} is not there.")
  endif()
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
message(STATUS "${seen} programs load only what they may.")
