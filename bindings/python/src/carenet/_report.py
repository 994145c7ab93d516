"""Reports: what a network covers and where it falls short, as tables and as one page."""

from __future__ import annotations

import os
import pathlib
import tempfile
from typing import TYPE_CHECKING

from carenet._call import Keep, Names, StrPath, call, taken
from carenet._errors import ConflictError, FileError, InvalidArgumentError
from carenet._native import ffi, lib
from carenet._programme import PROFILES, Programme
from carenet._table import Table

if TYPE_CHECKING:
    from carenet._cases import Cases
    from carenet._directory import Directory
    from carenet._plan import Plan
    from carenet._policy import Policy

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


class Asked:
    """A report that is asked for: the query, and what it points to."""

    def __init__(
        self,
        directory: Directory,
        policy: Policy,
        kind: str,
        *,
        regions: Names,
        services: Names,
        include_unconfirmed: bool,
        now_s: int,
        profile: str,
        from_: str | None,
        to: str | None,
        referrals: Table | None,
        cases: Cases | None,
        plan: Plan | None,
        programme: Programme | None,
        indicators: StrPath | None,
    ) -> None:
        if kind not in KINDS:
            raise InvalidArgumentError("a report is one of " + ", ".join(KINDS))
        if profile not in PROFILES:
            raise InvalidArgumentError("profile is one of " + ", ".join(PROFILES))
        keep = Keep()
        query = ffi.new("carenet_report_query *")
        lib.carenet_report_query_init(query)
        query.regions, query.regions_len = keep.texts(regions, "region")
        query.services, query.services_len = keep.texts(services, "service")
        query.include_unconfirmed = include_unconfirmed
        query.now_s = now_s
        query.profile = PROFILES.index(profile)
        setattr(query, "from", keep.text(from_, "from_"))
        query.to = keep.text(to, "to")
        query.indicators = keep.path(indicators)
        for field, thing in (
            ("referrals", referrals),
            ("cases", cases),
            ("plan", plan),
            ("programme", programme),
        ):
            if thing is not None:
                setattr(query, field, thing._handle)
        # What the query points to lives as long as it does.
        self._held = (keep, directory, policy, referrals, cases, plan, programme)
        self._question = (directory._handle, policy._handle, KINDS.index(kind) + 1, query)

    def table(self) -> Table:
        return Table._take(call(lib.carenet_report_table, *self._question))

    def html(self) -> str:
        return taken(call(lib.carenet_report_html, *self._question))


def write(path: StrPath, text: str, replace: bool) -> None:
    """The whole file or nothing, for its owner only."""
    to = pathlib.Path(os.fsdecode(path))
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
