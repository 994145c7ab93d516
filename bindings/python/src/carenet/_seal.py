"""What is sealed in a store with the key of the network, whom it is told, and what must be gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from carenet._apply import Applying
from carenet._call import Keep, call, encoded
from carenet._cases import CasesLike, one_of
from carenet._key import Key
from carenet._native import lib
from carenet._table import Table
from carenet._time import Instant, instant_s


@dataclass(frozen=True)
class Site:
    """Where a restricted provider is, for one named worker. Its repr shows nothing of the site. What is
    not known is None, and in a dry run all of it is; degrees are of WGS 84."""

    referral: str
    provider: str
    to: str
    name: str | None = field(repr=False)
    area: str | None = field(repr=False)
    area_name: str | None = field(repr=False)
    lat_deg: float | None = field(repr=False)
    lon_deg: float | None = field(repr=False)
    address: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    dry_run: bool = False


class Sealing(Applying):
    """The part of :class:`Network` that takes the key of the network, and the one that erases. Every call
    is one transaction with its audit record; ``actor`` stays in that record for ever."""

    def unlock(self, key: Key) -> None:
        """From here on imports know what is sealed already, and checks look at restricted records, too.
        What may be shown stays the same.

        Raises:
            RefusedError: it is not the key of the store.
            StateError: the store has none.
        """
        with self._lock:
            call(lib.carenet_store_unlock, self._use(), key._use())

    def seal(
        self, key: Key, *, actor: str, now: Instant | None = None, dry_run: bool = False
    ) -> Table:
        """Gives the store its key, and seals what of restricted sites stands in the clear: action, key,
        sites, cases, lost, dry_run.

        Raises:
            ConflictError: the store has another key.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        return self._change(lib.carenet_store_seal, key._use(), acting)

    def change_key(
        self, key: Key, next: Key, *, actor: str, now: Instant | None = None, dry_run: bool = False
    ) -> Table:
        """Seals everything anew with another key; the row is that of :meth:`seal`.

        Raises:
            CorruptError: something does not open.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        return self._change(lib.carenet_store_change_key, key._use(), next._use(), acting)

    def lose_key(
        self, next: Key, *, actor: str, now: Instant | None = None, dry_run: bool = False
    ) -> Table:
        """The key is lost: what was sealed is thrown away, and another takes its place."""
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        return self._change(lib.carenet_store_lose_key, next._use(), acting)

    def check_key(self, key: Key) -> Table:
        """Opens everything that is sealed and shows none of it: the row of :meth:`seal`, and ``broken``,
        the providers and cases of which something does not open."""
        return self._change(lib.carenet_store_check_key, key._use())

    def disclose(
        self,
        id: str,
        *,
        to: str,
        key: Key,
        actor: str,
        now: Instant | None = None,
        dry_run: bool = False,
    ) -> Site:
        """Where the restricted provider is that has accepted a referral, for one worker ``to`` (a login).

        Raises:
            StateError: the referral is neither accepted nor started.
            RefusedError: it is not the key of the store.
            NotFoundError: nothing is kept of the site.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        rows = self._change(
            lib.carenet_site_disclose, encoded(id, "id"), encoded(to, "to"), key._use(), acting
        )
        return Site(**rows[0])

    def check_safety(
        self,
        case: CasesLike,
        *,
        to: str,
        key: Key,
        actor: str,
        ref: str | None = None,
        now: Instant | None = None,
        dry_run: bool = False,
    ) -> bool | None:
        """Whether the true site of a restricted offering lies outside every area that the case must
        avoid, and no more than that. None in a dry run. ``ref`` is which case of a list.

        Raises:
            RefusedError: the site was looked at too often within a day.
        """
        cases, at = one_of(self._reference, case, ref)
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        rows = self._change(
            lib.carenet_site_check_safety,
            cases._handle,
            at,
            encoded(to, "to"),
            key._use(),
            acting,
        )
        safe: bool | None = rows[0]["safe"]
        return safe

    def referral_facts(
        self, id: str, *, key: Key, actor: str, now: Instant | None = None
    ) -> dict[str, str]:
        """What was sent with a referral, which the store keeps sealed; several values are joined by a
        comma.

        Raises:
            NotFoundError: the case was erased, or referred while the store had no key.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now)
        rows = self._change(
            lib.carenet_referral_facts, encoded(id, "id"), key._use(), acting
        )
        found: dict[str, str] = {}
        for row in rows.to_dicts():
            before = found.get(row["fact"])
            found[row["fact"]] = row["value"] if before is None else f"{before}, {row['value']}"
        return found

    def erase_case(
        self, ref: str, *, actor: str, now: Instant | None = None, dry_run: bool = False
    ) -> Table:
        """Erases a case: its reference, its consents and its key; its referrals stay as nobody's, and the
        audit chain stays whole. Backups of before hold it still. One row: action, cases, referrals,
        facts, dry_run; all 0 where nothing is kept of it.

        Raises:
            StateError: a referral of the case is open.
        """
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        return self._change(lib.carenet_case_erase, encoded(ref, "ref"), acting)

    def purge(
        self, before: Instant, *, actor: str, now: Instant | None = None, dry_run: bool = False
    ) -> Table:
        """Erases every case whose last referral ended before an instant that has passed; the row is that
        of :meth:`erase_case`."""
        keep = Keep()
        acting = self._acting(keep, actor, False, now, None, dry_run)
        return self._change(lib.carenet_store_purge, instant_s(before, "before"), acting)
