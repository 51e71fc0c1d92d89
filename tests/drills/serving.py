"""Real servers on the loopback, and many callers that call at the same moment."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Barrier, Thread
from typing import Any

import httpx2
import uvicorn

from app.main import create_app
from app.wiring.house import House
from tests.conftest import settings_for

CALLERS = 32


@cache
def build_routes() -> None:
    """Build the routes, which every service of this process shares.

    Built at first use, several servers would do so at once.
    """
    create_app(settings_for("sqlite://")).openapi()


@dataclass(frozen=True)
class Server:
    """One server with its own house, as each process of an installation has."""

    url: str
    house: House


@contextmanager
def serving(database_url: str, count: int = 1) -> Iterator[list[Server]]:
    """Serve one database by several servers; each has its own queue, pool and commit thread."""
    with ExitStack() as stack:
        yield [stack.enter_context(_one(database_url)) for _ in range(count)]


@contextmanager
def _one(database_url: str) -> Iterator[Server]:
    build_routes()
    app = create_app(settings_for(database_url))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, ws="none", loop="asyncio")
        )
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            port: int = listening.getsockname()[1]
            yield Server(f"http://127.0.0.1:{port}", app.state.house)
        finally:
            server.should_exit = True
            thread.join(30)


@dataclass(frozen=True)
class Racer:
    """One caller's call."""

    method: str
    path: str
    token: str
    tag: str = ""
    key: str = ""
    body: Any = None

    def run(self, url: str, start: Callable[[], object]) -> "Finish":
        """Connect, wait for the others, call."""
        headers = {"Authorization": f"Bearer {self.token}"}
        headers |= {"If-Match": self.tag} if self.tag else {}
        headers |= {"Idempotency-Key": self.key} if self.key else {}
        with httpx2.Client(base_url=url, timeout=30) as client:
            client.get("/healthz")
            start()
            began = time.perf_counter()
            answer = client.request(self.method, self.path, json=self.body, headers=headers)
            took = time.perf_counter() - began
        return Finish(self, answer.status_code, answer.text, answer.headers.get("etag", ""), took)


@dataclass(frozen=True)
class Finish:
    """How a racer came in; `seconds` counts from the common start."""

    racer: Racer
    status: int
    body: str
    etag: str
    seconds: float


def race(servers: Sequence[Server], racers: Sequence[Racer]) -> list[Finish]:
    """Let all call at the same moment, dealt out to the servers."""
    barrier = Barrier(len(racers))
    with ThreadPoolExecutor(len(racers)) as pool:
        waiting = [
            pool.submit(racer.run, servers[n % len(servers)].url, barrier.wait)
            for n, racer in enumerate(racers)
        ]
        return [one.result(60) for one in waiting]
