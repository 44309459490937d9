# Functions that every target of the tree is made with: warnings, sanitizers, precompiled headers
# and the check that a target links only what the table in Rooms.cmake allows.

find_program(GADOLIN_MOLD mold)
if(GADOLIN_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(GADOLIN_CCACHE ccache)
if(GADOLIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
                                  ${GADOLIN_CCACHE})
endif()

set(GADOLIN_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
    -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wmissing-declarations -Wdouble-promotion)

function(gadolin_settings target)
  target_compile_options(${target} PRIVATE ${GADOLIN_WARNINGS})
  if(CMAKE_UNITY_BUILD)
    # GCC takes a .cpp that another one includes for a header.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  if(GADOLIN_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(GADOLIN_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${GADOLIN_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${GADOLIN_SANITIZE})
  endif()
  target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
endfunction()

# Strict Qt: no keywords (Torch and Qt disagree about `slots`), no silent text conversions.
function(gadolin_qt_settings target)
  set_target_properties(${target} PROPERTIES AUTOMOC ON)
  target_compile_definitions(
    ${target} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
                      QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH
                      QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060400)
endfunction()

# gadolin_library(NAME ROOMS room... SOURCES file... [USES target...] [PUBLIC lib...] [PRIVATE lib...] [QT])
#   ROOMS   the folders whose files the library holds
#   USES    libraries of ours; configuring fails when Rooms.cmake allows no arrow to one of them
function(gadolin_library name)
  cmake_parse_arguments(L "QT" "" "ROOMS;SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${L_SOURCES})
  gadolin_settings(${name})
  if(L_QT)
    gadolin_qt_settings(${name})
  endif()
  set_property(TARGET ${name} PROPERTY GADOLIN_ROOMS "${L_ROOMS}")
  gadolin_check_edges(${name} "${L_ROOMS}" "${L_USES}")
  target_link_libraries(${name} PUBLIC ${L_USES} ${L_PUBLIC} PRIVATE ${L_PRIVATE})
endfunction()

# gadolin_program(NAME ROOM room SOURCES file... USES target... [PRIVATE lib...] [QT])
function(gadolin_program name)
  cmake_parse_arguments(P "QT" "ROOM" "SOURCES;USES;PRIVATE" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  gadolin_settings(${name})
  if(P_QT)
    gadolin_qt_settings(${name})
  endif()
  gadolin_check_edges(${name} "${P_ROOM}" "${P_USES}")
  target_compile_definitions(${name} PRIVATE GADOLIN_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE ${P_USES} ${P_PRIVATE})
endfunction()

# An edge is allowed when at least one room of the used library may be seen from one of ours.
function(gadolin_check_edges name rooms uses)
  foreach(used IN LISTS uses)
    get_property(used_rooms TARGET ${used} PROPERTY GADOLIN_ROOMS)
    set(allowed FALSE)
    foreach(room IN LISTS rooms)
      if(NOT room IN_LIST GADOLIN_ROOMS)
        message(FATAL_ERROR "${name}: '${room}' is not a room of Rooms.cmake")
      endif()
      foreach(target_room IN LISTS used_rooms)
        if(target_room STREQUAL room OR target_room IN_LIST ROOM_${room})
          set(allowed TRUE)
        endif()
      endforeach()
    endforeach()
    if(NOT allowed)
      message(FATAL_ERROR "${name} (${rooms}) may not use ${used} (${used_rooms}): see Rooms.cmake")
    endif()
  endforeach()
endfunction()

# gadolin_test(NAME SOURCES file... USES target... [PRIVATE lib...] [LABEL label] [DISPLAY] [QT] [TIMEOUT s])
#   One GoogleTest program, one ctest entry. DISPLAY: needs an X display; the suite runs under Xvfb.
function(gadolin_test name)
  cmake_parse_arguments(T "QT;DISPLAY" "LABEL;TIMEOUT" "SOURCES;USES;PRIVATE" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  gadolin_settings(${name})
  set(main GTest::gtest_main)
  if(T_QT)
    gadolin_qt_settings(${name})
    set(main GTest::gtest) # Qt tests bring their own main with the right application object
  endif()
  target_link_libraries(${name} PRIVATE ${T_USES} ${T_PRIVATE} GTest::gmock ${main})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  target_compile_definitions(${name} PRIVATE GADOLIN_BIN_DIR="${PROJECT_BINARY_DIR}/bin"
                                             GADOLIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  if(NOT T_LABEL)
    set(T_LABEL unit)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(
    ${name}
    PROPERTIES
      LABELS ${T_LABEL}
      TIMEOUT ${T_TIMEOUT}
      ENVIRONMENT
      "QT_QPA_PLATFORM=$<IF:$<BOOL:${T_DISPLAY}>,xcb,offscreen>;LIBGL_ALWAYS_SOFTWARE=1;OMP_NUM_THREADS=2"
  )
endfunction()
