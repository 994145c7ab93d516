"""Writes the C source of carenet._native from the public headers: cffi, API mode.

The declarations are what the compiler itself makes of <carenet/carenet.h>, so nothing is declared
twice. The module is compiled with -Werror, so a declaration that cffi understood differently stops
the build.

    python emit.py --cc cc --include ../../include --output _native.c
"""

from __future__ import annotations

import argparse
import pathlib
import re
import subprocess

import cffi

HERE = pathlib.Path(__file__).resolve().parent
MARKER = re.compile(r'^# \d+ "([^"]*)"')
# A callback is a field of a struct of options that takes the caller's own object last.
CALLBACK = re.compile(r"([\w\s]+?[\s*]+)\(\s*\*\s*(\w+)\s*\)\s*\(([^;()]*\bvoid \*user)\)\s*;")
HELPERS = "helpers.h"


def declarations(cc: str, include: pathlib.Path) -> str:
    """The text that the compiler sees of our own headers."""
    run = subprocess.run(
        [cc, "-E", "-D__attribute__(x)=", "-I", str(include), "-x", "c", "-"],
        input="#include <carenet/carenet.h>\n",
        capture_output=True,
        text=True,
        check=True,
    )
    ours = False
    lines = []
    for line in run.stdout.splitlines():
        marker = MARKER.match(line)
        if marker:
            ours = pathlib.Path(marker.group(1)).parent == include / "carenet"
        elif ours:
            lines.append(line)
    return "\n".join(lines).replace("_Bool", "bool")


def callbacks(text: str) -> str:
    """One Python function a callback: the field x, of whatever struct, is answered by on_x()."""
    found = list(
        dict.fromkeys(
            f"    {' '.join(result.split())} on_{name}({arguments});"
            for result, name, arguments in CALLBACK.findall(text)
        )
    )
    return 'extern "Python" {\n' + "\n".join(found) + "\n}\n" if found else ""


def helper_declarations(text: str) -> str:
    """The prototypes of helpers.h: what stands between the two marks."""
    return text.split("/* cffi */")[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    text = declarations(arguments.cc, arguments.include)
    helpers = (HERE / HELPERS).read_text(encoding="utf-8")
    ffi = cffi.FFI()
    ffi.cdef(text)
    ffi.cdef(helper_declarations(helpers))
    ffi.cdef(callbacks(text))
    ffi.set_source("carenet._native", f"#include <carenet/carenet.h>\n{helpers}")
    ffi.emit_c_code(str(arguments.output))


if __name__ == "__main__":
    main()
