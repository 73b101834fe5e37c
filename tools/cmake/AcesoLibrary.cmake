# aceso_library(NAME ROOT <runtime|compiler> FOLDER <folder> [DEPENDS <library>...] [OUTSIDE <library>...]
#               [SOURCES <generated file>...] [EXCLUDE <pattern of paths>])
#
# One static library for one folder: every .cpp directly in it but those that EXCLUDE matches. The DEPENDS lists together are the layering of the
# project. OUTSIDE names libraries of others that an installed Aceso does not ask its users for (they are compiled in,
# or header-only and not seen through our public headers). A folder without a .cpp gives a header-only library.
#
# Libraries have to be declared lowest layer first; the pkg-config file relies on that order.

set_property(GLOBAL PROPERTY ACESO_LIBRARIES "")
set_property(GLOBAL PROPERTY ACESO_ARCHIVES_runtime "")
set_property(GLOBAL PROPERTY ACESO_ARCHIVES_compiler "")

function(aceso_library name)
  cmake_parse_arguments(PARSE_ARGV 1 lib "" "ROOT;FOLDER;EXCLUDE" "DEPENDS;OUTSIDE;SOURCES")
  if(lib_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "aceso_library(${name}): unknown arguments ${lib_UNPARSED_ARGUMENTS}")
  endif()

  if(lib_ROOT STREQUAL "runtime")
    set(include_root "${PROJECT_SOURCE_DIR}/runtime")
    set(public_root "${PROJECT_SOURCE_DIR}/runtime/include")
  elseif(lib_ROOT STREQUAL "compiler")
    set(include_root "${PROJECT_SOURCE_DIR}/compiler/source")
    set(public_root "${PROJECT_SOURCE_DIR}/compiler/include")
  else()
    message(FATAL_ERROR "aceso_library(${name}): ROOT is runtime or compiler, not '${lib_ROOT}'")
  endif()

  file(GLOB sources CONFIGURE_DEPENDS "${include_root}/${lib_FOLDER}/*.cpp")
  if(lib_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${lib_EXCLUDE}")
  endif()
  list(APPEND sources ${lib_SOURCES})
  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:aceso_warnings>)
    set_property(GLOBAL APPEND PROPERTY ACESO_ARCHIVES_${lib_ROOT} ${name})
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()

  target_include_directories(${name} ${scope}
    $<BUILD_INTERFACE:${include_root}> $<BUILD_INTERFACE:${public_root}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${name} ${scope} cxx_std_20)
  target_link_libraries(${name} ${scope} ${lib_DEPENDS})
  foreach(outside IN LISTS lib_OUTSIDE)
    target_link_libraries(${name} ${scope} $<BUILD_INTERFACE:${outside}>)
  endforeach()

  string(REGEX REPLACE "^aceso_" "" export_name ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${export_name})
  add_library(Aceso::${export_name} ALIAS ${name})
  set_property(GLOBAL APPEND PROPERTY ACESO_LIBRARIES ${name})
endfunction()
