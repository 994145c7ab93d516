"""What the tests share: the shipped network, and stores of their own."""

from __future__ import annotations

import pathlib

import pytest

import carenet as cn


@pytest.fixture(scope="session")
def directory() -> cn.Directory:
    return cn.open().directory()


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("store") / "demo.db"
    cn.init(path, demo=True).close()
    return path


@pytest.fixture
def demo_path(_demo: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """A demonstration store that the test may change."""
    path = tmp_path / "network.db"
    with cn.open(_demo) as net:
        net.backup(path)
    return path


@pytest.fixture
def girl() -> cn.Case:
    return cn.Case(
        "C-1",
        needs=["emergency-shelter", "trauma-therapy"],
        area="Cagayan de Oro",
        age=15,
        sex="female",
        languages=["ceb"],
    )
