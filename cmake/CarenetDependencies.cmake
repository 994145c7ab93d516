# What the library stands on. Each dependency is found once, here, and named by its pkg-config
# module in cn_add_floor(... USES ...) and friends.

find_package(PkgConfig REQUIRED)

# cn_find_module(<pkg-config module> <minimum version>): defines the imported target
# PkgConfig::cn_<module> with every character that is not a letter or a digit turned to "_".
function(cn_find_module module minimum)
  string(MAKE_C_IDENTIFIER "cn_${module}" prefix)
  pkg_check_modules(${prefix} REQUIRED QUIET IMPORTED_TARGET GLOBAL "${module}>=${minimum}")
  message(STATUS "Found ${module} ${${prefix}_VERSION}")
endfunction()

# GLib 2.68 is the first with G_DEFINE_EXTENDED_ERROR; SQLite 3.37 the first with STRICT tables.
cn_find_module(glib-2.0 2.68)
cn_find_module(yaml-0.1 0.2.1)
cn_find_module(sqlite3 3.37)
cn_find_module(jansson 2.12)
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
