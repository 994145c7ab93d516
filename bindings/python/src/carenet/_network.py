"""Networks: a store that is open, or the shipped demonstration."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from carenet._call import (
    INT64_MIN,
    NULL,
    Keep,
    Reference,
    StrPath,
    Turns,
    call,
    encoded,
    error_of,
    path_bytes,
    taken,
    whole,
)
from carenet._directory import Directory
from carenet._errors import InvalidArgumentError, StateError
from carenet._key import Key
from carenet._keywords import spelled_out
from carenet._native import ffi, lib
from carenet._place import Place, areas_of
from carenet._policy import Policy
from carenet._programme import Programme
from carenet._report import REPORT_DEFAULTS, ReportOptions
from carenet._seal import Sealing
from carenet._table import Table
from carenet._time import Instant, instant_s

if TYPE_CHECKING:
    from typing_extensions import Unpack

Paths = StrPath | Iterable[StrPath]

TERMS = ("groups", "access", "documents", "assessments", "courses", "languages", "reasons")
_FORMATS = {None: 0, "yaml": 1, "csv": 2}
_BUSY_MS_MOST = 2**31 - 1


@dataclass(frozen=True)
class Imported:
    """What an import did. ``changes`` has one row a kind of record (kind, added, changed, unchanged,
    closed); ``issues`` has what a person should look at (file, line, column, severity, tag, message,
    suggestion)."""

    changes: Table
    issues: Table


class Network(Sealing):
    """An open network of care; close it, or use it as a context manager.

    The calls of one Network take turns, from whatever thread. After a fork the child opens its own:
    the parent's Network raises :class:`StateError` there, while a :class:`Directory` works on. Where other
    threads are at work when a process forks, start children by ``"spawn"`` or ``"forkserver"`` instead:
    carenet's own locks are free in the child, those of other libraries may never be.
    """

    def __init__(self, store: Any, path: str | None, reference: Reference) -> None:
        self._store = store
        self._path = path
        self._reference = reference
        self._lock = Turns()
        self._pid = os.getpid()
        self._open = True
        self._shipped: Directory | None = None

    # ---- Open and closed.

    def _check(self) -> None:
        if not self._open:
            raise StateError("the network is closed", hint="open it again with carenet.open()")

    def _use(self) -> Any:
        """The store; call it with the lock held."""
        self._check()
        if self._store is None:
            raise StateError(
                "this is the shipped demonstration, not a store",
                hint="carenet.init(path) makes a store, carenet.open(path) opens one",
            )
        if os.getpid() != self._pid:
            raise StateError(
                "the store was opened in another process", hint="open it again in this one"
            )
        return self._store

    def close(self) -> None:
        """Closes it; a second time does nothing. What was loaded from it lives on."""
        with self._lock:
            if self._open and self._store is not None and os.getpid() == self._pid:
                ffi.release(self._store)
            self._open = False

    def _discard(self) -> None:
        """Closes a store that was just made and removes its files: half filled it would be taken for one."""
        with self._lock:
            # The C library closes it; nothing does so again.
            ffi.gc(self._store, None)
            lib.carenet_store_discard(self._store)
            self._open = False

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._open

    def __enter__(self) -> Network:
        self._check()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        # A copy would use the store after the other one had closed it.
        raise TypeError("a network is not copied or pickled: open it again with carenet.open()")

    def __repr__(self) -> str:
        state = "" if self._open else ", closed"
        return f"Network({self._path or 'shipped demonstration'!r}{state})"

    @property
    def path(self) -> str | None:
        """The file of the store; None for the shipped demonstration."""
        return self._path

    @property
    def is_demonstration(self) -> bool:
        """Whether it holds invented providers."""
        with self._lock:
            self._check()
            if self._store is None:
                return True
            kind = lib.carenet_store_get_kind(self._use())
            return bool(kind == lib.CARENET_STORE_DEMONSTRATION)

    # ---- Reading.

    def directory(self) -> Directory:
        """A snapshot of who can help, as it is now."""
        with self._lock:
            self._check()
            if self._store is None:
                if self._shipped is None:
                    self._shipped = Directory._shipped(self._reference)
                return self._shipped
            handle = call(lib.carenet_directory_load, self._use())
            origin = ("store", self._path, self._reference.folder)
            return Directory(handle, self._reference, self.policy(), origin)

    def policy(self) -> Policy:
        """The network's own routing policy."""
        with self._lock:
            self._check()
            if self._store is None:
                return Policy.load(data_dir=self._reference.folder)
            return self._own_policy()

    def programme(self) -> Programme:
        """What the programme built, as it is now; what started by referrals counts beside it."""
        with self._lock:
            self._check()
            if self._store is None:
                return Programme._shipped(self._reference)
            return Programme(call(lib.carenet_programme_from_store, self._use()))

    @spelled_out(ReportOptions, REPORT_DEFAULTS)
    def report(
        self,
        path: StrPath,
        *,
        kind: str = "full",
        replace: bool = False,
        **options: Unpack[ReportOptions],
    ) -> None:
        """Everything that the network knows as one HTML file, with the keywords of :meth:`Directory.report`:
        its own referrals and programme unless others are given."""
        if options["referrals"] is None and self._store is not None:
            options["referrals"] = self.referrals()
        if options["programme"] is None:
            options["programme"] = self.programme()
        self.directory().write_report(path, kind=kind, replace=replace, **options)

    def regions(self) -> Table:
        """The regions: region, name, area, providers, offerings."""
        with self._lock:
            self._check()
            if self._store is None:
                return self.directory().regions()
            return Table._take(call(lib.carenet_store_regions, self._use()))

    def areas(self, within: str | Place | None = None) -> Table:
        """The places at or below an area (None: all): area, name, level, parent, region, island,
        lat_deg, lon_deg (WGS 84 degrees), population (persons), depth, aliases."""
        if isinstance(within, str):
            within = self.place(within)
        return areas_of(self._reference, within.area if within is not None else None)

    def place(self, name: str) -> Place:
        """The place of that name, alias or code; see :meth:`Place.find`."""
        return Place.find(name, data_dir=self._reference.folder)

    def services(self) -> Table:
        """The service taxonomy, parents before children: service, name, parent, depth, unit, sensitive,
        restrictiveness, gate, routable, aliases, primero."""
        return Table._take(lib.carenet_reference_services(self._reference.handle))

    def terms(self, kind: str) -> Table:
        """A vocabulary: ``groups``, ``access``, ``documents``, ``assessments``, ``courses``,
        ``languages`` or ``reasons``. Columns: id, name, aliases, detail."""
        if kind not in TERMS:
            raise InvalidArgumentError("terms are one of " + ", ".join(TERMS))
        return Table._take(
            call(lib.carenet_reference_terms, self._reference.handle, TERMS.index(kind))
        )

    # ---- Writing.

    def import_files(
        self,
        paths: Paths,
        *,
        replace: bool = False,
        dry_run: bool = False,
        skip_examples: bool = False,
        format: str | None = None,
        actor: str = "import",
    ) -> Imported:
        """Imports region files or CSV, all of them or nothing: an upsert by id.

        Args:
            paths: one path or several.
            replace: close what the files no longer name, within their regions, and take out what a
                list of the programme no longer names.
            dry_run: check everything and change nothing.
            skip_examples: leave out what is invented.
            format: ``"yaml"`` or ``"csv"``; None: by name.
            actor: who imports, a desk or a login: it stays in the audit record.

        Raises:
            InvalidDataError: the files have errors; ``issues`` lists them all, nothing is changed.
            RefusedError: invented providers into a live store.
        """
        if format not in _FORMATS:
            raise InvalidArgumentError("format is yaml or csv")
        keep = Keep()
        array, length = keep.paths(paths)
        options = ffi.new("carenet_import_options *")
        lib.carenet_import_options_init(options)
        options.replace, options.dry_run = replace, dry_run
        options.skip_examples, options.format = skip_examples, _FORMATS[format]
        options.actor = keep.text(actor, "actor")
        issues, changes = ffi.new("carenet_table **"), ffi.new("carenet_table **")
        error = ffi.new("carenet_error **")
        with self._lock:
            lib.carenet_store_import(self._use(), array, length, options, issues, changes, error)
        found = Table._take(issues[0]) if issues[0] != NULL else None
        if error[0] != NULL:
            raise error_of(error[0], found)
        assert found is not None
        return Imported(Table._take(changes[0]), found)

    def export(self, region: str | None = None) -> str:
        """A region (None: what spans the regions) as the text of a region file, without any restricted
        field. Importing it again changes nothing."""
        keep = Keep()
        with self._lock:
            return taken(
                call(lib.carenet_store_export, self._use(), keep.text(region, "region"))
            )

    def export_all(self) -> dict[str | None, str]:
        """Every region by its id, and what spans them under None, as texts of region files that belong
        together: the store is read once."""
        with self._lock:
            files = Table._take(call(lib.carenet_store_export_all, self._use()))
        return {row["region"]: row["text"] for row in files.to_dicts()}

    def export_csv(self, region: str | None = None) -> str:
        """Providers and offerings of a region (None: of all) as CSV for a spreadsheet."""
        keep = Keep()
        with self._lock:
            return taken(
                call(lib.carenet_store_export_csv, self._use(), keep.text(region, "region"))
            )

    def backup(self, path: StrPath, *, replace: bool = False) -> None:
        """Copies the whole store into a new file while others go on writing. What is sealed in
        the store is sealed in it."""
        options = _copy_options(replace, None)
        with self._lock:
            call(lib.carenet_store_backup, self._use(), path_bytes(path), options)

    def check(self, *, now: Instant | None = None) -> Table:
        """Whether the store is sound: check, status (ok, look, bad), detail, command, which."""
        import time

        now_s = instant_s(now, "now")
        with self._lock:
            now_s = int(time.time()) if now_s == INT64_MIN else now_s
            return Table._take(call(lib.carenet_store_check, self._use(), now_s))


