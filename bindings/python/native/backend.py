"""The build backend: scikit-build-core, whose source distribution also carries the C library.

In the repository the C sources stand two folders up; in a source distribution below vendor/. Nothing
of the tree is written: the archive is made first and the sources are added to it.
"""

from __future__ import annotations

import gzip
import pathlib
import tarfile
import tempfile
from typing import Any

from scikit_build_core import build as _build

build_wheel = _build.build_wheel
get_requires_for_build_sdist = _build.get_requires_for_build_sdist
get_requires_for_build_wheel = _build.get_requires_for_build_wheel
prepare_metadata_for_build_wheel = _build.prepare_metadata_for_build_wheel

PACKAGE = pathlib.Path(__file__).resolve().parent.parent
# What CMakeLists.txt of the library reads when neither the command nor the tests are built.
VENDORED = ["CMakeLists.txt", "LICENSE", "VERSION", "cmake", "data", "include", "lib"]


def vendored_files() -> list[tuple[pathlib.Path, str]]:
    """(file, its name below vendor/), sorted."""
    root = PACKAGE / "vendor"
    if not root.is_dir():
        root = PACKAGE.parent.parent
    found = []
    for name in VENDORED:
        top = root / name
        files = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
        found += [(path, path.relative_to(root).as_posix()) for path in files]
    return sorted(found, key=lambda pair: pair[1])


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        name = _build.build_sdist(folder, config_settings)
        archive = pathlib.Path(folder, name)
        top = name.removesuffix(".tar.gz")
        with (
            tarfile.open(archive, "r:gz") as source,
            open(pathlib.Path(sdist_directory, name), "wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as target,
        ):
            members = source.getmembers()
            for member in members:
                target.addfile(member, source.extractfile(member) if member.isfile() else None)
            have = {member.name for member in members}
            for path, place in vendored_files():
                member = tarfile.TarInfo(f"{top}/vendor/{place}")
                if member.name in have:
                    continue
                member.size = path.stat().st_size
                member.mode = 0o644
                with path.open("rb") as content:
                    target.addfile(member, content)
    return name
