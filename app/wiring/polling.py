"""How the status poll reads: in the loop on SQLite, gathered into one query on PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.kit.db import SQLITE_PRAGMAS
from app.wiring.lines import LOST, PSYCOPG, Line, Row, where_of


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


def open_reader(url: str) -> Reader:
    """Return the reader that fits the database."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteReader(parsed.database or "")
    return PostgresReader(where_of(parsed))


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


class PostgresReader:
    """References that arrive while a read is under way go into the next one, together."""

    def __init__(self, where: dict[str, Any]) -> None:
        """Remember where; the connection is opened at the first read."""
        self._line = Line(where)
        self._queries: dict[tuple[Any, ...], Query] = {}
        self._waiting: dict[Query, dict[str, list[asyncio.Future[Row | None]]]] = {}
        self._busy: asyncio.Task[None] | None = None

    def compile(
        self,
        columns: Sequence[Any],
        key: Any,
        scope: sa.ColumnElement[bool],
        sees: str,
    ) -> Query:
        """Compile with `= ANY(...)` over the references of one gathering.

        Who has the same scope and sight gets the same query: their polls are read together.
        """
        wanted = sa.bindparam("references", [], type_=postgresql.ARRAY(sa.String))
        query = sa.select(*columns).where(key == sa.func.any(wanted), scope)
        compiled = query.compile(dialect=PSYCOPG, compile_kwargs={"render_postcompile": True})
        named = {name: value for name, value in compiled.params.items() if name != "references"}
        text = str(compiled)
        same = (text, sees, *named.items())
        if len(self._queries) > 4096:
            self._queries.clear()
        return self._queries.setdefault(same, Query(text, (), named, sees))

    def read(self, query: Query, reference: str) -> "asyncio.Future[Row | None]":
        """Return what the gathering that reads this reference will find."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Row | None] = loop.create_future()
        self._waiting.setdefault(query, {}).setdefault(reference, []).append(future)
        if self._busy is None:
            self._busy = loop.create_task(self._gather())
        return future

    async def _gather(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, {}
                for query, futures in taken.items():
                    await self._read(query, futures)
        finally:
            self._busy = None

    async def _read(
        self, query: Query, futures: dict[str, list[asyncio.Future[Row | None]]]
    ) -> None:
        rows: dict[str, Row] = {}
        try:
            named = {**query.named, "references": list(futures)}
            read = await self._line.rows(query.statement, named, query.sees)
            rows = {row[0]: row for row in read}
        except LOST:
            rows = {}
        finally:
            for reference, waiting in futures.items():
                for future in waiting:
                    if not future.done():
                        future.set_result(rows.get(reference))

    async def close(self) -> None:
        """Close the connection; the next read opens a new one."""
        await self._line.close()
