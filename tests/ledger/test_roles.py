"""Separate roles on PostgreSQL: the service cannot change the log, even with raw SQL (S13)."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from app.accounts.tables import PersonJoin
from app.directory.tables import ApiToken
from app.kit import revisions
from app.kit.db import Base, Database, table_of
from app.outbox.tables import Letter
from app.requests.tables import RequestKey, StoredAnswer
from tests.conftest import copied
from tests.delivery.raw import EVENT, Shell

SIX = (
    "UPDATE request_events SET kind = 'other'",
    "DELETE FROM request_events",
    "TRUNCATE request_events CASCADE",
    "ALTER TABLE request_events DISABLE TRIGGER ALL",
    "DROP TABLE request_events CASCADE",
    "SET session_replication_role = replica",
)
MORE = (
    "UPDATE ledger_entries SET action = 'other'",
    "DELETE FROM ledger_entries",
    "DELETE FROM ledger_heads",
    "DELETE FROM requests",
    "DELETE FROM ledger_anchors",
    "DROP TRIGGER entente_event_changed ON request_events",
    "CREATE OR REPLACE FUNCTION entente_log_erased() RETURNS trigger LANGUAGE sql AS ''",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def line(postgres_template: sa.URL) -> Iterator[psycopg.Connection]:
    """A database with an event, whose roles were separated."""
    with copied(postgres_template) as url:
        database = Database(url)
        shell = Shell(database)
        shell.people()
        shell.request(1)
        shell.type(EVENT.format(request=1, number=1))
        database.close()
        plain = sa.make_url(url).set(drivername="postgresql")
        with psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        ) as opened:
            opened.execute((revisions.MIGRATIONS / "roles.sql").read_text())
            yield opened


@pytest.mark.parametrize("statement", [*SIX, *MORE])
def test_the_service_cannot_touch_the_log(line: psycopg.Connection, statement: str) -> None:
    line.execute("SET ROLE entente_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute(statement)


def test_the_service_can_do_its_work(line: psycopg.Connection) -> None:
    line.execute("SET ROLE entente_app")
    line.execute("SELECT set_config('entente.sees', 'all', false)")
    line.execute(EVENT.format(request=1, number=2))
    line.execute("UPDATE requests SET revision = 2")
    line.execute("UPDATE people SET language = 'fr'")
    with pytest.raises(psycopg.errors.CheckViolation, match="entente log"):
        line.execute("UPDATE request_events SET data = '{\"x\": 1}'")
    with pytest.raises(psycopg.errors.CheckViolation, match="entente log"):
        line.execute(EVENT.format(request=1, number=9))


@pytest.mark.parametrize("role", ["entente_read", "entente_verify"])
def test_readers_only_read(line: psycopg.Connection, role: str) -> None:
    line.execute(f"SET ROLE {role}")
    assert line.execute("SELECT count(*) FROM request_events").fetchone() == (1,)
    for statement in (EVENT.format(request=1, number=2), "SELECT digest FROM api_tokens"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(statement)


def test_readers_read_no_secret(line: psycopg.Connection) -> None:
    ours = {one for one in Base.__subclasses__() if one.__module__ == "app.accounts.tables"}
    ours -= {PersonJoin}  # who is who is no secret
    assert len(ours) >= 6
    held = {ApiToken, StoredAnswer, RequestKey, Letter}
    secret = {table_of(one).name for one in ours | held}
    for role in ("entente_read", "entente_verify"):
        line.execute(f"SET ROLE {role}")
        for table in sorted(secret):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(f"SELECT * FROM {table}")
