"""One memory of prepared statements for a run: its thousands of databases are of two kinds.

SQLAlchemy prepares a statement once for an engine, which costs more than to run it. A service has one
engine for its life; here each test opens engines of its own. Engines whose dialects were made in
the same way share what was prepared, as if they were one that lives on.
"""

from collections.abc import Hashable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

PREPARED: "LRUCache[Any, Any]" = LRUCache(4000)
CONVERTED: "dict[Hashable, WeakKeyDictionary[Any, Any]]" = {}
"""By the way a dialect was made: how values of its types go in and come out."""


class Warm(DefaultDialect):
    """A dialect that equals every other one made in the same way."""

    def __init__(self, **ways: Any) -> None:
        super().__init__(**ways)
        self.made = (type(self), *sorted((name, repr(way)) for name, way in ways.items()))
        self._hash = hash(self.made)
        self._type_memos = CONVERTED.setdefault(self.made, WeakKeyDictionary())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Warm) and self.made == other.made

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let a new engine find what others have prepared."""
        engine.update_execution_options(compiled_cache=PREPARED)


class WarmSqlite(Warm, SQLiteDialect_pysqlite):
    """SQLite's dialect."""

    supports_statement_cache = True


class WarmPostgres(Warm, PGDialect_psycopg):
    """PostgreSQL's dialect."""

    supports_statement_cache = True


def share_what_is_prepared() -> None:
    """Have every engine that this process opens from now on share it."""
    for name in ("sqlite", "sqlite.pysqlite"):
        registry.register(name, __name__, WarmSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, WarmPostgres.__name__)
