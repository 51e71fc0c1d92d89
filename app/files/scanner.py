"""The scanner for malware: clamd's INSTREAM over TCP or a local socket, where one is named."""

import re
import socket
import struct
from collections.abc import Iterable
from typing import BinaryIO
from urllib.parse import urlsplit

from app.kit.errors import Invalid

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
PIECE = 65_536
LONGEST_ANSWER = 4096
FOUND = re.compile(rb"^stream: (.+) FOUND$")


class AwayError(Exception):
    """The scanner cannot be asked just now: nothing may be released unscanned."""


def scan(url: str, document: BinaryIO) -> str:
    """Return the name of what the scanner found, "" when it found nothing. Raises AwayError."""
    document.seek(0)
    pieces = iter(lambda: document.read(PIECE), b"")
    answer = _ask(url, b"zINSTREAM\0", pieces)
    if answer == b"stream: OK":
        return ""
    found = FOUND.match(answer)
    if found is None:
        raise AwayError(f"the scanner said {answer[:200]!r}")
    return found[1].decode("utf-8", "replace")[:200]


def ping(url: str) -> None:
    """Ask whether the scanner is there. Raises AwayError."""
    answer = _ask(url, b"zPING\0", None)
    if answer != b"PONG":
        raise AwayError(f"the scanner said {answer[:200]!r}")


def _ask(url: str, command: bytes, pieces: Iterable[bytes] | None) -> bytes:
    try:
        with _connect(url) as line:
            line.settimeout(ANSWER_SECONDS)
            line.sendall(command)
            for piece in pieces or ():
                line.sendall(struct.pack(">I", len(piece)) + piece)
            if pieces is not None:
                line.sendall(struct.pack(">I", 0))
            return _answer(line)
    except OSError as fault:
        raise AwayError(f"the scanner cannot be reached: {fault}") from fault


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    if parts.scheme != "tcp" or not parts.hostname or not parts.port:
        raise Invalid("clamd.url", "ENTENTE_CLAMD_URL takes tcp://HOST:PORT or unix:///SOCKET.")
    return socket.create_connection((parts.hostname, parts.port), CONNECT_SECONDS)


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n")