def _copy_options(replace: bool, busy_ms: int | None) -> Any:
    options = ffi.new("carenet_copy_options *")
    lib.carenet_copy_options_init(options)
    options.replace = replace
    if busy_ms is not None:
        options.busy_ms = whole(busy_ms, "busy_ms", 0, _BUSY_MS_MOST)
    return options


def _store_options(
    reference: Reference, read_only: bool, busy_ms: int, keep_image: bool = False
) -> Any:
    options = ffi.new("carenet_store_options *")
    lib.carenet_store_options_init(options)
    options.reference = reference.handle
    options.read_only = read_only
    options.busy_ms = whole(busy_ms, "busy_ms", 0, _BUSY_MS_MOST)
    options.keep_image = keep_image
    return options


def open(
    path: StrPath | None = None,
    *,
    read_only: bool = False,
    busy_ms: int = 5000,
    keep_image: bool = False,
    data_dir: StrPath | None = None,
) -> Network:
    """Opens a network: the store in a file, or the shipped demonstration directory, read-only.

    Args:
        path: the file of a store; None: the shipped demonstration.
        read_only: never write.
        busy_ms: milliseconds to wait for another writer.
        keep_image: keep the directory, as it may be listed, in a file beside the store, as the command
            does: whoever opens the store next has it at once. It is made anew when it is stale.
        data_dir: places and services; None: those in this package.

    >>> import carenet as cn
    >>> with cn.open() as net:
    ...     len(net.directory().find(region="mindanao", service="mental-health")) > 0
    True

    Raises:
        NotFoundError: there is no such file.
        CorruptError, VersionError, BusyError, StorageError: it cannot be used.
    """
    reference = Reference.open(data_dir)
    if path is None:
        return Network(None, None, reference)
    options = _store_options(reference, read_only, busy_ms, keep_image)
    store = call(lib.carenet_store_open, path_bytes(path), options)
    return Network(ffi.gc(store, lib.carenet_store_close), os.fspath(path), reference)


