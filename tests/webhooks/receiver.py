"""A receiver on the loopback: HTTPS, in threads, which does what its path says."""

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Event
from typing import Any

NAME = "hooks.example"
HERE, INSIDE = "127.0.0.1", "127.0.0.2"
PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Got:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and what the receiver is to answer; `/slow` waits until it is let go."""

    file: Path
    host: str = HERE
    wanted: int = 0
    leads_to: str = ""
    failing: bool = False
    got: list[Got] = field(default_factory=list)
    let_go: Event = field(default_factory=Event)
    came: Condition = field(default_factory=Condition)

    def __post_init__(self) -> None:
        """Listen."""
        receiver = self

        class Calling(BaseHTTPRequestHandler):
            """One call."""

            def do_POST(self) -> None:
                """Take a message and answer by its path."""
                receiver.take(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            """A server that says nothing of callers who hang up."""

            def handle_error(self, *_: Any) -> None:
                """Say nothing."""

        self.server = Quiet((self.host, self.wanted), Calling)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def url(self, path: str = "/ok") -> str:
        """Return an address of the receiver by its name."""
        return f"https://{NAME}:{self.port}{path}"

    def take(self, call: BaseHTTPRequestHandler) -> None:
        """Note a message, then answer it."""
        body = call.rfile.read(int(call.headers.get("content-length", 0)))
        told = {name.lower(): value for name, value in call.headers.items()}
        with self.came:
            self.got.append(Got(call.path, told, body))
            self.came.notify_all()
        if call.path == "/slow":
            self.let_go.wait(PATIENCE)
        if call.path in ("/drip", "/flood"):
            self._trickle(call)
            return
        status = 500 if self.failing else {"/redirect": 302, "/gone": 404}.get(call.path, 204)
        call.send_response(status)
        if self.leads_to:
            call.send_header("location", self.leads_to)
        call.send_header("content-length", "0")
        call.end_headers()

    def _trickle(self, call: BaseHTTPRequestHandler) -> None:
        """Answer without an end: byte by byte, or as fast as it is taken."""
        call.send_response(200)
        call.send_header("content-length", str(10**9))
        call.end_headers()
        piece = b"x" if call.path == "/drip" else b"x" * 65_536
        for _ in range(2000):
            call.wfile.write(piece)
            if call.path == "/drip" and self.let_go.wait(0.02):
                return

    def wait_for(self, count: int, path: str = "") -> list[Got]:
        """Return what came to a path (or to any), once it is so many; fail when they never come."""

        def mine() -> list[Got]:
            return [one for one in self.got if not path or one.path == path]

        with self.came:
            assert self.came.wait_for(lambda: len(mine()) >= count, PATIENCE), self.got
            return mine()

    def close(self) -> None:
        """Listen no more, and let everybody go."""
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()
