"""The examples run and print what is committed beside them. To write that anew:

    CARENET_UPDATE=1 pytest test_examples.py
"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import runpy

import pytest

FOLDER = pathlib.Path(__file__).parent.parent / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    expected = path.with_suffix(".out")
    if os.environ.get("CARENET_UPDATE"):
        expected.write_text(printed.getvalue(), encoding="utf-8")
    assert printed.getvalue() == expected.read_text(encoding="utf-8")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2
    for path in EXAMPLES:
        assert path.read_text(encoding="utf-8").startswith("# %% [markdown]\n# # ")
