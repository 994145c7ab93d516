"""The key of a network from Python: what is sealed, whom it is told, what is gone; and no repr that tells."""

from __future__ import annotations

import copy
import os
import pathlib
import pickle

import pytest

import carenet as cn

SITE = "car-100/emergency-shelter"
REGION = """\
region: {id: caraga, name: Caraga, area: "1600000000"}
organizations: [{id: body, name: Body, kind: government}]
providers:
  - id: gate
    organization: body
    name: Gate
    place: {area: "1630400000", disclosure: public}
    contact: {role: desk}
    verified: {on: 2026-10-01, by: phone}
    offerings: [{service: case-management}]
  - id: car-100
    organization: body
    name: CANARY house
    display_name: Shelter C-1
    place: {area: "1630400000", disclosure: restricted, show_area: "1600000000",
            address: 7 CANARY street, point: [8.951234, 125.531234]}
    contact: {role: desk, gateway: gate, phone: "0917-555-0100"}
    verified: {on: 2026-10-01, by: visit}
    accreditation: {body: DSWD, level: 2, expires: 2199-12-31}
    offerings:
      - service: emergency-shelter
        capacity: {total: 5, occupied: 0, as_of: 2026-11-01, source: phone}
"""
SECRETS = ["CANARY", "0917-555-0100", "8.951234", "125.531234"]


@pytest.fixture
def key_path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "network.key"


@pytest.fixture
def net(tmp_path: pathlib.Path, key_path: pathlib.Path) -> cn.Network:
    region = tmp_path / "caraga.yaml"
    region.write_text(REGION, encoding="utf-8")
    network = cn.init(tmp_path / "network.db", demo=False)
    with cn.Key.create(key_path) as key:
        network.seal(key, actor="council")
    network.import_files(region)
    return network


def survivor(ref: str, **facts: object) -> cn.Case:
    return cn.Case(
        ref, needs=["emergency-shelter"], area="Butuan", age=12, sex="female", consent="full", **facts
    )


def test_a_site_is_told_once_it_was_accepted(net: cn.Network, key_path: pathlib.Path) -> None:
    sent = net.send(survivor("C-1"), to=SITE, actor="desk-1")
    with cn.Key.read(key_path) as key:
        with pytest.raises(cn.StateError, match="is sent"):
            net.disclose(sent.id, to="worker-7", key=key, actor="council")
        net.accept(sent.id, actor="desk-1", by_phone=True)
        dry = net.disclose(sent.id, to="worker-7", key=key, actor="council", dry_run=True)
        assert dry.dry_run and dry.address is None and dry.name is None
        site = net.disclose(sent.id, to="worker-7", key=key, actor="council")
    assert (site.name, site.address, site.lat_deg) == ("CANARY house", "7 CANARY street", 8.951234)
    for shown in (repr(site), str(site), repr(net), repr(key)):
        assert not any(secret in shown for secret in SECRETS)
    told = net.audit(sent.id).to_dicts()[-1]
    assert (told["actor"], told["action"], told["detail"]) == ("council", "disclose", "car-100 to worker-7")


def test_safety_says_yes_or_no(net: cn.Network, key_path: pathlib.Path) -> None:
    near = survivor("C-1", avoid={"areas": ["Butuan"]})
    far = survivor("C-2", avoid={"areas": ["Bislig"]})
    with cn.Key.read(key_path) as key:
        ask = {"to": SITE, "key": key, "actor": "council"}
        assert net.check_safety(near, **ask) is False
        assert net.check_safety(far, **ask) is True
        assert net.check_safety(near, dry_run=True, **ask) is None
        for _ in range(3):
            net.check_safety(far, **ask)
        with pytest.raises(cn.RefusedError, match="5 times"):
            net.check_safety(near, **ask)


def test_a_site_is_looked_at_when_it_is_sent(net: cn.Network, key_path: pathlib.Path) -> None:
    near = survivor("C-1", avoid={"areas": ["Butuan"]})
    far = survivor("C-2", avoid={"areas": ["Bislig"]})

    def looks() -> int:
        return net.audit("car-100")["action"].count("safety-check")

    with pytest.raises(cn.RefusedError, match=r"\[safety-check\]"):
        net.send(far, to=SITE, actor="council", despite=True)
    with cn.Key.read(key_path) as key:
        ask = {"to": SITE, "site_key": key, "actor": "council"}
        told = set()
        for case in (near, far):
            with pytest.raises(cn.RefusedError, match="in a dry run nobody looks") as dry:
                net.send(case, dry_run=True, **ask)
            told.add(str(dry.value))
        assert len(told) == 1 and looks() == 0
        with pytest.raises(cn.RefusedError, match=r"not for this case \[safety\]"):
            net.send(near, despite=True, **ask)
        assert looks() == 1 and len(net.referrals()) == 0
        assert net.send(far, **ask).state == "sent"
        assert looks() == 2
        assert net.send(survivor("C-3"), **ask).state == "sent"
        assert looks() == 2
    with pytest.raises(cn.StateError):
        net.send(far, to=SITE, site_key=key, actor="council")
    assert net.verify_audit().ok


