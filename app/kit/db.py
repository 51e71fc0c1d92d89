"""The database: types, engines, sessions; SQLite as the embedded default, PostgreSQL by a URL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from app.kit.errors import Invalid
from app.kit.keys import Keyring
from app.kit.rows import HOUSE, Net

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Failure = DBAPIError
"""Whatever the database itself refuses or fails at."""

Clash = IntegrityError
"""A constraint or trigger stands against it."""

Overtaken = StaleDataError
"""Another writer changed the row first."""

Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: JSONB on PostgreSQL, text on SQLite."""

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A 64-bit key; SQLite numbers rows by itself only when the type says INTEGER."""


__all__ = [
    "Base",
    "BigId",
    "Clash",
    "Database",
    "Failure",
    "Json",
    "Overtaken",
    "Session",
    "UtcDateTime",
    "keyring_of",
    "open_engine",
    "table_of",
]


class Base(DeclarativeBase):
    """Root of every table, with one naming convention for constraints."""

    metadata = sa.MetaData(naming_convention=NAMING)


def keyring_of(session: Session) -> Keyring:
    """Return the keys of the installation whose session this is. Raises Invalid without any."""
    opener: Callable[[], Keyring] | None = session.info.get("keyring")
    if opener is None:
        raise Invalid("keys.missing", "This session was opened without the installation's keys.")
    return opener()


def table_of(row: type[Base]) -> sa.Table:
    """Return the Core table of a row class, for statements that skip the unit of work."""
    table = row.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{row.__name__} is no table")
    return table


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps it as fixed-width text.

    So that order is time's order.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Use text on SQLite and timestamptz elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(27))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive moment, which would mean a different time in every office."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return value
        return value.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC, whatever the database gave."""
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


class Database:
    """An engine and how transactions are begun on it; one for the life of the process."""

    def __init__(
        self,
        url: str,
        pool_size: int = 8,
        keyring: Callable[[], Keyring] | None = None,
        sees: str = HOUSE,
    ) -> None:
        """Open the engine for `url`; nothing is connected yet.

        Sessions carry the keyring of the installation: see `keyring_of`. Their transactions begin
        with the sight `sees` (`app.kit.rows`): the house's own, or none where people are served.
        """
        self.engine = open_engine(url, pool_size)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self.net = Net(sees)
        carried: dict[str, Any] = {"keyring": keyring} if keyring else {}
        carried |= {} if self.sqlite else {"net": self.net}
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, info=carried)
        if not self.sqlite:
            self.net.spread(self.sessions)
        self._writer = Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose work is never kept."""
        with self.sessions() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that is committed at the end, or rolled back on any error.

        SQLite knows one writer: threads of this process queue for their turn here instead of
        spinning on the file's lock, and BEGIN IMMEDIATE keeps other writers out from the start.
        """
        with self._writer if self.sqlite else nullcontext(), self.sessions.begin() as session:
            if self.sqlite:
                session.connection(execution_options={"entente_begin": "IMMEDIATE"})
            yield session

    def tidy(self) -> None:
        """Empty the write-ahead log of SQLite, which still holds what was overwritten."""
        if self.sqlite:
            with self.engine.connect() as connection:
                connection.rollback()
                raw = connection.connection.driver_connection
                if isinstance(raw, sqlite3.Connection):
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_engine(url: str, pool_size: int = 8) -> Engine:
    """Return an engine for a SQLite or PostgreSQL URL, set up as docs/operations.md says."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    settings = "-c lock_timeout=3000 -c statement_timeout=10000"
    settings += " -c idle_in_transaction_session_timeout=15000"
    settings += " -c timezone=UTC"  # the last day of the calendar cannot be told further east
    return sa.create_engine(
        parsed,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        connect_args={"connect_timeout": 3, "options": settings, "tcp_user_timeout": 10_000},
    )


def _sqlite(url: sa.URL) -> Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 10},
        pool_size=16,
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        kind = connection.get_execution_options().get("entente_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "10000",
    "trusted_schema": "OFF",
    "recursive_triggers": "ON",
    "secure_delete": "ON",
    "cache_size": "-4000",
}
