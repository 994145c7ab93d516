"""Stores from Python: open, init, import, export, backup, restore, check; closed and forked handles."""

from __future__ import annotations

import multiprocessing
import pathlib
import threading

import pytest

import carenet as cn
from carenet._call import Reference



def data() -> pathlib.Path:
    return pathlib.Path(cn.__file__).parent / "data"


def test_the_shipped_directory_is_in_the_package() -> None:
    assert (data() / "regions").is_dir()
    with cn.open() as net:
        assert net.is_demonstration and net.path is None
        assert len(net.directory().find(region="mindanao", service="mental-health")) > 5
        assert len(net.regions()) == 5


def test_a_store_and_its_files_are_the_same_network(
    demo_path: pathlib.Path, directory: cn.Directory
) -> None:
    with cn.open(demo_path, read_only=True) as net:
        loaded = net.directory()
        assert loaded.digest == directory.digest
        assert loaded.revision > 0
        assert net.policy().id == "ph-default"
        assert net.regions() == directory.regions()
    assert loaded.find(region="caraga") == directory.find(region="caraga")


def test_init_makes_a_live_store_without_invented_providers(tmp_path: pathlib.Path) -> None:
    with cn.init(tmp_path / "live.db") as net:
        assert not net.is_demonstration
        rows = net.directory().find()
        assert len(rows) > 0 and not any(rows["example"])
        with pytest.raises(PermissionError) as caught:
            net.import_files(data() / "regions" / "caraga.yaml")
        assert isinstance(caught.value, cn.RefusedError)
    with pytest.raises(cn.ConflictError):
        cn.init(tmp_path / "live.db")


