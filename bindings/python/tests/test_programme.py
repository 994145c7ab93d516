"""The programme from Python: its lists, its figures, from files and from a store."""

from __future__ import annotations

import pathlib

import pytest

import carenet as cn

LISTS = (
    "actors",
    "bodies",
    "meetings",
    "strategic_plans",
    "ordinances",
    "protocols",
    "trainings",
    "tallies",
    "started",
    "care_plans",
)
PERIOD = {"from_": "2021-08-01", "to": "2023-04-30"}


def figures(rows: cn.Table) -> dict[str, int]:
    """The first row of an indicator is its total."""
    found: dict[str, int] = {}
    for row in rows.to_dicts():
        found.setdefault(row["indicator"], row["value"])
    return found


def files() -> list[pathlib.Path]:
    folder = pathlib.Path(cn.__file__).parent / "data"
    return [folder / "network.yaml", *sorted((folder / "regions").glob("*.yaml"))]


def test_a_store_and_the_files_have_the_same_programme(demo_path: pathlib.Path) -> None:
    shipped = cn.open().programme()
    assert shipped.is_demonstration
    with cn.open(demo_path) as net:
        stored = net.programme()
    read = cn.Programme.from_files(*files())
    for name in LISTS:
        rows = getattr(shipped, name)
        assert len(rows) == sum(shipped.overview[name]) > 0
        assert rows.columns[0] == ("id" if name != "meetings" else "id")
        assert len(set(rows["id"])) == len(rows)
        assert getattr(stored, name) == getattr(read, name) == rows
    assert stored.indicators(**PERIOD) == read.indicators(**PERIOD) == cn.indicators(**PERIOD)
    assert cn.indicators(files(), **PERIOD) == cn.indicators(**PERIOD)
    assert repr(stored) == repr(shipped) and "33 care_plans" in repr(stored)
    assert "EX-" not in repr(stored)


def test_the_figures_of_the_programme() -> None:
    found = figures(cn.indicators(**PERIOD))
    assert found["care-workers-trained"] == 236
    assert found["reintegration-plans"] == 33
    assert found["network-members"] == 167
    assert found["ordinances-implemented"] == 10
    partner = cn.indicators(**PERIOD, by="region", profile="partner").to_dicts()
    assert any(row["suppressed"] for row in partner)
    assert all(row["value"] is None for row in partner if row["suppressed"])


def test_columns_are_the_keys_of_a_file() -> None:
    programme = cn.open().programme()
    assert programme.trainings.columns == (
        "id", "region", "course", "title", "on", "area", "place", "audience", "participants",
        "organization",
    )  # fmt: skip
    assert sum(programme.trainings["participants"]) > 236
    body = programme.show("ex-body-foster-care-mindanao").to_dicts()
    assert {"field": "meeting", "value": "2022-10-18, regular"} in body
    plan = programme.care_plans.to_dicts()[0]
    assert isinstance(plan["goals"], list) and plan["status"] in ("active", "completed", "draft")
    pd = pytest.importorskip("pandas")
    frame = programme.ordinances.to_pandas()
    assert isinstance(frame, pd.DataFrame) and frame["implemented_on"].notna().sum() == 10


def test_mistakes(tmp_path: pathlib.Path) -> None:
    programme = cn.open().programme()
    with pytest.raises(cn.NotFoundError):
        programme.show("training-nothing")
    with pytest.raises(cn.InvalidArgumentError, match="before it begins"):
        programme.indicators(from_="2023", to="2021")
    with pytest.raises(cn.InvalidArgumentError):
        programme.indicators(by="town")
    with pytest.raises(cn.InvalidArgumentError):
        programme.indicators(profile="everybody")
    own = tmp_path / "own.yaml"
    own.write_text("indicators:\n  - {id: a, label: A, measure: care-plan}\n", encoding="utf-8")
    with pytest.raises(cn.InvalidDataError) as caught:
        programme.indicators(indicators=own)
    assert caught.value.issues is not None
    assert caught.value.issues["tag"] == ["unknown-measure"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("programme: {from: 2023, until: 2022}\n", encoding="utf-8")
    with pytest.raises(cn.InvalidDataError) as caught:
        cn.Programme.from_files(wrong)
    assert caught.value.issues is not None
    assert caught.value.issues["tag"] == ["period-reversed"]


def test_an_import_corrects_what_is_there(tmp_path: pathlib.Path) -> None:
    text = (
        "region: {id: caraga, name: Caraga, area: Caraga}\n"
        "programme:\n  trainings:\n"
        "    - {course: tic, on: 2022-05, area: Caraga, audience: officials, participants: %d}\n"
    )
    own = tmp_path / "own.yaml"
    with cn.init(tmp_path / "live.db") as net:
        assert len(net.programme().trainings) == 0
        for people in (10, 12):
            own.write_text(text % people, encoding="utf-8")
            net.import_files(own)
        assert net.programme().trainings["participants"] == [12]


def test_find_by_ordinance_and_network(directory: cn.Directory) -> None:
    rows = directory.find(region="caraga", service="trauma-therapy")
    assert dict(zip(rows["provider"], rows["ordinance"])) == {
        "ex-car-014": "implemented",
        "ex-car-016": "passed",
    }
    assert set(rows["network"]) == {"caraga"}
    with_one = directory.find(region="caraga", service="trauma-therapy", ordinance="yes")
    assert set(with_one["provider"]) == {"ex-car-014"}
    assert len(directory.find(region="caraga", network="no")) == 0
    assert len(directory.find(region="caraga", network="yes", now="2022-04-18")) == 0
    why = directory.why_not("ex-car-016", service="trauma-therapy", ordinance="yes")
    assert "ordinance" in why["reason"]
    with pytest.raises(cn.InvalidArgumentError):
        directory.find(ordinance="perhaps")
