"""What a database says of itself: its settings, its clock, its schema and its triggers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.kit import revisions, schema
from app.kit.db import Database, UtcDateTime
from app.kit.errors import Unavailable
from app.kit.rows import BOUND

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")
POSTGRESQL = ("server_version_num", "fsync", "synchronous_commit", "full_page_writes")
MADE = re.compile(r"CREATE TRIGGER (\w+)")
CLOCK = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at",
    "postgresql": "SELECT clock_timestamp() AS at",
}
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname FROM pg_trigger t WHERE NOT t.tgisinternal"
    " AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(t.tgrelid)",
}
JOBS = "SELECT 1 FROM pg_namespace WHERE nspname = 'dbos'"


@dataclass(frozen=True, slots=True)
class Picture:
    """A database as it was found: `kind` is sqlite or postgresql, `at` its own clock's moment."""

    kind: str
    settings: Mapping[str, str]
    at: datetime
    revision: str | None
    triggers: frozenset[str]


def shown(url: str) -> str:
    """Return a database's URL without its password. Raises Unavailable when it is none."""
    return _parsed(url).render_as_string(hide_password=True)


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for a server, or for memory."""
    parsed = _parsed(url)
    held = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return Path(held) if held and held != ":memory:" else None


def _parsed(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except ArgumentError:
        raise Unavailable("database.url", "The URL of the database cannot be read.") from None


def opened(url: str) -> Database:
    """Return a database whose file, if it has one, exists already. Raises Unavailable."""
    file = file_of(url)
    if file is not None and not file.is_file():
        raise Unavailable("database.missing", f"There is no file {file}.")
    try:
        return Database(url, 1)
    except (ImportError, NoSuchModuleError):
        raise Unavailable("database.url", "There is no driver for that database.") from None


def look(session: Session) -> Picture:
    """Return how a database stands. Raises Unavailable when it cannot be asked."""
    kind = session.get_bind().dialect.name
    if kind not in CLOCK:
        raise Unavailable("database.kind", f"{kind} is neither SQLite nor PostgreSQL.")
    try:
        moment = sa.text(CLOCK[kind]).columns(at=UtcDateTime)
        return Picture(
            kind=kind,
            settings=_pragmas(session) if kind == "sqlite" else _settings(session),
            at=session.execute(moment).scalar_one(),
            revision=revisions.current(session.connection()),
            triggers=frozenset(session.scalars(sa.text(TRIGGERS[kind]))),
        )
    except SQLAlchemyError as fault:
        said = str(getattr(fault, "orig", fault)).strip().partition("\n")[0]
        raise Unavailable("database.unreachable", said) from None


def _pragmas(session: Session) -> dict[str, str]:
    return {name: str(session.execute(sa.text(f"PRAGMA {name}")).scalar()) for name in PRAGMAS}


def _settings(session: Session) -> dict[str, str]:
    query = sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    return dict(session.execute(query, {"names": list(POSTGRESQL)}).all())


def netted(session: Session) -> bool | None:
    """Whether row-level security holds for who is connected; None where there is none to hold."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    held: bool | None = session.scalar(sa.text(BOUND))
    return held


def triggers_of_migrations(kind: str) -> frozenset[str]:
    """Return the triggers that the migrations of this code make on a kind of database."""
    made: set[str] = set()
    for script in ScriptDirectory.from_config(schema.config()).walk_revisions():
        statements = getattr(script.module, "up_statements", None)
        if statements is not None:
            made |= {name for text in statements(kind) for name in MADE.findall(text)}
    return frozenset(made)


def holds_jobs(url: str) -> bool:
    """Whether the job library has its tables there. Raises Unavailable."""
    if (file := file_of(url)) is not None:
        return file.is_file()
    database = opened(url)
    try:
        with database.reading() as session:
            return look(session).kind == "postgresql" and session.scalar(sa.text(JOBS)) is not None
    finally:
        database.close()
