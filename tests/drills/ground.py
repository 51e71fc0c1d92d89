"""The ground of a drill: a database that is put back into a situation, and told apart from it."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Collection
from importlib import import_module
from pathlib import Path

import psycopg
import sqlalchemy as sa

from app.config import ROOT
from app.kit.db import Base
from tests.drills.situations import Situations

for room in sorted(ROOT.glob("app/*/tables*")):
    import_module(f"app.{room.parent.name}.tables")
TABLES = [table.name for table in Base.metadata.sorted_tables]

Difference = dict[str, tuple[int, int]]
"""By table: how many rows are new and how many are gone; a changed row is both."""


class Ground(ABC):
    """A database in a known situation."""

    url: str

    @abstractmethod
    def stand(self, situation: str) -> None:
        """Put the database into a situation."""

    @abstractmethod
    def restore(self, changed: Collection[str] = TABLES) -> None:
        """Put these tables back into the situation that the database was put into last."""

    @abstractmethod
    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read on a connection of one's own."""

    def difference(self) -> Difference:
        """Return in which tables the database differs from its situation, row by row."""
        return {
            str(name): (int(str(a)), int(str(b))) for name, a, b in self.rows(COMPARE) if a or b
        }


COMPARE = " UNION ALL ".join(
    f"SELECT '{t}', (SELECT count(*) FROM (SELECT * FROM {t} EXCEPT SELECT * FROM pristine.{t}) n),"
    f" (SELECT count(*) FROM (SELECT * FROM pristine.{t} EXCEPT SELECT * FROM {t}) g)"
    for t in TABLES
)


class SqliteGround(Ground):
    """A copy of a file."""

    def __init__(self, situations: Situations, folder: Path) -> None:
        self._situations = situations
        self._file = folder / "drill.db"
        self._pristine = folder / "pristine.db"
        self.url = f"sqlite:///{self._file}"

    def stand(self, situation: str) -> None:
        """Copy the situation's file."""
        self._pristine.write_bytes(self._situations.file(situation).read_bytes())
        self.restore()

    def restore(self, changed: Collection[str] = TABLES) -> None:
        """Copy the whole file again; what a killed writer left beside it goes too."""
        for tail in ("-wal", "-shm"):
            self._file.with_name(self._file.name + tail).unlink(missing_ok=True)
        self._file.write_bytes(self._pristine.read_bytes())

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read with the situation attached as `pristine`."""
        connection = sqlite3.connect(self._file)
        try:
            connection.execute("ATTACH ? AS pristine", (str(self._pristine),))
            return connection.execute(query).fetchall()
        finally:
            connection.close()


class PostgresGround(Ground):
    """One database whose rows are exchanged, with a copy of them in a schema of its own."""

    def __init__(self, situations: Situations, url: str) -> None:
        self._situations = situations
        self.url = url
        plain = sa.make_url(url).set(drivername="postgresql")
        self._connection = psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        )
        self._connection.execute("CREATE SCHEMA pristine")
        for name in TABLES:
            self._connection.execute(f"CREATE TABLE pristine.{name} (LIKE {name})")

    def stand(self, situation: str) -> None:
        """Bring the rows over from the situation's file, as they are and past every trigger."""
        file = sa.create_engine(f"sqlite:///{self._situations.file(situation)}")
        server = sa.create_engine(self.url)
        with file.connect() as source, server.begin() as target:
            target.exec_driver_sql("SET LOCAL session_replication_role = replica")
            target.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in TABLES))
            for table in Base.metadata.sorted_tables:
                found = [dict(row) for row in source.execute(sa.select(table)).mappings()]
                if found:
                    target.execute(sa.insert(table), found)
            target.exec_driver_sql("; ".join(KEEP.format(name) for name in TABLES))
            for name, column in _serials(target):
                target.exec_driver_sql(ADVANCE.format(name, column))
        file.dispose()
        server.dispose()

    def restore(self, changed: Collection[str] = TABLES) -> None:
        """Exchange the rows of the tables, past every trigger."""
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            for name in changed:
                self._connection.execute(f"DELETE FROM {name}")
                self._connection.execute(f"INSERT INTO {name} SELECT * FROM pristine.{name}")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Read; the plan of a query that comes again is kept."""
        return list(self._connection.execute(query, prepare=True).fetchall())

    def run(self, statement: str) -> None:
        """Run statements, to plant a fault."""
        self._connection.execute(statement)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


KEEP = "DELETE FROM pristine.{0}; INSERT INTO pristine.{0} SELECT * FROM {0}"
ADVANCE = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), (SELECT coalesce(max({1}), 0) + 1 FROM {0}))"


def _serials(target: sa.Connection) -> list[tuple[str, str]]:
    query = (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_default LIKE 'nextval%'"
    )
    return [(str(name), str(column)) for name, column in target.execute(sa.text(query))]
