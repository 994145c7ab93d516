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
  target_link_libraries(${name} PRIVATE carenet-static carenet_flags carenet_plain_link)
  cn_link_modules(${name} glib-2.0 cmocka ${arg_USES})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT ${arg_TIMEOUT}
                                          ENVIRONMENT "${CARENET_TEST_ENVIRONMENT}")
  set_property(DIRECTORY APPEND PROPERTY CARENET_TEST_SOURCES ${arg_SOURCES})
endfunction()

# cn_add_mutant(<name> <file below lib/> <text> <other text> [IN <source below lib/>...] SOURCES <file>...
#               FINDING <words> [ONLY <test of the program>] [USES <pkg-config module>...])
#
# The file with every <text> replaced, and a test linked with it, which must fail and say <words>. A text
# that is not there stops the configuration: the code has moved on, and so must the mutant. A header is a mutant
# IN the sources that include it.
function(cn_add_mutant name file text other)
  cmake_parse_arguments(PARSE_ARGV 4 arg "" "FINDING;ONLY" "IN;SOURCES;USES")
  set(original "${PROJECT_SOURCE_DIR}/lib/${file}")
  set(mutants "${CMAKE_CURRENT_BINARY_DIR}/mutants")
  set(mutant "${mutants}/${name}.c")
  if(arg_IN)
    set(mutant "${mutants}/${name}/${file}")
    # It was in another header when this folder was configured before.
    file(GLOB_RECURSE former "${mutants}/${name}/*.h")
    list(REMOVE_ITEM former "${mutant}")
    if(former)
      file(REMOVE ${former})
    endif()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${original}")
  # Semicolons of C are not lists; brackets would join list elements.
  file(READ "${original}" code)
  string(FIND "${code}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "Mutant ${name}: lib/${file} holds no \"${text}\"")
  endif()
  string(REPLACE "${text}" "${other}" code "${code}")
  file(CONFIGURE OUTPUT "${mutant}" CONTENT "${code}" @ONLY)

  # The mutant comes before the archive, which then has nothing left to give for that file.
  if(arg_IN)
    list(TRANSFORM arg_IN PREPEND "${PROJECT_SOURCE_DIR}/lib/")
    add_executable(mutant-${name} ${arg_SOURCES} ${arg_IN})
    target_include_directories(mutant-${name} BEFORE PRIVATE "${mutants}/${name}")
  else()
    add_executable(mutant-${name} ${arg_SOURCES} "${mutant}")
  endif()
  target_include_directories(mutant-${name} PRIVATE "${PROJECT_SOURCE_DIR}/lib")
  target_link_libraries(mutant-${name} PRIVATE carenet-static carenet_flags carenet_plain_link)
  cn_link_modules(mutant-${name} glib-2.0 cmocka ${arg_USES})
  add_test(NAME mutant-${name}
           COMMAND "${Python3_EXECUTABLE}" -B "${PROJECT_SOURCE_DIR}/tests/support/must-fail.py"
                   "${arg_FINDING}" "$<TARGET_FILE:mutant-${name}>")
  set(environment ${CARENET_TEST_ENVIRONMENT})
  if(arg_ONLY)
    list(APPEND environment "CARENET_TEST_ONLY=${arg_ONLY}")
  endif()
  set_tests_properties(mutant-${name} PROPERTIES LABELS unit TIMEOUT 600
                                                 ENVIRONMENT "${environment}")
endfunction()

# cn_check_tests_listed(<pattern>): stops at a test source that no cn_add_test() names.
function(cn_check_tests_listed pattern)
  get_property(listed DIRECTORY PROPERTY CARENET_TEST_SOURCES)
  cn_check_listed("${pattern}" ${listed})
endfunction()
