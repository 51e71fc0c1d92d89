"""Sealed files in an S3-compatible bucket, by `obstore`; loaded only where one is named."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from app.files.stores import MissingError

LIBRARY: Any = import_module("obstore")
STORES: Any = import_module("obstore.store")
"""The wall to the library: it is an extra, and absent where types are checked."""


class Bucket:
    """A bucket, or whatever else the library can open."""

    def __init__(self, opened: Any) -> None:
        """Take an opened store of the library."""
        self._opened = opened

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file; a bucket confirms only what is whole and durable."""
        LIBRARY.put(self._opened, name, iter(pieces))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces. Raises MissingError."""
        try:
            found = LIBRARY.get(self._opened, name)
        except (FileNotFoundError, LIBRARY.exceptions.NotFoundError) as fault:
            raise MissingError(name) from fault
        for piece in found:
            yield bytes(piece)

    def delete(self, name: str) -> None:
        """Remove a file."""
        try:
            LIBRARY.delete(self._opened, name)
        except (FileNotFoundError, LIBRARY.exceptions.NotFoundError):
            return

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file with the moment of its writing."""
        for page in LIBRARY.list(self._opened):
            for found in page:
                yield str(found["path"]), found["last_modified"]


def open_bucket(url: str) -> Bucket:
    """Return the bucket of an s3:// URL; region, endpoint and keys come from AWS_ variables."""
    return Bucket(STORES.from_url(url))
