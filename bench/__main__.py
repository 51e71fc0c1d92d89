"""`python -m bench`: measure, print, and write bench/results.md."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench import growth, hot, needs
from bench.ground import Ground, fill, prepare
from bench.hot import Effort
from bench.machine import Cores, cores
from bench.report import Report
from bench.rows import KENYAN
from tests import pg

HOT = {
    "polls": hot.measure_polls,
    "moves": hot.measure_moves,
    "lone": hot.measure_lone,
    "mixed": hot.measure_mixed,
    "lists": hot.measure_lists,
    "memory": hot.measure_memory,
}
PARTS = (*HOT, "growth")
DATABASES = ("sqlite", "postgresql")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of twenty")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--dry", action="store_true", help="leave bench/results.md as it is")
    unbound = "without row-level security: as the owner of the tables (not what results.md holds)"
    parser.add_argument("--unbound", action="store_true", help=unbound)
    return parser.parse_args()


@contextmanager
def grounds(names: list[str], shared: Cores, folder: Path, label: str) -> Iterator[dict[str, str]]:
    """Give an empty database of each kind: its URL by its name."""
    urls: dict[str, str] = {}
    if "sqlite" in names:
        urls["SQLite"] = f"sqlite:///{folder / label}.db"
    if "postgresql" not in names:
        yield urls
        return
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, shared.rest)
    with pg.postgres_server() as server, pg.database(server) as url:
        os.sched_setaffinity(0, mine)
        urls["PostgreSQL"] = url
        yield urls


def loaded(url: str, effort: Effort) -> Ground:
    """Return a database with what the hot paths are measured on."""
    ground = prepare(url)
    fill(ground, range(1, KENYAN + 1), fresh=False)
    fill(ground, range(KENYAN + 1, KENYAN + effort.fresh + 1), fresh=True)
    return ground


def main() -> int:
    """Measure what was asked for; the exit code tells whether every figure is reached."""
    asked = arguments()
    needs.ensure()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended too
    effort = Effort(1, 5, 60_000) if asked.quick else Effort(3, 5, 250_000)
    effort = replace(effort, unbound=asked.unbound)
    sizes = (10_000, 100_000) if asked.quick else (10_000, 100_000, 1_000_000)
    shared, report, begun = cores(), Report(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as name:
        folder = Path(name)
        chosen = [part for part in HOT if part in asked.only]
        if chosen:
            with grounds(asked.database, shared, folder, "hot") as urls:
                for kind, url in urls.items():
                    ground = loaded(url, effort)
                    with hot.open_field(ground, shared, effort, folder) as field:
                        for part in chosen:
                            HOT[part](field, report, kind)
        if "growth" in asked.only:
            with grounds(asked.database, shared, folder, "growth") as urls:
                for url in urls.values():
                    growth.measure(prepare(url), sizes, shared, report)
    print(f"\n{len(report.failed)} figures not reached, {time.monotonic() - begun:.0f} s")
    if not asked.dry:
        report.write(" ".join(["python -m bench", *sys.argv[1:]]))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
