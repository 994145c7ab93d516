"""Directories: an immutable snapshot of who can help."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from carenet._batch import Pins, ProgressLike, pins_of
from carenet._batch import run as run_batch
from carenet._call import (
    INT64_MIN,
    Keep,
    Names,
    Reference,
    StrPath,
    call,
    encoded,
    handle_of,
    names,
    text,
    whole,
)
from carenet._cases import Cases, CasesLike, as_counted, cases_of
from carenet._errors import ConflictError, InvalidArgumentError
from carenet._keywords import defaults_of, spelled_out
from carenet._native import ffi, lib
from carenet._place import Place, Places, areas_named, place_name
from carenet._plan import Plan
from carenet._policy import Policy
from carenet._report import REPORT_DEFAULTS, Asked, ReportOptions, write
from carenet._routes import Question, Routes, ask
from carenet._table import Table
from carenet._time import Instant, Span, datetime_of, days, instant_s, reach

if TYPE_CHECKING:
    from typing_extensions import Unpack

_WHICH = {"any": 0, "yes": 1, "no": 2}


class FindOptions(TypedDict, total=False):
    """The keywords of :meth:`Directory.find`."""

    region: Places
    service: Names
    serving: str | Place | None
    near: str | Place | None
    within: Span | None
    age: int | None
    sex: str | None
    language: Names
    group: Names
    access: Names
    free: int
    remote: str
    ordinance: str
    network: str
    open_at: Instant | None
    open_now: bool
    verified_within: Span | None
    confirmed_only: bool
    sort: str
    limit: int | None
    now: Instant | None
    policy: Policy | None


def _which(value: str, what: str) -> int:
    if value not in _WHICH:
        raise InvalidArgumentError(f"{what} is one of any, yes, no")
    return _WHICH[value]


class Directory:
    """A snapshot of a network's providers and offerings: the disclosed view only. No address, point,
    exact area, phone, name or occupancy of a restricted provider is in it.

    Immutable: any number of threads may ask it at once, a forked process too. Pickling keeps where it
    came from (files, a store and its revision, the shipped data) and its digest, not the content: where
    it is read again and differs, :class:`ConflictError` is raised.

    ``len(d)`` is the number of offerings.
    """

    __slots__ = ("_handle", "_reference", "_policy", "_origin", "__weakref__")

    def __init__(
        self, handle: Any, reference: Reference, policy: Policy, origin: tuple[Any, ...]
    ) -> None:
        self._handle = ffi.gc(handle, lib.carenet_directory_unref)
        self._reference = reference
        self._policy = policy
        self._origin = origin

    @classmethod
    def from_files(cls, *paths: StrPath, data_dir: StrPath | None = None) -> Directory:
        """A directory straight from region files.

        Raises:
            InvalidDataError: they have errors; ``issues`` lists them all.
        """
        from carenet._call import call_with_issues

        reference = Reference.open(data_dir)
        keep = Keep()
        array, length = keep.paths(list(paths))
        handle, _ = call_with_issues(
            lib.carenet_directory_from_files, reference.handle, array, length
        )
        policy = Policy.load(data_dir=reference.folder)
        return cls(handle, reference, policy, ("files", *map(str, paths), reference.folder))

    @classmethod
    def _shipped(cls, reference: Reference) -> Directory:
        handle = call(lib.carenet_directory_demonstration, reference.handle)
        policy = Policy.load(data_dir=reference.folder)
        return cls(handle, reference, policy, ("shipped", reference.folder))

    # ---- What it is.

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal over the disclosed directory (not over capacities)."""
        return text(lib.carenet_directory_digest(self._handle)) or ""

    @property
    def revision(self) -> int:
        """The revision of the store that it came from; 0 where it came from files."""
        return int(lib.carenet_directory_revision(self._handle))

    @property
    def is_demonstration(self) -> bool:
        """Whether it holds invented providers."""
        return bool(lib.carenet_directory_is_demonstration(self._handle))

    @property
    def demonstration_now(self) -> dt.datetime | None:
        """The instant at which a demonstration is looked at, so that its dates stay meaningful."""
        return datetime_of(int(lib.carenet_directory_demonstration_now(self._handle)))

    @property
    def providers_len(self) -> int:
        """The number of providers."""
        return int(lib.carenet_directory_providers_len(self._handle))

    def __len__(self) -> int:
        return int(lib.carenet_directory_offerings_len(self._handle))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        kind = ", demonstration" if self.is_demonstration else ""
        return (
            f"Directory({self.providers_len} providers, {len(self)} offerings{kind}, "
            f"digest {self.digest[:12]})"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return _reopen, (self._origin, self.digest, self.revision)

    # ---- What if.

    def _with(self, changes: list[tuple[str, int, bool]]) -> Directory:
        keep = Keep()
        array = ffi.new("carenet_change[]", max(len(changes), 1))
        for i, (id, places, close) in enumerate(changes):
            array[i].id = keep.text(id, "id")
            array[i].places, array[i].close = whole(places, "places", -(2**63)), close
        handle = call(lib.carenet_directory_with, self._handle, array, len(changes))
        return Directory(handle, self._reference, self._policy, ("with", self._origin, changes))

    def with_capacity(self, places: Mapping[str, int]) -> Directory:
        """The directory as it would be with so many places more (or fewer, never less than are taken),
        by offering, or by provider where it has one counted offering. This one stays as it is.

        >>> import carenet as cn
        >>> d = cn.open().directory()
        >>> more = d.with_capacity({"ex-nmn-014/trauma-therapy": +5})
        >>> [x.find(service="trauma-therapy", region="northern-mindanao")["total"][1] for x in (d, more)]
        [12, 17]

        Raises:
            NotFoundError: nobody has that id; the hint names near misses.
            InvalidArgumentError: the places of that service are not counted.
        """
        return self._with([(id, count, False) for id, count in places.items()])

    def with_closed(self, ids: Names) -> Directory:
        """The directory as it would be if these providers or offerings took nobody any more."""
        return self._with([(id, 0, True) for id in names(ids, "ids")])

    # ---- Questions.

    def _now_s(self, now: Instant | None) -> int:
        if now is None and self.is_demonstration:
            return int(lib.carenet_directory_demonstration_now(self._handle))
        return instant_s(now, "now")

    def _query(self, keep: Keep, o: FindOptions) -> Any:
        query = ffi.new("carenet_find_query *")
        lib.carenet_find_query_init(query)
        query.regions, query.regions_len = keep.texts(areas_named(o.get("region")), "region")
        query.services, query.services_len = keep.texts(o.get("service"), "service")
        query.languages, query.languages_len = keep.texts(o.get("language"), "language")
        query.groups, query.groups_len = keep.texts(o.get("group"), "group")
        query.access, query.access_len = keep.texts(o.get("access"), "access")
        query.serving = keep.text(place_name(o.get("serving")), "serving")
        query.near = keep.text(place_name(o.get("near")), "near")
        query.sex = keep.text(o.get("sex"), "sex")
        query.sort = keep.text(o.get("sort", "default"), "sort")
        within, age, limit = o.get("within"), o.get("age"), o.get("limit")
        if within is not None:
            query.within_min, query.within_m = reach(within, "within")
        if age is not None:
            query.age = whole(age, "age", 0, 120)
        if limit is not None:
            query.limit = whole(limit, "limit")
        query.free = whole(o.get("free", 0), "free")
        query.remote = _which(o.get("remote", "any"), "remote")
        query.ordinance = _which(o.get("ordinance", "any"), "ordinance")
        query.network = _which(o.get("network", "any"), "network")
        verified = o.get("verified_within")
        if verified is not None:
            query.verified_within_days = days(verified, "verified_within")
        query.confirmed_only = o.get("confirmed_only", False)
        query.now_s = self._now_s(o.get("now"))
        open_at = o.get("open_at")
        if open_at is not None or o.get("open_now", False):
            now = dt.datetime.now(dt.timezone.utc) if query.now_s == INT64_MIN else query.now_s
            query.open_at_set = True
            query.open_at_s = instant_s(now if open_at is None else open_at, "open_at")
        policy = o.get("policy") or self._policy
        query.policy = handle_of(policy, Policy, "policy")
        keep.thing(policy)
        return query

    def find(
        self,
        *,
        region: Places = None,
        service: Names = None,
        serving: str | Place | None = None,
        near: str | Place | None = None,
        within: Span | None = None,
        age: int | None = None,
        sex: str | None = None,
        language: Names = None,
        group: Names = None,
        access: Names = None,
        free: int = 0,
        remote: str = "any",
        ordinance: str = "any",
        network: str = "any",
        open_at: Instant | None = None,
        open_now: bool = False,
        verified_within: Span | None = None,
        confirmed_only: bool = False,
        sort: str = "default",
        limit: int | None = None,
        now: Instant | None = None,
        policy: Policy | None = None,
    ) -> Table:
        """Who can help: one row an offering of an active provider, confirmed ones first.

        Args:
            region: seat of the offering: areas by name or code; all below them count.
            service: services by id, name or alias; all below them count.
            serving: also offerings elsewhere that serve this area, and remote ones (column ``via``).
            near: distances (metres) and travel times (minutes) are from here.
            within: at most so far from ``near``: ``"90min"``, ``"40km"``, or minutes.
            age: years.
            sex: ``"female"`` or ``"male"``.
            language, group, access: every word of these must be met.
            free: at least so many free places.
            remote: ``"any"``, ``"yes"`` (by phone or online only) or ``"no"``.
            ordinance: ``"yes"``: in a local government with an ordinance passed and implemented.
            network: ``"yes"``: covered by a network of care that was formed.
            open_at, open_now: open at that instant.
            verified_within: ``"60d"``, days, or a timedelta.
            confirmed_only: leave out what nobody has confirmed.
            sort: ``default``, ``distance``, ``wait``, ``free``, ``name``, ``provider``, ``verified``.
            limit: at most so many rows; None or 0: all.
            now: the present instant; a demonstration directory has one of its own.
            policy: travel speeds, bands and staleness.

        Returns:
            A table with the columns provider, name, organization, offering, service, place, area, via,
            free, total, unit, as_of, availability, wait_days, languages, contact, phone, email,
            verified_on, unconfirmed, stale, example, disclosure, remote, travel_min, travel_band,
            distance_m, open, only_for, note, ordinance (``"implemented"``, ``"passed"`` or None), network
            (the region whose network covers it). Nobody found is a table without rows.

        >>> import carenet as cn
        >>> rows = cn.open().directory().find(region="mindanao", service="mental-health", age=15)
        >>> "ex-nmn-014" in rows["provider"]
        True

        Raises:
            NotFoundError: an area or a service that nobody knows; the hint names near misses.
            InvalidArgumentError: an ambiguous name, a wrong word.
        """
        keep = Keep()
        options: FindOptions = {
            "region": region,
            "service": service,
            "serving": serving,
            "near": near,
            "within": within,
            "age": age,
            "sex": sex,
            "language": language,
            "group": group,
            "access": access,
            "free": free,
            "remote": remote,
            "ordinance": ordinance,
            "network": network,
            "open_at": open_at,
            "open_now": open_now,
            "verified_within": verified_within,
            "confirmed_only": confirmed_only,
            "sort": sort,
            "limit": limit,
            "now": now,
            "policy": policy,
        }
        return Table._take(call(lib.carenet_find, self._handle, self._query(keep, options)))

    @spelled_out(FindOptions, defaults_of(find))
    def why_not(self, id: str, **options: Unpack[FindOptions]) -> Table:
        """Why a provider or an offering is not among the rows of :meth:`find` with the same keywords:
        one row an offering and filter that it misses, with the columns provider, offering, service,
        listed, reason, detail."""
        keep = Keep()
        query = self._query(keep, options)
        return Table._take(
            call(lib.carenet_find_why_not, self._handle, query, encoded(id, "id"))
        )

    def show(self, id: str) -> Table:
        """Everything disclosed about a provider, offering, organization, service or area: columns
        field, value.

        >>> import carenet as cn
        >>> shown = cn.open().directory().show("ex-nmn-014")
        >>> shown.columns
        ('field', 'value')
        """
        return Table._take(call(lib.carenet_directory_show, self._handle, encoded(id, "id")))

    def regions(self) -> Table:
        """The regions of the network: region, name, area, providers, offerings."""
        return Table._take(lib.carenet_directory_regions(self._handle))

    def reporting_lines(self, area: str | Place | None = None) -> Table:
        """The lines to report abuse that serve an area (None: the whole network): provider, name, phone,
        contact, unconfirmed, source_on, area."""
        keep = Keep()
        chars = keep.text(place_name(area), "area")
        return Table._take(call(lib.carenet_directory_reporting_lines, self._handle, chars))

    # ---- Reports.

    def _asked(self, kind: str, options: ReportOptions) -> Asked:
        policy = options["policy"] or self._policy
        return Asked(self, policy, kind, options, self._now_s(options["now"]))

    @spelled_out(ReportOptions, REPORT_DEFAULTS)
    def report(self, kind: str, **options: Unpack[ReportOptions]) -> Table:
        """A report as a table; its columns stand in ``docs/report.md``.

        Args:
            kind: ``"gaps"`` and ``"coverage"`` (from the directory alone), ``"capacity"``; ``"flow"`` and
                ``"waiting"`` of ``referrals``; ``"unmet"`` and ``"funnel"`` of ``plan``;
                ``"indicators"`` of ``programme``.
            region: areas; None: the regions of the network.
            service: services; None: the minimum package of the policy.
            include_unconfirmed: count providers that nobody has confirmed.
            profile: who reads it: ``"internal"``, or ``"partner"`` and ``"funder"``, for whom counts of
                persons from 1 to 4 are suppressed.
            from_, to: first and last day of referrals and indicators.
            referrals: of :meth:`Network.referrals`.
            cases: where cases live, by their reference (the flow asks it only where a referral does not
                say); a plan of a file needs its own, another one knows them.
            plan: a plan for exactly these cases.
            programme: of :meth:`Network.programme`.
            indicators: an indicator file of your own.
            now: the present instant; a demonstration directory has one of its own.

        Raises:
            InvalidArgumentError: what the kind needs is not given, or a keyword is given that it does not
                look at.
        """
        return self._asked(kind, options).table()

    @spelled_out(ReportOptions, REPORT_DEFAULTS)
    def write_report(
        self,
        path: StrPath,
        *,
        kind: str = "full",
        replace: bool = False,
        **options: Unpack[ReportOptions],
    ) -> None:
        """What :meth:`report` tells, with its keywords, as one HTML file: pictures, each with its text and its
        table; no script, no request, fit for print. ``"full"`` has every section for which something is given. Only its owner can read
        the file.

        Raises:
            ConflictError: the file exists, and ``replace`` is not set.
        """
        write(path, self._asked(kind, options).html(), replace)

    def unmet_cases(
        self,
        referrals: Table,
        *,
        cases: CasesLike | None = None,
        from_: str | None = None,
        to: str | None = None,
        now: Instant | None = None,
    ) -> Cases:
        """The needs that referrals did not meet (declined, expired, waiting), as cases: route them anew to see
        where they could go now, and ``plan.gaps()`` where one more place would help.

        Args:
            referrals: of :meth:`Network.referrals`.
            cases: what is known of the survivors, by their reference. Whoever is not among them is
                supposed to live near the provider that was asked, and nothing stands in the way.
            from_, to: first and last day of the referrals (``"2026-01-31"``, a month or a year).
            now: the present instant; a demonstration directory has one of its own.

        Returns:
            One case a need, with the id of its referral as its reference. There may be none.
        """
        options: ReportOptions = {"referrals": referrals, "cases": cases, "from_": from_, "to": to}
        asked = Asked(self, self._policy, "flow", options, self._now_s(now))
        return asked.unmet_cases()

    def route(
        self,
        cases: CasesLike,
        *,
        policy: Policy | None = None,
        top: int = 3,
        include_unconfirmed: bool = False,
        include_unknown_capacity: bool = False,
        at: Instant | None = None,
        now: Instant | None = None,
        why_not: str | None = None,
        prices: Plan | None = None,
        checked: str | None = None,
        allow_personal_data: bool = False,
    ) -> Routes:
        """Who can really take each need of a case, or of a short list one by one, and why. Nothing is
        reserved or sent: a person decides.

        Args:
            cases: a :class:`Case`, a list of them, dicts, a data frame, or the path of a case file.
            policy: rules and weights; None: those of the store.
            top: ranked offerings a need; 0: all.
            include_unconfirmed: also providers that nobody has confirmed.
            include_unknown_capacity: also offerings whose free places nobody knows.
            at: when intake must be open in an emergency; None: now.
            now: the present instant; a demonstration directory has one of its own.
            why_not: an offering or provider to list in the refusals in any case.
            prices: a plan, such as that of a day like this one, whose prices count beside the cost: a
                place that others will need is left to them. ``ranked`` then has a column ``price``.
            checked: a restricted provider whose site :meth:`Network.check_safety` has found safe for
                these cases: the rule ``safety-check`` does not refuse it.
            allow_personal_data: read cases that seem to hold names, birth dates, phone numbers.

        >>> import carenet as cn
        >>> case = cn.Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15, sex="female")
        >>> routes = cn.open().directory().route(case)
        >>> routes.choice["trauma-therapy"].provider
        'ex-nmn-014'

        Raises:
            InvalidDataError: a case has errors; ``issues`` lists them all, with the columns row (of the
                case, from 0), field (its column), severity, tag, message, suggestion.
            NotFoundError: nobody has the id ``why_not``.
        """
        used = policy or self._policy
        handle_of(used, Policy, "policy")
        if prices is not None:
            handle_of(prices, Plan, "prices")
        now_s = self._now_s(now)
        return ask(
            Question(
                directory=self,
                cases=cases_of(self._reference, cases, allow_personal_data=allow_personal_data),
                policy=used,
                top=whole(top, "top"),
                include_unconfirmed=include_unconfirmed,
                include_unknown_capacity=include_unknown_capacity,
                at_s=instant_s(at, "at"),
                now_s=int(time.time()) if now_s == INT64_MIN else now_s,
                why_not=why_not,
                prices=prices,
                checked=checked,
            )
        )

    def route_batch(
        self,
        cases: CasesLike,
        *,
        policy: Policy | None = None,
        threads: int = 1,
        work_limit: int | None = None,
        time_limit_s: float | None = None,
        pins: Pins | Iterable[Mapping[str, Any]] | StrPath | None = None,
        former: Plan | None = None,
        keep: Plan | None = None,
        max_moves: int | None = None,
        reasons: bool = True,
        include_unconfirmed: bool = False,
        include_unknown_capacity: bool = False,
        at: Instant | None = None,
        now: Instant | None = None,
        progress: ProgressLike = None,
        allow_personal_data: bool = False,
    ) -> Plan:
        """Routes everybody of a list at once, with a proof that no better plan exists: fewest unmet
        emergency needs first, then urgent, then routine, then least cost. Nothing is reserved or sent.

        The answer depends on the arguments only, not on ``threads`` nor on the order of the list.

        Args:
            cases: a data frame (pandas, polars, pyarrow, DuckDB), dicts, :class:`Case` objects, or the
                path of a list (YAML, JSON, NDJSON, CSV).
            policy: rules and weights; None: those of the store.
            threads: 1 to 64.
            work_limit: pairs to look at before the best so far is taken; the same on every machine.
            time_limit_s: seconds that the call may take, all of it; the best so far is taken, and reasons
                are looked for as long as there is time.
            pins: ``{(ref, need): offering}``, need from 1: to go there whatever it costs; or the path of
                a CSV file with the columns ref, need and offering.
            former: a plan whose prices and places to begin with, such as yesterday's: quicker, and as good.
            keep: a plan whose places people keep, unless a place can take them no more: ``plan.kept``
                says who stays, who moved and who was released.
            max_moves: with ``keep``, so many of those who could stay may move where that is better;
                None: nobody.
            reasons: look for the reasons of the unmet, and for what would place them.
            include_unconfirmed, include_unknown_capacity, at, now: as in :meth:`route`.
            progress: True shows it on stderr after half a second; a function is called with a
                :class:`Progress`, from another thread, and stops the run by returning False.
            allow_personal_data: read cases that seem to hold names, birth dates, phone numbers.

        Raises:
            InvalidDataError: a case has errors; ``issues`` lists them all, by row and field.
            Interrupted: Ctrl-C; its ``plan`` is the best that there was.
            ConflictError: a pin breaks a hard rule.

        >>> import carenet as cn
        >>> intake = [{"ref": f"C-{i}", "area": "Iligan", "age": 15, "needs": "trauma-therapy"}
        ...           for i in range(3)]
        >>> plan = cn.open().directory().route_batch(cn.Table(intake))
        >>> plan.status, plan.gap
        ('optimal', 0.0)
        """
        checked = cases_of(
            self._reference,
            cases,
            allow_personal_data=allow_personal_data,
            threads=threads,
            known=self,
        )
        used, alive = policy or self._policy, Keep()
        handle_of(used, Policy, "policy")
        if max_moves is not None and keep is None:
            raise InvalidArgumentError("max_moves goes with keep")
        options = ffi.new("carenet_batch_options *")
        lib.carenet_batch_options_init(options)
        options.include_unconfirmed = include_unconfirmed
        options.include_unknown_capacity = include_unknown_capacity
        options.at_s, options.now_s = instant_s(at, "at"), self._now_s(now)
        options.threads = whole(threads, "threads", 1, 64)
        options.work_limit = whole(work_limit or 0, "work_limit")
        options.time_limit_s, options.skip_reasons = time_limit_s or 0.0, not reasons
        options.pins, options.pins_len = pins_of(alive, pins)
        if former is not None:
            options.former = handle_of(former, Plan, "former")
        if keep is not None:
            options.keep = handle_of(keep, Plan, "keep")
            options.max_moves = whole(max_moves or 0, "max_moves")
        with as_counted(checked):
            return run_batch(
                self._handle,
                used._handle,
                checked._handle,
                options,
                progress,
                lambda handle: Plan(handle, (self, checked, used)),
            )


def _reopen(origin: tuple[Any, ...], digest: str, revision: int) -> Directory:
    """A directory that was pickled, read again."""
    again = _again(origin)
    if (again.digest, again.revision) != (digest, revision):
        raise ConflictError(
            "the directory changed since it was pickled", hint="load it where it is used"
        )
    return again


def _again(origin: tuple[Any, ...]) -> Directory:
    from carenet._network import open as open_network

    kind, *where = origin
    if kind == "with":
        inner, changes = where
        return _again(inner)._with(changes)
    if kind in ("store", "to-apply"):
        path, folder = where
        with open_network(path, read_only=True, data_dir=folder) as network:
            return network.directory() if kind == "store" else network.directory_to_apply()
    if kind == "files":
        *paths, folder = where
        return Directory.from_files(*paths, data_dir=folder)
    return Directory._shipped(Reference.open(where[0]))
