"""Applying a plan: its assignments become referrals of a store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from carenet._call import NULL, Keep, call, handle_of, taken
from carenet._cases import CasesLike, cases_of
from carenet._directory import Directory
from carenet._ledger import Ledger, _seconds
from carenet._native import ffi, lib
from carenet._plan import Plan
from carenet._policy import Policy
from carenet._table import Table
from carenet._time import Instant, Span


@dataclass(frozen=True)
class Applied:
    """What became of a plan. ``rows`` has one row an assignment: case, need, service, provider, offering,
    units, state (drafted, sent, already, lost, left), referral, reason, detail, offered, dry_run.
    ``lost_cases`` are the needs that lost their place, as cases that can be routed again: who must be
    kept apart from somebody avoids the providers where that one goes. Its repr does not show them."""

    rows: Table
    lost_cases: list[dict[str, Any]] = field(repr=False)

    def count(self, state: str) -> int:
        """How many assignments are in a state."""
        return sum(found == state for found in self.rows["state"])


class Applying(Ledger):
    """The part of :class:`Network` that applies plans."""

    _path: str | None

    def directory_to_apply(self) -> Directory:
        """A snapshot for a plan that is to be applied: places that open drafts ask for count as held."""
        with self._lock:
            handle = call(lib.carenet_directory_to_apply, self._use())
            origin = ("to-apply", self._path, self._reference.folder)
            return Directory(handle, self._reference, self._own_policy(), origin)

    def _own_policy(self) -> Policy:
        """That of the store; call it with the lock held."""
        handle = call(lib.carenet_store_policy, self._use())
        return Policy._take(handle, None, None, ("store", self._path, self._reference.folder))

    def apply(
        self,
        plan: Plan,
        cases: CasesLike,
        *,
        actor: str,
        send: bool = False,
        hold: Span | None = None,
        policy: Policy | None = None,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Applied:
        """Makes a referral of every assignment of a plan, the most urgent first: drafts, or sent at once
        (``send``) where there is consent, with places held. Every rule, the places and consent are looked
        at once more; siblings who must stay together go together or not at all. Applied twice it sends
        nothing twice, and after a failure the same call does the rest.

        Args:
            plan: made from this store.
            cases: the list that it was made for.
            actor: a desk or a login, for the audit record.
            hold: how long providers may take to answer what is sent; None: "48h".
            policy: None: the network's own.
            dry_run: say what would be, and change nothing.

        Raises:
            RefusedError: a plan of a demonstration for a live store, or the other way round.
            BusyError: somebody else holds the store, or the directory changes all the time.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        options = ffi.new("carenet_apply_options *")
        lib.carenet_apply_options_init(options)
        options.send, options.hold_s = send, _seconds(hold, "hold")
        listed = cases_of(self._reference, cases)
        rows = self._change_by_plan(plan, policy, listed, options, acting)
        text = taken(call(lib.carenet_plan_lost, listed._handle, rows._handle))
        return Applied(rows, [json.loads(line) for line in text.splitlines()])

    def _change_by_plan(
        self, plan: Plan, policy: Policy | None, cases: Any, options: Any, acting: Any
    ) -> Table:
        own = handle_of(policy, Policy, "policy") if policy is not None else NULL
        with self._lock:
            return Table._take(
                call(
                    lib.carenet_plan_apply,
                    handle_of(plan, Plan, "plan"),
                    self._use(),
                    own,
                    cases._handle,
                    options,
                    acting,
                )
            )
