# cn_embed_texts(<target> <output> <header> <symbol>=<file>...)
#
# Turns text files into constants of a C source of the build tree: `const char <symbol>[]`, declared
# in <header> (relative to lib/).
function(cn_embed_texts target output header)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${output}")
  set(generator "${PROJECT_SOURCE_DIR}/cmake/embed-texts.cmake")
  set(files "")
  foreach(text IN LISTS ARGN)
    string(REGEX REPLACE "^[^=]*=" "" file "${text}")
    list(APPEND files "${file}")
  endforeach()
  add_custom_command(
    OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${source}" "-DHEADER=${header}" -P "${generator}" --
            ${ARGN}
    DEPENDS ${files} "${generator}"
    COMMENT "Embedding ${output}"
    VERBATIM)
  # A text may be longer than the 4095 characters that C99 promises for a literal.
  set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE "${source}")
endfunction()
