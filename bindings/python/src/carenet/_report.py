"""Reports: what a network covers and where it falls short, as tables and as one page."""

from __future__ import annotations

import os
import pathlib
import stat
import tempfile
from typing import TYPE_CHECKING, Any, TypedDict

from carenet._call import Keep, Names, StrPath, call, handle_of, taken
from carenet._cases import Cases, CasesLike, cases_of
from carenet._errors import ConflictError, FileError, InvalidArgumentError
from carenet._native import ffi, lib
from carenet._place import Places, areas_named
from carenet._policy import Policy
from carenet._programme import PROFILES, Programme
from carenet._table import Table
from carenet._time import Instant

if TYPE_CHECKING:
    from carenet._directory import Directory
    from carenet._plan import Plan

KINDS = (
    "gaps",
    "coverage",
    "capacity",
    "flow",
    "waiting",
    "unmet",
    "funnel",
    "indicators",
    "full",
)


_AREAS = frozenset({"gaps", "coverage", "full"})
_PERIOD = frozenset({"flow", "waiting", "indicators", "full"})
# What an option is for. One that a report does not look at would be taken for one that it did. What a
# network or a plan brings along for every report (cases, referrals, a programme) is not among them.
USES: dict[str, frozenset[str]] = {
    "region": _AREAS,
    "service": _AREAS,
    "include_unconfirmed": _AREAS | {"unmet", "funnel"},
    "from_": _PERIOD,
    "to": _PERIOD,
    "indicators": frozenset({"indicators", "full"}),
}


def _check_uses(kind: str, options: ReportOptions) -> None:
    for name, value in options.items():
        kinds = USES.get(name)
        if kinds is not None and value is not None and value is not False and kind not in kinds:
            raise InvalidArgumentError(
                f"the report {kind} takes no {name}",
                hint="leave it out; it is for: " + ", ".join(k for k in KINDS if k in kinds),
            )


class PlanReportOptions(TypedDict, total=False):
    """The keywords of :meth:`Plan.report`, which has its cases."""

    region: Places
    service: Names
    include_unconfirmed: bool
    profile: str
    from_: str | None
    to: str | None
    referrals: Table | None
    programme: Programme | None
    indicators: StrPath | None
    now: Instant | None
    policy: Policy | None


class ReportOptions(PlanReportOptions, total=False):
    """The keywords of :meth:`Directory.report` and of what writes it."""

    cases: CasesLike | None
    plan: Plan | None


REPORT_DEFAULTS = {
    **dict.fromkeys(ReportOptions.__annotations__),
    "include_unconfirmed": False,
    "profile": "internal",
}


class Asked:
    """A report that is asked for: the query, and what it points to."""

    def __init__(
        self, directory: Directory, policy: Policy, kind: str, options: ReportOptions, now_s: int
    ) -> None:
        from carenet._plan import Plan

        o: Any = {**REPORT_DEFAULTS, **options}
        if kind not in KINDS:
            raise InvalidArgumentError("a report is one of " + ", ".join(KINDS))
        if o["profile"] not in PROFILES:
            raise InvalidArgumentError("profile is one of " + ", ".join(PROFILES))
        _check_uses(kind, options)
        keep = Keep()
        query = ffi.new("carenet_report_query *")
        lib.carenet_report_query_init(query)
        query.regions, query.regions_len = keep.texts(areas_named(o["region"]), "region")
        query.services, query.services_len = keep.texts(o["service"], "service")
        query.include_unconfirmed = o["include_unconfirmed"]
        query.now_s = now_s
        query.profile = PROFILES.index(o["profile"])
        setattr(query, "from", keep.text(o["from_"], "from_"))
        query.to = keep.text(o["to"], "to")
        query.indicators = keep.path(o["indicators"])
        cases = o["cases"]
        if cases is not None:
            cases = cases_of(directory._reference, cases)
        elif isinstance(o["plan"], Plan) and o["plan"]._made_from is not None:
            cases = o["plan"]._made_from[1]
        for field, sort, thing in (
            ("referrals", Table, o["referrals"]),
            ("cases", Cases, cases),
            ("plan", Plan, o["plan"]),
            ("programme", Programme, o["programme"]),
        ):
            if thing is not None:
                setattr(query, field, handle_of(thing, sort, field))
                keep.thing(thing)
        # What the query points to lives as long as it does.
        self._held = (keep, directory, policy)
        self._reference = directory._reference
        self._query = query
        handles = directory._handle, handle_of(policy, Policy, "policy")
        self._question = (*handles, KINDS.index(kind) + 1, query)

    def table(self) -> Table:
        return Table._take(call(lib.carenet_report_table, *self._question))

    def unmet_cases(self) -> Cases:
        handle = call(lib.carenet_report_unmet_cases, self._question[0], self._query)
        return Cases(handle, Table([]), self._reference)

    def html(self) -> str:
        return taken(call(lib.carenet_report_html, *self._question))


def write(path: StrPath, text: str, replace: bool) -> None:
    """The whole file or nothing, for its owner only."""
    to = pathlib.Path(os.fsdecode(path))
    # Whoever may, would put a file in the place of a device, a pipe or a link.
    if replace and os.path.lexists(to) and not stat.S_ISREG(os.lstat(to).st_mode):
        raise FileError(f"{to} is there and is no file", hint="give the name of a file")
    try:
        descriptor, draft = tempfile.mkstemp(prefix=to.name + ".", dir=to.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                os.replace(draft, to)
                return
            os.link(draft, to)
            os.unlink(draft)
        except BaseException:
            os.unlink(draft)
            raise
    except FileExistsError:
        raise ConflictError(f"{to} exists already", hint="choose another name, or replace=True") from None
    except OSError as cause:
        raise FileError(
            f"{to} cannot be written: {cause.strerror}", hint="check the folder, its permissions and the disk"
        ) from cause
