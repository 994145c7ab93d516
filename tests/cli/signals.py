"""Signals that end the command while it copies a store: no copy of it is left over, and it is said."""

import argparse
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PADDING_BYTES = 48 * 1024 * 1024  # so that a copy takes long enough to be met


def run(cli, words, folder):
    return subprocess.Popen([cli, *words], cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE,
                            env={"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"})


def make_store(cli, folder):
    with run(cli, ["init", "--db", "net.db"], folder) as process:
        process.communicate()
    assert process.returncode == 0
    with sqlite3.connect(pathlib.Path(folder) / "net.db") as store:
        store.execute("CREATE TABLE padding (bytes BLOB)")
        store.execute("INSERT INTO padding VALUES (randomblob(?))", (PADDING_BYTES,))
    store.close()


def list_files(folder):
    """Without the side files of the store itself."""
    return {name for name in os.listdir(folder) if not name.startswith("net.db-")}


def interrupt(cli, folder, words, number):
    """The signal as soon as a copy is there under a name of its own."""
    before = list_files(folder)
    with run(cli, words, folder) as process:
        while process.poll() is None and not list_files(folder) - before:
            time.sleep(0.001)
        process.send_signal(number)
        errors = process.communicate()[1]
    return process.returncode, errors, list_files(folder) - before


def check(cli, folder, words, may_be_done):
    stopped = 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        status, errors, left = interrupt(cli, folder, words, number)
        if status == 0:  # it was done before the signal came
            assert left == may_be_done, left
            for name in may_be_done:
                os.unlink(pathlib.Path(folder) / name)
            continue
        stopped += 1
        assert status == -number, (status, errors)
        assert not left, left
        assert "stopped" in errors and "nothing has changed" in errors, errors
    assert stopped, "none of the signals came in time"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    cli = parser.parse_args().cli.resolve()
    with tempfile.TemporaryDirectory() as folder:
        make_store(cli, folder)
        check(cli, folder, ["backup", "--db", "net.db", "-o", "copy"], {"copy"})
        with run(cli, ["backup", "--db", "net.db", "-o", "kept"], folder) as process:
            process.communicate()
        check(cli, folder, ["restore", "--db", "net.db", "--force", "kept"],
              {"net.db.before-restore"})
    print("2 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
