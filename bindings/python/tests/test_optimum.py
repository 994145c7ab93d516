"""Plans with siblings, bundles, quotas, fairness and places that are kept, against HiGHS: a general solver is given
every pair of need and offering, the same rules in inequalities, and one level after the other. No plan is better
than its answer, and no bound says more than it."""

from __future__ import annotations

import pathlib
import random
from collections.abc import Iterable
from typing import Any

import highspy
import pytest

import carenet as cn

TOWNS = ["Cagayan de Oro", "Iligan", "Butuan", "Surigao", "Cebu City", "Quezon City"]
SERVICES = ["trauma-therapy", "individual-counseling"]
SIBLINGS_APART, OTHER_PROVIDER = 240, 60  # data/policy.yaml
TIERS = ["emergency", "urgent", "routine"]

Case = dict[str, Any]
Pair = tuple[str, int, str]  # case, need, offering


def family(rng: random.Random, number: int) -> Iterable[Case]:
    size, town, keep = rng.choice([1, 1, 2, 2, 3]), rng.choice(TOWNS), rng.choice(["require", "prefer"])
    urgency, needs = rng.choice(["urgent", "routine"]), rng.choice([SERVICES, SERVICES[:1]])
    bundle = rng.choice([None, "require", "prefer"]) if len(needs) > 1 else None
    for child in range(size):
        case: Case = {"ref": f"F{number}-{child}", "area": town, "age": rng.randint(8, 16),
                      "needs": needs, "urgency": urgency, "consent": "full"}
        if size > 1:
            case["siblings"] = {"group": f"G{number}", "keep": keep}
        if bundle is not None:
            case["bundle"] = bundle
        yield case


def intake(seed: int) -> list[Case]:
    rng = random.Random(seed)
    return [case for number in range(11) for case in family(rng, number)]


