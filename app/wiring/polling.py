"""How the status poll reads: in the loop on SQLite, gathered into one query on PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.kit.db import SQLITE_PRAGMAS
from app.kit.rows import BOUND, KEEP

Row = tuple[Any, ...]
Gathering = tuple[str, str, tuple[tuple[str, Any], ...]]
"""What may be read together: one sight and one statement with one reader's scope."""
PSYCOPG = sa.make_url("postgresql+psycopg://").get_dialect()()


class Reader(Protocol):
    """Reads the row of one request, or None where there is none to be seen or the read failed."""

    def compile(
        self, columns: Sequence[Any], key: Any, scope: sa.ColumnElement[bool]
    ) -> tuple[str, dict[str, Any]]:
        """Return the statement and its parameters for one poller."""

    async def read(
        self, statement: str, params: dict[str, Any], reference: str, sees: str
    ) -> Row | None:
        """Read one row, with the sight `sees` (`app.kit.rows`)."""

    async def close(self) -> None:
        """Give the connection back."""


def open_reader(url: str) -> Reader:
    """Return the reader that fits the database."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteReader(parsed.database or "")
    return PostgresReader(dict(PSYCOPG.create_connect_args(parsed)[1]))


class SqliteReader:
    """Reads by key where it stands: the look-up is shorter than a hop to another thread."""

    def __init__(self, file: str) -> None:
        """Remember the file; the connection is opened at the first read."""
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def compile(
        self, columns: Sequence[Any], key: Any, scope: sa.ColumnElement[bool]
    ) -> tuple[str, dict[str, Any]]:
        """Compile with named parameters."""
        query = sa.select(*columns).where(key == sa.bindparam("reference", ""), scope)
        compiled = query.compile(
            dialect=sqlite.dialect(paramstyle="named"), compile_kwargs={"render_postcompile": True}
        )
        return str(compiled), dict(compiled.params)

    async def read(
        self,
        statement: str,
        params: dict[str, Any],
        reference: str,
        sees: str,  # noqa: ARG002 - there is no second net on SQLite
    ) -> Row | None:
        """Read one row; a failure is left to the plain path."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, isolation_level=None)
                self._connection.execute(f"PRAGMA cache_size = {SQLITE_PRAGMAS['cache_size']}")
            named = {**params, "reference": reference}
            row: Row | None = self._connection.execute(statement, named).fetchone()
        except sqlite3.Error:
            return None
        return row

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresReader:
    """References that arrive while a read is under way go into the next one, together."""

    def __init__(self, where: dict[str, Any]) -> None:
        """Remember where, several hosts included; the connection is opened at the first read."""
        self._where = where
        self._connection: psycopg.AsyncConnection[Row] | None = None
        self._waiting: dict[Gathering, dict[str, asyncio.Future[Row | None]]] = {}
        self._busy: asyncio.Task[None] | None = None
        self._bound = False
        self._sees = ""

    def compile(
        self, columns: Sequence[Any], key: Any, scope: sa.ColumnElement[bool]
    ) -> tuple[str, dict[str, Any]]:
        """Compile with `= ANY(...)` over the references of one gathering."""
        wanted = sa.bindparam("references", [], type_=postgresql.ARRAY(sa.String))
        query = sa.select(*columns).where(key == sa.func.any(wanted), scope)
        compiled = query.compile(dialect=PSYCOPG, compile_kwargs={"render_postcompile": True})
        params = {name: value for name, value in compiled.params.items() if name != "references"}
        return str(compiled), params

    async def read(
        self, statement: str, params: dict[str, Any], reference: str, sees: str
    ) -> Row | None:
        """Wait for the gathering that reads this reference."""
        gathered = self._waiting.setdefault((sees, statement, tuple(params.items())), {})
        future = gathered.get(reference)
        if future is None:
            future = asyncio.get_running_loop().create_future()
            gathered[reference] = future
        if self._busy is None:
            self._busy = asyncio.create_task(self._gather())
        return await asyncio.shield(future)

    async def _gather(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, {}
                for gathering, futures in taken.items():
                    await self._read(gathering, futures)
        finally:
            self._busy = None

    async def _read(
        self, gathering: Gathering, futures: dict[str, asyncio.Future[Row | None]]
    ) -> None:
        rows: dict[str, Row] = {}
        sees, statement, params = gathering
        try:
            line = await self._line(sees)
            named = {**dict(params), "references": list(futures)}
            cursor = await asyncio.wait_for(line.execute(statement, named), 5)
            rows = {row[0]: row for row in await cursor.fetchall()}
        except (psycopg.Error, OSError, TimeoutError):
            await self.close()
        finally:
            for reference, future in futures.items():
                if not future.done():
                    future.set_result(rows.get(reference))

    async def _line(self, sees: str) -> psycopg.AsyncConnection[Row]:
        """Return the connection, with this sight where the database holds readers to one.

        No transaction lasts longer than a statement here, and nobody else has the connection: the
        sight stays until another is needed, so that most gatherings are one round trip as before.
        """
        line = self._connection
        if line is None or line.closed:
            line = self._connection = await psycopg.AsyncConnection.connect(
                **{"connect_timeout": 3, **self._where}, autocommit=True, prepare_threshold=1
            )
            found = await (await line.execute(BOUND)).fetchone()
            self._bound, self._sees = bool(found and found[0]), ""
        if self._bound and sees != self._sees:
            await asyncio.wait_for(line.execute(KEEP, (sees,)), 5)
            self._sees = sees
        return line

    async def close(self) -> None:
        """Close the connection; the next read opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
