"""Notices belong to one person; places among executors to one process."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine.packs import Shelf
from app.kit import clock
from app.kit.errors import NotFound
from app.outbox import service as outbox
from app.outbox.service import Telling
from app.outbox.tables import Executor
from app.wiring.house import House
from tests.jobs.samples import enrol, moved, stand


def tell(session: Session, shelf: Shelf, person: int, count: int) -> None:
    request = stand(session, shelf, "set_aside")
    events = [
        moved(session, request, "set_aside", "clarification", "set_aside") for _ in range(count)
    ]
    tellings = [Telling(person, event, "request.set_aside", clock.now()) for event in events]
    assert outbox.tell(session, tellings) == count
    assert outbox.tell(session, tellings) == 0


def test_each_reads_their_own_notices_page_by_page(house: House) -> None:
    with house.database.writing() as session:
        mine, other = enrol(session), enrol(session)
        tell(session, house.shelf, mine, 3)
        tell(session, house.shelf, other, 1)
        first = outbox.notices(session, mine, None, 2)
        second = outbox.notices(session, mine, first.next, 2)
        found = [notice.id for notice in (*first.rows, *second.rows)]
        assert len(found) == 3
        assert found == sorted(found, reverse=True)
        assert second.next is None


def test_a_notice_is_read_at_the_first_time_and_only_by_its_person(house: House) -> None:
    with house.database.writing() as session:
        mine, other = enrol(session), enrol(session)
        tell(session, house.shelf, mine, 1)
        number = outbox.notices(session, mine, None, 1).rows[0].id
        first = outbox.mark_read(session, mine, number).read_at
        assert first is not None
        assert outbox.mark_read(session, mine, number).read_at == first
        with pytest.raises(NotFound):
            outbox.mark_read(session, other, number)


def test_a_place_is_held_by_one_process_until_it_falls_silent(house: House) -> None:
    with house.database.writing() as session:
        assert outbox.take_place(session, "a") == "executor-1"
        assert outbox.take_place(session, "b") == "executor-2"
        assert outbox.keep_place(session, "executor-1", "a")
        assert not outbox.keep_place(session, "executor-1", "b")
        assert outbox.abandoned(session) == []
        silent = clock.now() - outbox.LEASE - timedelta(seconds=5)
        of_a = sa.update(Executor).where(Executor.holder == "a")
        session.execute(of_a.values(seen_at=silent))
        assert outbox.abandoned(session) == ["executor-1"]
        assert outbox.take_place(session, "c") == "executor-1"
        assert not outbox.keep_place(session, "executor-1", "a")
        outbox.leave_place(session, "executor-1", "a")
        assert outbox.take_place(session, "d") == "executor-3"
