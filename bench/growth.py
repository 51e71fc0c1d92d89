"""How lists and polls grow from ten thousand requests to a million, by HTTP and in the database."""

import http.client
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import quote

import psycopg
import sqlalchemy as sa
from pydantic import SecretStr

from app.config import Settings
from app.directory.actor import Actor
from app.kit.db import SQLITE_PRAGMAS
from app.kit.pages import encode
from app.kit.rows import KEEP
from app.requests import nets
from app.requests import service as dossier
from app.requests.service.filters import Search
from app.wiring.house import House, open_house, present
from bench.ground import TOKEN_KEY, Ground, fill
from bench.machine import Cores
from bench.report import Report
from bench.rows import BEGIN
from bench.servers import Server, serve

REPEATS = 15
FLAT, MOST_MS = 4.0, 2.0


@dataclass(frozen=True, slots=True)
class Query:
    """One list that is asked for: by whom, with which filters, from which row downward."""

    name: str
    who: str
    search: Search
    middle: bool = False

    def path(self, size: int) -> str:
        """Return the path with its query."""
        wanted = self.search
        parts = [f"state={name}" for name in wanted.state]
        parts += [f"stage={name}" for name in wanted.stage]
        parts += [f"country={wanted.country}"] if wanted.country else []
        parts += [f"q={quote(wanted.q)}"] if wanted.q else []
        for name in ("area", "topic", "region", "group", "overdue"):
            value = getattr(wanted, name)
            parts += [f"{name}={'true' if value is True else value}"] if value else []
        if wanted.updated_since:
            parts.append(f"updated_since={quote(wanted.updated_since.isoformat())}")
        parts += [f"sort={wanted.sort}"]
        parts += [f"cursor={self.cursor(size)}"] if self.middle else []
        return "/api/v1/requests?" + "&".join(parts)

    def cursor(self, size: int) -> str | None:
        """Return the cursor in the middle of the list, if it is to start there."""
        if not self.middle:
            return None
        moment = BEGIN + timedelta(seconds=size // 2 * 17)
        told = [f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"] if "updated" in self.search.sort else []
        return encode([self.search.sort, *told, size // 2])


def queries(size: int) -> list[Query]:
    """Return what is asked at one size of the database."""
    since = BEGIN + timedelta(seconds=(size - 500) * 17)
    return [
        Query("first page, all", "desk", Search()),
        Query("cursor in the middle", "desk", Search(), middle=True),
        Query("state", "desk", Search(state=("screening",))),
        Query("state, middle", "desk", Search(state=("screening",)), middle=True),
        Query("three states", "desk", Search(state=("triage", "offered", "matching"))),
        Query("stage", "desk", Search(stage=("matching",))),
        Query("country filter", "desk", Search(country="FRA")),
        Query("country filter, middle", "desk", Search(country="FRA"), middle=True),
        Query("country scope", "coordinator", Search()),
        Query("country scope and state", "coordinator", Search(state=("triage",))),
        Query("area", "desk", Search(area="B")),
        Query("topic", "desk", Search(topic="B1")),
        Query("region", "desk", Search(region="Oceania")),
        Query("group", "desk", Search(group="LLDC")),
        Query("overdue, next due first", "desk", Search(overdue=True, sort="due")),
        Query("updated since", "desk", Search(updated_since=since)),
        Query("last touched first", "desk", Search(sort="-updated")),
        Query("last touched first, middle", "desk", Search(sort="-updated"), middle=True),
        Query("next due first", "desk", Search(sort="due")),
        Query("q, common word", "desk", Search(q="forensics")),
        Query("q, rare word", "desk", Search(q="zanzibar")),
        Query("q, two words", "desk", Search(q="harbour fraud")),
        Query("q, nowhere", "desk", Search(q="xylophone")),
    ]


@contextmanager
def _watched(house: House) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement that the service sends meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_line: Any, _cursor: Any, statement: str, params: Any, *_: Any) -> None:
        sent.append((statement, params))

    sa.event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(house.database.engine, "before_cursor_execute", note)


def statements(house: House, actor: Actor, query: Query, size: int) -> list[tuple[str, Any]]:
    """Return the statements by which the service answers a list, as the driver gets them."""
    with house.database.reading() as session, _watched(house) as sent:
        nets.enter(session, actor)
        session.connection()
        sent.clear()
        dossier.search(session, actor, query.search, query.cursor(size), 50)
    return sent


@contextmanager
def _driver(ground: Ground) -> Iterator[Callable[[str, Any], Any]]:
    """Give a function that sends a statement by the bare driver and reads all rows."""
    if ground.sqlite:
        with closing(sqlite3.connect(ground.conninfo, isolation_level=None)) as line:
            for name, value in SQLITE_PRAGMAS.items():  # as the service opens it: its cache counts
                line.execute(f"PRAGMA {name} = {value}")
            yield lambda statement, params: line.execute(statement, params).fetchall()
        return
    with psycopg.connect(ground.conninfo, autocommit=True, prepare_threshold=1) as server:
        yield lambda statement, params: server.execute(statement, params).fetchall()


def _timed(work: Callable[[], Any]) -> float:
    """Return the median time of a piece of work, in milliseconds."""
    taken = []
    work()
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
        if sum(taken) > 4000:
            break
    return median(taken)


@dataclass(frozen=True, slots=True)
class Taken:
    """The milliseconds that a query takes, and how many rows it brings."""

    ms: float
    rows: int


def _all(send: Callable[[str, Any], Any], sent: Sequence[tuple[str, Any]]) -> int:
    return sum(len(send(statement, params)) for statement, params in sent)


def in_database(ground: Ground, size: int) -> dict[str, Taken]:
    """Return, by query, the time within the database."""
    ground = ground.as_service()
    house = open_house(Settings(database_url=ground.url, token_key=SecretStr(TOKEN_KEY)))
    with house.database.reading() as session:
        actors = {who: present(house, session, token) for who, token in ground.tokens.items()}
    found: dict[str, Taken] = {}
    with _driver(ground) as send:
        for query in queries(size):
            actor = actors[query.who]
            sent = statements(house, actor, query, size)
            if not ground.sqlite:
                send(KEEP, (nets.words(actor),))
            work = partial(_all, send, sent)
            found[query.name] = Taken(_timed(work), work())
        poll = "SELECT reference, state, revision FROM requests WHERE reference = "
        poll += f"'TA-2026-{size // 3:05d}'"
        found["poll"] = Taken(_timed(lambda: send(poll, ())), 1)
    house.database.close()
    return found


def by_http(ground: Ground, server: Server, size: int) -> dict[str, float]:
    """Return, by query, the milliseconds of the whole call, one caller, one kept connection."""
    found: dict[str, float] = {}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:

        def call(path: str, who: str) -> bytes:
            line.request("GET", path, headers={"Authorization": f"Bearer {ground.tokens[who]}"})
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
            return body

        for query in queries(size):
            found[query.name] = _timed(partial(call, query.path(size), query.who))
        path = f"/api/v1/requests/TA-2026-{size // 3:05d}/status"
        found["poll"] = _timed(lambda: call(path, "desk"))
    return found


def measure(ground: Ground, sizes: Sequence[int], cores: Cores, report: Report) -> None:
    """Grow one database through the sizes and report how each query grows with it."""
    kind = "SQLite" if ground.sqlite else "PostgreSQL"
    inside: list[dict[str, Taken]] = []
    outside: list[dict[str, float]] = []
    have = 0
    for size in sizes:
        fill(ground, range(have + 1, size + 1), fresh=False)
        have = size
        inside.append(in_database(ground, size))
        held = ground.as_service().environment()
        with serve("Entente", "app.main:create_app()", cores.server, held) as up:
            outside.append(by_http(ground, up, size))
    head = ["query", *(f"{size:,} db ms" for size in sizes), "growth"]
    head += [*(f"{size:,} http ms" for size in sizes), "verdict"]
    rows = [_row(name, inside, outside) for name in inside[0]]
    report.table(f"Lists and polls as the database grows, {kind}", [head, *rows])
    bad = [row[0] for row in rows if row[-1] == "FAIL"]
    told = "all" if not bad else f"not: {', '.join(bad)}"
    work = f"lists and polls at {sizes[-1]:,} against {sizes[0]:,}, {kind}"
    report.fact(work, told, ("<= 4x and <= 2 ms", "flat"), passed=not bad)


def _row(name: str, inside: list[dict[str, Taken]], outside: list[dict[str, float]]) -> list[str]:
    """Return a row; growth counts from the first size that fills as many rows as the last."""
    within = [found[name] for found in inside]
    last = within[-1]
    first = next(taken for taken in within if taken.rows >= last.rows)
    growth = last.ms / max(first.ms, 0.05)
    passed = growth <= FLAT and last.ms <= MOST_MS
    cells = [name, *(f"{taken.ms:.2f}" for taken in within), f"{growth:.1f}x"]
    return [*cells, *(f"{found[name]:.1f}" for found in outside), "pass" if passed else "FAIL"]
