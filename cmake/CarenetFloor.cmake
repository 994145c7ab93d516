# cn_add_floor(<name> SOURCES <file>... [USES <pkg-config module>...] [MIGRATIONS <folder>])
#
# One floor of the library: an OBJECT library carenet_<name> from the listed files of the current
# folder. GLib is always there. Files include "floor/header.h" relative to lib/ and
# <carenet/noun.h>. A floor without sources is skipped. MIGRATIONS embeds the folder's
# NNNN-name.sql files as cn_migrations (see lib/store/migrations.h).
#
# The floors and the modules that they use are collected in the global properties CARENET_OBJECTS
# and CARENET_MODULES, from which lib/CMakeLists.txt makes the libraries.
function(cn_add_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MIGRATIONS" "SOURCES;USES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cn_add_floor(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  cn_check_listed("*.c" ${arg_SOURCES})
  if(NOT arg_SOURCES)
    return()
  endif()

  set(target carenet_${name})
  add_library(${target} OBJECT ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/lib"
                                               "${PROJECT_SOURCE_DIR}/include")
  target_compile_definitions(
    ${target}
    PRIVATE CARENET_COMPILATION CARENET_VERSION="${PROJECT_VERSION}"
            CARENET_DEFAULT_DATA_DIR="${CMAKE_INSTALL_FULL_DATADIR}/carenet")
  target_link_libraries(${target} PRIVATE carenet_strict_flags carenet_speed_flags)
  cn_link_modules(${target} glib-2.0 ${arg_USES})

  if(arg_MIGRATIONS)
    cn_embed_migrations(${target} "${arg_MIGRATIONS}")
  endif()

  set_property(GLOBAL APPEND PROPERTY CARENET_OBJECTS ${target})
  set_property(GLOBAL APPEND PROPERTY CARENET_MODULES glib-2.0 ${arg_USES})
endfunction()

# Turns the SQL files of a folder into a C source of the build tree.
function(cn_embed_migrations target folder)
  file(GLOB scripts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.sql")
  list(SORT scripts)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/migrations.c")
  set(generator "${PROJECT_SOURCE_DIR}/cmake/embed-migrations.cmake")
  # The file names stand in the command, so a removed or renamed file regenerates as well.
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" -P "${generator}" -- ${scripts}
    DEPENDS ${scripts} "${generator}"
    COMMENT "Embedding the migrations of the store"
    VERBATIM)
  # A migration may be longer than the 4095 characters that C99 promises for a literal.
  set_source_files_properties("${output}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE "${output}")
endfunction()