def test_an_erased_case_is_gone(net: cn.Network, key_path: pathlib.Path) -> None:
    sent = net.send(survivor("CANARY-1"), to=SITE, actor="desk-1")
    with cn.Key.read(key_path) as key:
        facts = net.referral_facts(sent.id, key=key, actor="council")
        assert facts["need"] == "emergency-shelter" and facts["age"] == "12"
        with pytest.raises(cn.StateError, match="all its referrals have ended"):
            net.erase_case("CANARY-1", actor="council")
        net.cancel(sent.id, reason="no-longer-needed", actor="desk-1")
        assert net.erase_case("CANARY-1", actor="council", dry_run=True)[0]["cases"] == 1
        assert net.erase_case("CANARY-1", actor="council")[0]["cases"] == 1
        assert net.erase_case("CANARY-1", actor="council")[0]["cases"] == 0
        with pytest.raises(cn.NotFoundError):
            net.referral_facts(sent.id, key=key, actor="council")
    assert net.verify_audit().ok
    assert net.purge("2021-01-01", actor="council")[0]["cases"] == 0
    with pytest.raises(cn.InvalidArgumentError):
        net.purge("2199-01-01", actor="council")
    files = pathlib.Path(net.path or "").parent.glob("network.db*")
    assert not any(b"CANARY" in file.read_bytes() for file in files)


def test_a_new_store_takes_a_key(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "demo.db"
    with cn.Key.create(tmp_path / "demo.key") as key, cn.Key.create(tmp_path / "next.key") as next:
        with cn.init(path, demo=True, key=key, actor="council") as made:
            assert made.check_key(key)[0]["sites"] > 0
            assert made.audit()["actor"].count("council") == 3
            assert made.change_key(key, next, actor="council", dry_run=True)[0]["dry_run"]
            assert made.lose_key(next, actor="council", dry_run=True)[0]["dry_run"]
            assert made.check_key(key)[0]["lost"] == 0


def test_a_store_that_was_not_filled_is_none(tmp_path: pathlib.Path) -> None:
    with cn.Key.create(tmp_path / "network.key") as key:
        pass
    with pytest.raises(cn.StateError):
        cn.init(tmp_path / "new.db", key=key)
    assert [path.name for path in tmp_path.iterdir()] == ["network.key"]
    with pytest.raises(cn.InvalidArgumentError):
        cn.init(tmp_path / "new.db", actor="not a word")
    assert [path.name for path in tmp_path.iterdir()] == ["network.key"]
    with cn.init(tmp_path / "new.db", demo=True) as net, pytest.raises(cn.ConflictError):
        cn.init(net.path or "")
    assert (tmp_path / "new.db").exists()


def test_keys(net: cn.Network, key_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with pytest.raises(cn.ConflictError):
        cn.Key.create(key_path)
    key = cn.Key.read(key_path)
    assert net.check_key(key)[0]["sites"] == 1
    with os.fdopen(os.open(key_path, os.O_RDONLY)) as file, cn.Key.read_fd(file.fileno()) as again:
        assert net.check_key(again)[0]["lost"] == 0
    other = cn.Key.create(tmp_path / "other.key")
    with pytest.raises(cn.RefusedError, match="not the key"):
        net.unlock(other)
    with pytest.raises(cn.ConflictError):
        net.seal(other, actor="council")
    assert net.change_key(key, other, actor="council")[0]["sites"] == 1
    with pytest.raises(cn.RefusedError):
        net.check_key(key)
    net.unlock(other)
    third = cn.Key.create(tmp_path / "third.key")
    assert net.lose_key(third, actor="council")[0]["lost"] == 1
    secret = key_path.read_text(encoding="utf-8").split()[-1]
    for shown in (repr(key), str(vars(key))):
        assert secret not in shown
    for copied in (copy.copy, pickle.dumps):
        with pytest.raises(TypeError):
            copied(key)
    key.close()
    key.close()
    assert repr(key) == "Key(closed)"
    with pytest.raises(cn.StateError):
        net.check_key(key)
    key_path.chmod(0o640)
    with pytest.raises(cn.RefusedError, match="others than its owner"):
        cn.Key.read(key_path)
    with pytest.raises(cn.NotFoundError):
        cn.Key.read(tmp_path / "none.key")
    (tmp_path / "no.key").touch(mode=0o600)
    with pytest.raises(cn.InvalidDataError):
        cn.Key.read(tmp_path / "no.key")
