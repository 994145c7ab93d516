"""Referrals and places from Python, against a model that is as small as the rules."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import pathlib
import shutil
import tempfile

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import carenet as cn

FIRST, SECOND = "ex-nmn-014/trauma-therapy", "ex-nmn-014/psychosocial-processing"
NEEDS = {FIRST: "trauma-therapy", SECOND: "psychosocial-processing"}
# Never a multiple of the steps of the clock, so that nothing ends at the very instant of a call.
HOLD_S = 905

LEGAL = {
    "receive": ({"sent"}, "received"),
    "accept": ({"sent", "received"}, "accepted"),
    "start": ({"accepted"}, "started"),
    "decline": ({"sent", "received"}, "declined"),
    "complete": ({"started"}, "completed"),
    "cancel": ({"sent", "received", "accepted", "started"}, "cancelled"),
}
HELD, OCCUPIED = {"sent", "received"}, {"accepted", "started"}


def survivor(ref: str, offering: str = FIRST) -> cn.Case:
    return cn.Case(
        ref, needs=[NEEDS[offering]], area="Cagayan de Oro", age=15, sex="female", consent="full"
    )


class Machine(RuleBasedStateMachine):
    """Random calls; after each, places and states are those of the model."""

    source: pathlib.Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name, "network.db")
        shutil.copy(self.source, path)
        self.net = cn.open(path)
        start = self.net.directory().demonstration_now
        assert start is not None
        self.now = int(start.timestamp()) + 100
        self.total = {FIRST: 0, SECOND: 0}
        self.states: dict[str, str] = {}
        self.where: dict[str, str] = {}
        self.until: dict[str, int] = {}
        self.sent: dict[str, tuple[cn.Case, str, str]] = {}
        self.holds: dict[str, tuple[str, int, int]] = {}

    def teardown(self) -> None:
        assert self.net.verify_audit().ok
        self.net.close()
        self.folder.cleanup()

    # ---- The model.

    def tick(self) -> int:
        self.now += 10
        for id, state in self.states.items():
            if state in HELD and self.until[id] < self.now:
                self.states[id] = "expired"
        return self.now

    def used(self, offering: str) -> tuple[int, int]:
        """(occupied, held)"""
        states = [state for id, state in self.states.items() if self.where[id] == offering]
        held = sum(state in HELD for state in states)
        held += sum(
            units
            for place, units, until in self.holds.values()
            if place == offering and until > self.now
        )
        return sum(state in OCCUPIED for state in states), held

    def free(self, offering: str) -> int:
        return self.total[offering] - sum(self.used(offering))

    def place(self, id: str, offering: str) -> None:
        self.states[id], self.where[id] = "sent", offering
        self.until[id] = self.now + HOLD_S

    # ---- Calls.

    @initialize(first=st.integers(1, 3), second=st.integers(1, 2))
    def report(self, first: int, second: int) -> None:
        for offering, total in ((FIRST, first), (SECOND, second)):
            self.total[offering] = total
            self.net.set_capacity(
                offering, total=total, occupied=0, actor="desk-1", now=self.tick()
            )

    @rule(offering=st.sampled_from([FIRST, SECOND]))
    def send(self, offering: str) -> None:
        now, number = self.tick(), len(self.sent) + 1
        case, key = survivor(f"C-{number}", offering), f"key-{number}"
        hold = dt.timedelta(seconds=HOLD_S)
        room = self.free(offering)
        try:
            referral = self.net.send(case, to=offering, actor="desk-1", key=key, hold=hold, now=now)
        except cn.CapacityError:
            assert room <= 0
            return
        assert room > 0 and referral.state == "sent" and not referral.replayed
        self.place(referral.id, offering)
        self.sent[referral.id] = (case, offering, key)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.sent)))
        case, offering, key = self.sent[id]
        hold = dt.timedelta(seconds=HOLD_S)
        again = self.net.send(
            case, to=offering, actor="desk-1", key=key, hold=hold, now=self.tick()
        )
        assert again.id == id and again.replayed

    @precondition(lambda self: self.states)
    @rule(data=st.data(), verb=st.sampled_from(sorted(LEGAL)))
    def step(self, data: st.DataObject, verb: str) -> None:
        id = data.draw(st.sampled_from(sorted(self.states)))
        before, after = LEGAL[verb]
        now = self.tick()
        reason = ["other"] if verb in ("decline", "cancel") else []
        try:
            done = getattr(self.net, verb)(id, *reason, actor="desk-2", now=now)
        except cn.StateError:
            assert self.states[id] not in before
            return
        assert self.states[id] in before and done.state == after
        self.states[id] = after

    @rule(offering=st.sampled_from([FIRST, SECOND]), units=st.integers(1, 2))
    def hold(self, offering: str, units: int) -> None:
        now, room = self.tick(), self.free(offering)
        try:
            row = self.net.hold(
                offering, units, actor="desk-1", hold=dt.timedelta(seconds=HOLD_S), now=now
            )[0]
        except cn.CapacityError:
            assert room < units
            return
        assert room >= units and row["free"] == room - units
        self.holds[row["hold"]] = (offering, units, now + HOLD_S)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.holds)))
        offering, units, until = self.holds[id]
        now = self.tick()
        try:
            self.net.release(id, actor="desk-1", now=now)
        except (cn.StateError, cn.NotFoundError):
            assert until < now
            return
        assert until > now
        self.holds[id] = (offering, units, now - 1)

    @rule(steps=st.sampled_from([1, 30, 89, 92]))
    def wait(self, steps: int) -> None:
        for _ in range(steps):
            self.tick()

    @rule()
    def open_again(self) -> None:
        path = self.net.path
        assert path is not None
        self.net.close()
        self.net = cn.open(path)

    @invariant()
    def places_agree(self) -> None:
        for offering in (FIRST, SECOND):
            if self.total[offering] == 0:
                return
            row = self.net.capacity(offering, now=self.now)[0]
            assert (row["occupied"], row["held"]) == self.used(offering)
            assert row["free"] == max(self.free(offering), 0)
            assert row["occupied"] + row["held"] <= row["total"]

    @invariant()
    def states_agree(self) -> None:
        listed = self.net.referrals(now=self.now)
        found = dict(zip(listed["id"], listed["state"], strict=True))
        assert found == self.states


def test_against_the_model(_demo: pathlib.Path) -> None:
    Machine.source = _demo
    settings = hypothesis.settings(
        max_examples=15, stateful_step_count=25, deadline=None, derandomize=True
    )
    hypothesis.stateful.run_state_machine_as_test(Machine, settings=settings)


def test_a_life(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        sent = net.send(survivor("C-1"), to=FIRST, actor="desk-1")
        assert sent.state == "sent" and sent.hold_until and "C-1" not in repr(sent)
        assert net.accept(sent.id, actor="desk-2", by_phone=True).state == "accepted"
        with pytest.raises(cn.StateError, match="accepted"):
            net.receive(sent.id, actor="desk-2")
        net.start(sent.id, actor="desk-2")
        assert net.complete(sent.id, actor="desk-2", outcome="met").state == "completed"
        history = net.referral_history(sent.id)
        assert history["to"] == ["sent", "accepted", "started", "completed"]
        assert history["by_phone"] == [False, True, False, False]
        assert net.referral(sent.id).state == "completed"
        assert len(net.referrals(open=True)) == 0 and len(net.referrals(case="C-1")) == 1
        subjects = net.audit(sent.id)
        assert len(subjects) == 4 and "C-1" not in net.audit().to_csv()
        chain = net.verify_audit()
        assert chain.ok and net.verify_audit(chain.checkpoint).ok
        with pytest.raises(LookupError):
            net.referral("R-99")


def test_waiting_and_redirecting(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        net.set_capacity(FIRST, total=1, occupied=0, actor="desk-1")
        first = net.send(survivor("C-1"), to=FIRST, actor="desk-1")
        with pytest.raises(cn.CapacityError):
            net.send(survivor("C-2"), to=FIRST, actor="desk-1")
        waiting = net.send(survivor("C-2"), to=FIRST, actor="desk-1", waitlist=True)
        assert (waiting.state, waiting.position) == ("waitlisted", 1)
        gone = net.decline(first.id, "other", actor="desk-2")
        assert gone.offered == (waiting.id,)
        assert net.referral(waiting.id).state == "sent"
        moved = net.redirect(waiting.id, to="ex-nmn-015/trauma-therapy", actor="desk-1")
        assert moved.redirected_to and net.referral(moved.redirected_to).state == "sent"


def test_what_is_refused(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        silent = cn.Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15)
        with pytest.raises(PermissionError):
            net.send(silent, to=FIRST, actor="desk-1")
        net.send(survivor("C-2"), to=FIRST, actor="desk-1", key="k")
        with pytest.raises(cn.ConflictError):
            net.send(survivor("C-3"), to=FIRST, actor="desk-1", key="k")
        with pytest.raises(ValueError):
            net.send([survivor("C-4"), survivor("C-5")], to=FIRST, actor="desk-1")
        with pytest.raises(ValueError):
            net.cancel("R-1", "no such reason", actor="desk-1")
        with pytest.raises(ValueError):
            net.set_capacity(FIRST, total=-1, actor="desk-1")
        before = net.capacity(FIRST)
        assert net.send(survivor("C-6"), to=FIRST, actor="desk-1", dry_run=True).dry_run
        assert net.capacity(FIRST) == before
    with cn.open() as shipped, pytest.raises(cn.StateError):
        shipped.send(survivor("C-7"), to=FIRST, actor="desk-1")


def test_what_routing_would_refuse(demo_path: pathlib.Path) -> None:
    facts = {"needs": ["trauma-therapy"], "area": "Cagayan de Oro", "sex": "female", "consent": "full"}
    with cn.open(demo_path) as net:
        small = cn.Case("C-1", age=3, **facts)
        with pytest.raises(cn.StateError, match=r"takes ages 7 to 21 \[age\]"):
            net.send(small, to=FIRST, actor="desk-1")
        for avoided in (
            cn.Case("C-2", age=15, avoid={"providers": ["ex-nmn-014"]}, **facts),
            cn.Case("C-3", age=15, offender={"areas": ["Cagayan de Oro"]}, **facts),
        ):
            for despite in (False, True):
                with pytest.raises(cn.RefusedError, match=r"\[(avoided|offender)\]"):
                    net.send(avoided, to=FIRST, actor="desk-1", despite=despite)
        assert len(net.referrals()) == 0 and "refer" not in net.audit()["action"]
        sent = net.send(small, to=FIRST, actor="desk-1", despite=True)
        assert sent.despite == ("takes ages 7 to 21 [age]",) and "ages" not in repr(sent)
        fits = net.send(cn.Case("C-4", age=15, **facts), to=FIRST, actor="desk-1", despite=True)
        assert fits.despite == ()
        apart = cn.Case("C-5", age=15, keep_apart=["C-4"], **facts)
        with pytest.raises(cn.RefusedError, match=r"\[co-victim\]"):
            net.send(apart, to=FIRST, actor="desk-1", despite=True)
        with pytest.raises(cn.NotFoundError, match="no provider or offering") as unknown:
            net.send(small, to="ex-nmn-014/trauma-terapy", actor="desk-1")
        assert FIRST in (unknown.value.hint or "")


def test_every_verb_can_be_tried_and_done_once(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        net.set_capacity(FIRST, total=3, occupied=0, actor="desk-1")
        cases = [survivor("C-1"), survivor("C-2"), survivor("C-3", SECOND)]
        with pytest.raises(cn.InvalidArgumentError, match="3 cases"):
            net.send(cases, to=FIRST, actor="desk-1")
        with pytest.raises(cn.NotFoundError):
            net.send(cases, to=FIRST, actor="desk-1", ref="C-4")
        assert net.send(cases, to=FIRST, actor="desk-1", ref="C-2", draft=True).case == "C-2"

        def once(verb: str, *words: str, **keywords: str) -> cn.Referral:
            """Tried, done, and asked for again."""
            call = getattr(net, verb)
            before, count = net.referral("R-1"), net.verify_audit().records
            tried = call("R-1", *words, actor="desk-1", dry_run=True, **keywords)
            assert tried.dry_run and net.referral("R-1") == before
            assert net.verify_audit().records == count
            done = call("R-1", *words, actor="desk-1", key=f"k-{verb}", **keywords)
            count = net.verify_audit().records
            again = call("R-1", *words, actor="desk-1", key=f"k-{verb}", **keywords)
            assert again.replayed and again.state == done.state == tried.state
            assert net.verify_audit().records == count
            return done

        assert once("send_draft").state == "sent"
        assert once("waitlist").state == "waitlisted"
        assert once("cancel", "no-longer-needed").state == "cancelled"
        for number, steps in (
            (2, ("receive", "accept", "start", "complete")),
            (3, ("decline",)),
            (4, ("redirect",)),
        ):
            net.send(cases, to=FIRST, actor="desk-1", ref="C-1")
            for step in steps:
                words = ["lack-of-capacity"] if step == "decline" else []
                more = {"to": "ex-nmn-001/trauma-therapy"} if step == "redirect" else {}
                call = getattr(net, step)
                if step == "redirect":
                    offerings = net.directory().find(service="trauma-therapy", free=1)["offering"]
                    more = {"to": next(other for other in offerings if other != FIRST)}
                tried = call(f"R-{number}", *words, actor="desk-1", dry_run=True, **more)
                done = call(f"R-{number}", *words, actor="desk-1", key=f"{number}-{step}", **more)
                again = call(f"R-{number}", *words, actor="desk-1", key=f"{number}-{step}", **more)
                assert tried.dry_run and again.replayed
                assert tried.state == done.state == again.state
        count = net.verify_audit().records
        assert net.verify("ex-nmn-014", by="phone", actor="desk-1", dry_run=True)[0]["dry_run"]
        held = net.hold(FIRST, actor="desk-1")[0]["hold"]
        assert net.release(held, actor="desk-1", dry_run=True)[0]["dry_run"]
        assert net.capacity(FIRST)[0]["held"] == 1
        assert net.verify_audit().records == count + 1


def test_places_are_never_given_twice(demo_path: pathlib.Path) -> None:
    """Many threads, each with a store of its own."""
    with cn.open(demo_path) as net:
        net.set_capacity(FIRST, total=5, occupied=0, actor="desk-1")

    def take(number: int) -> bool:
        with cn.open(demo_path) as own:
            try:
                own.send(survivor(f"C-{number}"), to=FIRST, actor="desk-1")
            except cn.CapacityError:
                return False
            return True

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 5
    with cn.open(demo_path) as net:
        row = net.capacity(FIRST)[0]
        assert (row["held"], row["free"]) == (5, 0)
        assert net.verify_audit().ok


def test_earlier_reports(demo_path: pathlib.Path) -> None:
    """What was so earlier stands against what was told of the same offering, and counts from then."""
    noon = dt.datetime(2026, 11, 17, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    morning = noon - dt.timedelta(hours=4)
    with cn.open(demo_path) as net:
        net.set_capacity(SECOND, occupied=1, actor="desk-1", now=noon)
        net.set_capacity(FIRST, occupied=2, actor="desk-1", now=morning)
        row = net.capacity(FIRST, now=noon)[0]
        assert (row["occupied"], row["as_of"]) == (2, "2026-11-17T08:00:00+08:00")
        for hours in (0, 1):
            earlier = morning - dt.timedelta(hours=hours)
            with pytest.raises(cn.ConflictError):
                net.set_capacity(FIRST, occupied=3, actor="desk-1", now=earlier)
            with pytest.raises(cn.ConflictError):
                net.verify(FIRST, by="phone", actor="desk-1", now=earlier)
        assert net.capacity(FIRST, now=noon)[0] == row


def test_reports(demo_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        row = net.set_capacity(FIRST, total=20, wait_days=3, source="visit", actor="desk-1")[0]
        assert row["total"] == 20
        assert net.verify("ex-nmn-014", by="visit", actor="desk-1")["action"] == ["verify"]
        assert {"kind", "subject", "due"} <= set(net.due(30).columns)
        held = net.hold(FIRST, 2, actor="desk-1", hold="2h")
        for none in (dt.timedelta(milliseconds=500), "0h", 0):
            with pytest.raises(cn.InvalidArgumentError, match="hold is a second or more"):
                net.hold(FIRST, 2, actor="desk-1", hold=none)
        assert net.release(held["hold"][0], actor="desk-1")["held"] == [0]
        restricted = net.capacity().where(lambda row: row["disclosure"] == "restricted")
        assert len(restricted) > 0 and set(restricted["free"]) == {None}
    assert "lack-of-capacity" in cn.referral_reasons()


@pytest.mark.parametrize("verb", ["receive", "accept", "waitlist", "redirect"])
def test_a_lawful_ground_stands_for_consent_that_ended(demo_path: pathlib.Path, verb: str) -> None:
    consent = {"by": "lswdo", "to": "ex-nmn-014", "on": "2026-11-01", "expires": "2026-11-17"}
    case = {"ref": "C-1", "area": "Cagayan de Oro", "age": 15, "sex": "female", "needs": ["trauma-therapy"],
            "consents": [consent]}
    later = dt.datetime(2026, 11, 18, tzinfo=dt.timezone.utc)
    words = {"to": "ex-nmn-015/trauma-therapy"} if verb == "redirect" else {}
    with cn.open(demo_path) as net:
        sent = net.send(case, to=FIRST, actor="desk-1", hold=dt.timedelta(days=9),
                        now=net.directory().demonstration_now)
        act = getattr(net, verb)
        with pytest.raises(cn.RefusedError, match="consent"):
            act(sent.id, actor="desk-1", now=later, **words)
        act(sent.id, actor="desk-1", now=later, ground="best-interest", **words)
        assert any(row["ground"] == "best-interest" for row in net.referrals(case="C-1"))
