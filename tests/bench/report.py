"""docs/benchmarks.md from the figures of compare.py."""
import datetime
import pathlib
import platform
import re
import sqlite3
import subprocess

HEAD = """# Benchmarks

Written by `scripts/bench`, which installs what it needs, makes the directories, checks that everybody
gives the same answers, and only then measures. Do not edit: run it again.

{date}. {machine}. {software}.

Times are wall-clock. A figure is a median over {runs} runs; in a run every sort of question is asked
at eight places in turn. Times of shared machines vary by about 2x between runs, so compare figures
within one table, not between two dates. Ratios are against carenet in the same run: 3x means that it
took three times as long.

The directories are invented, from seed {seed}: towns of the real gazetteer drawn by population, about
60 of the services of the taxonomy, with capacities, eligibility, languages, restricted and remote
providers. `tests/bench/national-network.c` makes them.
"""

GOAL_FIND_US, GOAL_ROUTE_US, GOAL_PROCESS, GOAL_LOAD_S, GOAL_IMAGE_MS = 50, 100, 1.5, 0.3, 2
GOAL_IMPORT_S, GOAL_YAML_MS, GOAL_YAML_MB = 3, 50, 16


def number(value):
    """Three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    lines = [head, ["-" if i == 0 else "-:" for i in range(len(head))], *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def verdict(value, goal):
    return "yes" if value <= goal else f"no ({number(value / goal)}x over)"


def describe_machine():
    model, memory = platform.machine(), ""
    cpuinfo, meminfo = pathlib.Path("/proc/cpuinfo"), pathlib.Path("/proc/meminfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text()
        found = re.search(r"model name\s*: (.*)", text)
        model = f"{found.group(1) if found else model}, {text.count('processor')} cores"
    if meminfo.exists():
        kilobytes = int(re.search(r"MemTotal:\s*(\d+)", meminfo.read_text()).group(1))
        memory = f", {kilobytes / 1048576:.0f} GB of memory"
    return f"{model}{memory}, {platform.system()}"


def describe_software(build):
    cache = (build / "CMakeCache.txt").read_text()
    kind = re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", cache, re.M).group(1)
    compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.M).group(1)
    version = subprocess.run([compiler, "-dumpfullversion"], stdout=subprocess.PIPE, text=True,
                             check=False).stdout.strip()
    return f"{kind} build, {pathlib.Path(compiler).name} {version}, SQLite {sqlite3.sqlite_version}"


def image_ms(figures):
    return figures["image"]["opened_s"] * 1e3


def goals(results):
    largest = results["sizes"][max(results["sizes"])]
    asked = [name for name, question in results["questions"].items() if question["goal"]]
    find = max((largest["find"][name]["p50_us"], name) for name in asked)
    met = sum(largest["find"][name]["p50_us"] <= GOAL_FIND_US for name in asked)
    route = max((figures["p50_us"], name) for name, figures in largest["route"].items())
    process = max((figures["carenet_s"] / figures["shell_s"], name)
                  for name, figures in results["processes"].items())
    yaml_ms = max((kind["ms"], kind["name"]) for kind in results["yaml"])
    yaml_mb = max(kind["mb"] for kind in results["yaml"])
    rows = [
        ["find in memory, filters and order, p50", f"{GOAL_FIND_US} us",
         f"{met} of {len(asked)} sorts within; slowest \"{find[1]}\": {number(find[0])} us",
         verdict(find[0], GOAL_FIND_US)],
        ["one leaf need routed, top 3, lines and funnel, p50", f"{GOAL_ROUTE_US} us",
         f"slowest \"{route[1]}\": {number(route[0])} us", verdict(route[0], GOAL_ROUTE_US)],
        ["`carenet find` as a process, against the sqlite3 shell", f"{GOAL_PROCESS}x",
         f"slowest \"{process[1]}\": {number(process[0])}x", verdict(process[0], GOAL_PROCESS)],
        ["load from the store", f"{GOAL_LOAD_S} s", f"{number(largest['load_s'])} s",
         verdict(largest["load_s"], GOAL_LOAD_S)],
        ["load from an image", f"{GOAL_IMAGE_MS} ms",
         f"{number(image_ms(largest))} ms, and {number(largest['image']['loaded_s'] * 1e3)} ms"
         " with all of it checked and every capacity read",
         verdict(image_ms(largest), GOAL_IMAGE_MS)],
        ["import of all of it from CSV, processor time", f"{GOAL_IMPORT_S} s",
         f"{number(results['import']['carenet_s'])} s, "
         f"{number(results['import']['carenet_s'] / results['import']['shell_s'])}x of the sqlite3 "
         "shell copying the same rows", verdict(results["import"]["carenet_s"], GOAL_IMPORT_S)],
        ["hostile YAML refused", f"{GOAL_YAML_MS} ms, {GOAL_YAML_MB} MB",
         f"slowest \"{yaml_ms[1]}\": {number(yaml_ms[0])} ms; largest: {number(yaml_mb)} MB",
         verdict(max(yaml_ms[0] / GOAL_YAML_MS, yaml_mb / GOAL_YAML_MB), 1)]]
    return ("\n## Goals, at 100,000 offerings\n\n"
            + table(["figure", "goal, at most", "measured", "met"], rows))


def growth(results):
    sizes = results["sizes"]
    rows = [["load from the store, ms", *(number(f["load_s"] * 1e3) for f in sizes.values())],
            ["open from the image for one question, ms",
             *(number(image_ms(f)) for f in sizes.values())],
            ["load from the image, all checked, all capacity, ms",
             *(number(f["image"]["loaded_s"] * 1e3) for f in sizes.values())],
            ["the image, MB", *(number(f["image"]["mb"]) for f in sizes.values())],
            ["memory of a directory, bytes an offering",
             *(number(f["bytes"] / f["offerings"]) for f in sizes.values())],
            ["peak of a process that only loads, MB", *(number(f["peak_mb"]) for f in sizes.values())]]
    for name in results["questions"]:
        rows.append([f"find \"{name}\", p50 us",
                     *(number(f["find"][name]["p50_us"]) for f in sizes.values())])
    for name in next(iter(sizes.values()))["route"]:
        rows.append([f"route `{name}`, p50 us",
                     *(number(f["route"][name]["p50_us"]) for f in sizes.values())])
    return ("\n## Growth\n\n" + table(["offerings", *(f"{size:,}" for size in sizes)], rows)
            + "\nThe questions:\n\n"
            + "".join(f"- {name}: {question['meaning']}\n"
                      for name, question in results["questions"].items()))


def others(results):
    largest = results["sizes"][max(results["sizes"])]["find"]
    present = [peer for peer in results["peers"] if "p50_us" in peer]
    rows = []
    for name in results["questions"]:
        own = largest[name]["p50_us"]
        rows.append([name, number(own), *(
            f"{number(peer['p50_us'][name])} ({number(peer['p50_us'][name] / own)}x)"
            for peer in present)])
    text = ("\n## Beside databases, at 100,000 offerings\n\n"
            "Every peer holds what may be listed in one table with the indexes that fit the questions,"
            " answers in one process or over a unix socket with prepared statements, and gets areas"
            " and services as numbers; carenet finds them by name within the time. Microseconds, p50."
            " The peers give 13 columns, carenet 29. Answers were the same rows in the same"
            " order.\n\n"
            + table(["question", "carenet, in memory",
                     *(f"{peer['name']} {peer['version']}" for peer in present)], rows))
    for peer in results["peers"]:
        if "missing" in peer:
            text += f"\n{peer['name']}: not measured ({peer['missing']}).\n"
    return text


def processes(results):
    rows = [[name, number(f["carenet_s"] * 1e3), number(f["shell_s"] * 1e3),
             f"{number(f['carenet_s'] / f['shell_s'])}x"] for name, f in results["processes"].items()]
    return ("\n## As a process, at 100,000 offerings\n\n"
            f"`carenet find` against the sqlite3 shell on the same store ({number(results['store_mb'])}"
            " MB). The shell runs the faster of two hand-written queries: one goes in by the index on"
            " services, one by those on places. Milliseconds.\n\n"
            + table(["question", "carenet", "sqlite3 shell", "ratio"], rows))


def hostile(results):
    rows = [[kind["name"], f"{kind['bytes']:,}", number(kind["ms"]), number(kind["mb"]), kind["tag"]]
            for kind in results["yaml"]]
    return ("\n## Hostile YAML\n\n"
            "Texts that use the budget of 4 MiB and 100,000 values up to the end, where the last line"
            " is wrong, or that would grow (`tests/bench/measure-yaml.c`). Milliseconds of the processor until it is"
            " refused, and memory that the reader held at most beside the text.\n\n"
            + table(["text", "bytes", "ms", "MB", "refused as"], rows))


def write(results, build):
    head = HEAD.format(date=datetime.date.today().isoformat(), machine=describe_machine(),
                       software=describe_software(build), runs=results["runs"], seed=1)
    return (head + goals(results) + growth(results) + others(results) + processes(results)
            + hostile(results))


def when_and_where():
    """What a section says that is measured by itself: the others may be of another day and machine."""
    return f"{datetime.date.today().isoformat()}. {describe_machine()}."


def put_section(path, heading, text):
    """Puts the section in the place of the one that is there, or at the end."""
    old = path.read_text(encoding="utf-8")
    if heading in old:
        before, _, rest = old.partition(heading)
        # The next section may begin with a mark of its own.
        after = re.search(r"\n(## |<!-- )", rest)
        path.write_text(before + text + (rest[after.start():] if after else ""), encoding="utf-8")
    else:
        path.write_text(old.rstrip("\n") + "\n\n" + text, encoding="utf-8")
