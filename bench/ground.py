"""The databases that are measured on: loaded, filled with made-up requests, and copied."""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from pydantic import SecretStr

from app.config import Settings
from app.directory import service as directory
from app.directory.schemas import EVERY_SCOPE, GrantBody, PersonBody, TokenBody
from app.kit.revisions import MIGRATIONS
from app.kit.schema import migrate
from app.setting_up import WORKFLOW, load_reference
from app.wiring.house import open_house
from bench.rows import COLUMNS, Made, Row

TOKEN_KEY = "a key for the bench only"  # noqa: S105 - opens nothing
SERVICE = "bench_service"
ENTRY = secrets.token_hex(16)
"""The role of the service on PostgreSQL, and what lets it in during this run."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A loaded database: its URL, a token for each kind of caller, and what rows need."""

    url: str
    tokens: dict[str, str]
    actor: int
    pack: tuple[str, int, str]
    countries: list[str]

    @property
    def sqlite(self) -> bool:
        """Whether it is a SQLite file."""
        return self.url.startswith("sqlite")

    @property
    def conninfo(self) -> str:
        """The URL as the PostgreSQL driver takes it, or the path of the SQLite file."""
        url = sa.make_url(self.url)
        if self.sqlite:
            return url.database or ""
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    def as_service(self) -> "Ground":
        """Return it as the service meets it: bound by row-level security, where there is any."""
        if self.sqlite:
            return self
        url = sa.make_url(self.url).set(username=SERVICE, password=ENTRY)
        return _at(self, url.render_as_string(hide_password=False))

    def environment(self) -> dict[str, str]:
        """Return what a server needs to know of this database."""
        return {
            "ENTENTE_DATABASE_URL": self.url,
            "ENTENTE_TOKEN_KEY": TOKEN_KEY,
            "ENTENTE_API_LIMIT": str(10**9),  # counted, and never reached
            "ENTENTE_FILING_LIMIT": "0",
            "BENCH_DATABASE": self.conninfo,
        }


def prepare(url: str) -> Ground:
    """Bring an empty database to the newest schema, with countries, packs and three people."""
    house = open_house(Settings(database_url=url, token_key=SecretStr(TOKEN_KEY)))
    migrate(house.database.engine)
    tokens: dict[str, str] = {}
    people = {
        "desk": GrantBody(role="desk_officer"),
        "coordinator": GrantBody(role="resident_coordinator", country="KEN"),
        "auditor": GrantBody(role="auditor"),
    }
    actor = 0
    with house.database.writing() as session:
        load_reference(session, house.shelf)
        for name, grant in people.items():
            body = PersonBody(name=name.capitalize(), grants=(grant,))
            actor = directory.enrol(session, None, body).id
            wanted = (actor, TokenBody(name="bench", scopes=EVERY_SCOPE))
            tokens[name], _ = directory.issue_token(session, None, house.key, wanted)
        countries = [c.alpha3 for c in directory.countries(session, "en")]
    pack = house.shelf.latest(WORKFLOW)
    house.database.close()
    ground = Ground(url, tokens, actor, (pack.name, pack.version, pack.sha256), countries)
    if not ground.sqlite:
        _separate(ground)
    return ground


def _separate(ground: Ground) -> None:
    """Part the roles as docs/operations.md says, and let the service log in as a member of its."""
    role = sql.Identifier(SERVICE)
    with psycopg.connect(ground.conninfo, autocommit=True) as line:
        line.execute((MIGRATIONS / "roles.sql").read_text(encoding="utf-8"))
        if not line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (SERVICE,)).fetchone():
            line.execute(sql.SQL("CREATE ROLE {}").format(role))
        line.execute(sql.SQL("GRANT entente_app TO {}").format(role))
        line.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, ENTRY))


def fill(ground: Ground, span: range, *, fresh: bool) -> None:
    """Add made-up requests to a database."""
    made = Made(span, ground.actor, ground.pack, fresh=fresh)
    if ground.sqlite:
        _fill_sqlite(ground, made)
    else:
        _fill_postgres(ground, made)


def _fill_sqlite(ground: Ground, made: Made) -> None:
    with closing(sqlite3.connect(ground.conninfo, isolation_level=None)) as line:
        line.execute("PRAGMA synchronous = OFF")
        line.execute("PRAGMA cache_size = -200000")
        line.execute("BEGIN")
        for table, columns in COLUMNS.items():
            marks = ", ".join("?" * len(columns))
            line.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                map(_as_text, made.rows(table, ground.countries)),
            )
        line.execute(
            "INSERT INTO request_words (rowid, title, summary)"
            " SELECT id, title, summary FROM requests WHERE id >= ?",
            (made.span.start,),
        )
        line.execute("COMMIT")
        line.execute("ANALYZE")
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _as_text(row: Row) -> Row:
    return tuple(_moment(value) if isinstance(value, datetime) else value for value in row)


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _fill_postgres(ground: Ground, made: Made) -> None:
    with psycopg.connect(ground.conninfo, autocommit=True) as line:
        line.execute("SET session_replication_role = replica")
        for table, columns in COLUMNS.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with line.cursor().copy(copy) as stream:
                for row in made.rows(table, ground.countries):
                    stream.write_row(row)
        line.execute(
            "INSERT INTO request_words SELECT id, to_tsvector('simple', title || ' ' || summary)"
            " FROM requests WHERE id >= %s",
            (made.span.start,),
        )
        line.execute("SELECT setval('request_events_id_seq', max(id)) FROM request_events")
        line.execute("VACUUM ANALYZE")
        line.execute("CHECKPOINT")


@contextmanager
def copy_of(ground: Ground, folder: Path) -> Iterator[Ground]:
    """Give a copy of a filled database, so that no contender meets another's rows."""
    name = f"bench_{secrets.token_hex(4)}"
    if ground.sqlite:
        file = folder / f"{name}.db"
        shutil.copy(ground.conninfo, file)
        yield _at(ground, f"sqlite:///{file}")
        file.unlink()
        return
    url = sa.make_url(ground.url)
    admin = url.set(drivername="postgresql", database="postgres")
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(url.database or "")
    )
    _execute(admin, made)
    try:
        yield _at(ground, url.set(database=name).render_as_string(hide_password=False))
    finally:
        _execute(admin, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _at(ground: Ground, url: str) -> Ground:
    return Ground(url, ground.tokens, ground.actor, ground.pack, ground.countries)


def _execute(url: sa.URL, statement: Any) -> None:
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as line:
        line.execute(statement)
