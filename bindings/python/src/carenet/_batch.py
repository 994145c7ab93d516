"""Batch routing: a whole list of cases at once, stopped by hand, with progress."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carenet._call import (
    NULL,
    Keep,
    StrPath,
    begin,
    call_with_issues,
    error_of,
    path_bytes,
    take_failure,
    whole,
)
from carenet._errors import CarenetError
from carenet._native import ffi, lib

if TYPE_CHECKING:
    from carenet._plan import Plan

Pins = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Progress:
    """Where a run is: its stage (``"search"``, then ``"reasons"`` of the unmet), the share of the stage that
    is done (0 to 1, roughly), and how many needs it has."""

    stage: str
    done: float
    needs_len: int


ProgressLike = bool | None | Callable[[Progress], Any]


class Interrupted(KeyboardInterrupt):
    """A run was stopped by Ctrl-C. ``plan`` is the best that it had: feasible, with its bound; or None
    where it had none yet."""

    def __init__(self, plan: Plan | None) -> None:
        super().__init__("stopped by the user; the best plan so far is in .plan")
        self.plan = plan


class _Reporter:
    """What C calls now and then, from whatever thread."""

    def __init__(self, progress: ProgressLike) -> None:
        self.progress = progress
        self.failure: BaseException | None = None
        self.shown = False
        self.begun = time.monotonic()

    def __call__(self, now: Progress) -> bool:
        try:
            if callable(self.progress):
                return self.progress(now) is not False
            # A quick run says nothing.
            if time.monotonic() - self.begun > 0.5:
                print(f"\r{now.stage} {now.done:4.0%}", end="", file=sys.stderr, flush=True)
                self.shown = True
        except BaseException as failure:  # raised again where the caller is
            self.failure = failure
            return False
        return True

    def clear(self) -> None:
        if self.shown:
            print("\r" + " " * 30 + "\r", end="", file=sys.stderr, flush=True)

    def finish(self) -> None:
        self.clear()
        if self.failure is not None:
            raise self.failure


@ffi.def_extern()  # type: ignore[untyped-decorator, unused-ignore, misc]
def on_progress(progress: Any, user: Any) -> bool:
    reporter = ffi.from_handle(user)
    stage = ffi.string(progress.stage).decode() if progress.stage != NULL else ""
    return bool(reporter(Progress(stage, float(progress.done), int(progress.needs_len))))


def pins_of(
    keep: Keep, pins: Pins | Iterable[Mapping[str, Any]] | StrPath | None
) -> tuple[Any, int]:
    """Pins from {(ref, need): offering}, from rows with ref, need and offering, or from a file."""
    if pins is None:
        return NULL, 0
    if isinstance(pins, (str, os.PathLike)):
        handle, _ = call_with_issues(lib.carenet_pins_load, path_bytes(pins))
        keep.thing(ffi.gc(handle, lib.carenet_pins_free))
        length = ffi.new("size_t *")
        return lib.carenet_pins_get(handle, length), int(length[0])
    if isinstance(pins, Mapping):
        rows = [(ref, need, offering) for (ref, need), offering in pins.items()]
    else:
        from carenet._table import Table

        table = Table(pins)
        rows = list(zip(table["ref"], table["need"], table["offering"], strict=True))
    array = ffi.new("carenet_pin[]", max(len(rows), 1))
    keep._held.append(array)
    for i, (ref, need, offering) in enumerate(rows):
        array[i].ref = keep.text(ref, "ref")
        array[i].need = whole(need, "the number of a need", 1)
        array[i].offering = keep.text(offering, "offering")
    return array, len(rows)


@contextlib.contextmanager
def _ctrl_c(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls ``stop`` and breaks nothing, wherever the caller is. Where somebody else handles it
    already, and in other threads than the main one, which never see it, all stays as it is."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def run(
    directory: Any,
    policy: Any,
    cases: Any,
    options: Any,
    progress: ProgressLike,
    make: Callable[[Any], Plan],
) -> Plan:
    """Runs carenet_batch() beside the caller, who can stop it. ``make`` makes the plan."""
    cancel = ffi.gc(lib.carenet_cancel_new(), lib.carenet_cancel_free)
    reporter = _Reporter(progress)
    user = ffi.new_handle(reporter)
    options.cancel = cancel
    if progress:
        options.progress, options.progress_user = lib.on_progress, user
    out, error = ffi.new("carenet_plan **"), ffi.new("carenet_error **")

    done = threading.Event()
    stopped = False
    raised: BaseException | None = None

    def work() -> None:
        nonlocal raised
        try:
            begin()
            if not lib.carenet_batch(directory, policy, cases, options, out, error):
                raised = take_failure()
        finally:
            done.set()

    def stop() -> None:
        nonlocal stopped
        stopped = True
        lib.carenet_cancel_request(cancel)

    # A signal is only seen by a main thread that is in Python: so the run is in another. Its end is
    # waited for by an event: a join() that a signal breaks calls a running thread dead (CPython before
    # 3.13), and what the run uses must not go before it does.
    with _ctrl_c(stop):
        threading.Thread(target=work, name="carenet-batch", daemon=True).start()
        while not done.is_set():
            try:
                done.wait()
            except KeyboardInterrupt:
                stop()
    plan = make(out[0]) if out[0] != NULL else None
    failure: CarenetError | None = error_of(error[0]) if error[0] != NULL else None
    if stopped:
        reporter.clear()
        raise Interrupted(plan)
    reporter.finish()
    if failure is not None:
        raise raised or failure
    assert plan is not None
    return plan
