"""Connections to PostgreSQL that the loop itself reads by: no hop to another thread.

Each commits every statement by itself and belongs to one reader at a time. It keeps the sight of
who read last (`app.kit.rows`): only another one is told.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa

from app.kit.rows import BOUND, KEEP
from app.wiring.polling import Row

PSYCOPG = sa.make_url("postgresql+psycopg://").get_dialect()()
LOST = (psycopg.Error, OSError, TimeoutError)
"""What a read can fail with: the plain way then tells it, or goes better."""
PATIENCE = 5
"""Seconds that a statement may take."""


def where_of(url: sa.URL) -> dict[str, Any]:
    """Return what the driver takes of a URL: several hosts included."""
    return dict(PSYCOPG.create_connect_args(url)[1])


class Line:
    """One connection, opened at the first read and anew after a failure."""

    def __init__(self, where: dict[str, Any]) -> None:
        """Remember where."""
        self._where = where
        self._connection: psycopg.AsyncConnection[Row] | None = None
        self._bound = False
        self.sees = ""

    async def rows(
        self, statement: str, params: Sequence[Any] | Mapping[str, Any], sees: str
    ) -> list[Row]:
        """Return what a statement reads with the sight `sees`. Raises one of LOST, then closed."""
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self._open(sees)
                cursor = await line.execute(statement, params)
                return await cursor.fetchall()
        except LOST:
            await self.close()
            raise

    async def _open(self, sees: str) -> psycopg.AsyncConnection[Row]:
        """Return the connection, with this sight where the database holds readers to one."""
        line = self._connection
        if line is None or line.closed:
            line = self._connection = await psycopg.AsyncConnection.connect(
                **{"connect_timeout": 3, **self._where}, autocommit=True, prepare_threshold=1
            )
            found = await (await line.execute(BOUND)).fetchone()
            self._bound, self.sees = bool(found and found[0]), ""
        if self._bound and sees != self.sees:
            await line.execute(KEEP, (sees,))
            self.sees = sees
        return line

    async def close(self) -> None:
        """Close the connection; the next read opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
