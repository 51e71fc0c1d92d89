"""Starting the servers that are measured, each a process of its own pinned to one core."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 40.0
"""Seconds that a server may take to answer its first call."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: what it is called, where it listens, and its process."""

    name: str
    port: int
    pid: int

    def cpu(self) -> float:
        """Return the processor time that the process has used so far, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / TICKS

    def memory(self) -> float:
        """Return the resident memory of the process, in megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def call(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> tuple[int, bytes]:
        """Make one call and return status and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, path, body=body, headers=dict(headers))
            answer = line.getresponse()
            return answer.status, answer.read()


@contextmanager
def serve(name: str, target: str, core: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run `target` on uvicorn (uvloop, httptools, no access log, one worker) on one core.

    A target that ends in `()` is a factory. Raises RuntimeError when it does not come up.
    """
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    factory = target.endswith("()")
    command = ["taskset", "-c", str(core), sys.executable, "-m", "uvicorn"]
    command += [target.removesuffix("()"), "--port", str(port), "--loop", "uvloop"]
    command += ["--http", "httptools", "--no-access-log", "--log-level", "warning"]
    command += ["--factory"] if factory else []
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environment))
    try:
        _await(running, name, port)
        yield Server(name, port, running.pid)
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _await(running: "subprocess.Popen[bytes]", name: str, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # a port that opens tells nobody
    raise RuntimeError(f"the server '{name}' does not come up")
