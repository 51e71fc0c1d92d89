"""How the hot way reads the page of a list on SQLite; on PostgreSQL see `app.wiring.gathering`."""

import sqlite3
from typing import Any, Protocol

from sqlalchemy.dialects import sqlite

from app.kit.db import SQLITE_PRAGMAS
from app.kit.ready import Ready
from app.wiring.polling import Row

QMARK = sqlite.dialect(paramstyle="qmark")
EPOCH = "SELECT number FROM access_epoch"

Found = tuple[int, list[Row]]
"""The access epoch at that moment, and the rows."""


class Pages(Protocol):
    """Reads the rows of a page and the access epoch, which is their last column."""

    async def read(self, ready: Ready, values: dict[str, Any], sees: str) -> Found | None:
        """Read a page with the sight `sees` (`app.kit.rows`); None where that failed."""

    async def close(self) -> None:
        """Give the connections back."""


class SqlitePages:
    """Reads where it stands: a page along an index is shorter than a hop to another thread."""

    def __init__(self, file: str) -> None:
        """Remember the file."""
        self._file = file
        self._line: sqlite3.Connection | None = None

    async def read(
        self,
        ready: Ready,
        values: dict[str, Any],
        sees: str,  # noqa: ARG002 - there is no second net on SQLite
    ) -> Found | None:
        """Read a page."""
        made = ready.made(QMARK)
        try:
            line = self._line or self._connect()
            rows = line.execute(made.text, made.params(values)).fetchall()
            if rows:
                return rows[0][-1], rows
            return line.execute(EPOCH).fetchone()[0], []
        except sqlite3.Error:
            return None

    def _connect(self) -> sqlite3.Connection:
        line = self._line = sqlite3.connect(self._file, isolation_level=None)
        line.execute(f"PRAGMA cache_size = {SQLITE_PRAGMAS['cache_size']}")
        return line

    async def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None
