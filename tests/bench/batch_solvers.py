"""One problem of measure-batch, solved by a solver from PyPI.

    batch_solvers.py or-tools|highs|pot PROBLEM

Prints a line of JSON as batch-peers does. Fails where the solver is not installed. Only or-tools takes a problem with
quotas."""
import json
import resource
import struct
import sys
import time

import numpy


class Problem:
    """Arcs of classes as arrays: tail (class), head (offering), cost."""

    def __init__(self, path):
        data = numpy.fromfile(path, dtype=numpy.int32)
        slots, quotas, classes = (int(number) for number in data[:3])
        self.step = struct.unpack("<q", data[3:5].tobytes())[0]
        at = 5 + 2 * (slots + quotas)
        places = data[5:at].reshape(-1, 2).astype(numpy.int64)
        self.places, self.quota = places[:slots].T
        self.quota_places, self.larger = places[slots:].T
        units, tiers, tails, heads, costs = [], [], [], [], []
        for number in range(classes):
            units.append(int(data[at]))
            tiers.append(int(data[at + 1]))
            arcs = data[at + 3:at + 3 + 2 * int(data[at + 2])].reshape(-1, 2)
            at += 3 + 2 * len(arcs)
            tails.append(numpy.full(len(arcs), number, dtype=numpy.int64))
            heads.append(arcs[:, 0].astype(numpy.int64))
            costs.append(arcs[:, 1].astype(numpy.int64))
        self.units = numpy.array(units, dtype=numpy.int64)
        self.penalty = numpy.array(tiers, dtype=numpy.int64) * self.step
        self.tail, self.head = numpy.concatenate(tails), numpy.concatenate(heads)
        self.cost = numpy.concatenate(costs)
        self.places = numpy.where(self.places < 0, self.units.sum(), self.places)


def with_or_tools(problem):
    from ortools.graph.python import min_cost_flow
    solver = min_cost_flow.SimpleMinCostFlow()
    classes, slots, quotas = len(problem.units), len(problem.places), len(problem.quota_places)
    first_quota = classes + slots
    sink = first_quota + quotas
    every = numpy.arange(classes)
    within = numpy.concatenate([problem.quota, problem.larger])
    solver.add_arcs_with_capacity_and_unit_cost(
        problem.tail, classes + problem.head, problem.units[problem.tail], problem.cost)
    solver.add_arcs_with_capacity_and_unit_cost(
        every, numpy.full(classes, sink), problem.units, problem.penalty)
    solver.add_arcs_with_capacity_and_unit_cost(
        classes + numpy.arange(slots + quotas),
        numpy.where(within < 0, sink, first_quota + within),
        numpy.concatenate([problem.places, problem.quota_places]),
        numpy.zeros(slots + quotas, dtype=numpy.int64))
    solver.set_nodes_supplies(every, problem.units)
    solver.set_node_supply(sink, -int(problem.units.sum()))
    assert solver.solve() == solver.OPTIMAL
    return int(solver.optimal_cost())


def levels_of(problem, flow, unmet):
    """The objective in whole numbers from a solution in floating point."""
    return (int((numpy.rint(flow).astype(numpy.int64) * problem.cost).sum()) +
            int((numpy.rint(unmet).astype(numpy.int64) * problem.penalty).sum()))


def with_highs(problem):
    import highspy
    from scipy.sparse import csc_matrix
    classes, offerings, arcs = len(problem.units), len(problem.places), len(problem.cost)
    columns = numpy.arange(arcs)
    rows = numpy.concatenate([problem.tail, classes + problem.head, numpy.arange(classes)])
    at = numpy.concatenate([columns, columns, arcs + numpy.arange(classes)])
    matrix = csc_matrix((numpy.ones(len(rows)), (rows, at)),
                        shape=(classes + offerings, arcs + classes))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = arcs + classes, classes + offerings
    # A step of the market is more than floating point likes; ten times the dearest pair does here.
    step = float(10 * (problem.cost.max() + 1))
    tiers = problem.penalty / problem.step
    model.col_cost_ = numpy.concatenate([problem.cost, tiers * step]).astype(float)
    model.col_lower_ = numpy.zeros(arcs + classes)
    model.col_upper_ = numpy.full(arcs + classes, highspy.kHighsInf)
    model.row_lower_ = numpy.concatenate([problem.units, numpy.zeros(offerings)]).astype(float)
    model.row_upper_ = numpy.concatenate([problem.units, problem.places]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    values = numpy.array(solver.getSolution().col_value)
    return levels_of(problem, values[:arcs], values[arcs:])


def with_pot(problem):
    import ot
    classes, offerings = len(problem.units), len(problem.places)
    step = 10 * (int(problem.cost.max()) + 1)
    cost = numpy.full((classes, offerings + 1), 4.0 * step)
    cost[problem.tail, problem.head] = problem.cost
    cost[:, offerings] = problem.penalty / problem.step * step
    spare = problem.places.sum()
    supply = numpy.append(problem.units, spare).astype(float)
    demand = numpy.append(problem.places, problem.units.sum()).astype(float)
    cost = numpy.vstack([cost, numpy.zeros(offerings + 1)])
    flow = ot.emd(supply, demand, cost, numItermax=10_000_000)[:classes]
    return levels_of(problem, flow[problem.tail, problem.head], flow[:, offerings])


SOLVERS = {"or-tools": with_or_tools, "highs": with_highs, "pot": with_pot}


def main():
    problem = Problem(sys.argv[2])
    if len(problem.quota_places) > 0 and sys.argv[1] != "or-tools":
        sys.exit("quotas are for or-tools alone")
    before = resource.getrusage(resource.RUSAGE_SELF)
    wall = time.monotonic()
    objective = SOLVERS[sys.argv[1]](problem)
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"solver": sys.argv[1], "nodes": "CLASSES", "arcs": len(problem.cost),
                      "wall_s": time.monotonic() - wall,
                      "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                      "peak_mb": (after.ru_maxrss - before.ru_maxrss) / 1024,
                      "objective": objective}))


if __name__ == "__main__":
    main()
