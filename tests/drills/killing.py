"""Kill -9 at the k-th event of the database: a child makes one call and dies in the middle of it.

The events are those of the database driver, so that a statement that is added to the code is a new
point by itself (F1).
"""

import asyncio
import gc
import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
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


def call(app: FastAPI, sent: Sent, kill_at: int = 0, plant: Plant | None = None) -> Got | None:
    """Make a call in a process of its own, which dies at point `kill_at`; None if it died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(DEADLINE)
            gc.disable()
            os.write(writing, _in_child(app, sent, kill_at, plant))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"ended by {os.WTERMSIG(status)}"
        return None
    assert text, "the child ended without an answer"
    return Got(**json.loads(text))


def _in_child(app: FastAPI, sent: Sent, kill_at: int, plant: Plant | None) -> bytes:
    engine: Engine = app.state.house.database.engine
    engine.dispose(close=False)
    if plant:
        plant(engine)
    points = _Points(kill_at)
    points.watch(engine)
    return json.dumps(asdict(_answered(app, sent, points))).encode()


def here(app: FastAPI, sent: Sent) -> Got:
    """Make a call in this very process, so that its children find every cache warm."""
    points = _Points(0)
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
    async with httpx2.AsyncClient(transport=wire, base_url="http://drill") as client:
        answer = await client.request(sent.method, sent.path, json=sent.body, headers=sent.headers)
        return answer.status_code, answer.text, answer.headers.get("etag", "")


class _Points:
    """Counts what the database driver is asked, and ends the process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.passed = 0
        self._kill_at = kill_at

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
        if self.passed == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
