# Compiler, warnings, sanitizers, ccache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug, RelWithDebInfo or MinSizeRel" FORCE)
endif()

# Indexing past the end of a vector stops a debug build; the layout of the containers stays the same.
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

# Our own code only: generated code and the code of others stay out of it.
add_library(aceso_warnings INTERFACE)
target_compile_options(aceso_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion)
# GCC 12 sees overlaps in std::string's own code where a literal is added to a string (GCC bug 105651).
target_compile_options(aceso_warnings INTERFACE "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>")

if(ACESO_WERROR)
  target_compile_options(aceso_warnings INTERFACE -Werror)
endif()

if(ACESO_SANITIZE)
  add_compile_options(-fsanitize=${ACESO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ACESO_SANITIZE})
endif()

if(ACESO_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "The fuzzers need clang++ (libFuzzer comes with it): use `cmake --preset fuzz`.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(ACESO_CCACHE_SUMMARY "not used")
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set(ACESO_CCACHE_SUMMARY "launcher ${CMAKE_CXX_COMPILER_LAUNCHER} was given")
elseif(ACESO_CCACHE)
  find_program(ACESO_CCACHE_PROGRAM ccache)
  mark_as_advanced(ACESO_CCACHE_PROGRAM)
  if(ACESO_CCACHE_PROGRAM)
    # Without this, ccache keeps away from every file that uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${ACESO_CCACHE_PROGRAM}")
    set(ACESO_CCACHE_SUMMARY "${ACESO_CCACHE_PROGRAM}")
  endif()
endif()

# -O2: what is hot is vectorised by hand, -O3 builds slower, and GCC 12 gives false alarms there.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "Flags of a release build" FORCE)
