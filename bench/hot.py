"""The two hot paths and their mix, against the references, on one kind of database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import load
from bench.ground import Ground, copy_of
from bench.load import Fresh, Work
from bench.machine import Cores
from bench.report import Report
from bench.rounds import Contender, interleave
from bench.rows import KENYAN
from bench.servers import Server, serve

ENTENTE, RAW, NAIVE, HELLO = "Entente", "raw driver", "naive", "bare ASGI"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how often to measure, and how many fresh requests there are to move.

    `unbound`: as the owner of the tables, so that row-level security binds nothing.
    """

    seconds: float
    rounds: int
    fresh: int
    unbound: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """The running servers of one kind of database."""

    servers: dict[str, Server]
    fresh: dict[str, Fresh]
    tokens: dict[str, str]
    cores: Cores
    effort: Effort

    def contender(self, name: str, work: Work) -> Contender:
        """Return one contender at one work."""
        server, fresh = self.servers[name], self.fresh[name]
        return lambda: load.run(server, work, self.cores.load, fresh)

    def work(self, kind: str, who: str, connections: int = 32, tag: str = "") -> Work:
        """Return what is to be done, by whom."""
        return Work(kind, self.tokens[who], KENYAN, connections, self.effort.seconds, tag)


@contextmanager
def open_field(ground: Ground, cores: Cores, effort: Effort, folder: Path) -> Iterator[Field]:
    """Start the references and the service, each on a copy of the database of its own."""
    raw = "raw_sqlite" if ground.sqlite else "raw_postgres"
    targets = {
        HELLO: "bench.references.hello:app",
        RAW: f"bench.references.{raw}:app",
        NAIVE: "bench.references.naive:app",
        ENTENTE: "app.main:create_app()",
    }
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for name, target in targets.items():
            own = stack.enter_context(copy_of(ground, folder)) if name != HELLO else ground
            own = own.as_service() if name == ENTENTE and not effort.unbound else own
            running = serve(name, target, cores.server, own.environment())
            servers[name] = stack.enter_context(running)
        fresh = {name: Fresh(KENYAN + 1, KENYAN + effort.fresh) for name in targets}
        field = Field(servers, fresh, ground.tokens, cores, effort)
        _check(field)
        yield field


def _check(field: Field) -> None:
    """See that every contender answers a poll with 200, and with 304 where it should."""
    headers = {"Authorization": f"Bearer {field.tokens['coordinator']}"}
    path = "/api/v1/requests/TA-2026-00001/status"
    for name in (RAW, NAIVE, ENTENTE):
        status, body = field.servers[name].call("GET", path, headers)
        if status != 200 or b"TA-2026-00001" not in body:
            raise RuntimeError(f"{name} does not answer the poll: {status} {body!r}")
    for name in (NAIVE, ENTENTE):
        status, _ = field.servers[name].call("GET", path, headers | {"If-None-Match": '"2"'})
        if status != 304:
            raise RuntimeError(f"{name} answers {status} instead of 304")


def measure_polls(field: Field, report: Report, kind: str) -> None:
    """Measure the status poll, 200 and 304, with the scope of one country."""
    reach = {"SQLite": (0.35, 0.45), "PostgreSQL": (0.25, 0.35)}[kind]
    aims = {"SQLite": ("0.49", "0.67"), "PostgreSQL": ("0.34", "0.53")}[kind]
    plain = field.work("poll", "coordinator")
    tagged = field.work("poll", "coordinator", tag="2")
    found = interleave(
        {
            HELLO: field.contender(HELLO, plain),
            RAW: field.contender(RAW, plain),
            NAIVE: field.contender(NAIVE, plain),
            ENTENTE: field.contender(ENTENTE, plain),
            "304": field.contender(ENTENTE, tagged),
        },
        field.effort.rounds,
    )
    hello = (HELLO, found[HELLO])
    report.compare((f"poll 200, {kind}", found[ENTENTE]), hello, reach[0], aims[0])
    report.compare((f"poll 304, {kind}", found["304"]), hello, reach[1], aims[1])
    naive = (NAIVE, found[NAIVE])
    report.compare((f"poll 200, {kind}", found[ENTENTE]), naive, 8, "14 to 24")
    report.compare((f"poll 200, {kind}", found[ENTENTE]), (RAW, found[RAW]), None)


def measure_moves(field: Field, report: Report, kind: str) -> None:
    """Measure the durable transition by 32 callers."""
    reach, aim = {"SQLite": (0.6, "1.1"), "PostgreSQL": (0.5, "1.0")}[kind]
    work = field.work("move", "desk")
    found = interleave(
        {name: field.contender(name, work) for name in (RAW, NAIVE, ENTENTE)},
        field.effort.rounds,
    )
    one = (f"transition, {kind}, 32 callers", found[ENTENTE])
    report.compare(one, (RAW, found[RAW]), reach, aim)
    report.compare(one, (NAIVE, found[NAIVE]), 3, "5 to 8")


def measure_lone(field: Field, report: Report, kind: str) -> None:
    """Measure the transition by one caller alone, whom groups cannot help."""
    work = field.work("move", "desk", connections=1)
    found = interleave(
        {name: field.contender(name, work) for name in (RAW, NAIVE, ENTENTE)},
        field.effort.rounds,
    )
    one = (f"transition, {kind}, one caller", found[ENTENTE])
    report.compare(one, (RAW, found[RAW]), None)
    report.compare(one, (NAIVE, found[NAIVE]), None)


def measure_mixed(field: Field, report: Report, kind: str) -> None:
    """Measure the slowest hundredth under nine polls to one transition."""
    most, aim = {"SQLite": (3.0, "2.1"), "PostgreSQL": (1.5, "0.5")}[kind]
    work = field.work("mixed", "desk")
    found = interleave(
        {name: field.contender(name, work) for name in (RAW, ENTENTE)}, field.effort.rounds
    )
    one = (f"p99, 9 polls to 1 transition, {kind}", found[ENTENTE])
    report.bound(one, (RAW, found[RAW]), most, aim)


def measure_lists(field: Field, report: Report, kind: str) -> None:
    """Measure the filtered list of 50."""
    reach, aim = {"SQLite": (0.3, "0.47"), "PostgreSQL": (0.25, "0.30")}[kind]
    work = field.work("list", "desk", connections=8)
    found = interleave(
        {name: field.contender(name, work) for name in (RAW, ENTENTE)}, field.effort.rounds
    )
    report.compare((f"list of 50, {kind}", found[ENTENTE]), (RAW, found[RAW]), reach, aim)


def measure_memory(field: Field, report: Report, kind: str) -> None:
    """Measure what the service holds after all that."""
    held = field.servers[ENTENTE].memory()
    wanted = ("<= 160", "76 to 115")
    report.fact(f"memory after load, {kind}", f"{held:.0f} MB", wanted, passed=held <= 160)