class Optimum:
    """The best of all plans, level by level."""

    def __init__(self, directory: cn.Directory, cases: list[Case]) -> None:
        self.model = highspy.Highs()
        self.model.silent()
        # HiGHS ends at a ten-thousandth of the cost unless told otherwise, several minutes of it here.
        self.model.setOptionValue("mip_rel_gap", 0.0)
        self.model.setOptionValue("mip_abs_gap", 0.5)
        self.cases = cases
        self.provider: dict[str, str] = {}
        self.takes: dict[Pair, Any] = {}
        self.cost: list[Any] = []
        places: dict[str, int] = {}
        for case in cases:
            alone = {key: case[key] for key in case if key not in ("siblings", "bundle")}
            for row in directory.route([alone], top=0).ranked:
                variable = self.model.addBinary()
                self.takes[case["ref"], row["need"], row["offering"]] = variable
                self.cost.append(row["cost"] * variable)
                self.provider[row["offering"]] = row["provider"]
                places[row["offering"]] = row["free"]
        for offering, free in places.items():
            self.at_most([v for (_, _, o), v in self.takes.items() if o == offering], free)
        for case in cases:
            for need in range(len(case["needs"])):
                self.at_most(list(self.of(case["ref"], need + 1).values()), 1)
        self.keep_siblings()
        self.keep_bundles()

    def of(self, ref: str, need: int) -> dict[str, Any]:
        return {o: v for (r, n, o), v in self.takes.items() if (r, n) == (ref, need)}

    def sum(self, variables: Iterable[Any]) -> Any:
        return self.model.qsum(list(variables))

    def at_most(self, variables: list[Any], most: int) -> None:
        if variables:
            self.model.addConstr(self.sum(variables) <= most)

    def keep_siblings(self) -> None:
        groups: dict[tuple[str, int], list[Case]] = {}
        for case in self.cases:
            for need in range(len(case["needs"]) if "siblings" in case else 0):
                groups.setdefault((case["siblings"]["group"], need + 1), []).append(case)
        for (_, need), members in groups.items():
            rows = [self.of(case["ref"], need) for case in members]
            everywhere = set().union(*rows)
            for offering in sorted(everywhere):  # one model, whatever the hashes of strings are
                all_may = all(offering in row for row in rows)
                if members[0]["siblings"]["keep"] == "require":
                    for row in rows:
                        if not all_may and offering in row:
                            self.model.addConstr(row[offering] <= 0)
                        elif all_may:
                            self.model.addConstr(row[offering] == rows[0][offering])
                elif all_may:
                    together = self.model.addBinary()
                    for row in rows:
                        self.model.addConstr(together <= row[offering])
                    self.cost.append(-SIBLINGS_APART * len(members) * together)
            if members[0]["siblings"]["keep"] == "prefer":
                self.cost += [SIBLINGS_APART * v for row in rows for v in row.values()]

    def keep_bundles(self) -> None:
        for case in self.cases:
            if "bundle" not in case:
                continue
            used: dict[str, Any] = {}
            for need in range(len(case["needs"])):
                for offering, variable in self.of(case["ref"], need + 1).items():
                    provider = self.provider[offering]
                    if provider not in used:
                        used[provider] = self.model.addBinary()
                    self.model.addConstr(variable <= used[provider])
            if case["bundle"] == "require":
                self.at_most(list(used.values()), 1)
            elif used:
                first = self.model.addBinary()
                self.model.addConstr(first <= self.sum(used.values()))
                self.cost += [OTHER_PROVIDER * v for v in used.values()] + [-OTHER_PROVIDER * first]

    def keep_quota(self, providers: set[str], places: int) -> None:
        self.at_most([v for (_, _, o), v in self.takes.items() if self.provider[o] in providers], places)

    def share(self, directory: cn.Directory, steps: list[tuple[int, int]]) -> None:
        """Every place is a variable at what it costs for its use; restricted providers do not tell theirs."""
        rows = {row["offering"]: row for row in directory.find() if row["total"] is not None}
        for offering in sorted({o for _, _, o in self.takes} & set(rows)):
            total, free = rows[offering]["total"], rows[offering]["free"]
            places = [self.model.addBinary() for _ in range(free)]
            takes = [v for (_, _, o), v in self.takes.items() if o == offering]
            if places:
                self.model.addConstr(self.sum(takes) == self.sum(places))
            for place, variable in enumerate(places, total - free + 1):
                extra = max([cost for above, cost in steps if 100 * place > above * total], default=0)
                self.cost.append(extra * variable)

    def keep_places(self, plan: cn.Plan, moves: int) -> None:
        stays = [self.takes[row["case"], row["need"], row["offering"]]
                 for row in plan.kept if row["state"] != "released"]
        if stays:
            self.model.addConstr(self.sum(stays) >= len(stays) - moves)

    def unmet(self, tier: str) -> tuple[Any, int]:
        needs = [(case["ref"], need + 1) for case in self.cases if case["urgency"] == tier
                 for need in range(len(case["needs"]))]
        placed = [v for (ref, need, _), v in self.takes.items() if (ref, need) in set(needs)]
        return len(needs) - self.sum(placed) if placed else None, len(needs)

    def value(self) -> cn.PlanValue:
        found: list[int] = []
        for tier in TIERS:
            expression, needs = self.unmet(tier)
            if expression is None:
                found.append(needs)
                continue
            self.model.minimize(expression)
            found.append(round(self.model.getInfo().objective_function_value))
            self.model.addConstr(expression <= found[-1])
        self.model.minimize(self.sum(self.cost))
        found.append(round(self.model.getInfo().objective_function_value))
        return cn.PlanValue(*found)


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_better_and_no_bound_says_more(directory: cn.Directory, seed: int) -> None:
    cases = intake(seed)
    plan = directory.route_batch(cases)
    best = Optimum(directory, cases).value()
    assert plan.bound <= best <= plan.objective
    assert best == plan.objective or not plan.searched
    assert all(plan.check()["ok"])


def test_most_short_lists_are_searched_whole(directory: cn.Directory) -> None:
    plans = [directory.route_batch(intake(seed)) for seed in range(12)]
    assert sum(plan.searched or plan.status == "optimal" for plan in plans) >= 9


