"""`python -m bench.matching`: how long an exact proposal takes, and HiGHS on the same problem."""

import statistics
import time
from collections.abc import Callable
from random import Random

from app.matching.optimiser import Inputs, propose
from app.matching.optimiser.choosing import choose
from bench.machine import describe
from tests.matching.problems import of_size
from tests.matching.test_highs import by_highs

SIZES = ((8, 20), (40, 30), (40, 60))
TIMES = 40
WAYS: tuple[tuple[str, Callable[[Inputs], object]], ...] = (
    ("the choice, proven", choose),
    ("the proposal with three alternatives and reasons", propose),
    ("HiGHS, the choice alone", by_highs),
)


def main() -> None:
    """Print a table of medians and 95th percentiles in milliseconds."""
    for line in describe():
        print(f"* {line}")
    print("\n| needs x entities | what | median ms | p95 ms |\n|---|---|---:|---:|")
    for needs, entities in SIZES:
        random = Random(needs * entities)
        problems = [of_size(random, needs, entities) for _ in range(TIMES)]
        for name, way in WAYS:
            taken = sorted(_measure(way, problem) for problem in problems)
            p95 = taken[int(0.95 * len(taken))]
            print(f"| {needs} x {entities} | {name} | {statistics.median(taken):.1f} | {p95:.1f} |")


def _measure(way: Callable[[Inputs], object], problem: Inputs) -> float:
    began = time.perf_counter()
    way(problem)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
