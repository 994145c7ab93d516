# What `cmake --install` lays down: the library, its headers, pkg-config and CMake files, the
# command and the data. Components: lib, dev, tool, data.
include(CMakePackageConfigHelpers)

if(NOT TARGET carenet)
  return()
endif()

install(
  TARGETS carenet
  EXPORT carenet-targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT lib NAMELINK_COMPONENT dev)
install(
  TARGETS carenet-static
  EXPORT carenet-static-targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/include/carenet"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT dev
  FILES_MATCHING
  PATTERN "*.h")
if(TARGET carenet-cli)
  install(TARGETS carenet-cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT tool)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
          COMPONENT tool FILES_MATCHING PATTERN "*.1")
endif()
if(EXISTS "${PROJECT_SOURCE_DIR}/data")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/data/" DESTINATION "${CMAKE_INSTALL_DATADIR}/carenet"
          COMPONENT data)
endif()

# pkg-config: the public headers need nothing; a static link needs what the floors use.
get_property(modules GLOBAL PROPERTY CARENET_MODULES)
list(REMOVE_DUPLICATES modules)
set(carenet_private_libs "-lm")
if(libcsv IN_LIST modules)
  list(REMOVE_ITEM modules libcsv)
  set(carenet_private_libs "-lcsv -lm")
endif()
foreach(library IN LISTS CMAKE_DL_LIBS)
  string(APPEND carenet_private_libs " -l${library}")
endforeach()
list(JOIN modules ", " carenet_private_modules)
foreach(dir LIBDIR INCLUDEDIR DATADIR)
  set(carenet_pc_${dir} "${CMAKE_INSTALL_${dir}}")
  if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
    set(carenet_pc_${dir} "\${prefix}/${CMAKE_INSTALL_${dir}}")
  endif()
endforeach()
# The prefix is known when it is installed: `cmake --install build --prefix DIR` may name another.
set(carenet_pc_prefix "@CMAKE_INSTALL_PREFIX@")
configure_file("${PROJECT_SOURCE_DIR}/cmake/carenet.pc.in" "${PROJECT_BINARY_DIR}/carenet.pc.in" @ONLY)
install(CODE "configure_file(\"${PROJECT_BINARY_DIR}/carenet.pc.in\" \"${PROJECT_BINARY_DIR}/carenet.pc\" @ONLY)"
        COMPONENT dev)
install(
  FILES "${PROJECT_BINARY_DIR}/carenet.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
  COMPONENT dev)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/carenet")
set(carenet_private_modules "${modules}")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/carenetConfig.cmake.in" "${PROJECT_BINARY_DIR}/carenetConfig.cmake"
  INSTALL_DESTINATION "${config_dir}" PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/carenetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/carenetConfig.cmake"
        "${PROJECT_BINARY_DIR}/carenetConfigVersion.cmake"
  DESTINATION "${config_dir}"
  COMPONENT dev)
foreach(set carenet-targets carenet-static-targets)
  install(
    EXPORT ${set}
    NAMESPACE carenet::
    DESTINATION "${config_dir}"
    COMPONENT dev)
endforeach()
