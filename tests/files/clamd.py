"""A small scanner that speaks clamd's protocol over TCP: it knows one test signature."""

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

SIGNATURE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Line(socketserver.StreamRequestHandler):
    """One conversation."""

    def handle(self) -> None:
        """Answer PING, or take a stream and say what is in it."""
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0", command
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        found = b"Eicar-Test-Signature FOUND" if SIGNATURE in content else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


@contextmanager
def listening(line: type[socketserver.BaseRequestHandler] = Line) -> Iterator[str]:
    """Run a scanner on a free port and give its URL."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), line) as server:
        server.daemon_threads = True
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()
