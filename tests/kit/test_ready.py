"""Statements made ready go by the bare driver, and fail as SQLAlchemy says that they fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.tables import AccessEpoch
from app.kit.db import Clash, Database, Failure, table_of
from app.kit.ready import Ready, Write, write_all
from tests.factories.clients import Clients
from tests.wiring.test_poll import end_lines

E = table_of(AccessEpoch)
EPOCH = Ready(sa.select(E.c.number))
AGAIN = Ready(sa.insert(E).values(id=sa.bindparam("id"), number=sa.bindparam("number")))
RAISE = Ready(sa.update(E).where(E.c.id == sa.bindparam("b_id")).values(number=E.c.number + 1))
DOUBLE = Ready(sa.update(E).where(E.c.id == sa.bindparam("b_id")).values(number=E.c.number * 2))


@contextmanager
def heard(database: Database, *, listened: bool) -> Iterator[list[str]]:
    """Listen to what is sent meanwhile, or do not."""
    sent: list[str] = []

    def note(_line: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    if listened:
        sa.event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    if listened:
        sa.event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("listened", [False, True])
def test_a_statement_made_ready_says_the_same_by_either_way(
    clients: Clients, *, listened: bool
) -> None:
    database = clients.house.database
    with heard(database, listened=listened) as sent, database.reading() as session:
        known = session.scalar(sa.select(E.c.id))
        before = EPOCH.rows(session, {})
        assert RAISE.write(session, [{"b_id": known}]) == 1
        assert RAISE.write(session, [{"b_id": known}, {"b_id": known}, {"b_id": -1}]) == 2
        assert [tuple(row) for row in EPOCH.rows(session, {})] == [(before[0][0] + 3,)]
        with pytest.raises(Clash):
            AGAIN.write(session, [{"id": known, "number": 1}])
    assert any("UPDATE access_epoch" in text for text in sent) == listened


@pytest.mark.parametrize("listened", [False, True])
def test_several_writes_are_made_in_order_and_each_tells_what_it_changed(
    clients: Clients, *, listened: bool
) -> None:
    database = clients.house.database
    with heard(database, listened=listened), database.reading() as session:
        known = session.scalar(sa.select(E.c.id))
        before = EPOCH.rows(session, {})[0][0]
        one = {"b_id": known}
        writes: list[Write] = [(RAISE, [one]), (DOUBLE, [one]), (RAISE, [one, {"b_id": -1}, one])]
        assert write_all(session, writes) == [1, 1, 2]
        assert EPOCH.rows(session, {})[0][0] == (before + 1) * 2 + 2


@pytest.mark.parametrize("listened", [False, True])
def test_of_several_writes_the_first_that_fails_is_told_and_nothing_is_kept(
    clients: Clients, *, listened: bool
) -> None:
    database = clients.house.database
    with database.reading() as session:
        known, before = session.scalar(sa.select(E.c.id)), EPOCH.rows(session, {})
    raised: Write = (RAISE, [{"b_id": known}])
    writes = [raised, (AGAIN, [{"id": known, "number": 1}]), raised]
    with heard(database, listened=listened), pytest.raises(Clash), database.writing() as session:
        write_all(session, writes)
    with database.reading() as session:
        assert EPOCH.rows(session, {}) == before


def test_a_lost_connection_is_given_up_and_the_next_is_sound(clients: Clients) -> None:
    database = clients.house.database
    with database.reading() as session:
        before = EPOCH.rows(session, {})
        end_lines(clients)
        if not database.sqlite:
            with pytest.raises(Failure) as fault:
                EPOCH.rows(session, {})
            assert fault.value.connection_invalidated
    with database.reading() as session:
        session.connection()
        end_lines(clients)
        if not database.sqlite:
            with pytest.raises(Failure) as fault:
                write_all(session, [(RAISE, [{"b_id": 1}]), (RAISE, [{"b_id": 1}])])
            assert fault.value.connection_invalidated
    with database.reading() as session:
        assert EPOCH.rows(session, {}) == before
