# What the library stands on. Each dependency is found once, here, and named by its pkg-config
# module in cn_add_floor(... USES ...) and friends.

include(CheckCSourceCompiles)
find_package(PkgConfig REQUIRED)

option(CARENET_STATIC_DEPENDENCIES "Link archives of the dependencies where there are any" OFF)

# Of the system: linked dynamically even where everything else is not.
set(CARENET_SYSTEM_LIBRARIES c dl m pthread rt)

# cn_find_archives(<variable> <library>...): the libraries with archives in place of those that have
# one that may be part of a shared object, so that a Python module needs little of the machine that
# it is installed on. (Debian compiles the archives of some libraries for programs only.)
function(cn_find_archives variable)
  set(found "")
  foreach(library IN LISTS ARGN)
    set(chosen "${library}")
    if(NOT library IN_LIST CARENET_SYSTEM_LIBRARIES)
      string(MAKE_C_IDENTIFIER "${library}" name)
      find_library(CARENET_ARCHIVE_${name} NAMES "lib${library}.a" DOC "lib${library}, static")
      mark_as_advanced(CARENET_ARCHIVE_${name})
      set(archive "${CARENET_ARCHIVE_${name}}")
      set(CMAKE_REQUIRED_FLAGS -fPIC)
      set(CMAKE_REQUIRED_LINK_OPTIONS -shared "LINKER:--exclude-libs,ALL" "LINKER:--whole-archive"
                                      "${archive}" "LINKER:--no-whole-archive")
      if(archive)
        check_c_source_compiles("int nothing(void) { return 0; }" CARENET_ARCHIVE_FITS_${name})
      endif()
      if(archive AND CARENET_ARCHIVE_FITS_${name})
        set(chosen "${archive}")
      else()
        message(STATUS "lib${library} is linked dynamically: no archive for shared objects")
      endif()
    endif()
    list(APPEND found "${chosen}")
  endforeach()
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# cn_find_module(<pkg-config module> <minimum version>): defines the imported target
# PkgConfig::cn_<module> with every character that is not a letter or a digit turned to "_".
function(cn_find_module module minimum)
  string(MAKE_C_IDENTIFIER "cn_${module}" prefix)
  pkg_check_modules(${prefix} REQUIRED QUIET IMPORTED_TARGET GLOBAL "${module}>=${minimum}")
  message(STATUS "Found ${module} ${${prefix}_VERSION}")
  if(CARENET_STATIC_DEPENDENCIES)
    cn_find_archives(archives ${${prefix}_STATIC_LIBRARIES})
    set_target_properties(PkgConfig::${prefix} PROPERTIES INTERFACE_LINK_LIBRARIES "${archives}")
  endif()
endfunction()

# GLib 2.68 is the first with G_DEFINE_EXTENDED_ERROR; SQLite 3.37 the first with STRICT tables.
cn_find_module(glib-2.0 2.68)
cn_find_module(yaml-0.1 0.2.1)
cn_find_module(sqlite3 3.37)
cn_find_module(jansson 2.12)
cn_find_module(libsodium 1.0.16)
if(CARENET_BUILD_CLI)
  cn_find_module(smartcols 2.33)
endif()
if(CARENET_BUILD_TESTS)
  cn_find_module(cmocka 1.1.5)
endif()

# libcsv ships no pkg-config file.
find_path(CARENET_LIBCSV_INCLUDE_DIR NAMES csv.h DOC "Folder of csv.h (libcsv)")
find_library(CARENET_LIBCSV_LIBRARY NAMES csv DOC "libcsv")
mark_as_advanced(CARENET_LIBCSV_INCLUDE_DIR CARENET_LIBCSV_LIBRARY)
if(NOT CARENET_LIBCSV_INCLUDE_DIR OR NOT CARENET_LIBCSV_LIBRARY)
  message(FATAL_ERROR "libcsv not found (Debian: libcsv-dev)")
endif()
if(CARENET_STATIC_DEPENDENCIES)
  cn_find_archives(archives csv)
  if(EXISTS "${archives}")
    set(CARENET_LIBCSV_LIBRARY "${archives}")
  endif()
endif()
add_library(PkgConfig::cn_libcsv UNKNOWN IMPORTED GLOBAL)
set_target_properties(
  PkgConfig::cn_libcsv
  PROPERTIES IMPORTED_LOCATION "${CARENET_LIBCSV_LIBRARY}"
             INTERFACE_INCLUDE_DIRECTORIES "${CARENET_LIBCSV_INCLUDE_DIR}")

# cn_link_modules(<target> <module>...): links a target privately to found modules.
function(cn_link_modules target)
  foreach(module IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "cn_${module}" name)
    if(NOT TARGET PkgConfig::${name})
      message(FATAL_ERROR "${target}: module ${module} is not in cmake/CarenetDependencies.cmake")
    endif()
    target_link_libraries(${target} PRIVATE PkgConfig::${name})
  endforeach()
endfunction()
