"""How polls and pages are read on PostgreSQL: gathered into one query, and by a few lines."""

import asyncio
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.kit.ready import Ready
from app.wiring.lines import LOST, PSYCOPG, Line, where_of
from app.wiring.paging import EPOCH, Found
from app.wiring.polling import Query, Row

__all__ = ["PostgresPages", "PostgresReader", "where_of"]

TOGETHER = 3
"""Pages that PostgreSQL reads at once for one process: while it reads some, others are written."""


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
