// batch-peers PROBLEM SOLVER CLASSES|CASES: one problem of measure-batch, solved by LEMON over stored
// arcs (SOLVER network-simplex or cost-scaling). Prints a line of JSON: seconds, peak memory and the
// objective. With CASES every unit is a node of its own, as a program would write it down; with
// CLASSES units that nothing tells apart share one, as carenet does it.
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Class {
    int units;
    int tier;
    std::vector<std::pair<int, int>> arcs; // offering, cost
};

struct Problem {
    long long step = 0;
    std::vector<int> places, quota;       // by slot; -1 without end, -1 none
    std::vector<int> quota_places, larger; // by quota, those that hold others last; -1 none
    std::vector<Class> classes;
};

int
read32(std::FILE *file)
{
    std::int32_t number = 0;
    if (std::fread(&number, sizeof number, 1, file) != 1)
        std::fprintf(stderr, "the problem is cut off\n"), std::exit(1);
    return number;
}

Problem
read_problem(const char *path)
{
    Problem problem;
    std::FILE *file = std::fopen(path, "rb");
    if (file == nullptr)
        std::perror(path), std::exit(1);
    problem.places.resize(static_cast<std::size_t>(read32(file)));
    problem.quota.resize(problem.places.size());
    problem.quota_places.resize(static_cast<std::size_t>(read32(file)));
    problem.larger.resize(problem.quota_places.size());
    problem.classes.resize(static_cast<std::size_t>(read32(file)));
    std::int64_t step = 0;
    if (std::fread(&step, sizeof step, 1, file) != 1)
        std::exit(1);
    problem.step = step;
    for (std::size_t i = 0; i < problem.places.size(); i++) {
        problem.places[i] = read32(file);
        problem.quota[i] = read32(file);
    }
    for (std::size_t i = 0; i < problem.quota_places.size(); i++) {
        problem.quota_places[i] = read32(file);
        problem.larger[i] = read32(file);
    }
    for (Class &one : problem.classes) {
        one.units = read32(file);
        one.tier = read32(file);
        one.arcs.resize(static_cast<std::size_t>(read32(file)));
        for (auto &arc : one.arcs) {
            arc.first = read32(file);
            arc.second = read32(file);
        }
    }
    std::fclose(file);
    return problem;
}

// Nodes: units or classes, slots, quotas, and one that takes all. Arcs in the order of their tails.
struct Network {
    lemon::StaticDigraph graph;
    std::vector<std::pair<int, int>> ends;
    std::vector<long long> cost, room, supply;
};

void
build(const Problem &problem, bool by_class, Network &network)
{
    std::vector<std::pair<const Class *, int>> heads; // and their units
    for (const Class &one : problem.classes)
        for (int left = one.units; left > 0; left -= by_class ? one.units : 1)
            heads.emplace_back(&one, by_class ? one.units : 1);
    const int len = static_cast<int>(heads.size());
    const int quotas = len + static_cast<int>(problem.places.size());
    const int sink = quotas + static_cast<int>(problem.quota_places.size());
    long long units = 0;
    auto add = [&](int from, int to, long long cost, long long room) {
        network.ends.emplace_back(from, to);
        network.cost.push_back(cost);
        network.room.push_back(room);
    };
    network.supply.assign(static_cast<std::size_t>(sink) + 1, 0);
    for (int i = 0; i < len; i++) {
        const Class &one = *heads[static_cast<std::size_t>(i)].first;
        const int here = heads[static_cast<std::size_t>(i)].second;
        network.supply[static_cast<std::size_t>(i)] = here;
        units += here;
        for (const auto &arc : one.arcs)
            add(i, len + arc.first, arc.second, here);
        add(i, sink, problem.step * one.tier, here);
    }
    for (std::size_t i = 0; i < problem.places.size(); i++)
        add(len + static_cast<int>(i), problem.quota[i] < 0 ? sink : quotas + problem.quota[i], 0,
            problem.places[i] < 0 ? units : problem.places[i]);
    for (std::size_t i = 0; i < problem.quota_places.size(); i++)
        add(quotas + static_cast<int>(i), problem.larger[i] < 0 ? sink : quotas + problem.larger[i], 0,
            problem.quota_places[i]);
    network.supply[static_cast<std::size_t>(sink)] = -units;
    network.graph.build(sink + 1, network.ends.begin(), network.ends.end());
}

template <class Solver>
long long
run(Network &network)
{
    using Graph = lemon::StaticDigraph;
    Graph::ArcMap<long long> cost(network.graph), room(network.graph);
    Graph::NodeMap<long long> supply(network.graph);
    for (std::size_t i = 0; i < network.cost.size(); i++) {
        const Graph::Arc arc = network.graph.arc(static_cast<int>(i));
        cost[arc] = network.cost[i];
        room[arc] = network.room[i];
    }
    for (std::size_t i = 0; i < network.supply.size(); i++)
        supply[network.graph.node(static_cast<int>(i))] = network.supply[i];
    Solver solver(network.graph);
    solver.upperMap(room).costMap(cost).supplyMap(supply);
    if (solver.run() != Solver::OPTIMAL)
        std::fprintf(stderr, "not optimal\n"), std::exit(1);
    return solver.template totalCost<long long>();
}

double
peak_mb()
{
    char line[256];
    double kib = 0;
    std::FILE *file = std::fopen("/proc/self/status", "r");
    while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr)
        if (std::strncmp(line, "VmHWM:", 6) == 0)
            kib = std::strtod(line + 6, nullptr);
    if (file != nullptr)
        std::fclose(file);
    return kib / 1024;
}

} // namespace

int
main(int argc, char **argv)
{
    using Graph = lemon::StaticDigraph;
    if (argc != 4)
        return std::fprintf(stderr, "usage: batch-peers PROBLEM SOLVER CLASSES|CASES\n"), 2;
    const std::string solver = argv[2];
    const Problem problem = read_problem(argv[1]);
    Network network;
    const double before_mb = peak_mb();
    const auto from = std::chrono::steady_clock::now();
    const std::clock_t cpu_from = std::clock();
    build(problem, std::strcmp(argv[3], "CLASSES") == 0, network);
    const long long objective =
        solver == "network-simplex" ? run<lemon::NetworkSimplex<Graph, long long>>(network)
                                    : run<lemon::CostScaling<Graph, long long>>(network);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    std::printf("{\"solver\": \"%s\", \"nodes\": \"%s\", \"arcs\": %zu, \"wall_s\": %.3f, "
                "\"cpu_s\": %.3f, \"peak_mb\": %.1f, \"objective\": %lld}\n",
                solver.c_str(), argv[3], network.cost.size(), took.count(),
                static_cast<double>(std::clock() - cpu_from) / CLOCKS_PER_SEC,
                peak_mb() - before_mb, objective);
    return 0;
}