def test_import_says_what_it_did(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        text = net.export("caraga")
        (tmp_path / "caraga.yaml").write_text(text, encoding="utf-8")
        done = net.import_files([tmp_path / "caraga.yaml"])
        assert sum(done.changes["added"]) == sum(done.changes["changed"]) == 0
        assert sum(done.changes["unchanged"]) > 0
        changed = text.replace("EXAMPLE Butuan", "EXAMPLE New Butuan")
        (tmp_path / "caraga.yaml").write_text(changed, encoding="utf-8")
        before = net.directory().digest
        net.import_files(tmp_path / "caraga.yaml", dry_run=True)
        assert net.directory().digest == before
        assert sum(net.import_files(tmp_path / "caraga.yaml").changes["changed"]) > 0
        assert net.directory().digest != before
        assert net.export_csv("caraga").startswith("\ufeff")
        files = net.export_all()
        assert files["caraga"] == net.export("caraga") and files[None] == net.export()


def test_faults_of_a_file_are_a_table(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("region: {id: x-y, name: X, area: '1000000000'}\nproviderz: []\n")
    issues = cn.validate(bad)
    assert issues["tag"] and issues["line"][0] == 2 and issues["file"][0] == str(bad)
    with cn.open(demo_path) as net, pytest.raises(ValueError) as caught:
        net.import_files(bad)
    assert isinstance(caught.value, cn.InvalidDataError)
    assert caught.value.issues == issues
    good = sorted((data() / "regions").glob("*.yaml"))
    assert "error" not in cn.validate([data() / "network.yaml", *good])["severity"]
    with pytest.raises(OSError):
        cn.validate(tmp_path / "nothing.yaml")


def test_backup_and_restore(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with cn.open(demo_path) as net:
        net.backup(tmp_path / "copy.db")
        digest = net.directory().digest
        with pytest.raises(cn.ConflictError):
            net.backup(tmp_path / "copy.db")
    kept = cn.restore(tmp_path / "copy.db", demo_path, replace=True)
    assert kept is not None and pathlib.Path(kept).is_file()
    with cn.open(demo_path) as net:
        assert net.directory().digest == digest
        assert "bad" not in net.check()["status"]


def test_the_store_of_an_older_carenet(tmp_path: pathlib.Path) -> None:
    fixture = pathlib.Path(__file__).parents[3] / "tests" / "fixtures" / "store-v1.db"
    old = tmp_path / "old.db"
    old.write_bytes(fixture.read_bytes())
    old.chmod(0o600)
    with pytest.raises(cn.VersionError, match="older layout"):
        cn.open(old, read_only=True)
    steps = cn.migrate(old, dry_run=True)
    assert len(steps) >= 1 and not any(steps["done"]) and steps["layout"][0] == 2
    assert all(cn.migrate(old)["done"])
    assert len(cn.migrate(old)) == 0
    with cn.open(old, read_only=True) as net:
        bad = [row["check"] for row in net.check().to_dicts() if row["status"] == "bad"]
    assert bad == ["sealed"]  # it has a restricted site, and no key was made yet
    with cn.open(old) as net, cn.Key.create(tmp_path / "network.key") as key:
        net.seal(key, actor="council")
        assert "bad" not in net.check()["status"]


def test_an_image_beside_the_store(demo_path: pathlib.Path) -> None:
    image = demo_path.with_name(demo_path.name + "-image")
    with cn.open(demo_path) as net:
        digest = net.directory().digest
    assert not image.exists()
    for _ in range(2):
        with cn.open(demo_path, keep_image=True) as net:
            assert net.directory().digest == digest
        assert image.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_store(tmp_path: pathlib.Path) -> None:
    with pytest.raises(LookupError):
        cn.open(tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("not a database at all, but long enough to be one" * 100)
    with pytest.raises(OSError) as caught:
        cn.open(tmp_path / "text.db")
    assert isinstance(caught.value, cn.CorruptError)


def test_a_closed_network_raises(demo_path: pathlib.Path) -> None:
    net = cn.open(demo_path)
    directory = net.directory()
    net.close()
    net.close()
    assert net.closed
    for call in (net.directory, net.policy, net.regions, net.export, net.check, net.__enter__):
        with pytest.raises(cn.StateError, match="closed"):
            call()
    assert len(directory.find()) > 0


def test_the_shipped_network_is_no_store() -> None:
    with cn.open() as net:
        for call in (net.export, net.check):
            with pytest.raises(cn.StateError, match="shipped"):
                call()


def test_calls_of_many_threads_take_turns(demo_path: pathlib.Path) -> None:
    digests: list[str] = []
    with cn.open(demo_path) as net:

        def work() -> None:
            for _ in range(3):
                digests.append(net.directory().digest)
                len(net.regions())

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(digests) == 18 and len(set(digests)) == 1


def _in_child(net: cn.Network, directory: cn.Directory, out: multiprocessing.SimpleQueue) -> None:
    try:
        net.regions()
        out.put("the network answered")
    except cn.StateError as error:
        out.put(str(error))
    out.put(len(directory.find(region="caraga")))


def test_after_a_fork(demo_path: pathlib.Path) -> None:
    context = multiprocessing.get_context("fork")
    out = context.SimpleQueue()
    with cn.open(demo_path) as net:
        directory = net.directory()
        child = context.Process(target=_in_child, args=(net, directory, out))
        child.start()
        said, rows = out.get(), out.get()
        child.join()
        assert "another process" in said
        assert rows == len(directory.find(region="caraga"))
        assert len(net.regions()) == 5
    assert child.exitcode == 0


def _ask_anew(net: cn.Network, key: cn.Key) -> None:
    """Ends with 0 where nothing hangs."""
    key.close()
    assert len(cn.open().directory()) > 0
    with pytest.raises(cn.StateError, match="another process"):
        net.regions()
    net.close()


def test_a_fork_while_another_thread_loads(demo_path: pathlib.Path, tmp_path: pathlib.Path) -> None:
    cn.Key.create(tmp_path / "network.key")
    with cn.open(demo_path) as net, cn.Key.read(tmp_path / "network.key") as key:
        busy, over = threading.Event(), threading.Event()

        def load() -> None:
            with Reference._lock, net._lock, key._lock:
                busy.set()
                over.wait()

        thread = threading.Thread(target=load)
        thread.start()
        busy.wait()
        child = multiprocessing.get_context("fork").Process(target=_ask_anew, args=(net, key))
        child.start()
        child.join(20)
        ended = child.exitcode
        child.kill()
        over.set()
        thread.join()
        assert ended == 0
        assert len(net.regions()) == 5


def test_places_and_words() -> None:
    with cn.open() as net:
        place = net.place("cagayan de oro")
        assert (place.area, place.level) == ("1030500000", "city")
        assert place.population and place.lat_deg and 8 < place.lat_deg < 9
        assert len(net.areas("caraga")) < len(net.areas())
        assert net.areas(place)["area"] == [place.area]
        assert "trauma-therapy" in net.services()["service"]
        assert "ceb" in net.terms("languages")["id"]
        with pytest.raises(LookupError, match="did you mean"):
            net.place("Cagayn de Oro")
        with pytest.raises(ValueError):
            net.place("San Isidro")
        with pytest.raises(ValueError):
            net.terms("words")
    assert "region:" in cn.template("region")
    with pytest.raises(ValueError):
        cn.template("letter")
