"""The ground of a drill: a database that is put back into a situation, and told apart from it."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import ROOT
from app.kit.db import Base
from app.requests.service import words
from app.requests.tables import AssistanceRequest
from tests.drills.situations import Situations

for room in sorted(ROOT.glob("app/*/tables*")):
    import_module(f"app.{room.parent.name}.tables")
TABLES = [table.name for table in Base.metadata.sorted_tables]

Difference = dict[str, tuple[int, int]]
"""By table: how many rows are new and how many are gone; a changed row is both."""


PATIENCE = 3.0
"""Seconds that a server may take to notice that a caller is dead."""


class Ground(ABC):
    """A database in a known situation."""

    url: str

    @abstractmethod
    def stand(self, situation: str) -> None:
        """Put the database into a situation."""

    @abstractmethod
    def restore(self) -> None:
        """Put the database back into the situation that it was put into last."""

    @abstractmethod
    def touched(self) -> Sequence[str]:
        """Return every table that was written to since; with none, not a row can differ."""

    @abstractmethod
    def free(self, patience: float = PATIENCE) -> bool:
        """Whether a writer gets every table within so many seconds: nobody dead holds a lock."""

    @abstractmethod
    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read on a connection of one's own."""

    def difference(self) -> Difference:
        """Return in which tables the database differs from its situation, row by row."""
        return self._differing(self.touched())

    def difference_anywhere(self) -> Difference:
        """Return the difference, whatever `touched` says: slow, and so its counter-check."""
        return self._differing(TABLES)

    def _differing(self, tables: Sequence[str]) -> Difference:
        compare = " UNION ALL ".join(_compared(name) for name in tables)
        found = self.rows(compare) if compare else []
        return {str(name): (int(str(a)), int(str(b))) for name, a, b in found if a or b}


COMPARE = (
    "SELECT '{0}', (SELECT count(*) FROM ({1} EXCEPT {2}) n),"
    " (SELECT count(*) FROM ({2} EXCEPT {1}) g)"
)
LOGGED = frozenset({"ledger_entries", "ledger_heads"})
"""Where refusals are logged by design: these entries are no trace of a refused call's effect."""


def _compared(table: str) -> str:
    where = " WHERE stream NOT LIKE 'refusals:%'" if table in LOGGED else ""
    rows = f"SELECT * FROM {table}{where}"
    return COMPARE.format(table, rows, f"SELECT * FROM pristine.{table}{where}")


