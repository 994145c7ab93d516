"""Programmes: what the people of a network built, and the figures that are counted from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from carenet._call import Keep, Reference, StrPath, call, call_with_issues, encoded
from carenet._errors import InvalidArgumentError
from carenet._native import ffi, lib
from carenet._table import Table

PROFILES = ("internal", "partner", "funder")


class Programme:
    """The programme records of a network; immutable, for any number of threads.

    >>> import carenet as cn
    >>> programme = cn.open().programme()
    >>> rows = programme.indicators(from_="2021-08-01", to="2023-04-30")
    >>> rows["value"][0]
    236

    Each list is a :class:`Table` with id, region (None: the network's) and the keys of a region file;
    after ``area``, a code, comes ``place``, its name. Days are as they were written (``"2022-03"``).
    """

    __slots__ = ("_handle", "__weakref__")

    def __init__(self, handle: Any) -> None:
        self._handle = ffi.gc(handle, lib.carenet_programme_unref)

    def __copy__(self) -> Programme:
        return self  # nobody can change it

    def __deepcopy__(self, memo: dict[int, Any]) -> Programme:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a programme is not pickled: read it again by Programme.from_files() or Network.programme()")

    @classmethod
    def from_files(cls, *paths: StrPath, data_dir: StrPath | None = None) -> Programme:
        """The programmes of region files, which are checked as a whole.

        Raises:
            InvalidDataError: they have errors; ``issues`` lists them all.
        """
        reference = Reference.open(data_dir)
        keep = Keep()
        array, length = keep.paths(list(paths))
        handle, _ = call_with_issues(
            lib.carenet_programme_from_files, reference.handle, array, length
        )
        return cls(handle)

    @classmethod
    def _shipped(cls, reference: Reference) -> Programme:
        return cls(call(lib.carenet_programme_demonstration, reference.handle))

    def __repr__(self) -> str:
        rows = self.overview
        counts = {name: sum(rows[name]) for name in rows.columns[6:]}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        return f"<Programme: {told or 'no records'}>"

    @property
    def is_demonstration(self) -> bool:
        """Whether any of the records is invented."""
        return bool(lib.carenet_programme_is_demonstration(self._handle))

    # ---- Records.

    def _list(self, kind: int) -> Table:
        return Table._take(call(lib.carenet_programme_list, self._handle, kind))

    @property
    def overview(self) -> Table:
        """One row a programme: region, example, from, until, network_formed_on, network_members, and how
        many records of each kind there are."""
        return Table._take(call(lib.carenet_programme_overview, self._handle))

    @property
    def actors(self) -> Table:
        """Who carried it: id, region, name, role."""
        return self._list(lib.CARENET_PROGRAMME_ACTORS)

    @property
    def bodies(self) -> Table:
        """Working groups, survivor networks, councils: id, region, kind, name, area, place, formed_on,
        members (ids of organizations and providers)."""
        return self._list(lib.CARENET_PROGRAMME_BODIES)

    @property
    def meetings(self) -> Table:
        """Of bodies: id, region, body, on, kind."""
        return self._list(lib.CARENET_PROGRAMME_MEETINGS)

    @property
    def strategic_plans(self) -> Table:
        """id, region, area, place, conducted_on, adopted_on, until."""
        return self._list(lib.CARENET_PROGRAMME_STRATEGIC_PLANS)

    @property
    def ordinances(self) -> Table:
        """Of local governments: id, region, area, place, title, passed_on, implemented_on."""
        return self._list(lib.CARENET_PROGRAMME_ORDINANCES)

    @property
    def protocols(self) -> Table:
        """id, region, title, area, place, adopted_on, policy."""
        return self._list(lib.CARENET_PROGRAMME_PROTOCOLS)

    @property
    def trainings(self) -> Table:
        """id, region, course, title, on, area, place, audience, participants, organization."""
        return self._list(lib.CARENET_PROGRAMME_TRAININGS)

    @property
    def tallies(self) -> Table:
        """Figures reported from elsewhere: id, region, indicator, area, place, value, on, source."""
        return self._list(lib.CARENET_PROGRAMME_TALLIES)

    @property
    def started(self) -> Table:
        """Services that started for a case: id, region, case, service, area, place, on. In a store what
        started by a referral is among them, with the id of the referral."""
        return self._list(lib.CARENET_PROGRAMME_STARTED)

    @property
    def care_plans(self) -> Table:
        """Reintegration plans: id, region, case, area, place, on, review_on, status, goals, needs."""
        return self._list(lib.CARENET_PROGRAMME_CARE_PLANS)

    def show(self, id: str) -> Table:
        """One record for people: columns field, value.

        Raises:
            NotFoundError: there is no record with this id.
        """
        return Table._take(call(lib.carenet_programme_show, self._handle, encoded(id, "id")))

    # ---- Figures.

    def indicators(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        by: str | None = None,
        profile: str = "internal",
        indicators: StrPath | None = None,
    ) -> Table:
        """The figures of a period: indicator, label, area, value, unit, origin (computed, reported),
        additive, from, to, detail, suppressed.

        Args:
            from_: the first day; None: where the earliest programme begins.
            to: the last day, inclusive; None: where the last one ends.
            by: ``"region"``: also a row for each region.
            profile: who reads it: ``"internal"``, or ``"partner"`` and ``"funder"``, for whom counts of
                persons from 1 to 4 are suppressed, with as many others as totals would give back.
            indicators: an indicator file of your own.

        Raises:
            InvalidArgumentError: a day that does not exist, a period that ends before it begins.
            InvalidDataError: the indicator file has errors; ``issues`` lists them all.
        """
        if by not in (None, "region"):
            raise InvalidArgumentError("by is region, or None")
        if profile not in PROFILES:
            raise InvalidArgumentError("profile is one of " + ", ".join(PROFILES))
        keep = Keep()
        query = ffi.new("carenet_indicator_query *")
        lib.carenet_indicator_query_init(query)
        setattr(query, "from", keep.text(from_, "from_"))
        query.to = keep.text(to, "to")
        query.by_region = by is not None
        query.profile = PROFILES.index(profile)
        query.indicators = keep.path(indicators)
        rows, _ = call_with_issues(lib.carenet_report_indicators, self._handle, query)
        return Table._take(rows)


def indicators(
    paths: StrPath | Iterable[StrPath] | None = None,
    *,
    from_: str | None = None,
    to: str | None = None,
    by: str | None = None,
    profile: str = "internal",
    indicators: StrPath | None = None,
    data_dir: StrPath | None = None,
) -> Table:
    """The figures of the programmes in region files (None: those that are shipped); see
    :meth:`Programme.indicators`. Of a store: ``network.programme().indicators()``.

    >>> import carenet as cn
    >>> figures = cn.indicators(from_="2021-08-01", to="2023-04-30").to_dicts()
    >>> [row["value"] for row in figures if row["indicator"] == "reintegration-plans"]
    [33]
    """
    if paths is None:
        programme = Programme._shipped(Reference.open(data_dir))
    else:
        files = [paths] if isinstance(paths, (str, bytes)) or hasattr(paths, "__fspath__") else paths
        programme = Programme.from_files(*files, data_dir=data_dir)
    return programme.indicators(
        from_=from_, to=to, by=by, profile=profile, indicators=indicators
    )
