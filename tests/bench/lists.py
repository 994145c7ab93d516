"""What the measurements of whole processes share: a store and a list of make-list.c, and their options."""

import argparse
import pathlib
import subprocess


def make(options, folder, size, *words):
    """The store and the list in @folder; @size is cases, offerings and supply."""
    store, listed = folder / "network.db", folder / "cases.ndjson"
    subprocess.run([options.build.resolve() / "tests/bench/make-list", options.data.resolve(), *map(str, size), store,
                    listed, *words], check=True)
    return store, listed


def parse(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--large", action="store_true", help="also a million cases")
    parser.add_argument("--write", type=pathlib.Path)
    return parser.parse_args()
