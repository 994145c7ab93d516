"""Pictures: they are drawn, and restricted sites are never points nor bars."""

from __future__ import annotations

import pathlib
from typing import Any

import matplotlib
import matplotlib.pyplot
import pandas
import pytest

import carenet as cn

matplotlib.use("agg")

TOWNS = ["Cagayan de Oro", "Iligan", "Butuan", "Manila", "Cebu City"]
PICTURES = ["coverage", "heatmap", "utilisation", "flow", "waits"]


@pytest.fixture(scope="module")
def intake() -> pandas.DataFrame:
    rows = [
        {
            "ref": f"C-{i}",
            "area": TOWNS[i % len(TOWNS)],
            "age": 6 + i % 12,
            "sex": ("female", "male")[i % 2],
            "needs": ("emergency-shelter", "trauma-therapy", "individual-counseling")[i % 3],
        }
        for i in range(60)
    ]
    return pandas.DataFrame(rows)


@pytest.fixture(scope="module")
def plan(intake: pandas.DataFrame) -> cn.Plan:
    return cn.open().directory().route_batch(intake)


def points(axes: Any) -> set[tuple[float, float]]:
    return {
        (round(float(x), 4), round(float(y), 4))
        for drawn in axes.collections
        for x, y in drawn.get_offsets()
    }


@pytest.mark.parametrize("name", PICTURES)
def test_each_is_drawn(plan: cn.Plan, name: str, tmp_path: pathlib.Path) -> None:
    axes = getattr(plan.plot, name)()
    axes.figure.savefig(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 5000
    assert axes.get_title()
    again = getattr(plan.plot, name)(axes)
    assert again is axes
    matplotlib.pyplot.close(axes.figure)


def test_only_public_towns_and_survivors_are_points(
    plan: cn.Plan, directory: cn.Directory
) -> None:
    with cn.open() as net:
        spots = {row["area"]: (row["lon_deg"], row["lat_deg"]) for row in net.areas()}
        survivors = {net.place(town).area for town in TOWNS}
    rows = directory.find()
    public = {row["area"] for row in rows if row["disclosure"] == "public" and not row["remote"]}
    allowed = {
        (round(lon, 4), round(lat, 4)) for lon, lat in (spots[a] for a in public | survivors)
    }
    hidden = {row["provider"] for row in rows if row["disclosure"] != "public"}
    axes = plan.plot.coverage()
    assert points(axes) <= allowed
    assert f"{len(hidden)} restricted sites are not shown" in axes.get_title() and hidden
    matplotlib.pyplot.close(axes.figure)


def test_places_of_restricted_sites_are_no_bars(plan: cn.Plan, directory: cn.Directory) -> None:
    rows = directory.find()
    restricted = {row["offering"] for row in rows if row["disclosure"] != "public"}
    assert restricted & set(plan.assignments["offering"])
    axes = plan.plot.utilisation(most=100)
    labels = {label.get_text() for label in axes.get_yticklabels()}
    assert labels and not labels & restricted
    matplotlib.pyplot.close(axes.figure)


def test_a_plan_of_a_file_must_be_told(
    plan: cn.Plan, directory: cn.Directory, intake: pandas.DataFrame
) -> None:
    alone = cn.Plan.parse(plan.to_json())
    with pytest.raises(ValueError):
        alone.plot  # noqa: B018
    axes = alone.plots(directory, intake).waits()
    matplotlib.pyplot.close(axes.figure)
