"""Where anchors are kept: somewhere that the owner of the database does not control."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

NAME = re.compile(r"^anchor-([0-9]{8,})\.json$")


class AnchorPlace(Protocol):
    """A place to which anchors are only ever added, numbered from 1."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the anchors that are there, in order."""

    def read(self, number: int) -> str:
        """Return one anchor as it was written."""

    def write(self, number: int, text: str) -> None:
        """Add an anchor; raises FileExistsError when that number is there already."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with one file an anchor: on another host, or on a medium that is written once."""

    path: Path

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the anchors that are there, in order."""
        if not self.path.is_dir():
            return []
        names = (NAME.match(file.name) for file in self.path.iterdir())
        return sorted(int(found[1]) for found in names if found)

    def read(self, number: int) -> str:
        """Return one anchor as it was written."""
        return self._file(number).read_text("utf-8")

    def write(self, number: int, text: str) -> None:
        """Add an anchor, durable when this returns; nobody may write to the file any more."""
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / f"draft-{number:08d}-{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._file(number))
        finally:
            draft.unlink()

    def _file(self, number: int) -> Path:
        return self.path / f"anchor-{number:08d}.json"
