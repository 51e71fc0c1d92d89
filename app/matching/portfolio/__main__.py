"""`python -m app.matching.portfolio METHOD`: a problem as JSON comes in, its plan goes out.

A program of its own: the service that asks for a plan keeps neither its memory nor its time.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import cast

from app.matching.portfolio import Method, plan
from app.matching.portfolio.values import problem_from

MEMORY = 1 << 30
CPU_SECONDS = 120


def main() -> None:
    """Read a problem, plan within bounds of memory and time, write the plan."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    problem = problem_from(json.load(sys.stdin))
    json.dump(asdict(plan(problem, cast("Method", sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()
