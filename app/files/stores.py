"""Where sealed files lie: a folder by default, a bucket as an extra."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

from app.config import Settings
from app.kit.errors import Invalid

READ_SIZE = 1 << 18
DRAFT = ".draft-"


class MissingError(Exception):
    """There is no file of that name in the store."""


class Store(Protocol):
    """A place for sealed files; names are random, and what is put under one never changes."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file; when this returns it is durable and whole."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file. Raises MissingError."""

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no fault."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file with the moment of its writing; drafts that a crash left included."""


class Folder:
    """A folder of one's own on a local disk (mode 0700, files 0600)."""

    def __init__(self, path: Path) -> None:
        """Take the folder; the first file makes it."""
        self.path = path

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a draft, fsync, rename, fsync the folder: a crash leaves a draft or the whole."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path / f"{DRAFT}{name}"
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.path / name)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self._settle()

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces. Raises MissingError."""
        try:
            file = (self.path / name).open("rb")
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise MissingError(name) from fault
        with file:
            while piece := file.read(READ_SIZE):
                yield piece

    def delete(self, name: str) -> None:
        """Remove a file for good."""
        with suppress(FileNotFoundError):
            (self.path / name).unlink()
            self._settle()

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file with the moment of its last writing."""
        if not self.path.is_dir():
            return
        with os.scandir(self.path) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)

    def _settle(self) -> None:
        opened = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name; nothing is touched yet. Raises Invalid."""
    if not settings.files_url:
        return Folder(settings.files_place)
    if not settings.files_url.startswith("s3://"):
        raise Invalid("files.url", "ENTENTE_FILES_URL takes s3://BUCKET/PREFIX, or stays empty.")
    try:
        bucket = import_module("app.files.buckets")
    except ImportError as fault:
        raise Invalid("files.extra", "For a bucket install the extra: entente[s3].") from fault
    opened: Store = bucket.open_bucket(settings.files_url)
    return opened
