"""Who answered for an entity before focal points were entries is brought over, and back."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.compendium import service as compendium
from app.directory import service as directory
from app.directory.schemas import PersonBody
from app.kit import schema
from app.kit.db import BigId, UtcDateTime
from app.wiring.house import House

BEFORE = "0030"
POINTS = sa.table(
    "focal_points",
    sa.column("id", BigId),
    *(sa.column(name, sa.String()) for name in ("entity", "part", "source")),
    sa.column("person_id", BigId),
    *(sa.column(name, sa.Date()) for name in ("valid_from", "valid_to", "review_by")),
    *(sa.column(name, UtcDateTime()) for name in ("begins_at", "recorded_at", "closed_at")),
)


def moment(month: int, day: int, hour: int = 0) -> datetime:
    """A moment of the year before."""
    return datetime(2025, month, day, hour, tzinfo=UTC)


FIRST, NEXT, LAST = date(2025, 1, 5), date(2025, 3, 1), date(2025, 5, 1)
ADA, BOB = 0, 1
NAMED = (
    ("itu", "primary", ADA, FIRST, NEXT, None, moment(1, 2), moment(2, 20)),
    ("itu", "primary", BOB, NEXT, None, moment(3, 1, 12), moment(2, 20), None),
    ("itu", "alternate", ADA, NEXT, LAST, None, moment(3, 1), moment(4, 2)),
    ("wipo", "primary", ADA, date(2025, 1, 1), None, None, moment(2, 1), None),
)
"""Entity, part, person, first day, end, moment of a succession, when named, when its end was."""
WIPO = {"wipo:primary": ADA}
ANSWERS = (
    (date(2025, 1, 4), moment(6, 1), WIPO),
    (date(2025, 2, 28), moment(6, 1), {"itu:primary": ADA, **WIPO}),
    (moment(3, 1, 11), moment(6, 1), {"itu:primary": ADA, "itu:alternate": ADA, **WIPO}),
    (NEXT, moment(2, 19), {"itu:primary": ADA, **WIPO}),
    (NEXT, moment(6, 1), {"itu:primary": BOB, "itu:alternate": ADA, **WIPO}),
    (LAST, moment(4, 1), {"itu:primary": BOB, "itu:alternate": ADA, **WIPO}),
    (LAST, moment(6, 1), {"itu:primary": BOB, **WIPO}),
)
"""As of when, known when, who answers."""


def test_who_answered_when_and_since_when_that_was_known_is_brought_over_and_back(
    house: House,
) -> None:
    database = house.database
    with database.writing() as session:
        people = [directory.enrol(session, None, PersonBody(name=name)).id for name in "AB"]
    schema.downgrade(database.engine, BEFORE)
    with database.engine.begin() as connection:
        for one in NAMED:
            told = dict(zip(("entity", "part", "person_id", "valid_from"), one[:4], strict=True))
            told |= {"valid_to": one[4], "begins_at": one[5], "recorded_at": one[6]}
            told |= {"closed_at": one[7], "person_id": people[one[2]], "source": ""}
            connection.execute(sa.insert(POINTS).values(told))
        before = _points(connection)
    schema.migrate(database.engine)
    with database.reading() as session:
        for as_of, known, wanted in ANSWERS:
            found = compendium.focal_points(session, as_of, known)
            told_now = {one.code: people.index(one.person_id) for one in found}
            assert told_now == wanted, (as_of, known)
    with pytest.raises(sa.exc.DBAPIError), database.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM compendium_entries"))
    schema.downgrade(database.engine, BEFORE)
    with database.engine.connect() as connection:
        assert _points(connection) == before
    schema.migrate(database.engine)


def _points(connection: sa.Connection) -> list[tuple[object, ...]]:
    told = sa.select(POINTS.c.entity, POINTS.c.part, POINTS.c.person_id, POINTS.c.valid_from)
    told = told.add_columns(POINTS.c.valid_to, POINTS.c.recorded_at, POINTS.c.closed_at)
    return sorted(map(tuple, connection.execute(told)), key=str)
