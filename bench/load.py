"""Load from outside: wrk on its own core, and the processor time of the server beside the rate."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bench.servers import Server

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked for: `poll`, `move`, `list` or `mixed`, by how many callers, for how long."""

    kind: str
    token: str
    known: int
    """How many requests may be polled: the references run from 1."""
    connections: int = 32
    seconds: float = 3.0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: calls a second, milliseconds, and processor microseconds a call."""

    rate: float
    p50: float
    p99: float
    cpu: float
    calls: int
    moves: int


@dataclass(slots=True)
class Fresh:
    """The requests of one database that nobody has moved yet."""

    next: int
    last: int
    taken: list[int] = field(default_factory=list)


def run(server: Server, work: Work, core: int, fresh: Fresh) -> Load:
    """Put load on a server. Raises RuntimeError when a call fails or the fresh requests run out."""
    before = server.cpu()
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{work.connections}"]
    command += [f"-d{max(1, round(work.seconds))}s", "--timeout", "10s", "-s", str(SCRIPT)]
    command += [f"http://127.0.0.1:{server.port}", "--", work.kind, work.token]
    command += [str(fresh.next), str(work.known), work.tag]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=work.seconds + 60
    )
    line = next((x for x in done.stdout.splitlines() if x.startswith("RESULT ")), None)
    if line is None:
        raise RuntimeError(f"wrk said nothing of {server.name}: {done.stdout}{done.stderr}")
    calls, lasted, failed, p50, p99, moves = map(int, line.split()[1:])
    fresh.next += moves
    if fresh.next > fresh.last:
        raise RuntimeError("the fresh requests ran out: seed more of them")
    if failed or not calls:
        raise RuntimeError(f"{failed} of {calls} calls to {server.name} failed ({work.kind})")
    cpu = (server.cpu() - before) / calls
    return Load(calls / lasted * 1e6, p50 / 1000, p99 / 1000, cpu * 1e6, calls, moves)
