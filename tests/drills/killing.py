"""Kill -9 at the k-th event of the database: a child makes calls and dies in the middle of each.

The events are those of the database driver, so that a statement that is added to the code is a new
point by itself (F1).
"""

import asyncio
import gc
import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import httpx2
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.engine import Engine

from app.wiring.commits import Commits
from tests.sampling import THOROUGH

SIDES = ("before_cursor_execute", *(("after_cursor_execute",) if THOROUGH else ()))
"""The points of a statement. After one and before what comes next, be it a statement, COMMIT or the
connection's return, the database has been told the same: who dies in between leaves it the same. An
ordinary run kills there once; a thorough run on both sides."""
EVENTS = (*SIDES, "commit", "checkin")
DEADLINE = 30
"""Seconds after which a child that neither answers nor dies is ended by the kernel's alarm."""


@dataclass(frozen=True)
class Sent:
    """One call as it goes over the wire."""

    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class Got:
    """What came back, and how many points of the database the call passed."""

    status: int
    body: str
    etag: str
    points: int


Plant = Callable[[Engine], None]
"""Puts a fault into the child's engine, to see the drill find it."""


@dataclass(frozen=True)
class Doomed:
    """A call at a service with a database of its own, and the point at which it dies; 0: at none."""

    app: FastAPI
    sent: Sent
    at: int = 0


def die(calls: Sequence[Doomed], plant: Plant | None = None) -> list[Got | None]:
    """Make calls in a process of their own, each up to its point, and kill it; None for who died.

    A call stands at its point, in the midst of its transaction, while the next one goes to its: one
    death is that of each.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(DEADLINE)
            gc.disable()
            _in_child(calls, plant, writing)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    assert text, f"the child ended with {status} before each call was answered or at its point"
    ends = [Got(**end) if end else None for end in json.loads(text)]
    assert (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL) == (None in ends)
    return ends


def _in_child(calls: Sequence[Doomed], plant: Plant | None, told: int) -> None:
    ends = [_end_of(call, plant) for call in calls]
    os.write(told, json.dumps([end and asdict(end) for end in ends]).encode())
    if None in ends:
        os.kill(os.getpid(), signal.SIGKILL)


def _end_of(call: Doomed, plant: Plant | None) -> Got | None:
    """Return what a call is answered, or None as soon as it stands at its point."""
    engine: Engine = call.app.state.house.database.engine
    engine.dispose(close=False)
    if plant:
        plant(engine)
    ends: SimpleQueue[Got | None] = SimpleQueue()
    points = _Points(call.at, lambda: ends.put(None))
    points.watch(engine)
    Thread(target=lambda: ends.put(_answered(call.app, call.sent, points)), daemon=True).start()
    return ends.get()


def here(app: FastAPI, sent: Sent) -> Got:
    """Make a call in this very process, so that its children find every cache warm."""
    points = _Points()
    engine: Engine = app.state.house.database.engine
    points.watch(engine)
    try:
        return _answered(app, sent, points)
    finally:
        points.leave(engine)
        if engine.dialect.name == "sqlite":
            engine.dispose()  # the file is about to be exchanged under it


def _answered(app: FastAPI, sent: Sent, points: "_Points") -> Got:
    """Answer as a server does that has just started and has recognised nobody yet."""
    app.state.house.known.clear()
    app.state.house.database.net.bound = None
    app.state.commits = Commits(app.state.house)
    app.state.commits.start()
    status, body, etag = asyncio.run(_send(app, sent))
    app.state.commits.stop()
    return Got(status, body, etag, points.passed)


async def _send(app: FastAPI, sent: Sent) -> tuple[int, str, str]:
    wire = httpx2.ASGITransport(app=app)
    call = httpx2.Request(
        sent.method, f"http://drill{sent.path}", json=sent.body, headers=sent.headers
    )
    answer = await wire.handle_async_request(call)
    body = (await answer.aread()).decode()
    return answer.status_code, body, answer.headers.get("etag", "")


class _Points:
    """Counts what the database driver is asked, and stays at one of them for ever."""

    def __init__(self, last: int = 0, arrived: Callable[[], None] | None = None) -> None:
        self.passed = 0
        self._last = last
        self._arrived = arrived

    def watch(self, engine: Engine) -> None:
        """Listen at every statement, before COMMIT, and between it and the answer."""
        for name in EVENTS:
            sa.event.listen(engine, name, self._hit)

    def leave(self, engine: Engine) -> None:
        """Listen no longer."""
        for name in EVENTS:
            sa.event.remove(engine, name, self._hit)

    def _hit(self, *_about: object) -> None:
        self.passed += 1
        if self.passed == self._last and self._arrived:
            self._arrived()
            Event().wait()
