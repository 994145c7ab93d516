"""Every example of the documentation runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pathlib
import pkgutil
import subprocess
import sys

import pytest

import carenet

MODULES = ["carenet"] + [
    f"carenet.{found.name}"
    for found in pkgutil.iter_modules(carenet.__path__)
    if found.name != "_native"
]
README = pathlib.Path(__file__).parent.parent / "README.md"
GUIDE = README.parents[2] / "docs" / "guide" / "analysts.md"


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_readme() -> None:
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted > 5 and result.failed == 0


def test_the_guide_for_analysts() -> None:
    result = doctest.testfile(str(GUIDE), module_relative=False)
    assert result.attempted > 10 and result.failed == 0


def test_the_reference_is_up_to_date() -> None:
    script = README.parent / "docs" / "make_api.py"
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_reference_lists_what_is_inherited() -> None:
    reference = (README.parents[2] / "docs" / "python-api.md").read_text(encoding="utf-8")
    missing = [
        name
        for name, value in inspect.getmembers(carenet.Network)
        if not name.startswith("_") and inspect.getdoc(value) and f"### `Network.{name}" not in reference
    ]
    assert not missing
