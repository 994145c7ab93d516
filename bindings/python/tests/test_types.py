"""The types: complete, and strict."""

from __future__ import annotations

import inspect
import pathlib
import subprocess
import sys

import pytest

import carenet as cn

PACKAGE = pathlib.Path(cn.__file__).parent


def test_mypy_strict(tmp_path: pathlib.Path) -> None:
    caller = tmp_path / "caller.py"
    caller.write_text(
        "import carenet as cn\n"
        "with cn.open() as net:\n"
        "    d: cn.Directory = net.directory()\n"
        "t: cn.Table = d.find(region='caraga', within='90min')\n"
        "case = cn.Case('C-1', needs=[cn.Need('trauma-therapy')], area='Butuan')\n"
        "choice: cn.Choice | None = d.route(case).choice['trauma-therapy']\n"
        "n: int = t.to_pandas().shape[0] + t.to_polars().height\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    for what in (["-p", "carenet"], [str(caller)]):
        run = subprocess.run([*command, *what], cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize("name", [name for name in cn.__all__ if name != "ERRORS"])
def test_everything_public_is_documented(name: str) -> None:
    thing = getattr(cn, name)
    assert inspect.getdoc(thing)
    for member, value in vars(thing).items() if inspect.isclass(thing) else ():
        if not member.startswith("_") and callable(value):
            assert inspect.getdoc(value), f"{name}.{member}"


def test_options_are_keywords() -> None:
    for function in (cn.open, cn.init, cn.Directory.find, cn.Directory.route, cn.validate):
        kinds = [p.kind for p in inspect.signature(function).parameters.values()]
        plain = [kind for kind in kinds if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        assert len(plain) <= 2
