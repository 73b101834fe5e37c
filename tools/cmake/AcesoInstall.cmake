# What `cmake --install` puts where: the program, public headers, libraries, the standard library and the guidelines,
# a CMake package (Aceso::runtime, Aceso::compiler) and two pkg-config files (aceso, aceso-runtime).

include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY ACESO_LIBRARIES)
install(TARGETS ${libraries} aceso_runtime_shared aceso_runtime_static EXPORT AcesoTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(TARGET aceso)
  install(TARGETS aceso RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(TARGETS aceso_batch_shared LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}") # libaceso_runtime.so opens it
if(TARGET aceso_jit_shared)
  install(TARGETS aceso_jit_shared LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT native)
endif()
install(DIRECTORY compiler/include/ runtime/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(DIRECTORY stdlib DESTINATION "${CMAKE_INSTALL_DATADIR}/aceso" FILES_MATCHING PATTERN "*.aceso")
install(DIRECTORY guidelines DESTINATION "${CMAKE_INSTALL_DATADIR}/aceso" PATTERN ".gitkeep" EXCLUDE)
install(FILES LICENSE README.md CONTRIBUTING.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs examples DESTINATION "${CMAKE_INSTALL_DOCDIR}" PATTERN ".gitkeep" EXCLUDE)
install(FILES tests/bench/peers/results.md DESTINATION "${CMAKE_INSTALL_DOCDIR}/tests/bench/peers")
# What the documents refer to stands where it stands in the sources. A test follows every link of an installed copy.
foreach(link "guidelines:${CMAKE_INSTALL_DATADIR}/aceso/guidelines" "runtime/include:${CMAKE_INSTALL_INCLUDEDIR}")
  string(REPLACE ":" ";" link "${link}")
  list(GET link 0 name)
  list(GET link 1 target)
  cmake_path(GET name PARENT_PATH folder)
  file(RELATIVE_PATH target "/${CMAKE_INSTALL_DOCDIR}/${folder}" "/${target}")
  install(CODE "
    set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}\")
    file(MAKE_DIRECTORY \"\${folder}/${folder}\")
    file(CREATE_LINK \"${target}\" \"\${folder}/${name}\" SYMBOLIC)")
endforeach()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Aceso")
install(EXPORT AcesoTargets NAMESPACE Aceso:: DESTINATION "${package_folder}")
configure_package_config_file(tools/cmake/AcesoConfig.cmake.in "${PROJECT_BINARY_DIR}/AcesoConfig.cmake"
  INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/AcesoConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/AcesoConfig.cmake" "${PROJECT_BINARY_DIR}/AcesoConfigVersion.cmake"
  DESTINATION "${package_folder}")

# A linker reads archives from left to right, so the highest layer comes first.
function(aceso_link_flags out)
  set(flags "")
  foreach(root IN LISTS ARGN)
    get_property(archives GLOBAL PROPERTY ACESO_ARCHIVES_${root})
    list(REVERSE archives)
    list(TRANSFORM archives PREPEND "-l")
    list(APPEND flags ${archives})
  endforeach()
  list(JOIN flags " " flags)
  set(${out} "${flags}" PARENT_SCOPE)
endfunction()

# aceso_pkg_config(NAME DESCRIPTION LIBS LIBS_PRIVATE REQUIRES REQUIRES_PRIVATE)
function(aceso_pkg_config name description flags private_flags requires private_requires)
  set(ACESO_PC_NAME "${name}")
  set(ACESO_PC_DESCRIPTION "${description}")
  set(ACESO_PC_FLAGS "${flags}")
  set(ACESO_PC_PRIVATE_FLAGS "${private_flags}")
  set(ACESO_PC_REQUIRES "${requires}")
  set(ACESO_PC_PRIVATE_REQUIRES "${private_requires}")
  # The prefix is found from where the file lies, so that an installed tree can be moved.
  file(RELATIVE_PATH ACESO_PC_UP "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" ACESO_PC_UP "${ACESO_PC_UP}")
  configure_file(tools/cmake/aceso.pc.in "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

aceso_link_flags(compiler_flags compiler runtime)
aceso_pkg_config(aceso "${PROJECT_DESCRIPTION}" "${compiler_flags} -lantlr4-runtime" "" fmt "")
# The shared library needs nothing else to be named; `pkg-config --static` adds what the archive needs.
aceso_pkg_config(aceso-runtime "Runs guidelines that Aceso compiled" "-laceso_runtime" "-lstdc++ -lm" "" fmt)
