# The surroundings of every test that runs our code.
set(CARENET_TEST_ENVIRONMENT
    "G_DEBUG=fatal-criticals"
    "G_SLICE=always-malloc"
    "CARENET_TEST_DATA=${PROJECT_SOURCE_DIR}/data"
    "CARENET_TEST_SRC=${PROJECT_SOURCE_DIR}/tests"
    "CARENET_TEST_CLI=${PROJECT_BINARY_DIR}/bin/carenet"
    "ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1"
    "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1"
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/thread.supp")

# cn_add_test(<name> SOURCES <file>... [USES <pkg-config module>...] [TIMEOUT <seconds>])
#
# One cmocka executable, called and registered as <name>, linked to the static archive so that
# internals and private headers are within reach.
function(cn_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;USES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "cn_add_test(${name}): give SOURCES, USES and TIMEOUT only")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()

  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}"
                                             "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(${name} PRIVATE carenet-static carenet_flags)
  cn_link_modules(${name} glib-2.0 cmocka ${arg_USES})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT ${arg_TIMEOUT}
                                          ENVIRONMENT "${CARENET_TEST_ENVIRONMENT}")
  set_property(DIRECTORY APPEND PROPERTY CARENET_TEST_SOURCES ${arg_SOURCES})
endfunction()

# cn_check_tests_listed(<pattern>): stops at a test source that no cn_add_test() names.
function(cn_check_tests_listed pattern)
  get_property(listed DIRECTORY PROPERTY CARENET_TEST_SOURCES)
  cn_check_listed("${pattern}" ${listed})
endfunction()
