"""`python -m bench.portfolio`: 500 requests x 30 entities planned, beside HiGHS on the whole."""

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from typing import NamedTuple

from app.matching.portfolio import Method, Problem, plan
from bench.machine import describe
from tests.matching.portfolios import free_of, of_size, whole_problem

REQUESTS, ENTITIES = 500, 30
ROOMS = (("scarce", 0.28), ("ample", 0.9))
SEEDS = (1, 2, 3)
MORE = (1000, 2000)
"""How it grows with the requests."""
ALONE_SECONDS = 30.0
WAYS: tuple[tuple[Method, str], ...] = (
    ("highs", "relaxation, columns, HiGHS"),
    ("own", "relaxation and mending alone"),
)


class Found(NamedTuple):
    """What one way of planning came to: points, seconds of the clock and the processor, memory."""

    cost: float
    bound: float
    wall: float = 0.0
    cpu: float = 0.0
    mib: int = 0


def main() -> None:
    """Print cost, bound, gap, time and peak memory of each way, each in a process of its own."""
    for line in describe():
        print(f"* {line}")
    print("\n| places | problem | what | cost | bound | gap | s | CPU s | MiB |")
    print("|---|---:|---|---:|---:|---:|---:|---:|---:|")
    for places, tightness in ROOMS:
        for seed in SEEDS:
            problem = of_size(Random(seed), REQUESTS, ENTITIES, tightness)
            alike = replace(problem, asks=tuple(replace(ask, first=False) for ask in problem.asks))
            for method, what in WAYS:
                _tell(places, seed, f"by the rule: {what}", _apart(_planned, problem, method))
            for method, what in WAYS:
                _tell(places, seed, f"all alike: {what}", _apart(_planned, alike, method))
            _tell(places, seed, "all alike: HiGHS on the whole, 30 s", _apart(_alone, alike, ""))
    for requests in MORE:
        problem = of_size(Random(1), requests, ENTITIES, ROOMS[0][1])
        what = f"by the rule, {requests} requests: {WAYS[0][1]}"
        _tell(ROOMS[0][0], 1, what, _apart(_planned, problem, WAYS[0][0]))


def _tell(places: str, seed: int, what: str, found: Found) -> None:
    gap = (found.cost - found.bound) / found.cost
    print(
        f"| {places} | {seed} | {what} | {found.cost:.0f} | {found.bound:.0f} | {gap:.2%}"
        f" | {found.wall:.1f} | {found.cpu:.1f} | {found.mib} |",
        flush=True,
    )


def _apart(way: Callable[..., Found], problem: Problem, method: str) -> Found:
    """Plan in a process of its own, as the service does."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (way, problem, method))


def _measured(way: Callable[..., Found], problem: Problem, method: str) -> Found:
    wall, cpu = time.perf_counter(), time.process_time()
    found = way(problem, method)
    return found._replace(
        wall=time.perf_counter() - wall,
        cpu=time.process_time() - cpu,
        mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def _planned(problem: Problem, method: Method) -> Found:
    proofs = plan(problem, method).proofs
    return Found(sum(one.cost for one in proofs), sum(one.bound for one in proofs))


def _alone(problem: Problem, _method: str) -> Found:
    solver = whole_problem(problem, problem.asks, free_of(problem))
    solver.setOptionValue("time_limit", ALONE_SECONDS)
    solver.minimize()
    return Found(solver.getObjectiveValue(), solver.getInfo().mip_dual_bound)


if __name__ == "__main__":
    main()
