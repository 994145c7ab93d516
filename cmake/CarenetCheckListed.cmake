# Sources are listed by name. The glob below only complains about forgotten ones.

# cn_check_listed(<pattern> <listed file>...): stops when a file of the current folder matches
# the pattern and is not in the list.
function(cn_check_listed pattern)
  file(
    GLOB present
    RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}"
    CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
  list(REMOVE_ITEM present ${ARGN})
  if(present)
    list(JOIN present ", " names)
    file(RELATIVE_PATH place "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt")
    message(FATAL_ERROR "Not listed in ${place}: ${names}")
  endif()
endfunction()
