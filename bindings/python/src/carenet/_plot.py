"""Pictures of a plan, with matplotlib (``pip install 'carenet[plot]'``).

A restricted site is never a point, and its places are never a bar: it is counted with others, in the
region that it shows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from carenet._call import text
from carenet._errors import UnsupportedError
from carenet._native import lib

if TYPE_CHECKING:
    from carenet._cases import Cases
    from carenet._directory import Directory
    from carenet._plan import Plan

_PLACED, _UNMET, _TAKEN = "#1b7837", "#b2182b", "#9e9e9e"
_UNKNOWN = "elsewhere"
Axes = Any
"""A ``matplotlib.axes.Axes``."""


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise UnsupportedError(
            "pictures are drawn by matplotlib, which is not installed",
            hint="pip install 'carenet[plot]'",
        ) from None
    _, made = plt.subplots(figsize=(width, height), layout="constrained")
    return made


class _World:
    """Places by code, and offerings as they are disclosed."""

    def __init__(self, directory: Directory, cases: Cases) -> None:
        from carenet._place import areas_of

        areas = areas_of(directory._reference, None)
        self.places = {row["area"]: row for row in areas}
        self.offerings = {row["offering"]: row for row in directory.find()}
        self.towns = {
            ref: text(lib.carenet_cases_area_at(cases._handle, i)) for i, ref in enumerate(cases)
        }

    def region(self, area: str | None) -> str:
        """The name of the region of an area."""
        place = self.places.get(area or "")
        if place is None:
            return _UNKNOWN
        code = place["area"] if place["level"] == "region" else place["region"]
        found = self.places.get(code or "")
        return str(found["name"]) if found is not None else _UNKNOWN

    def region_of_offering(self, offering: str) -> str:
        row = self.offerings.get(offering)
        return self.region(row["area"]) if row is not None else _UNKNOWN


class Plots:
    """The pictures of a plan. Each takes axes of matplotlib, or makes them, and returns them: go on
    with ``ax.figure.savefig("coverage.png")``. A plan of a file must be given its directory and cases
    first: ``plan.plots(directory, cases)``."""

    __slots__ = ("_plan", "_world", "_made")

    def __init__(self, plan: Plan, made: tuple[Directory, Cases, Any]) -> None:
        self._plan = plan
        self._made = made
        self._world = _World(made[0], made[1])

    # ---- Where.

    def coverage(self, ax: Axes | None = None) -> Axes:
        """A map: a circle a town where survivors are, as large as their needs (units) and green where
        they are placed, red where not; a cross a town with providers that are public. Degrees, WGS 84.
        Restricted sites are named in the title by their number, and drawn nowhere."""
        ax = _axes(ax, 7, 8)
        needed: Counter[str] = Counter()
        placed: Counter[str] = Counter()
        for row in self._plan.needs:
            town = self._world.towns.get(row["case"])
            if town is not None and town in self._world.places:
                needed[town] += row["units"]
                placed[town] += row["units"] if row["placed"] else 0
        towns = sorted(needed)
        spots = [self._world.places[town] for town in towns]
        drawn = ax.scatter(
            [spot["lon_deg"] for spot in spots],
            [spot["lat_deg"] for spot in spots],
            s=[12 + 6 * needed[town] ** 0.7 for town in towns],
            c=[placed[town] / needed[town] for town in towns],
            cmap="RdYlGn",
            vmin=0,
            vmax=1,
            alpha=0.8,
            edgecolors="black",
            linewidths=0.4,
            label="survivors' towns",
        )
        restricted = set()
        seats = set()
        for row in self._world.offerings.values():
            if row["disclosure"] != "public":
                restricted.add(row["provider"])
            elif not row["remote"] and row["area"] in self._world.places:
                seats.add(row["area"])
        public = [self._world.places[area] for area in sorted(seats)]
        ax.scatter(
            [spot["lon_deg"] for spot in public],
            [spot["lat_deg"] for spot in public],
            marker="x",
            s=18,
            c="black",
            linewidths=0.8,
            label="towns with public providers",
        )
        ax.figure.colorbar(drawn, ax=ax, label="share of needs placed", shrink=0.6)
        ax.set_title(f"Coverage ({len(restricted)} restricted sites are not shown)")
        ax.set_xlabel("longitude, degrees")
        ax.set_ylabel("latitude, degrees")
        ax.set_aspect("equal")
        ax.legend(loc="lower left")
        return ax

    def heatmap(self, ax: Axes | None = None) -> Axes:
        """Service by region of the survivors: the share of needed units that nobody takes; the figures
        are unmet of needed."""
        unmet: Counter[tuple[str, str]] = Counter()
        needed: Counter[tuple[str, str]] = Counter()
        for row in self._plan.needs:
            key = (row["service"], self._world.region(self._world.towns.get(row["case"])))
            needed[key] += row["units"]
            unmet[key] += 0 if row["placed"] else row["units"]
        services = sorted({service for service, _ in needed})
        regions = sorted({region for _, region in needed})
        share = [
            [unmet[s, r] / needed[s, r] if needed[s, r] else float("nan") for r in regions]
            for s in services
        ]
        labels = [
            [f"{unmet[s, r]}/{needed[s, r]}" if needed[s, r] else "" for r in regions]
            for s in services
        ]
        ax = _axes(ax, 3 + 1.1 * len(regions), 2 + 0.5 * len(services))
        _grid(ax, share, labels, services, regions, "Reds", "share of units unmet")
        ax.set_title("Unmet of needed units")
        return ax

    def flow(self, ax: Axes | None = None) -> Axes:
        """From the region of the survivors to the region of the providers: units placed."""
        units: Counter[tuple[str, str]] = Counter()
        for row in self._plan.assignments:
            origin = self._world.region(self._world.towns.get(row["case"]))
            units[origin, self._world.region_of_offering(row["offering"])] += row["units"]
        origins = sorted({origin for origin, _ in units})
        seats = sorted({seat for _, seat in units})
        values = [[float(units[o, s]) for s in seats] for o in origins]
        labels = [[str(units[o, s]) if units[o, s] else "" for s in seats] for o in origins]
        ax = _axes(ax, 3 + 1.1 * len(seats), 2 + 0.5 * len(origins))
        _grid(ax, values, labels, origins, seats, "Blues", "units")
        ax.set_title("From where survivors are (rows) to where help is")
        return ax

    # ---- How full, how long.

    def utilisation(self, ax: Axes | None = None, *, most: int = 25) -> Axes:
        """Places by offering: taken before, taken by the plan, free; the fullest ``most`` of those that
        the plan uses. What restricted sites get is one figure in the title."""
        assigned: Counter[str] = Counter()
        hidden = 0
        for row in self._plan.assignments:
            offering = self._world.offerings.get(row["offering"])
            if offering is None or offering["total"] is None or offering["free"] is None:
                hidden += row["units"]
            else:
                assigned[row["offering"]] += row["units"]

        def share(id: str) -> float:
            row = self._world.offerings[id]
            total = max(row["total"], 1)
            return float((total - row["free"] + assigned[id]) / total)

        shown = sorted(assigned, key=lambda id: (-share(id), id))[:most][::-1]
        rows = [self._world.offerings[id] for id in shown]
        before = [row["total"] - row["free"] for row in rows]
        now = [assigned[id] for id in shown]
        left = [max(row["free"] - count, 0) for row, count in zip(rows, now, strict=True)]
        ax = _axes(ax, 8, 2 + 0.28 * max(len(shown), 1))
        ax.barh(shown, before, color=_TAKEN, label="taken before")
        ax.barh(shown, now, left=before, color=_PLACED, label="taken by the plan")
        ends = [b + n for b, n in zip(before, now, strict=True)]
        ax.barh(shown, left, left=ends, color="white", edgecolor="black", lw=0.5, label="free")
        ax.set_xlabel("places")
        ax.tick_params(axis="y", labelsize=7)
        ax.set_title(f"Places ({hidden} units at sites that do not tell theirs)")
        ax.legend(loc="lower right", fontsize=7)
        return ax

    def waits(self, ax: Axes | None = None) -> Axes:
        """How many days the placed units wait, as their providers say, by weeks."""
        days: list[int] = []
        unknown = 0
        for row in self._plan.assignments:
            offering = self._world.offerings.get(row["offering"])
            wait = offering["wait_days"] if offering is not None else None
            if wait is None:
                unknown += row["units"]
            else:
                days += [wait] * row["units"]
        ax = _axes(ax, 6, 4)
        bins = list(range(0, max([*days, 7]) + 8, 7))
        ax.hist(days, bins=bins, color=_PLACED, edgecolor="white")
        ax.set_xticks(bins[:: max(1, len(bins) // 12)])
        ax.set_xlabel("days")
        ax.set_ylabel("units")
        unmet = sum(self._plan.unmet["units"])
        ax.set_title(f"Waits ({unknown} units unknown, {unmet} unmet)")
        return ax


def _grid(
    ax: Axes,
    values: list[list[float]],
    labels: list[list[str]],
    rows: list[str],
    columns: list[str],
    colours: str,
    legend: str,
) -> None:
    """A grid of coloured cells with figures in them."""
    shown = ax.imshow(values or [[0.0]], cmap=colours, vmin=0, aspect="auto")
    ax.set_xticks(range(len(columns)), columns, rotation=35, ha="right", fontsize=7)
    ax.set_yticks(range(len(rows)), rows, fontsize=7)
    most = max((value for row in values for value in row if value == value), default=0.0)
    for y, row in enumerate(labels):
        for x, label in enumerate(row):
            dark = values[y][x] > 0.6 * most if most else False
            colour = "white" if dark else "black"
            ax.text(x, y, label, ha="center", va="center", fontsize=7, color=colour)
    ax.figure.colorbar(shown, ax=ax, label=legend, shrink=0.7)
