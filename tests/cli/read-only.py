"""A store on a disk that is mounted read-only: it is read, and whoever writes is told why not. Skipped where
no such disk can be made, which takes rights of our own (unshare)."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
MOUNT = "mount -t tmpfs none disk && cp net.db disk/ && mount -o remount,ro disk && "


def on_the_disk(command, folder, cli):
    return subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", MOUNT + command],
                          cwd=folder, text=True, capture_output=True, check=False,
                          env={"PATH": f"{cli.parent}:{os.environ['PATH']}", "HOME": folder,
                               "LC_ALL": "C.UTF-8"})


def check(cli, folder):
    found = on_the_disk("carenet find --region caraga --service trauma-therapy --db disk/net.db",
                        folder, cli)
    assert found.returncode == 0 and "PROVIDER" in found.stdout, found
    for words in ("capacity set ex-nmn-014/trauma-therapy --occupied 3", "migrate"):
        told = on_the_disk(f"carenet {words} --db disk/net.db", folder, cli)
        assert told.returncode == 5, told
        assert "can only be read: its disk is read-only" in told.stderr, told
    told = on_the_disk("carenet init --db disk/new.db", folder, cli)
    assert told.returncode == 5 and "Read-only file system" in told.stderr, told


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    cli = parser.parse_args().cli.resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(pathlib.Path(folder) / "disk")
        subprocess.run([cli, "init", "--demo", "--db", "net.db"], cwd=folder, check=True,
                       capture_output=True)
        try:
            possible = on_the_disk("true", folder, cli).returncode == 0
        except FileNotFoundError:
            possible = False
        if not possible:
            print("skipped: no disk can be mounted here")
            return SKIPPED
        check(cli, folder)
    print("4 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
