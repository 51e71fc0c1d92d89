"""How the status poll reads on SQLite, in the loop; on PostgreSQL see `app.wiring.gathering`."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from app.kit.db import SQLITE_PRAGMAS

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """The statement of one poller, what it is given beside the reference, and the sight to use."""

    statement: str
    params: tuple[Any, ...]
    named: dict[str, Any]
    sees: str


class Reader(Protocol):
    """Reads the row of one request, or None where there is none to be seen or the read failed."""

    def compile(
        self, columns: Sequence[Any], key: Any, scope: sa.ColumnElement[bool], sees: str
    ) -> Query:
        """Return the query for one poller, with the sight `sees` (`app.kit.rows`)."""

    def read(self, query: Query, reference: str) -> "Row | asyncio.Future[Row | None] | None":
        """Read one row, now or soon."""

    async def close(self) -> None:
        """Give the connection back."""


class SqliteReader:
    """Reads by key where it stands: the look-up is shorter than a hop to another thread.

    To begin a read costs as much as the read: polls that have come in together share one. It ends
    before any later call is read from the network, so that none is told what was before it.
    """

    def __init__(self, file: str) -> None:
        """Remember the file; the connection is opened at the first read."""
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._begun = False

    def compile(
        self,
        columns: Sequence[Any],
        key: Any,
        scope: sa.ColumnElement[bool],
        sees: str,
    ) -> Query:
        """Compile with the reference as the first parameter. There is no second net on SQLite."""
        query = sa.select(*columns).where(key == sa.bindparam("reference", ""), scope)
        compiled = query.compile(
            dialect=sqlite.dialect(paramstyle="qmark"), compile_kwargs={"render_postcompile": True}
        )
        names = list(compiled.positiontup or ())
        if names[:1] != ["reference"]:
            raise ValueError("the reference must be the first parameter")
        params = tuple(compiled.params[name] for name in names[1:])
        return Query(str(compiled), params, {}, sees)

    def read(self, query: Query, reference: str) -> Row | None:
        """Read one row; a failure is left to the plain path."""
        try:
            line = self._connection or self._connect()
            if not self._begun:
                self._begun = True
                asyncio.get_running_loop().call_soon(self._end)
                line.execute("BEGIN")
            row: Row | None = line.execute(query.statement, (reference, *query.params)).fetchone()
        except sqlite3.Error:
            return None
        return row

    def _connect(self) -> sqlite3.Connection:
        line = self._connection = sqlite3.connect(self._file, isolation_level=None)
        line.execute(f"PRAGMA cache_size = {SQLITE_PRAGMAS['cache_size']}")
        return line

    def _end(self) -> None:
        """End the read that polls have shared."""
        self._begun = False
        if self._connection is not None and self._connection.in_transaction:
            self._connection.rollback()

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
