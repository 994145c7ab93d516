"""docs/benchmarks-batch.md and its picture from the figures of batch.py."""
import datetime

import report

HEAD = """# Batch routing, measured

Written by `scripts/bench batch` (`--large` adds a million cases), which installs what it needs and goes on only where all solvers
find the same objective and carenet's own certificate has gap 0. Do not edit: run it again.

{date}. {machine}.

Every row is one problem, drawn on the real gazetteer by `tests/bench/batch-instance.c` (seed 1) and given to all solvers
with the same rules and costs. The others use one thread, so that the processor seconds of their run are those that one
waits; they only build their graph from arcs that stand ready. carenet's times include compiling the cases: with one
thread in processor seconds, with two by the clock. Goals are for two threads; what one thread does stands beside,
and meets the goals of a million cases where it keeps time and memory at once.
Memory is what is needed beyond the problem, by one thread unless two are said. *cases*: one node a case; *classes*: one
node for all who are alike. LEMON is Debian's, compiled with -O2.

Of several runs the least counts; of the others' there are three, or as many as take half a minute, and of a million
cases one. LEMON with gigabytes of arcs mostly waits for memory, so what it takes differs from run to run
([how much](design/0006-batch-solver.md)), and the ratios with it.

"""

# The lowest ratios of time to LEMON, by supply: on full arcs with case nodes, and fed with classes.
LEMON_GOALS = {"2.5": (150, 50), "1.5": (40, 10), "1.0": (20, 8)}
LARGE_GOALS_S = {"2.5": 8, "1.5": 20, "1.0": 120}
GOALS = {"or-tools": 50, "highs": 200, "memory": 40, "warm": 10, "growth": 15, "threads": 1.6,
         "large_mb": 400, "small_ms": 50}


def took(ours):
    """Processor seconds of one thread."""
    return ours["compile_cpu_s"] + ours["solve_cpu_s"]


def faster(row, peer):
    """How many times as long the other one takes: as two threads by the clock, as one in processor seconds."""
    return peer["cpu_s"] / row["two"]["both_s"], peer["cpu_s"] / took(row["ours"])


def name_of(ours):
    return f"{ours['cases']:,} x {ours['offerings']:,}, {ours['supply']}"


def at(rows, cases, supply):
    """The row of that size, or None."""
    found = [row for row in rows
             if row["ours"]["cases"] == cases and str(row["ours"]["supply"]) == supply]
    return found[0] if found else None


def best(row, solver, nodes=None):
    """The quickest of the others that are called so and came to an end."""
    found = [one for one in row["theirs"] if solver in one["solver"] and one.get("cpu_s") and
             nodes in (None, one["nodes"])]
    return min(found, key=lambda one: one["cpu_s"]) if found else None


def seconds(value):
    return f"{value:.3f}" if value < 10 else report.number(value)


def at_least(value, goal):
    return "yes" if value >= goal else f"no ({goal / value:.1f}x short)"


# ---- Rows of the table of goals: (figure, goal, measured, the same with one thread, met)

def lemon_goals(rows):
    lines = []
    for supply, goals in LEMON_GOALS.items():
        row = at(rows, 100000, supply)
        if row is None:
            continue
        lemon = [one for one in row["theirs"] if one["solver"] in ("network-simplex", "cost-scaling")]
        for nodes, goal in zip(("CASES", "CLASSES"), goals):
            peers = [one for one in lemon if one["nodes"] == nodes]
            if not peers:
                continue
            peer = min(peers, key=lambda one: one["cpu_s"])
            factor, alone = faster(row, peer)
            lines.append([f"100k x 10k at {supply}, against the better of LEMON, {nodes.lower()}",
                          f">= {goal}x faster", f"{factor:.1f}x ({peer['solver']})", f"{alone:.1f}x",
                          at_least(factor, goal)])
        if lemon:
            factor = min(one["peak_mb"] for one in lemon) / row["ours"]["peak_mb"]
            lines.append([f"100k x 10k at {supply}, memory against LEMON", f">= {GOALS['memory']}x less",
                          "", f"{factor:.0f}x", at_least(factor, GOALS["memory"])])
    return lines


def other_goals(rows):
    lines = []
    for supply in LEMON_GOALS:
        row = at(rows, 10000, supply)
        for solver, label in (("or-tools", "OR-Tools SimpleMinCostFlow"), ("highs", "HiGHS")):
            peer = best(row, solver) if row is not None else None
            if peer is not None:
                factor, alone = faster(row, peer)
                lines.append([f"10k x 2k at {supply}, against {label}", f">= {GOALS[solver]}x faster",
                              f"{factor:.1f}x", f"{alone:.1f}x", at_least(factor, GOALS[solver])])
    return lines


