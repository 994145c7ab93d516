"""Places, referrals and the audit chain of a store."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from carenet._call import (
    NULL,
    Keep,
    Reference,
    StrPath,
    Turns,
    call,
    encoded,
    taken,
    text,
    whole,
)
from carenet._cases import CasesLike, one_of
from carenet._errors import InvalidArgumentError
from carenet._key import Key, SigningKey
from carenet._native import ffi, lib
from carenet._table import Table
from carenet._time import Instant, Span, instant_s, minutes

_DAYS_MOST = 2**31 - 1


@dataclass(frozen=True)
class Referral:
    """A need of a case sent to an offering, as it stood when it was asked for. Its repr does not show
    the case.

    ``state`` is one of draft, sent, received, accepted, started, completed, not-completed, declined,
    redirected, waitlisted, expired, cancelled. sent and received hold a place until ``hold_until`` (an
    ISO instant), accepted and started occupy it. ``position`` is the place on the waiting list, from 1.
    ``offered`` names referrals that got a place which came free by this call; ``replayed`` says that the
    key had done this before; ``next`` is what to do next. ``despite`` tells the rules of routing that it was
    sent despite, in words.
    """

    id: str
    case: str = field(repr=False)
    need: str
    service: str
    offering: str
    provider: str
    urgency: str
    units: int
    state: str
    hold_until: str | None = None
    position: int | None = None
    reason: str | None = None
    basis: str | None = field(default=None, repr=False)
    redirected_to: str | None = None
    redirected_from: str | None = None
    offered: tuple[str, ...] = ()
    replayed: bool = False
    dry_run: bool = False
    next: str | None = field(default=None, repr=False)
    despite: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def _of(cls, table: Table) -> Referral:
        row = table[0]
        known = {name: row[name] for name in cls.__dataclass_fields__ if row.get(name) is not None}
        for name in ("offered", "despite"):
            known[name] = tuple(row.get(name) or ())
        return cls(**known)


@dataclass(frozen=True)
class Chain:
    """What a look at the audit chain found. ``broken_at`` is the number of the first record that does
    not fit, or None. Keep ``checkpoint`` elsewhere: against it, records that were cut off show."""

    records: int
    head: str
    broken_at: int | None
    what: str | None

    @property
    def ok(self) -> bool:
        """Whether every record fits."""
        return self.broken_at is None

    @property
    def checkpoint(self) -> str:
        """What :meth:`Network.verify_audit` takes later."""
        return f"{self.records}:{self.head}"


def referral_reasons() -> tuple[str, ...]:
    """The coded reasons for a referral that ends early.

    >>> "lack-of-capacity" in referral_reasons()
    True
    """
    found: list[str] = []
    while (reason := text(lib.carenet_referral_reason(len(found)))) is not None:
        found.append(reason)
    return tuple(found)


def checkpoint_signer(checkpoint: str) -> str | None:
    """The public key by which the text of a checkpoint is signed, or None. Compare it with the one that
    you know: anybody can sign with a key of their own.

    Raises:
        InvalidDataError: it is no checkpoint, or the signature is not over what it says.
    """
    return taken(call(lib.carenet_checkpoint_signer, encoded(checkpoint, "checkpoint"))) or None


def _seconds(value: Span | None, what: str) -> int:
    """Whole seconds of "48h", minutes, or a timedelta; 0 for None, which to C is two days."""
    if value is None:
        return 0
    if isinstance(value, dt.timedelta):
        count = int(value.total_seconds())
    else:
        count = minutes(value, what) * 60
    if count == 0:
        raise InvalidArgumentError(f"{what} is a second or more", hint="leave it out for two days")
    return count


class Ledger:
    """The part of :class:`Network` that changes places and referrals. Every change is one transaction
    with its audit record; ``actor`` names a desk or a login and stays in that record for ever.
    ``dry_run`` checks and answers, and stores nothing; with the same ``key`` a request is done once,
    however often it is sent."""

    _lock: Turns
    _reference: Reference

    def _use(self) -> Any:
        raise NotImplementedError

    def _acting(
        self,
        keep: Keep,
        actor: str,
        by_phone: bool,
        now: Instant | None,
        key: str | None = None,
        dry_run: bool = False,
        ground: str | None = None,
    ) -> Any:
        acting = ffi.new("carenet_acting *")
        lib.carenet_acting_init(acting)
        acting.actor = keep.text(actor, "actor")
        acting.by_phone, acting.dry_run = by_phone, dry_run
        acting.key = keep.text(key, "key")
        acting.now_s = instant_s(now, "now")
        acting.ground = keep.text(ground, "ground")
        return acting

    def _change(self, function: Any, *arguments: Any) -> Table:
        with self._lock:
            return Table._take(call(function, self._use(), *arguments))

    # ---- Referrals.

    def send(
        self,
        case: CasesLike,
        *,
        to: str,
        actor: str,
        ref: str | None = None,
        need: str | None = None,
        hold: Span | None = None,
        key: str | None = None,
        ground: str | None = None,
        waitlist: bool = False,
        draft: bool = False,
        despite: bool = False,
        site_key: Key | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Sends a need of a case to an offering and holds its place, in one transaction. Every hard rule of
        routing is looked at by what the store holds then: what :meth:`Directory.route` would refuse is
        refused.

        Args:
            case: one :class:`Case`, a dict, the path of a case file; or a list of cases.
            to: the offering.
            actor: who acts: a desk or a login, never a survivor.
            ref: which case of a list.
            need: the service; None where the case has one need only.
            hold: how long the provider may take to answer: ``"48h"`` (the default), minutes, timedelta.
            key: names this request: with the same key it is done once, however often it is sent.
            ground: a lawful ground on which consent is not waited for.
            waitlist: wait for a place where none is free.
            draft: write it down and send nothing.
            despite: send it though a rule of routing speaks against it; never one of safety. Those are told
                in ``despite`` of the answer.
            site_key: the key of the network, with which a restricted site is looked at where an area to
                avoid lies within the one that it shows: as :meth:`check_safety`, and recorded like it,
                whatever becomes of the referral. A dry run tells nothing of it and is refused.
            by_phone: a worker writes down what was said on the phone.
            dry_run: check and answer, store nothing.
            now: the present instant.

        Raises:
            CapacityError: no place is free, or nobody knows.
            RefusedError: it would not be safe, or consent is missing.
            StateError: a rule of routing speaks against it; the message ends with its reason.
            ConflictError: the key was used for another request, or there is such a referral already.
        """
        cases, at = one_of(self._reference, case, ref)
        keep = Keep()
        options = ffi.new("carenet_referral_options *")
        lib.carenet_referral_options_init(options)
        options.service = keep.text(need, "need")
        options.offering = keep.text(to, "to")
        options.hold_s = _seconds(hold, "hold")
        options.ground = keep.text(ground, "ground")
        options.waitlist, options.draft, options.despite = waitlist, draft, despite
        options.site_key = site_key._use() if site_key is not None else NULL
        acting = self._acting(keep, actor, by_phone, now, key, dry_run)
        return Referral._of(
            self._change(lib.carenet_referral_send, cases._handle, at, options, acting)
        )

    def send_draft(
        self,
        id: str,
        *,
        actor: str,
        hold: Span | None = None,
        key: str | None = None,
        ground: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Sends a draft; ``key`` and errors as :meth:`send`. The store cannot read the case: of the rules of
        routing only the provider's status is looked at once more, so route the case again before where time
        has passed."""
        keep = Keep()
        acting = self._acting(keep, actor, by_phone, now, key, dry_run)
        return Referral._of(
            self._change(
                lib.carenet_referral_send_draft,
                encoded(id, "id"),
                _seconds(hold, "hold"),
                keep.text(ground, "ground"),
                acting,
            )
        )

    def _step(
        self,
        function: Any,
        id: str,
        *texts: str | None,
        actor: str,
        key: str | None,
        by_phone: bool,
        dry_run: bool,
        now: Instant | None,
        ground: str | None = None,
    ) -> Referral:
        keep = Keep()
        acting = self._acting(keep, actor, by_phone, now, key, dry_run, ground)
        more = [keep.text(value, "a word") for value in texts]
        return Referral._of(self._change(function, encoded(id, "id"), *more, acting))

    def receive(
        self,
        id: str,
        *,
        actor: str,
        key: str | None = None,
        ground: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """The provider has the referral. ``ground``: of :meth:`send`, where consent has ended."""
        return self._step(
            lib.carenet_referral_receive,
            id,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
            ground=ground,
        )

    def accept(
        self,
        id: str,
        *,
        actor: str,
        key: str | None = None,
        ground: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """The provider takes the survivor in: the held place is occupied. ``ground`` as in :meth:`receive`."""
        return self._step(
            lib.carenet_referral_accept,
            id,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
            ground=ground,
        )

    def start(
        self,
        id: str,
        *,
        actor: str,
        key: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Help has begun."""
        return self._step(
            lib.carenet_referral_start,
            id,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
        )

    def decline(
        self,
        id: str,
        reason: str,
        *,
        actor: str,
        key: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """The provider says no, for one of :func:`referral_reasons`; the place is given back."""
        return self._step(
            lib.carenet_referral_decline,
            id,
            reason,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
        )

    def redirect(
        self,
        id: str,
        *,
        to: str,
        actor: str,
        reason: str | None = None,
        key: str | None = None,
        ground: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Sends the need to another offering and ends this referral; ``redirected_to`` is the new one. The
        store cannot read the case: of the rules of routing only service and status are looked at, so ask
        :meth:`Directory.route` before whether it may go there. ``ground`` as in :meth:`receive`."""
        return self._step(
            lib.carenet_referral_redirect,
            id,
            to,
            reason,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
            ground=ground,
        )

    def waitlist(
        self,
        id: str,
        *,
        actor: str,
        key: str | None = None,
        ground: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Waits for a place: the order is urgency, then time. ``ground`` as in :meth:`receive`."""
        return self._step(
            lib.carenet_referral_waitlist,
            id,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
            ground=ground,
        )

    def complete(
        self,
        id: str,
        *,
        actor: str,
        outcome: str | None = None,
        reason: str | None = None,
        key: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Help has ended, with an outcome ("met", "partly-met", "ended"), or could not be completed for
        a reason. The place is free."""
        return self._step(
            lib.carenet_referral_complete,
            id,
            outcome,
            reason,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
        )

    def cancel(
        self,
        id: str,
        reason: str,
        *,
        actor: str,
        key: str | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Referral:
        """Calls an open referral off; its place is given back."""
        return self._step(
            lib.carenet_referral_cancel,
            id,
            reason,
            actor=actor,
            key=key,
            by_phone=by_phone,
            dry_run=dry_run,
            now=now,
        )

    def referral(self, id: str, *, now: Instant | None = None) -> Referral:
        """The referral with that id, as it is now."""
        with self._lock:
            table = call(
                lib.carenet_referral_get,
                self._use(),
                encoded(id, "id"),
                instant_s(now, "now"),
                NULL,
            )
            return Referral._of(Table._take(table))

    def referral_history(self, id: str, *, now: Instant | None = None) -> Table:
        """What happened to a referral: at, actor, from, to, reason, by_phone, record."""
        out = ffi.new("carenet_table **")
        with self._lock:
            Table._take(
                call(
                    lib.carenet_referral_get,
                    self._use(),
                    encoded(id, "id"),
                    instant_s(now, "now"),
                    out,
                )
            )
            return Table._take(out[0])

    def referrals(
        self,
        *,
        case: str | None = None,
        provider: str | None = None,
        offering: str | None = None,
        state: str | None = None,
        open: bool = False,
        limit: int | None = None,
        now: Instant | None = None,
    ) -> Table:
        """Referrals, newest first: id, case, need, service, offering, provider, urgency, units, state,
        hold_until, position, reason, basis, redirected_from, created, changed, sent, started, home (PSGC
        code of the region of the survivor; None: not known, or erased), ground (of the basis override)."""
        keep = Keep()
        query = ffi.new("carenet_referral_query *")
        lib.carenet_referral_query_init(query)
        query.case_ref, query.provider = keep.text(case, "case"), keep.text(provider, "provider")
        query.offering, query.state = keep.text(offering, "offering"), keep.text(state, "state")
        query.open, query.limit = open, whole(limit or 0, "limit")
        query.now_s = instant_s(now, "now")
        return self._change(lib.carenet_referral_list, query)

    # ---- Places.

    def capacity(self, offering: str | None = None, *, now: Instant | None = None) -> Table:
        """The places of an offering, or of all whose places are counted: provider, offering, service,
        unit, total, occupied, held, free, availability, as_of, source, waiting, stale, disclosure,
        waited_days (days), status (of the provider: one that is not active has no place free). Numbers
        of restricted sites are null."""
        keep = Keep()
        return self._change(
            lib.carenet_capacity, keep.text(offering, "offering"), instant_s(now, "now")
        )

    def set_capacity(
        self,
        offering: str,
        *,
        actor: str,
        total: int | None = None,
        occupied: int | None = None,
        wait_days: int | None = None,
        source: str = "phone",
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Table:
        """Stores what a provider reports of its places; None: as it was. They count as known since
        ``now``, also where the store has gone on since. One row: action, provider, offering, hold,
        total, occupied, held, free, availability, offered, dry_run, status.

        Raises:
            ConflictError: something later is known of this offering.
        """
        keep = Keep()
        report = ffi.new("carenet_capacity_report *")
        lib.carenet_capacity_report_init(report)
        report.source = keep.text(source, "source")
        given = {"total": total, "occupied": occupied, "wait_days": wait_days}
        for name, value in given.items():
            if value is not None:
                setattr(report, name, whole(value, name))
        acting = self._acting(keep, actor, by_phone, now, None, dry_run)
        return self._change(
            lib.carenet_capacity_set, encoded(offering, "offering"), report, acting
        )

    def hold(
        self,
        offering: str,
        units: int = 1,
        *,
        actor: str,
        hold: Span | None = None,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Table:
        """Holds places without a referral, for ``"48h"`` (the default) or as long as ``hold`` says; the
        row of :meth:`set_capacity` with the id of the hold.

        Raises:
            CapacityError: not so many are free, or nobody knows.
        """
        keep = Keep()
        acting = self._acting(keep, actor, by_phone, now, None, dry_run)
        return self._change(
            lib.carenet_capacity_hold,
            encoded(offering, "offering"),
            whole(units, "units"),
            _seconds(hold, "hold"),
            acting,
        )

    def release(
        self,
        hold: str,
        *,
        actor: str,
        by_phone: bool = False,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Table:
        """Gives the places of a hold back; the row of :meth:`set_capacity`."""
        keep = Keep()
        acting = self._acting(keep, actor, by_phone, now, None, dry_run)
        return self._change(lib.carenet_capacity_release, encoded(hold, "hold"), acting)

    def verify(
        self,
        id: str,
        *,
        by: str,
        actor: str,
        dry_run: bool = False,
        now: Instant | None = None,
    ) -> Table:
        """Writes down that a provider was verified by "phone", "visit", "email" or "document"; of an
        offering, that its places are still as reported.

        Raises:
            ConflictError: it was verified, or reported, after ``now``.
        """
        keep = Keep()
        acting = self._acting(keep, actor, by == "phone", now, None, dry_run)
        return self._change(lib.carenet_verify, encoded(id, "id"), encoded(by, "by"), acting)

    def due(self, days: int = 7, *, now: Instant | None = None) -> Table:
        """Whom to call within so many days: kind, subject, provider, due, detail."""
        within = whole(days, "days", 0, _DAYS_MOST)
        return self._change(lib.carenet_due, within, instant_s(now, "now"))

    # ---- The audit chain.

    def audit(self, subject: str | None = None, *, limit: int | None = None) -> Table:
        """The newest records about a subject (None: everything), oldest first: number, at, actor,
        action, subject, detail, hash. Records never name a case."""
        keep = Keep()
        return self._change(
            lib.carenet_audit_list, keep.text(subject, "subject"), whole(limit or 0, "limit")
        )

    def audit_checkpoint(self, *, sign: SigningKey | StrPath | None = None) -> str:
        """Where the chain stands now, as a text to be kept elsewhere, signed with ``sign``, a
        :class:`SigningKey` or the path of its file. See :func:`checkpoint_signer`.

        Raises:
            CorruptError: the chain is broken.
            RefusedError: others than its owner may read the key.
        """
        with contextlib.ExitStack() as held:
            if sign is not None and not isinstance(sign, SigningKey):
                sign = held.enter_context(SigningKey.read(sign))
            key = NULL if sign is None else sign._use()
            with self._lock:
                return taken(call(lib.carenet_checkpoint_make, self._use(), key))

    def verify_audit(self, checkpoint: str | None = None) -> Chain:
        """Reads the whole chain; ``checkpoint`` is what an earlier look gave, or the text of
        :meth:`audit_checkpoint`. A broken chain is a result.

        Raises:
            InvalidDataError: the text is no checkpoint, or its signature does not fit.
        """
        keep = Keep()
        chain = ffi.new("carenet_chain *")
        lib.carenet_chain_init(chain)
        with self._lock:
            call(
                lib.carenet_audit_verify, self._use(), keep.text(checkpoint, "checkpoint"), chain
            )
        head = ffi.string(chain.head).decode()
        return Chain(int(chain.records), head, int(chain.broken_at) or None, text(chain.what))