class SqliteGround(Ground):
    """A copy of a file."""

    def __init__(self, situations: Situations, folder: Path) -> None:
        self._situations = situations
        self._file = folder / "drill.db"
        self._pristine = folder / "pristine.db"
        self._content = b""
        self.url = f"sqlite:///{self._file}"

    def stand(self, situation: str) -> None:
        """Copy the situation's file, with a write-ahead log as the service keeps it."""
        self._pristine.write_bytes(self._situations.file(situation).read_bytes())
        connection = sqlite3.connect(self._pristine)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        self._content = self._pristine.read_bytes()
        self.restore()

    def restore(self) -> None:
        """Copy the whole file again; what a killed writer left beside it goes too."""
        for tail in ("-wal", "-shm"):
            self._file.with_name(self._file.name + tail).unlink(missing_ok=True)
        self._file.write_bytes(self._content)

    def touched(self) -> Sequence[str]:
        """Bring what is committed from the log into the file: the same bytes are the same rows."""
        connection = sqlite3.connect(self._file)
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.close()
        return TABLES if busy or self._file.read_bytes() != self._content else ()

    def free(self, patience: float = PATIENCE) -> bool:
        """Take the one lock of writers, and give it back."""
        connection = sqlite3.connect(self._file, patience, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return True

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read with the situation attached as `pristine`."""
        connection = sqlite3.connect(self._file)
        try:
            if "pristine." in query:
                connection.execute("ATTACH ? AS pristine", (str(self._pristine),))
            return connection.execute(query).fetchall()
        finally:
            connection.close()


class PostgresGround(Ground):
    """One database whose rows are exchanged, with a copy of them in a schema of its own.

    A trigger of each table notes, in the very transaction, that it was written to. The server
    numbers transactions and says of every row which one wrote it (`xmin`): what is newer than the
    mark is new.
    """

    def __init__(self, situations: Situations, url: str) -> None:
        self._situations = situations
        self._mark = 0
        self.url = url
        plain = sa.make_url(url).set(drivername="postgresql")
        self._connection = psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        )
        self._connection.execute("CREATE SCHEMA pristine")
        for name in TABLES:
            self._connection.execute(f"CREATE TABLE pristine.{name} (LIKE {name})")
        self._connection.execute(NOTE)
        self._connection.execute("; ".join(NOTED.format(name) for name in TABLES))

    def stand(self, situation: str) -> None:
        """Bring the rows over from the situation's file, as they are and past every trigger."""
        server = sa.create_engine(self.url)
        with server.begin() as target:
            bring_over(self._situations.file(situation), target)
            target.exec_driver_sql("; ".join(KEEP.format(name) for name in TABLES))
            target.exec_driver_sql("TRUNCATE pristine.touched")
        server.dispose()
        self._mark = self._now()

    def restore(self) -> None:
        """Exchange the rows that were touched, past every trigger."""
        exchange = "; ".join(
            EXCHANGE.format(name, self._mark, KEYS[name]) for name in self.touched()
        )
        if exchange:
            with self._connection.transaction():
                self._connection.execute("SET LOCAL session_replication_role = replica")
                self._connection.execute(f"{exchange}; TRUNCATE pristine.touched")
            self._mark = self._now()

    def touched(self) -> Sequence[str]:
        """Return the tables that the triggers have noted."""
        return [str(name) for (name,) in self.rows("SELECT DISTINCT name FROM pristine.touched")]

    def free(self, patience: float = PATIENCE) -> bool:
        """Lock every table against whoever wrote or locked a row of it, and let go."""
        try:
            with self._connection.transaction():
                self._connection.execute(f"SET LOCAL lock_timeout = {int(patience * 1000)}")
                self._connection.execute(EVERY)
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def _now(self) -> int:
        """Return the number of a transaction that is younger than every row."""
        found = self._connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert found is not None
        return int(found[0])

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read; the plan of a query that comes again is kept."""
        return list(self._connection.execute(query).fetchall())

    def run(self, statement: str) -> None:
        """Run statements, to plant a fault."""
        self._connection.execute(statement)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def bring_over(file: Path, target: sa.Connection) -> None:
    """Put the rows of a SQLite file into a PostgreSQL database, as they are and past every trigger."""
    source = sa.create_engine(f"sqlite:///{file}")
    target.exec_driver_sql("SET LOCAL session_replication_role = replica")
    target.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in TABLES))
    with source.connect() as rows:
        for table in Base.metadata.sorted_tables:
            if found := [dict(row) for row in rows.execute(sa.select(table)).mappings()]:
                target.execute(sa.insert(table), found)
    source.dispose()
    for name, column in _serials(target):
        target.exec_driver_sql(ADVANCE.format(name, column))


def carry(file: Path, url: sa.URL) -> None:
    """Put a SQLite file into a PostgreSQL database, with the words that its requests are found by."""
    engine = sa.create_engine(url)
    with engine.begin() as target:
        bring_over(file, target)
    with Session(engine) as session, session.begin():
        for filed in session.scalars(sa.select(AssistanceRequest)):
            words.keep(session, filed)
    engine.dispose()


EVERY = f"LOCK TABLE {', '.join(TABLES)} IN EXCLUSIVE MODE"
KEEP = "DELETE FROM pristine.{0}; INSERT INTO pristine.{0} SELECT * FROM {0}"
NOTE = """
CREATE UNLOGGED TABLE pristine.touched (name text);
CREATE FUNCTION pristine.note() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN INSERT INTO pristine.touched VALUES (TG_TABLE_NAME); RETURN NULL; END';
"""
NOTED = (
    "CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {0}"
    " FOR EACH STATEMENT EXECUTE FUNCTION pristine.note()"
)
KEYS = {
    table.name: " AND ".join(f"t.{c.name} = p.{c.name}" for c in table.primary_key)
    for table in Base.metadata.sorted_tables
}
EXCHANGE = (
    "DELETE FROM {0} WHERE xmin::text::bigint >= {1};"
    " INSERT INTO {0} SELECT * FROM pristine.{0} p WHERE NOT EXISTS (SELECT FROM {0} t WHERE {2})"
)
ADVANCE = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), (SELECT coalesce(max({1}), 0) + 1 FROM {0}))"


def _serials(target: sa.Connection) -> list[tuple[str, str]]:
    query = (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_default LIKE 'nextval%'"
    )
    return [(str(name), str(column)) for name, column in target.execute(sa.text(query))]
