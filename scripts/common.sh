# Sourced by the scripts of this folder: where the tree is, and the steps that they share.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# say TEXT: one line about what goes on, on stderr.
say() {
    printf '%s\n' "$*" >&2
}

# quietly LOG COMMAND...: runs a command, shows what it printed only when it failed.
quietly() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
}

# build_preset PRESET [CMAKE-ARGUMENT...]: configures and builds one preset; two runs at once wait for
# each other.
build_preset() {
    local preset=$1 folder=build
    shift
    [ "$preset" = release ] || folder=build-$preset
    mkdir -p "$folder"
    (
        if command -v flock >/dev/null; then
            flock 9
        fi
        quietly "$folder/configure.log" cmake --preset "$preset" "$@" &&
            cmake --build --preset "$preset" >&2
    ) 9>"$folder/.lock"
}

# begin_coverage: before the tests of the coverage preset run. Tests run programs where no file may grow: what
# the instrumentation cannot write then is told in a file, not among the outputs that are compared.
begin_coverage() {
    export GCOV_ERROR_FILE=$root/build-coverage/gcov-errors.txt
    find build-coverage -name '*.gcda' -delete
}
