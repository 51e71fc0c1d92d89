"""How the hot way reads the page of a list: in the loop on SQLite, by a few lines on PostgreSQL."""

import asyncio
import sqlite3
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from app.kit.db import SQLITE_PRAGMAS
from app.kit.ready import Ready
from app.wiring.lines import LOST, PSYCOPG, Line, Row, where_of

QMARK = sqlite.dialect(paramstyle="qmark")
EPOCH = "SELECT number FROM access_epoch"
TOGETHER = 3
"""Pages that PostgreSQL reads at once for one process: while it reads some, others are written."""

Found = tuple[int, list[Row]]
"""The access epoch at that moment, and the rows."""


class Pages(Protocol):
    """Reads the rows of a page and the access epoch, which is their last column."""

    async def read(self, ready: Ready, values: dict[str, Any], sees: str) -> Found | None:
        """Read a page with the sight `sees` (`app.kit.rows`); None where that failed."""

    async def close(self) -> None:
        """Give the connections back."""


def open_pages(url: str) -> Pages:
    """Return what reads pages of this database; nothing is connected yet."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqlitePages(parsed.database or "")
    return PostgresPages(where_of(parsed))


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


class PostgresPages:
    """Reads by whichever of a few lines is free; one with the same sight, if there is any."""

    def __init__(self, where: dict[str, Any]) -> None:
        """Remember where."""
        self._lines = [Line(where) for _ in range(TOGETHER)]
        self._free = list(self._lines)
        self._turn = asyncio.Semaphore(TOGETHER)

    async def read(self, ready: Ready, values: dict[str, Any], sees: str) -> Found | None:
        """Read a page, when it is its turn."""
        made = ready.made(PSYCOPG)
        async with self._turn:
            line = next((one for one in self._free if one.sees == sees), self._free[0])
            self._free.remove(line)
            try:
                rows = await line.rows(made.text, made.params(values), sees)
                if rows:
                    return rows[0][-1], rows
                return (await line.rows(EPOCH, (), sees))[0][0], []
            except LOST:
                return None
            finally:
                self._free.insert(0, line)

    async def close(self) -> None:
        """Close the connections."""
        for line in self._lines:
            await line.close()
