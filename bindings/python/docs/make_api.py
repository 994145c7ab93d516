"""Writes docs/python-api.md from the docstrings.

    python bindings/python/docs/make_api.py [--check]

The package must be installed. --check only looks whether the file is what would be written.
"""

from __future__ import annotations

import argparse
import inspect
import pathlib
import re
import sys
from typing import Any

import carenet as cn

TARGET = pathlib.Path(__file__).resolve().parents[3] / "docs" / "python-api.md"

HEAD = """# carenet for Python: reference

Written by `bindings/python/docs/make_api.py` from the docstrings. How to begin stands in
[bindings/python/README.md](../bindings/python/README.md).

"""
ERRORS_HEAD = """## Errors

Each class is a `CarenetError` and the built-in beside it. Codes and exit statuses are those of C and of the
command; they never change meaning.

| class | also a | code | exit status | meaning |
|---|---|---|---|---|
"""
# How the parts are grouped; what is not here comes last.
ORDER = ["open", "init", "Network", "Directory", "Case", "Need", "Cases", "Routes", "Choices", "Choice"]


def markdown(text: str) -> str:
    """The few marks of reStructuredText that the docstrings use, as Markdown."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return text.replace("``", "`")


def body(text: str) -> str:
    """Sections like "Args:" as lists, examples as code."""
    out: list[str] = []
    code = False
    for line in markdown(text).splitlines():
        stripped = line.strip()
        starts = stripped.startswith(">>>")
        if starts and not code:
            out += ["", "```python"]
            code = True
        if code and not stripped:
            out.append("```")
            code = False
        section = re.fullmatch(r"(Args|Returns|Raises|Attributes):", stripped)
        entry = re.match(r"    (\w[\w, ]*): (.*)", line)
        if code:
            out.append(line)
        elif section:
            out += ["", f"**{section.group(1)}**", ""]
        elif entry:
            out.append(f"- `{entry.group(1)}`: {entry.group(2)}")
        else:
            out.append(stripped if line.startswith("    ") else line)
    if code:
        out.append("```")
    return "\n".join(out).strip() + "\n"


def signature(name: str, thing: Any) -> str:
    try:
        shown = str(inspect.signature(thing, eval_str=False)).replace("'", "")
    except (TypeError, ValueError):
        shown = "()"
    shown = re.sub(r"\(self(, )?", "(", shown)
    return f"{name}{shown}"


def lineage(kind: type) -> list[type]:
    """A class and what it inherits from that has no part of its own here: its members are only found below it."""
    return [
        base
        for base in kind.__mro__
        if base is kind or (base.__module__.startswith("carenet.") and base.__name__ not in cn.__all__)
    ]


def members(kind: type) -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for base in lineage(kind):
        for name, value in vars(base).items():
            if name.startswith("_") and (name != "__init__" or base is not kind):
                continue
            if isinstance(value, (property, classmethod, staticmethod)) or inspect.isfunction(value):
                found.setdefault(name, value)
    return list(found.items())


def describe_member(kind: type, name: str, value: Any) -> str:
    if isinstance(value, property):
        head, doc = f"{kind.__name__}.{name}", inspect.getdoc(value)
    else:
        function = getattr(kind, name)
        shown = kind.__name__ if name == "__init__" else f"{kind.__name__}.{name}"
        head = signature(shown, function)
        # An undocumented __init__ is no business of the caller: others make these objects.
        doc = inspect.getdoc(function) if function.__doc__ else None
    return f"### `{head}`\n\n{body(doc)}\n" if doc else ""


def describe(name: str) -> str:
    thing = getattr(cn, name)
    if not inspect.isclass(thing):
        return f"## `{signature(name, thing)}`\n\n{body(inspect.getdoc(thing) or '')}\n"
    text = f"## `{name}`\n\n{body(inspect.getdoc(thing) or '')}\n"
    listed = members(thing)
    if hasattr(thing, "__dataclass_fields__"):
        listed = [(member, value) for member, value in listed if member != "__init__"]
    return text + "".join(describe_member(thing, member, value) for member, value in listed)


def errors() -> str:
    rows = []
    for code, name, status, kind in cn.ERRORS:
        base = next(base for base in kind.__bases__ if base is not cn.CarenetError)
        meaning = markdown(inspect.getdoc(kind) or "")
        rows.append(
            f"| `{kind.__name__}` | `{base.__name__}` | {code} {name} | {status} | {meaning} |\n"
        )
    return ERRORS_HEAD + "".join(rows) + "\n" + describe("CarenetError")


def reference() -> str:
    listed = {kind.__name__ for *_, kind in cn.ERRORS} | {"ERRORS", "CarenetError"}
    names = [name for name in cn.__all__ if name not in listed]
    names.sort(key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    text = HEAD + "".join(describe(name) for name in names) + errors()
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = reference()
    if arguments.check:
        same = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        print(f"{TARGET.name} is {'as it should be' if same else 'stale: run make_api.py'}")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
