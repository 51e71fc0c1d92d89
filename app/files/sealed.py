"""Sealing a stream: AES-256-GCM in pieces, so that no document lies in memory as a whole.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each piece has its number and
whether it is the last in its nonce, so that pieces cannot be moved, left out or cut off unseen.
"""

import secrets
import struct
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 65_536
TAG = 16
MAGIC = b"ENTF1"
PREFIX = 7
HEADER = len(MAGIC) + PREFIX


class DamagedError(Exception):
    """What lies in the store is not what was put there."""


def seal(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sealed form of a stream; pieces of any size come in."""
    prefix = secrets.token_bytes(PREFIX)
    cipher = AESGCM(key)
    yield MAGIC + prefix
    number = 0
    held: bytes | None = None
    for piece in evenly(pieces, PIECE):
        if held is not None:
            yield cipher.encrypt(_nonce(prefix, number, last=False), held, None)
            number += 1
        held = piece
    yield cipher.encrypt(_nonce(prefix, number, last=True), held or b"", None)


def unseal(key: bytes, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what was sealed, each piece after it has been proved. Raises DamagedError.

    A stream that was cut off is told only at its end: see that it is read through.
    """
    stream = _Pieces(sealed)
    head = stream.take(HEADER)
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise DamagedError("no sealed file")
    prefix, cipher, number = head[len(MAGIC) :], AESGCM(key), 0
    piece = stream.take(PIECE + TAG)
    while True:
        following = stream.take(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), piece, None)
        except (InvalidTag, ValueError) as fault:
            raise DamagedError(f"piece {number} is not what was sealed") from fault
        if not following:
            return
        piece, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def evenly(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in pieces of `size`; only the last may be shorter."""
    stream = _Pieces(pieces)
    while piece := stream.take(size):
        yield piece


class _Pieces:
    """Takes so many bytes at a time from a stream of pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end."""
        while len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken
