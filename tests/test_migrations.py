"""Migrations run up, down and up on both databases with rows in them, and say what the models say."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.assessment.service import sealed as assessed
from app.assessment.tables import Answer, Assessment, Evidence, RiskAssessment
from app.kit import revisions, schema
from app.kit.db import Base, Database
from app.kit.keys import opener
from app.main import create_app
from app.requests.service import sealed
from app.requests.tables import AssessmentRecord, Finding
from app.screening.service import sealed as screened
from app.screening.tables import CriterionFinding
from tests.conftest import KEYS, settings_for
from tests.drills.conftest import ground, situations
from tests.drills.ground import TABLES, Ground

GATE = {
    "activity",
    "request",
    "record",
    "assessment",
}
"""What the triggers of the gate watch over (F32, F41)."""


OUT_OF_ORDER = (
    "INSERT INTO request_events (request_id, number, at, kind, data)"
    " SELECT id, 9999, since, 'moved', '{}' FROM requests"
)

NEWER = {"second_factors", "request_keys"}
"""Tables that came after the first revision: what stood in them goes with them."""

SEALED = {
    "answers": "note",
    "evidence": "source",
    "risk_assessments": "content",
    "criterion_findings": "evidence",
    "findings": "text",
    "assessment_records": "summary",
}
"""Tables whose texts are opened on the way down and sealed anew on the way up."""

SAID_OTHERWISE = (
    "SELECT e.id FROM request_events e JOIN pristine.request_events p ON p.id = e.id"
    " WHERE (e.number, e.at, e.kind) <> (p.number, p.at, p.kind)"
)
PERMITTED = "SELECT id, kind, code, version, number, valid_from, valid_to, effective_at FROM"
ENTERED_OTHERWISE = (
    f"SELECT id FROM ({PERMITTED} compendium_entries EXCEPT"
    f" {PERMITTED} pristine.compendium_entries) n WHERE kind <> 'focal_point'"
)
NAMED = "SELECT kind, code, version, CAST(content AS text) FROM"
NAMED_OTHERWISE = (
    f"{NAMED} compendium_entries WHERE kind = 'focal_point' EXCEPT"
    f" {NAMED} pristine.compendium_entries"
)
UNCHAINED = (
    "SELECT count(*) FROM request_events e JOIN requests r ON r.id = e.request_id"
    " WHERE e.hash IS NULL OR (e.number = r.revision AND e.hash <> r.head)"
)


@pytest.fixture
def played(ground: Ground) -> Iterator[tuple[Ground, Database]]:
    """A database with a request that was played into delivery."""
    ground.stand("evaluation")
    database = Database(ground.url)
    yield ground, database
    database.close()


def test_there_is_one_head_and_a_straight_line_to_it() -> None:
    scripts = ScriptDirectory.from_config(schema.config())
    assert scripts.get_heads() == [revisions.head()]
    assert [len(script.nextrev) for script in scripts.walk_revisions()][1:] == [1] * (
        len(list(scripts.walk_revisions())) - 1
    )


def test_the_models_and_the_database_say_the_same(ground: Ground) -> None:
    ground.stand("empty")
    database = Database(ground.url)
    settings = schema.config()
    with database.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.check(settings)
    database.close()


def test_the_newest_revisions_go_down_and_up_again_with_rows_in_them(
    played: tuple[Ground, Database],
) -> None:
    ground, database = played
    lasting = [name for name in TABLES if not name.startswith("ledger_") and name not in NEWER]
    before = {name: ground.rows(f"SELECT count(*) FROM {name}")[0][0] for name in lasting}
    triggers = _triggers(database)
    assert before["activities"]
    schema.downgrade(database.engine, "0001")
    assert not any("gate" in name for name in _triggers(database))
    schema.migrate(database.engine)
    assert {name: ground.rows(f"SELECT count(*) FROM {name}")[0][0] for name in lasting} == before
    assert _triggers(database) == triggers
    bound = {name for name in ground.difference_anywhere() if name in lasting}
    known = {"requests", "request_events", "api_tokens", "compendium_entries"}
    assert bound == known | set(SEALED), (
        "chained and sealed anew; scopes forgotten, and when a focal point was named"
    )
    assert [ground.rows(query) for query in (ENTERED_OTHERWISE, NAMED_OTHERWISE)] == [[], []]
    assert ground.rows(SAID_OTHERWISE) == []
    assert ground.rows(UNCHAINED) == [(0,)]


def test_what_was_written_before_texts_were_sealed_is_sealed_and_opens(ground: Ground) -> None:
    ground.stand("evaluation")
    database = Database(ground.url, keyring=opener(KEYS))
    before = _words(database)
    assert all(any(said) for said in before.values())
    schema.downgrade(database.engine, "0019")
    for table, column in SEALED.items():
        plain = {str(one) for (one,) in ground.rows(f"SELECT CAST({column} AS text) FROM {table}")}
        assert not any('"sealed"' in one for one in plain), table
    assert {text for (text,) in ground.rows("SELECT text FROM findings")} == before["findings"]
    with database.engine.begin() as connection:  # no key yet: the migration makes it
        connection.execute(sa.text("DELETE FROM request_keys"))
    schema.migrate(database.engine)
    assert _words(database) == before
    database.close()


def _words(database: Database) -> dict[str, set[str]]:
    """Return what is sealed, opened, by table."""
    with database.reading() as session:
        owner = session.scalars(sa.select(Assessment.request_id)).one()
        answers = session.scalars(sa.select(Answer)).all()
        sources = session.scalars(sa.select(Evidence)).all()
        risks = session.scalars(sa.select(RiskAssessment)).all()
        criteria = session.scalars(sa.select(CriterionFinding)).all()
        found = session.scalars(sa.select(Finding)).all()
        records = session.scalars(sa.select(AssessmentRecord)).all()
        return {
            "answers": {assessed.note_of(session, owner, one) for one in answers},
            "evidence": {assessed.source_of(session, owner, one) for one in sources},
            "risk_assessments": {str(assessed.risk_of(session, owner, one)) for one in risks},
            "criterion_findings": {
                str(screened.evidence_of(session, owner, one)) for one in criteria
            },
            "findings": {sealed.texts(session, one)["text"] for one in found},
            "assessment_records": {str(sealed.summary_of(session, one)) for one in records},
        }


def test_everything_goes_down_to_nothing_and_up_again_with_rows_in_it(
    played: tuple[Ground, Database],
) -> None:
    _, database = played
    schema.downgrade(database.engine, "base")
    left = set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert _triggers(database) == set()
    schema.migrate(database.engine)
    assert set(TABLES) <= set(sa.inspect(database.engine).get_table_names())
    with database.engine.connect() as connection:
        assert revisions.current(connection) == revisions.head()


def test_a_service_works_on_a_database_that_went_down_and_up(ground: Ground) -> None:
    ground.stand("evaluation")
    database = Database(ground.url)
    schema.downgrade(database.engine, "0001")
    schema.migrate(database.engine)
    database.close()
    app = create_app(settings_for(ground.url))
    with app.state.house.database.reading() as session:
        assert session.scalar(sa.text("SELECT state FROM requests")) == "evaluation"
    app.state.house.database.close()


def test_every_check_of_the_models_stands_in_the_database(ground: Ground) -> None:
    ground.stand("empty")
    engine = sa.create_engine(ground.url)
    found = {
        (table, check["name"])
        for table in TABLES
        for check in sa.inspect(engine).get_check_constraints(table)
    }
    wanted = {
        (table.name, str(constraint.name))
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    engine.dispose()
    assert wanted
    assert wanted <= found


def test_the_gate_and_the_log_stand_in_the_catalogue_of_the_database(ground: Ground) -> None:
    ground.stand("empty")
    database = Database(ground.url)
    found = _triggers(database)
    database.close()
    for what in GATE:
        assert any(re.match(f"entente_(gate_)?{what}", name) for name in found), what
    assert any("event_added" in name or "log_added" in name for name in found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE request_events SET kind = 'other'",
        "DELETE FROM request_events",
        "UPDATE requests SET revision = 0",
        "DELETE FROM assessment_records",
        OUT_OF_ORDER,
    ],
)
def test_what_the_catalogue_says_is_also_enforced(
    played: tuple[Ground, Database], statement: str
) -> None:
    ground, database = played
    with pytest.raises((IntegrityError, DBAPIError)), database.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert ground.difference() == {}


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.engine.connect() as connection:
        return {str(name) for (name,) in connection.execute(sa.text(query))}


__all__ = ["ground", "situations"]
