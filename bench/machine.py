"""The machine the figures come from: which core does what, and how it is described."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sqlalchemy", "psycopg")


@dataclass(frozen=True, slots=True)
class Cores:
    """One core for the server that is measured, one for the load, what is left for PostgreSQL."""

    server: int
    load: int
    rest: frozenset[int]


def cores() -> Cores:
    """Share out the cores that this process may use; on fewer than three, load and rest are one."""
    mine = sorted(os.sched_getaffinity(0))
    server, load = mine[-1], mine[-2] if len(mine) > 1 else mine[-1]
    rest = frozenset(mine[:-2]) or frozenset({load})
    return Cores(server, load, rest)


def describe() -> list[str]:
    """Return what a reader must know of the machine and the versions, a fact a line."""
    found = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line for line in found.splitlines() if line.startswith("model name")), ":")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    mine, all_cores = os.sched_getaffinity(0), os.cpu_count() or 1
    shared = f"; pinned to {len(mine)} of them, the others served other work meanwhile"
    return [
        f"processor: {model.partition(':')[2].strip()}, {all_cores} cores"
        + (shared if len(mine) < all_cores else ""),
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}",
    ]
