"""Messages in other languages: the catalogue is up to date, and a translation is used.

There is no translation yet. The test makes one of capitals, which nobody could take for a language."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def capitals(text):
    """The words of a message in capitals; what printf and C see in it stays."""
    return re.sub(r"(%[-0-9.*]*(?:l|z)*[a-zA-Z%]|\\.)|([a-z]+)",
                  lambda match: match.group(1) or match.group(2).upper(), text)


def translate(catalogue):
    """The catalogue with every message translated into capitals."""
    head, *entries = catalogue.split("\n\n")
    made = [head.replace("charset=CHARSET", "charset=UTF-8").replace("#, fuzzy\n", "")]
    for entry in entries:
        lines = re.search(r'^msgid (.*?)^msgstr ""', entry, re.MULTILINE | re.DOTALL)
        if lines:
            made.append(entry.replace('msgstr ""', "msgstr " + capitals(lines.group(1)).rstrip()))
    return "\n\n".join(made) + "\n"


def run(cli, data, home, *words):
    kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return subprocess.run([cli, *words], capture_output=True, text=True, check=False,
                          env={**kept, "PATH": os.environ["PATH"], "HOME": home, "CARENET_DATA": data,
                               "LC_ALL": "C.UTF-8", "TERM": "dumb"})


def uses_a_translation(cli):
    catalogue = (ROOT / "po/carenet.pot").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        data.mkdir()
        for path in (ROOT / "data").iterdir():
            (data / path.name).symlink_to(path)
        place = data / "locale/zz/LC_MESSAGES"
        place.mkdir(parents=True)
        source = pathlib.Path(folder) / "zz.po"
        source.write_text(translate(catalogue), encoding="utf-8")
        subprocess.run(["msgfmt", "--check-format", "-o", place / "carenet.mo", source], check=True)

        def said(*words):
            return run(cli, str(data), folder, *words)

        plain, other = said("find", "--region", "caraga"), said("find", "--region", "caraga",
                                                                "--lang", "zz")
        assert "Report abuse" in plain.stdout and "REPORT ABUSE" not in plain.stdout
        assert "REPORT ABUSE" in other.stdout, other.stdout
        assert "SEARCH THE DIRECTORY" in said("help", "--lang=zz").stdout
        assert "WHERE THE PROVIDER IS" in said("find", "--help", "--lang", "zz").stdout
        wrong = said("show", "--lang=zz").stderr
        assert "IS MISSING AFTER" in wrong and "TO SEE MORE" in wrong, wrong
        # Programs read the same in any language.
        assert said("find", "--format", "json").stdout == said("find", "--format", "json", "--lang",
                                                               "zz").stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=pathlib.Path, required=True, help="the carenet command")
    options = parser.parse_args()
    assert capitals('"a %s of \\n"') == '"A %s OF \\n"'
    status = subprocess.run([ROOT / "scripts/messages", "--check"], check=False).returncode
    if status != 0:
        return status
    uses_a_translation(options.cli.resolve())
    print("2 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