def own_goals(rows):
    lines = []
    for supply, goal in LARGE_GOALS_S.items():
        row = at(rows, 1000000, supply)
        if row is None:
            continue
        runs = (row["two"], row["ours"])
        met = any(run["both_s"] <= goal and run["peak_mb"] <= GOALS["large_mb"] for run in runs)
        lines.append([f"1M x 100k at {supply}, gap 0, in one run", f"<= {goal} s, {GOALS['large_mb']} MB"]
                     + [f"{run['both_s']:.1f} s, {run['peak_mb']:.0f} MB" for run in runs]
                     + ["yes" if met else "no"])
    for row in rows:
        ours = row["ours"]
        if "warm_cpu_s" in ours and ours["cases"] == 100000:
            percent = 100 * ours["warm_cpu_s"] / ours["cold_cpu_s"]
            lines.append([f"{name_of(ours)}: solving again after 1 % of the cases changed",
                          f"<= {GOALS['warm']} % of cold", "", f"{percent:.0f} %",
                          "yes" if percent <= GOALS["warm"] else "no"])
        if "two" in row and ours["cases"] == 100000:
            factor = ours["solve_s"] / row["two"]["solve_s"]
            lines.append([f"{name_of(ours)}: 2 threads against 1, solving", f">= {GOALS['threads']}x",
                          f"{factor:.2f}x", "", at_least(factor, GOALS["threads"])])
    small, large = at(rows, 100000, "2.5"), at(rows, 1000000, "2.5")
    if small is not None and large is not None:
        factor = large["two"]["both_s"] / small["two"]["both_s"]
        lines.append(["from 100k x 10k to 1M x 100k at 2.5, time",
                      f"<= {GOALS['growth']}x", f"{factor:.1f}x", "",
                      "yes" if factor <= GOALS["growth"] else "no"])
    return lines


def goals(rows, small_ms):
    lines = lemon_goals(rows) + other_goals(rows) + own_goals(rows)
    lines.append(["`carenet batch`, the shipped directory and 300 cases, as a process",
                  f"<= {GOALS['small_ms']} ms", "", f"{small_ms:.0f} ms",
                  "yes" if small_ms <= GOALS["small_ms"] else "no"])
    return report.table(["figure", "goal", "two threads", "one thread", "met"], lines)


# ---- The whole table

def line_of(ours, one):
    if one.get("cpu_s") is None:
        return ["", "", f"{one['solver']}, {one['nodes'].lower()}", f"> {one['limit_s']:,}", "", "", ""]
    return ["", "", f"{one['solver']}, {one['nodes'].lower()}", seconds(one["cpu_s"]),
            f"{one['cpu_s'] / took(ours):.1f}x", f"{one['peak_mb']:.0f}",
            f"{one['peak_mb'] / ours['peak_mb']:.0f}x"]


def everything(rows):
    lines = []
    for row in rows:
        ours = row["ours"]
        lines.append([name_of(ours), f"{ours['arcs']:,}" if "arcs" in ours else "",
                      f"**carenet**, compile {ours['compile_cpu_s']:.3f} + solve {ours['solve_cpu_s']:.3f}",
                      seconds(took(ours)), "", f"{ours['peak_mb']:.0f}", ""])
        if "two" in row:
            two = row["two"]
            lines.append(["", "", "**carenet**, two threads by the clock, compile "
                          f"{two['compile_s']:.3f} + solve {two['solve_s']:.3f}",
                          seconds(two["both_s"]), f"{two['both_s'] / took(ours):.2f}x",
                          f"{two['peak_mb']:.0f}", f"{two['peak_mb'] / ours['peak_mb']:.1f}x"])
        lines += [line_of(ours, one) for one in row["theirs"]]
    return report.table(["cases x offerings, supply", "arcs", "solver", "s", "to carenet with one thread", "MB",
                         "to carenet with one thread"], lines)


# ---- The picture

def draw(path, rows):
    """Time by size, one line a supply, carenet and the better of LEMON; needs matplotlib."""
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "carenet"
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for supply, colour in zip(LEMON_GOALS, ("#1b7837", "#b35806", "#542788")):
        of_supply = sorted((row for row in rows if str(row["ours"]["supply"]) == supply),
                           key=lambda row: row["ours"]["cases"])
        axes.plot([row["ours"]["cases"] for row in of_supply], [took(row["ours"]) for row in of_supply],
                  "o-", color=colour, label=f"carenet, supply {supply}")
        peers = [(row["ours"]["cases"], min(best(row, "network-simplex", "CASES")["cpu_s"],
                                            best(row, "cost-scaling", "CASES")["cpu_s"]))
                 for row in of_supply if best(row, "network-simplex", "CASES")]
        axes.plot(*zip(*peers), "s--", color=colour, label=f"LEMON, supply {supply}")
    axes.set(xscale="log", yscale="log", xlabel="cases (offerings grow with them)", ylabel="processor seconds",
             title="Time of a proven optimum by size")
    axes.grid(alpha=.3)
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


SECTIONS = ("## Goals", "## Growth", "## Everything")


def sections_of_others(path):
    """Those that other measurements wrote with report.put_section(), from the first of them on."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    headings = [line for line in old.splitlines() if line.startswith("## ") and line not in SECTIONS]
    return old[old.index(headings[0]):] if headings else ""


def write(path, rows, small_ms):
    others = sections_of_others(path)
    text = HEAD.format(date=datetime.date.today(), machine=report.describe_machine())
    text += "## Goals\n\n" + goals(rows, small_ms)
    text += f"\n## Growth\n\n![Time by size]({path.stem}.svg)\n"
    text += "\n## Everything\n\n" + everything(rows)
    text += "\n" + others if others else ""
    path.write_text(text, encoding="utf-8")
    draw(path.with_suffix(".svg"), rows)
