# Compiler and linker flags of the house, as interface targets:
#   carenet_flags         warnings, hardening, sanitizers: everything that is compiled here
#   carenet_strict_flags  the warnings that tests are spared
#   carenet_speed_flags   how the library is optimised, or instrumented
#   carenet_speed_link    linked from the library's objects, as quick as the shared library
#   carenet_plain_link    linked from the library's objects, quickly: tests

include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)

set(CMAKE_REQUIRED_QUIET TRUE)

add_library(carenet_flags INTERFACE)
add_library(carenet_strict_flags INTERFACE)
add_library(carenet_speed_flags INTERFACE)
add_library(carenet_speed_link INTERFACE)
add_library(carenet_plain_link INTERFACE)
target_link_libraries(carenet_strict_flags INTERFACE carenet_flags)

function(cn_try_compile_flags target)
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "CARENET_HAS${flag}" variable)
    # GCC accepts an unknown -Wno-x silently, so ask for the positive form.
    string(REGEX REPLACE "^-Wno-" "-W" question "${flag}")
    check_c_compiler_flag("${question}" ${variable})
    if(${variable})
      target_compile_options(${target} INTERFACE "${flag}")
    endif()
  endforeach()
endfunction()

function(cn_try_link_flags target)
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "CARENET_HAS_LINK${flag}" variable)
    check_linker_flag(C "${flag}" ${variable})
    if(${variable})
      target_link_options(${target} INTERFACE "${flag}")
    endif()
  endforeach()
endfunction()

cn_try_compile_flags(
  carenet_flags
  -Wall
  -Wextra
  -Wpedantic
  -Wshadow
  -Wstrict-prototypes
  -Wold-style-definition
  -Wmissing-prototypes
  -Wmissing-declarations
  -Wpointer-arith
  -Wwrite-strings
  -Wundef
  -Wvla
  -Wformat=2
  -Wformat-signedness
  -Wduplicated-cond
  -Wlogical-op
  -Wimplicit-fallthrough
  -Wdate-time
  -Werror=format-security
  -Werror=implicit-function-declaration
  -Werror=incompatible-pointer-types
  -Werror=int-conversion)
# Clang asks where GCC knows what is meant: {NULL} is a record of zeros, and a g_autoptr that nobody
# reads is there to be freed.
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
  cn_try_compile_flags(carenet_flags -Wno-missing-field-initializers -Wno-unused-variable)
endif()
cn_try_compile_flags(carenet_strict_flags -Wconversion -Wduplicated-branches)
if(CARENET_WERROR)
  target_compile_options(carenet_flags INTERFACE -Werror)
endif()

# No path of the build machine in messages and binaries.
cn_try_compile_flags(carenet_flags "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

# A product and a sum are rounded one after the other everywhere: answers are the same on every processor.
cn_try_compile_flags(carenet_flags -ffp-contract=off)

# Hardening (OpenSSF compiler guide).
cn_try_compile_flags(carenet_flags -fstack-protector-strong -fstack-clash-protection
                     -fcf-protection -fno-common)
cn_try_link_flags(carenet_flags "LINKER:-z,relro" "LINKER:-z,now" "LINKER:-z,noexecstack"
                  "LINKER:--as-needed")

if(CARENET_SANITIZE)
  target_compile_options(
    carenet_flags INTERFACE "-fsanitize=${CARENET_SANITIZE}" -fno-sanitize-recover=all
                            -fno-omit-frame-pointer)
  target_link_options(carenet_flags INTERFACE "-fsanitize=${CARENET_SANITIZE}")
else()
  # A module for an interpreter takes the interpreter's functions from the process that loads it; it
  # says so by its property CARENET_IS_PLUGIN.
  check_linker_flag(C "LINKER:-z,defs" CARENET_HAS_LINK_z_defs)
  if(CARENET_HAS_LINK_z_defs)
    target_link_options(
      carenet_flags INTERFACE
      "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:CARENET_IS_PLUGIN>>>:LINKER:-z,defs>")
  endif()
  # Fortification needs an optimiser; level 3 needs GCC 12 or Clang 9 and glibc 2.34.
  set(CMAKE_REQUIRED_FLAGS "-O2 -Werror")
  foreach(level IN ITEMS 3 2)
    set(CMAKE_REQUIRED_DEFINITIONS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level})
    check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }"
                            CARENET_HAS_FORTIFY_${level})
    if(CARENET_HAS_FORTIFY_${level})
      target_compile_options(
        carenet_flags
        INTERFACE
          "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${level}>")
      break()
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_FLAGS)
  unset(CMAKE_REQUIRED_DEFINITIONS)
endif()

# The way of a question leads through short functions of many files, so the library is optimised as a
# whole (at 100,000 offerings `route` took about a fifth less than with -O2 file by file, `find`
# a tenth). Objects are fat: whoever links the static archive needs neither this option nor the same
# compiler.
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo)$" AND NOT CARENET_SANITIZE
   AND NOT CARENET_COVERAGE)
  cn_try_compile_flags(carenet_speed_flags -O3)
  if(CARENET_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    cn_try_compile_flags(carenet_speed_flags -flto=auto -ffat-lto-objects)
    cn_try_link_flags(carenet_speed_link -flto=auto)
    cn_try_link_flags(carenet_plain_link -fno-lto)
  endif()
endif()

# Only the library is instrumented, since it alone is counted. Counters are not atomic: those that threads of the solver
# share made its tests several times as long.
if(CARENET_COVERAGE)
  target_compile_options(carenet_speed_flags INTERFACE --coverage)
  target_link_options(carenet_flags INTERFACE --coverage)
  cn_try_compile_flags(carenet_speed_flags -fprofile-update=single -fprofile-abs-path)
endif()

# GLib: nothing newer than the oldest version we accept, nothing deprecated by then.
target_compile_definitions(
  carenet_flags INTERFACE G_LOG_DOMAIN="carenet" GLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_68
                          GLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_68)
