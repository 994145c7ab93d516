"""Plans: the answer of batch routing for a whole list of cases, with what proves it."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from carenet._call import (
    Keep,
    Names,
    StrPath,
    call,
    encoded,
    handle_of,
    names,
    path_bytes,
    taken,
    text,
    utf8,
    whole,
)
from carenet._cases import Cases, CasesLike, cases_of
from carenet._errors import InvalidArgumentError
from carenet._keywords import spelled_out
from carenet._native import ffi, lib
from carenet._plot import Plots
from carenet._policy import Policy
from carenet._report import REPORT_DEFAULTS, PlanReportOptions
from carenet._table import Table
from carenet._time import datetime_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from carenet._directory import Directory

_STATUS = ("feasible", "optimal")
_STOPPED = (None, "time", "work", "user")
_NOT_HELD = "a plan that was read or pickled does not hold its directory and cases"


class PlanValue(NamedTuple):
    """How good a plan is: compared level by level from the left, less is better. The first three are
    unmet units of needs of that urgency, ``cost`` is that of all assignments, as the policy counts.

    >>> PlanValue(0, 2, 5, 9000) < PlanValue(1, 0, 0, 10)
    True
    """

    emergency: int
    urgent: int
    routine: int
    cost: int


_Made = tuple["Directory", Cases, Policy]


def _value(of: Any) -> PlanValue:
    return PlanValue(int(of.emergency), int(of.urgent), int(of.routine), int(of.cost))


class Plan:
    """A plan: a proposal for a case conference; nothing is reserved or sent. Immutable, any thread may
    read it. It knows cases by their reference only. One of :meth:`Directory.route_batch` and its copies
    remember directory, cases and policy; a pickle, like a file, holds no fact of a case: whatever asks about
    them anew (``check``, ``explain``, ``gaps``, ``report``, ``plots``) must then be given both.

    Tables:

    - ``assignments``: case, need (its number in the case, from 1), service, provider, offering, units,
      cost, pinned
    - ``unmet``: case, need, service, urgency, units, reason (the first that binds), detail
    - ``changes``: the fewest edits to offerings that would place each unmet need
    - ``funnel``: service, needed, offered, eligible, reachable, free, placed (units)
    - ``prices``: offering, price: what one more place there is worth; not listed: nothing. By a policy
      with fairness what one place is asked for, its use included
    - ``quotas``: of the policy: kind, id, name, places, used, told, emergency, urgent, routine, cost (one
      more place under it lowers the bound by no more, level by level; None, and not told, where it
      would let in somebody who needs them all), worth (the same in words; None: nothing, or not known)
    - ``kept``: who had a place in the plan that was to be kept: case, need, service, offering, state
      (stays, moved, released), reason (of a release), to
    """

    __slots__ = ("_handle", "_made_from")

    def __init__(self, handle: Any, made_from: _Made | None = None) -> None:
        self._handle = ffi.gc(handle, lib.carenet_plan_unref)
        self._made_from = made_from

    @classmethod
    def load(cls, path: StrPath) -> Plan:
        """Reads a plan file.

        Raises:
            ParseError, InvalidDataError: it is damaged; the message names the place.
            VersionError: a newer carenet wrote it.
            FileError: it cannot be read.
        """
        return cls(call(lib.carenet_plan_load, path_bytes(path)))

    @classmethod
    def parse(cls, json_text: str, *, name: str = "plan") -> Plan:
        """Reads a plan from its JSON; ``name`` stands for the file in errors."""
        data = utf8(json_text, "json_text")
        return cls(call(lib.carenet_plan_parse, data, len(data), encoded(name, "name")))

    def save(self, path: StrPath, *, replace: bool = False) -> None:
        """Writes the plan to a file that only its owner can read: the whole of it, or nothing.

        Raises:
            ConflictError: the file exists, and ``replace`` is not set.
        """
        call(lib.carenet_plan_save, self._handle, path_bytes(path), replace)

    def to_json(self) -> str:
        """The plan as JSON, schema ``carenet.plan/1``."""
        return taken(lib.carenet_plan_to_json(self._handle))

    def to_dict(self) -> dict[str, Any]:
        """The same as Python values."""
        plan: dict[str, Any] = json.loads(self.to_json())
        return plan

    def __copy__(self) -> Plan:
        return self  # immutable

    def __deepcopy__(self, memo: dict[int, Any]) -> Plan:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return Plan.parse, (self.to_json(),)

    # ---- How good it is.

    @property
    def status(self) -> str:
        """``"optimal"``: it is proven that no plan is better; ``"feasible"``: it breaks no rule."""
        return _STATUS[lib.carenet_plan_get_status(self._handle)]

    @property
    def stopped_by(self) -> str | None:
        """What ended the search before the proof: ``"time"``, ``"work"``, ``"user"``, or None."""
        return _STOPPED[lib.carenet_plan_get_stopped(self._handle)]

    @property
    def objective(self) -> PlanValue:
        """How good it is."""
        return _value(lib.carenet_plan_objective(self._handle))

    @property
    def bound(self) -> PlanValue:
        """No plan for the same question is better than this."""
        return _value(lib.carenet_plan_bound(self._handle))

    @property
    def gap(self) -> float:
        """How far the objective may be from the best, as a share, in ``gap_level``; 0 is proven."""
        return float(lib.carenet_plan_gap(self._handle))

    @property
    def gap_level(self) -> str | None:
        """The first level that is not proven: emergency, urgent, routine or cost; None where gap is 0."""
        return text(lib.carenet_plan_gap_level(self._handle))

    @property
    def searched(self) -> bool:
        """Whether every way to place families, bundles and needs of several units that could have been better was
        looked at: then no plan is, though the bound does not prove it. The word of the search, which
        :meth:`check` does not repeat; False where ``status`` is ``"optimal"``, and for long lists."""
        return bool(lib.carenet_plan_is_searched(self._handle))

    @property
    def policy_id(self) -> str:
        """The id of the policy that it was made by."""
        return text(lib.carenet_plan_policy_id(self._handle)) or ""

    @property
    def directory_digest(self) -> str:
        """The digest of the directory that it was made from."""
        return text(lib.carenet_plan_directory_digest(self._handle)) or ""

    @property
    def now(self) -> dt.datetime | None:
        """The instant for which it was made."""
        return datetime_of(int(lib.carenet_plan_now(self._handle)))

    # ---- What it says.

    def _part(self, part: int) -> Table:
        return Table._take(lib.carenet_plan_table(self._handle, part))

    @property
    def assignments(self) -> Table:
        """Who is proposed for each need."""
        return self._part(lib.CARENET_PLAN_ASSIGNMENTS)

    @property
    def needs(self) -> Table:
        """Every need: case, need, service, placed, provider, offering, units, cost, pinned, urgency (of
        an unmet one), reason, detail."""
        return self._part(lib.CARENET_PLAN_NEEDS)

    @property
    def unmet(self) -> Table:
        """The needs that nobody takes, with the first binding reason."""
        return self._part(lib.CARENET_PLAN_UNMET)

    @property
    def unexplained_len(self) -> int:
        """How many of them are told without a reason, since the run was stopped before it was looked for."""
        return int(lib.carenet_plan_unexplained_len(self._handle))

    @property
    def changes(self) -> Table:
        """The fewest edits to offerings that would place each unmet need."""
        return self._part(lib.CARENET_PLAN_CHANGES)

    @property
    def funnel(self) -> Table:
        """For how many units somebody is left at each stage, by service."""
        return self._part(lib.CARENET_PLAN_FUNNEL)

    @property
    def prices(self) -> Table:
        """What one more place is worth, by offering."""
        return self._part(lib.CARENET_PLAN_PRICES)

    @property
    def quotas(self) -> Table:
        """The quotas of the policy, how full each is, and what one more place under it saves at most."""
        return self._part(lib.CARENET_PLAN_QUOTAS)

    @property
    def kept(self) -> Table:
        """Who had a place in the plan that was to be kept, and what became of it."""
        return self._part(lib.CARENET_PLAN_KEPT)

    def __repr__(self) -> str:
        placed = int(lib.carenet_plan_assignments_len(self._handle))
        unmet = int(lib.carenet_plan_unmet_len(self._handle))
        return f"Plan({placed} assignments, {unmet} unmet, {self.status}, gap {self.gap:g})"

    def _repr_html_(self) -> str:
        return self.assignments._repr_html_()

    # ---- Against what it was made from.

    def _question(
        self, directory: Directory | None, cases: CasesLike | None, policy: Policy | None
    ) -> _Made:
        """What the plan was made from, as far as the caller does not say."""
        known = self._made_from
        if directory is None and known is not None:
            directory = known[0]
        if directory is None:
            raise InvalidArgumentError(_NOT_HELD, hint="give both: directory=, cases=")
        if not hasattr(directory, "with_capacity"):
            raise TypeError(f"directory is a Directory, not {type(directory).__name__}")
        if cases is None and known is None:
            raise InvalidArgumentError(
                "a plan that was read or pickled does not hold its cases", hint="give them: cases="
            )
        if cases is not None:
            checked = cases_of(directory._reference, cases, known=directory)
        else:
            checked = known[1]  # type: ignore[index]
        if policy is None:
            policy = known[2] if known is not None else directory._policy
        handle_of(policy, Policy, "policy")
        return directory, checked, policy

    def check(
        self,
        directory: Directory | None = None,
        cases: CasesLike | None = None,
        *,
        policy: Policy | None = None,
        threads: int = 1,
        keep: Plan | None = None,
    ) -> Table:
        """Proves the plan anew from nothing but the plan, the directory, the policy and the cases: one
        row a check with the columns check, ok, detail; the first that fails is the last row. Reasons,
        words and edits of the unmet are found anew, too; which needs are pinned is taken from the plan.
        A plan of :meth:`Directory.route_batch` knows what it was made from; one of a file must be told.
        ``keep`` is the plan whose places were kept: then that it is this one is checked, too."""
        options = ffi.new("carenet_plan_check_options *")
        lib.carenet_plan_check_options_init(options)
        options.threads = whole(threads, "threads", 1, 64)
        if keep is not None:
            options.keep = handle_of(keep, Plan, "keep")
        where, checked, used = self._question(directory, cases, policy)
        return Table._take(
            call(
                lib.carenet_plan_check,
                self._handle,
                where._handle,
                used._handle,
                checked._handle,
                options,
            )
        )

    def explain(
        self,
        ref: str,
        directory: Directory | None = None,
        cases: CasesLike | None = None,
        *,
        policy: Policy | None = None,
        why_not: str | None = None,
    ) -> Table:
        """Why a case got what the plan says: one row an offering, with the columns case, need, service,
        offering, provider, name, state (chosen, free, full, refused), cost, price, lines, reason, detail.

        Raises:
            NotFoundError: there is no such case, or nobody has the id ``why_not``.
            ConflictError: the plan was made from another directory, policy or list of cases.
        """
        keep = Keep()
        where, checked, used = self._question(directory, cases, policy)
        return Table._take(
            call(
                lib.carenet_plan_explain,
                self._handle,
                where._handle,
                used._handle,
                checked._handle,
                encoded(ref, "ref"),
                keep.text(why_not, "why_not"),
            )
        )

    def explain_text(
        self,
        ref: str,
        directory: Directory | None = None,
        cases: CasesLike | None = None,
        *,
        policy: Policy | None = None,
    ) -> str:
        """The same in sentences, for reading aloud."""
        where, checked, used = self._question(directory, cases, policy)
        return taken(
            call(
                lib.carenet_plan_explain_text,
                self._handle,
                where._handle,
                used._handle,
                checked._handle,
                encoded(ref, "ref"),
            )
        )

    @spelled_out(PlanReportOptions, REPORT_DEFAULTS)
    def report(
        self,
        path: StrPath,
        directory: Directory | None = None,
        cases: CasesLike | None = None,
        *,
        kind: str = "full",
        replace: bool = False,
        **options: Unpack[PlanReportOptions],
    ) -> None:
        """The plan and its network as one HTML file, with the keywords of :meth:`Directory.report`."""
        where, checked, options["policy"] = self._question(directory, cases, options["policy"])
        where.write_report(
            path, kind=kind, replace=replace, cases=checked, plan=self, **options
        )

    @property
    def plot(self) -> Plots:
        """The pictures of a plan of :meth:`Directory.route_batch`: ``plan.plot.coverage()``."""
        if self._made_from is None:
            raise InvalidArgumentError(_NOT_HELD, hint="use plan.plots(directory, cases)")
        return self.plots()

    def plots(
        self, directory: Directory | None = None, cases: CasesLike | None = None
    ) -> Plots:
        """The pictures of a plan; one of a file must be told its directory and cases."""
        return Plots(self, self._question(directory, cases, None))

    def gaps(
        self,
        directory: Directory | None = None,
        cases: CasesLike | None = None,
        *,
        by: Names = ("service", "region"),
        top: int = 5,
        threads: int = 1,
        policy: Policy | None = None,
    ) -> Table:
        """Where places are missing, most urgent first.

        Args:
            by: ``"service"``, ``"region"`` (where the survivors are), or both.
            top: for so many rows the true effect of one more place is worked out, solved anew.
            threads: 1 to 64.

        Returns:
            One row a service and region: service, region, needed, placed, unmet, emergency, urgent,
            routine (units), offering (where a place is dearest), price (what the plan says that one more
            place there is worth), placed_by_one and cost_by_one (what it really does, for the first
            ``top`` rows), reason (the first binding one of most of the unmet; None where all are placed).
            With neither service nor region in ``by`` one row tells of all. A place more at an offering under
            a quota that is full may change nothing; what one more under the quota saves, ``quotas`` tells.
        """
        wanted = names(by, "by")
        if not set(wanted) <= {"service", "region"}:
            raise InvalidArgumentError("by is service, region, or both")
        options = ffi.new("carenet_gaps_options *")
        lib.carenet_gaps_options_init(options)
        options.by_service, options.by_region = "service" in wanted, "region" in wanted
        options.top = whole(top, "top", 0, 1000)
        options.threads = whole(threads, "threads", 1, 64)
        where, checked, used = self._question(directory, cases, policy)
        return Table._take(
            call(
                lib.carenet_plan_gaps,
                self._handle,
                where._handle,
                used._handle,
                checked._handle,
                options,
            )
        )


def compare(a: Plan, b: Plan) -> Table:
    """What is different in ``b``: one row a need, with the columns case, need, service, change (moved,
    placed, lost, added, removed, cost), from, to, cost_from, cost_to. Warnings of the table say where the
    two were made from another directory, policy or list of cases."""
    handles = handle_of(a, Plan, "a"), handle_of(b, Plan, "b")
    return Table._take(call(lib.carenet_plans_compare, *handles))