@pytest.mark.parametrize("moves", [0, 1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_nor_while_people_keep_their_places(directory: cn.Directory, seed: int, moves: int) -> None:
    cases = intake(seed)
    before = directory.route_batch(cases[::2])
    plan = directory.route_batch(cases, keep=before, max_moves=moves)
    optimum = Optimum(directory, cases)
    optimum.keep_places(plan, moves)
    best = optimum.value()
    assert plan.bound <= best <= plan.objective
    assert best == plan.objective or not plan.searched
    assert all(plan.check(keep=before)["ok"])


REGION = "Northern Mindanao"


@pytest.mark.parametrize("places", [1, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_nor_under_quotas(directory: cn.Directory, tmp_path: pathlib.Path, seed: int, places: int) -> None:
    cases = intake(seed)
    optimum = Optimum(directory, cases)
    provider = random.Random(seed).choice(sorted(set(optimum.provider.values())))
    seated = {row["provider"] for row in directory.find(region=REGION) if row["via"] == "place"}
    optimum.keep_quota({provider}, 1)
    optimum.keep_quota(seated, places)
    policy = tmp_path / "policy.yaml"
    policy.write_text(cn.template("policy")
                      + f"\nquotas:\n  - {{provider: {provider}, places: 1}}\n"
                      + f"  - {{area: {REGION}, places: {places}}}\n")
    plan = directory.route_batch(cases, policy=cn.Policy.load(policy))
    best = optimum.value()
    assert plan.bound <= best <= plan.objective
    assert best == plan.objective or not plan.searched
    assert plan.objective != directory.route_batch(cases).objective  # the quotas bind
    assert all(plan.check()["ok"])


@pytest.mark.parametrize("steps", [[(50, 15)], [(0, 5), (60, 40), (90, 400)]])
@pytest.mark.parametrize("quota", [None, 3])
@pytest.mark.parametrize("seed", range(4))
def test_nor_where_use_costs(directory: cn.Directory, tmp_path: pathlib.Path, seed: int, quota: int | None,
                             steps: list[tuple[int, int]]) -> None:
    cases = intake(seed)
    optimum = Optimum(directory, cases)
    optimum.share(directory, steps)
    text = cn.template("policy") + "\nfairness:\n" + "".join(
        f"  - {{above_percent: {above}, cost: {cost}}}\n" for above, cost in steps)
    if quota is not None:
        seated = {row["provider"] for row in directory.find(region=REGION) if row["via"] == "place"}
        optimum.keep_quota(seated, quota)
        text += f"quotas:\n  - {{area: {REGION}, places: {quota}}}\n"
    policy = tmp_path / "policy.yaml"
    policy.write_text(text)
    plan = directory.route_batch(cases, policy=cn.Policy.load(policy))
    best = optimum.value()
    assert plan.bound <= best <= plan.objective
    assert best == plan.objective or not plan.searched
    assert plan.objective.cost == sum(row["cost"] for row in plan.assignments)
    assert all(plan.check()["ok"])


@pytest.mark.parametrize("seed", range(12))
def test_single_needs_are_at_their_best_where_use_costs(directory: cn.Directory, tmp_path: pathlib.Path,
                                                        seed: int) -> None:
    cases = [{key: case[key] for key in case if key not in ("siblings", "bundle")} for case in intake(seed)]
    steps = [(30, 5), (60, 40), (90, 400)]
    optimum = Optimum(directory, cases)
    optimum.share(directory, steps)
    policy = tmp_path / "policy.yaml"
    policy.write_text(cn.template("policy") + "\nfairness:\n" + "".join(
        f"  - {{above_percent: {above}, cost: {cost}}}\n" for above, cost in steps))
    plan = directory.route_batch(cases, policy=cn.Policy.load(policy))
    assert plan.status == "optimal" and plan.objective == optimum.value()
    assert plan.objective != directory.route_batch(cases).objective  # somebody pays for use
    assert all(plan.check()["ok"])
