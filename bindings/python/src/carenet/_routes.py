"""Routes: who can take each need of a case, and why."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carenet._call import Keep, call, taken
from carenet._call import text as text_of
from carenet._cases import Cases, as_counted
from carenet._errors import ConflictError
from carenet._native import ffi, lib
from carenet._policy import Policy
from carenet._table import Table, table_of

if TYPE_CHECKING:
    from carenet._directory import Directory
    from carenet._plan import Plan


@dataclass(frozen=True)
class Choice:
    """The best offering for one need.

    ``cost`` is an integer without a unit and the sum of ``lines`` (name -> value). ``travel_min`` is in
    minutes, ``wait_days`` in days; for a restricted site ``travel_min`` and ``free`` are None, and
    ``travel_band`` and ``availability`` stand instead.
    """

    provider: str
    name: str
    offering: str
    service: str
    cost: int
    lines: Mapping[str, int]
    travel_min: int | None
    travel_band: str | None
    wait_days: int | None
    free: int | None
    availability: str | None
    contact: str | None
    notes: tuple[str, ...]


class Choices(Mapping[Any, "Choice | None"]):
    """The best offering for each need: service -> :class:`Choice`, or None where nobody can take it.

    With several cases the key is ``(ref, service)``; the service alone will do where it is asked for
    once. A service that one case needs twice has the keys ``(ref, service, need)``, need from 1.
    """

    def __init__(self, found: dict[tuple[str, str, int], Choice | None]) -> None:
        self._found = found
        self._keys: dict[Any, list[tuple[str, str, int]]] = {}
        for key in found:
            for short in (key, key[:2], key[1]):
                self._keys.setdefault(short, []).append(key)

    def _short(self, key: tuple[str, str, int]) -> Any:
        for short in (key[1], key[:2]):
            if len(self._keys[short]) == 1:
                return short
        return key

    def __getitem__(self, key: Any) -> Choice | None:
        keys = self._keys.get(key, [])
        if len(keys) == 1:
            return self._found[keys[0]]
        if keys:
            raise KeyError(f"{key!r} is asked for {len(keys)} times: say (ref, service)")
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return (self._short(key) for key in self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return repr({key: choice.offering if choice else None for key, choice in self.items()})


@dataclass(frozen=True)
class Question:
    """What :meth:`Directory.route` was asked: enough to ask it again, elsewhere, too."""

    directory: Directory
    cases: Cases
    policy: Policy
    top: int
    include_unconfirmed: bool
    include_unknown_capacity: bool
    at_s: int
    now_s: int
    why_not: str | None
    prices: Plan | None
    checked: str | None


def ask(asked: Question) -> Routes:
    keep = Keep()
    options = ffi.new("carenet_route_options *")
    lib.carenet_route_options_init(options)
    options.top = asked.top
    options.include_unconfirmed = asked.include_unconfirmed
    options.include_unknown_capacity = asked.include_unknown_capacity
    options.at_s, options.now_s = asked.at_s, asked.now_s
    options.why_not = keep.text(asked.why_not, "why_not")
    options.checked = keep.text(asked.checked, "checked")
    if asked.prices is not None:
        options.prices = asked.prices._handle
    of = asked.directory._handle, asked.policy._handle, asked.cases._handle
    with as_counted(asked.cases):
        return Routes(call(lib.carenet_route, *of, options), asked)


def _digest(routes: Routes) -> str:
    return hashlib.sha256(routes._core().encode("utf-8")).hexdigest()


def _same(asked: Question, digest: str) -> Routes:
    """An answer that was pickled. Places that were free then may be taken now."""
    again = ask(asked)
    if _digest(again) != digest:
        raise ConflictError(
            "the answer changed since it was pickled", hint="ask again where it is used"
        )
    return again


class Routes:
    """The answer of :meth:`Directory.route`; immutable, any thread may read it.

    Every table begins with the columns ``case`` and ``need`` (from 1 in its case):

    - ``needs``: service, urgency, units, offered, eligible, reachable, free, unmet, reason, detail...
    - ``ranked``: rank, provider, offering, cost, travel_min, wait_days (days), ...
    - ``lines``: offering, name, value: they add up to the cost
    - ``refused``: provider, offering, reason (the first rule broken), detail
    - ``changes``: the fewest edits to offerings that would place an unmet need

    Pickled it keeps what was asked, with every fact of the cases, and is asked again: where the answer is
    another one by then, :class:`ConflictError` is raised.
    """

    __slots__ = ("_handle", "_asked", "_choice")

    def __init__(self, handle: Any, asked: Question) -> None:
        self._handle = ffi.gc(handle, lib.carenet_routes_unref)
        self._asked = asked
        self._choice: Choices | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return _same, (self._asked, _digest(self))

    def _part(self, part: int) -> Table:
        return Table._take(lib.carenet_routes_table(self._handle, part))

    @property
    def needs(self) -> Table:
        """One row a need."""
        return self._part(lib.CARENET_ROUTES_NEEDS)

    @property
    def ranked(self) -> Table:
        """The best offerings of each need, cheapest first."""
        return self._part(lib.CARENET_ROUTES_RANKED)

    @property
    def lines(self) -> Table:
        """What each cost is made of."""
        return self._part(lib.CARENET_ROUTES_LINES)

    @property
    def refused(self) -> Table:
        """Who cannot take a need, and the first rule that is broken."""
        return self._part(lib.CARENET_ROUTES_REFUSED)

    @property
    def changes(self) -> Table:
        """The smallest change that would place each unmet need."""
        return self._part(lib.CARENET_ROUTES_CHANGES)

    @property
    def unmet_len(self) -> int:
        """The number of needs that nobody can take."""
        return int(lib.carenet_routes_unmet_len(self._handle))

    def __len__(self) -> int:
        """The number of needs."""
        return int(lib.carenet_routes_needs_len(self._handle))

    @property
    def choice(self) -> Choices:
        """The best offering for each need, by service."""
        if self._choice is None:
            self._choice = self._choose()
        return self._choice

    def _choose(self) -> Choices:
        costs: dict[tuple[str, int, str], dict[str, int]] = {}
        for row in self.lines:
            key = (row["case"], row["need"], row["offering"])
            costs.setdefault(key, {})[row["name"]] = row["value"]
        best: dict[tuple[str, int], Choice] = {}
        names = [name for name in Choice.__dataclass_fields__ if name not in ("lines", "notes")]
        for row in self.ranked:
            if row["rank"] == 1:
                key = (row["case"], row["need"], row["offering"])
                best[key[:2]] = Choice(
                    lines=costs.get(key, {}),
                    notes=tuple(row["notes"] or ()),
                    **{name: row[name] for name in names},
                )
        return Choices(
            {
                (row["case"], row["service"], row["need"]): best.get((row["case"], row["need"]))
                for row in self.needs
            }
        )

    def explain(self) -> str:
        """Why, in sentences: what was chosen from how many at what cost, or what would have to change."""
        return taken(lib.carenet_routes_explain(self._handle))

    def why_not(self, id: str) -> Table:
        """Why a provider or an offering is not chosen: one row for each need and offering of it, with
        the columns case, need, provider, offering, rank, cost, reason, detail. Where it can take the
        need, ``rank`` and ``cost`` say where it stands and ``reason`` is None.

        Raises:
            NotFoundError: nobody has that id.
        """
        full = ask(dataclasses.replace(self._asked, top=0, why_not=id))
        rows = [
            {**_stand(row), "rank": row["rank"], "cost": row["cost"]}
            for row in full.ranked
            if _is_about(row, id)
        ]
        rows += [
            {**_stand(row), "reason": row["reason"], "detail": row["detail"]}
            for row in full.refused
            if _is_about(row, id)
        ]
        rows.sort(key=lambda row: (row["case"], row["need"], row["offering"]))
        types = {"case": "text", "need": "int64", "provider": "text", "offering": "text"}
        types |= {"rank": "int64", "cost": "int64", "reason": "text", "detail": "text"}
        lists = [[row.get(name) for row in rows] for name in types]
        return table_of(list(types), list(types.values()), lists)

    def _core(self) -> str:
        """What depends on the cases and the directory alone."""
        text = lib.carenet_routes_to_json(self._handle)
        if text == ffi.NULL:
            raise MemoryError("there is no memory for the answer")
        return taken(text)

    def to_json(self) -> str:
        """The whole answer, schema ``carenet.route/1``, with the keys that ``carenet route --format json``
        prints."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def to_dict(self) -> dict[str, Any]:
        """The same as Python values."""
        answer: dict[str, Any] = json.loads(self._core())
        directory, cases = self._asked.directory, self._asked.cases
        answer["directory"] |= {
            "demonstration": directory.is_demonstration,
            "as_of": answer["as_of"],
        }
        answer["warnings"] = []
        # As the command: the lines of where the first of them lives.
        area = text_of(lib.carenet_cases_area_at(cases._handle, 0))
        answer["reporting_lines"] = json.loads(directory.reporting_lines(area).to_json())
        return answer

    def __repr__(self) -> str:
        return f"Routes({len(self)} needs, {self.unmet_len} unmet)"

    def _repr_html_(self) -> str:
        return self.ranked._repr_html_()


def _stand(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("case", "need", "provider", "offering")}


def _is_about(row: dict[str, Any], id: str) -> bool:
    return id in (row["provider"], row["offering"]) or str(row["offering"]).startswith(id + "/")