def init(
    path: StrPath,
    *,
    demo: bool = False,
    key: Key | None = None,
    actor: str = "import",
    busy_ms: int = 5000,
    data_dir: StrPath | None = None,
) -> Network:
    """Makes a new store, and fills it with the shipped network: with the invented providers
    (``demo``), or with the public institutions only, all unconfirmed.

    Args:
        path: the file of the store.
        demo: a store for demonstration.
        key: the key of the network, such as of :meth:`Key.create`: restricted sites are kept, sealed.
        actor: who makes it, a desk or a login: it stays in the audit record.
        busy_ms: milliseconds to wait for another writer.
        data_dir: places and services; None: those in this package.

    Raises:
        ConflictError: the file exists.
    """
    reference = Reference.open(data_dir)
    regions = os.path.join(reference.folder, "regions")
    files = [os.path.join(reference.folder, "network.yaml")]
    files += sorted(
        os.path.join(regions, name) for name in os.listdir(regions) if name.endswith(".yaml")
    )
    kind = lib.CARENET_STORE_DEMONSTRATION if demo else lib.CARENET_STORE_LIVE
    options = _store_options(reference, False, busy_ms)
    store = call(lib.carenet_store_init, path_bytes(path), kind, options)
    network = Network(ffi.gc(store, lib.carenet_store_close), os.fspath(path), reference)
    try:
        network.import_files(files, skip_examples=not demo, actor=actor)
        if key is not None:
            # A demonstration has its clock now; what the files say of restricted sites is kept from here on.
            network.seal(key, actor=actor)
            network.import_files(files, skip_examples=not demo, actor=actor)
    except BaseException:
        network._discard()
        raise
    return network


