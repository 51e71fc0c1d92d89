"""What is near a reader is found along an index: plans on SQLite, which need no rows to be made."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.actor import Actor, Grant
from app.requests import service as dossier
from app.requests.access import only_entity
from app.requests.service import tasks
from app.requests.service.filters import Search
from app.wiring.house import House, open_house
from tests.conftest import settings_for

DESK = Actor(1, "desk", (Grant("desk_officer"),))
ENTITY = Actor(2, "entity", (Grant("focal_point", None, "itu"),))
COUNTRY = Actor(3, "country", (Grant("resident_coordinator", "KEN"),))


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    file = tmp_path_factory.mktemp("near") / "entente.db"
    shutil.copy(sqlite_template, file)
    opened = open_house(settings_for(f"sqlite:///{file}"))
    yield opened
    opened.database.close()


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with house.database.reading() as opened:
        yield opened


@contextmanager
def plans(session: Session) -> Iterator[list[str]]:
    """Give the plans of what is read meanwhile, filled at the end."""
    sent: list[tuple[str, Any]] = []

    def note(_line: Any, _cursor: Any, statement: str, params: Any, *_: Any) -> None:
        sent.append((statement, params))

    engine = session.get_bind()
    found: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    for statement, params in sent:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", params)
        found.append(" / ".join(row[3] for row in rows))


def test_tasks_are_found_along_what_is_open(house: House, session: Session) -> None:
    for actor, index in (
        (DESK, "ix_lowerings_open"),
        (ENTITY, "ix_involvements_asked"),
        (COUNTRY, "ix_request_countries_country_request_id"),
    ):
        with plans(session) as found:
            tasks.waiting(session, house.shelf, actor, 8)
        assert any(index in plan for plan in found), (index, found)
        assert not [plan for plan in found if "SCAN requests" in plan], found


def test_a_list_for_one_entity_is_read_along_what_it_is_asked(session: Session) -> None:
    for asked in (Search(area="B"), Search(state=("triage",), sort="due"), Search(open=True)):
        with plans(session) as found:
            dossier.search(session, ENTITY, asked, None, 25)
        assert "ix_involvements_entity_request_id" in found[-1], found
        assert not found[-1].startswith("SCAN requests"), found


def test_who_sees_more_than_one_entitys_requests_is_not_bound_to_them() -> None:
    assert only_entity(ENTITY) == "itu"
    assert only_entity(Actor(4, "two", (*ENTITY.grants, Grant("focal_point", None, "ccb")))) is None
    assert only_entity(Actor(5, "more", (*ENTITY.grants, *COUNTRY.grants))) is None
    assert only_entity(Actor(6, "named", (*ENTITY.grants, Grant("reader", named=3)))) is None
    assert only_entity(Actor(7, "program", (Grant("client", None, "itu"),))) is None
    assert only_entity(DESK) is None