def restore(
    backup: StrPath, path: StrPath, *, replace: bool = False, busy_ms: int = 5000
) -> str | None:
    """Puts a backup in place of the store in ``path``, once it was found to be whole. The store that
    was there is kept beside it, in the file that is returned.

    Raises:
        ConflictError: there is a store, and ``replace`` is not set.
        BusyError: somebody has it open.
    """
    kept = ffi.new("char **")
    options = _copy_options(replace, busy_ms)
    call(lib.carenet_store_restore, path_bytes(backup), path_bytes(path), options, kept)
    return None if kept[0] == NULL else taken(kept[0])


def migrate(
    path: StrPath,
    *,
    dry_run: bool = False,
    busy_ms: int = 5000,
    data_dir: StrPath | None = None,
) -> Table:
    """Brings the store of an older carenet to this one's layout, all steps or none: layout, name, done.
    No row: it had that layout already. Copy the file first: an older carenet cannot use it afterwards.

    Raises:
        NotFoundError: there is no such file.
        VersionError: a newer carenet made it.
        CorruptError, BusyError, StorageError: it cannot be used.
    """
    options = _store_options(Reference.open(data_dir), False, busy_ms)
    return Table._take(call(lib.carenet_store_migrate, path_bytes(path), dry_run, options))


def validate(paths: Paths, *, data_dir: StrPath | None = None) -> Table:
    """Checks region files without storing anything: file, line, column, severity, tag, message,
    suggestion. Files without a finding give a table without rows.

    Raises:
        FileError: a file cannot be read.
    """
    keep = Keep()
    array, length = keep.paths(paths)
    reference = Reference.open(data_dir)
    return Table._take(call(lib.carenet_validate_files, reference.handle, array, length))


def template(kind: str) -> str:
    """A commented start for a ``"region"``, ``"case"`` or ``"policy"`` file."""
    found = lib.carenet_template(encoded(kind, "kind"))
    if found == NULL:
        raise InvalidArgumentError("there are templates of region, case and policy")
    return str(ffi.string(found).decode("utf-8"))
