"""The relay: who is told of what, and that each is told once whatever breaks."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from app.directory.tables import Person
from app.engine.packs import Shelf
from app.jobs.relay import relay
from app.kit import clock
from app.kit.db import Database
from app.outbox.tables import Notice, RelayMark
from app.requests.tables import AssistanceRequest, Involvement
from app.wiring.house import House
from tests.jobs.samples import enrol, moved, stand


def told(database: Database) -> list[tuple[int, int, str]]:
    with database.reading() as session:
        query = sa.select(Notice.person_id, Notice.event_id, Notice.code)
        return [
            (who, event, code) for who, event, code in session.execute(query.order_by(Notice.id))
        ]


def test_those_whom_the_transition_names_are_told_within_their_scope(house: House) -> None:
    with house.database.writing() as session:
        coordinator = enrol(session, ("resident_coordinator", "KEN", None))
        enrol(session, ("resident_coordinator", "UGA", None))
        government = enrol(session, ("government", "KEN", None))
        enrol(session, ("desk_officer", None, None))
        enrol(session, ("assessor", "KEN", None))
        request = stand(session, house.shelf, "set_aside")
        event = moved(session, request, "set_aside", "clarification", "set_aside")
    assert relay(house.database, house.shelf) == 2
    assert told(house.database) == [
        (coordinator, event, "request.set_aside"),
        (government, event, "request.set_aside"),
    ]


def test_nobody_is_told_what_they_did_themselves(house: House) -> None:
    with house.database.writing() as session:
        coordinator = enrol(
            session, ("resident_coordinator", "KEN", None), ("government", "KEN", None)
        )
        desk = enrol(session, ("desk_officer", None, None))
        request = stand(session, house.shelf, "triage")
        moved(session, request, "submit", "draft", "triage", actor_id=coordinator)
    assert relay(house.database, house.shelf) == 1
    assert [person for person, _, _ in told(house.database)] == [desk]


def test_a_draft_is_told_to_nobody_who_may_not_see_it(house: House) -> None:
    with house.database.writing() as session:
        enrol(session, ("desk_officer", None, None))
        request = stand(session, house.shelf, "withdrawn", filed_at=None)
        moved(session, request, "withdraw", "draft", "withdrawn")
    assert relay(house.database, house.shelf) == 0


def test_of_the_entities_only_those_that_were_asked_are_told(house: House) -> None:
    with house.database.writing() as session:
        asked = enrol(session, ("focal_point", None, "UNODC"))
        enrol(session, ("focal_point", None, "ITU"))
        request = stand(session, house.shelf, "offered")
        session.add(
            Involvement(
                request_id=request.id,
                entity="UNODC",
                part="lead",
                standing="asked",
                since=clock.now(),
            )
        )
        moved(session, request, "offer_match", "matching", "offered")
    assert relay(house.database, house.shelf) == 1
    assert [person for person, _, _ in told(house.database)] == [asked]


def test_who_is_suspended_is_told_nothing(house: House) -> None:
    with house.database.writing() as session:
        person = enrol(session, ("government", "KEN", None))
        session.get_one(Person, person).suspended_at = clock.now()
        request = stand(session, house.shelf, "set_aside")
        moved(session, request, "set_aside", "clarification", "set_aside")
    assert relay(house.database, house.shelf) == 0


def told_of_many(house: House, count: int) -> tuple[list[int], list[int]]:
    """Write `count` events of which two persons are to be told; return events and persons."""
    with house.database.writing() as session:
        people = [enrol(session, ("government", "KEN", None)) for _ in range(2)]
        request = stand(session, house.shelf, "set_aside")
        events = [
            moved(session, request, "set_aside", "clarification", "set_aside") for _ in range(count)
        ]
    return events, people


def everyone_once(house: House, events: list[int], people: list[int]) -> None:
    pairs = [(person, event) for person, event, _ in told(house.database)]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(person, event) for person in people for event in events}


def test_a_relay_that_runs_again_tells_nothing_twice(house: House) -> None:
    events, people = told_of_many(house, 7)
    assert relay(house.database, house.shelf, batch=3) == 14
    assert relay(house.database, house.shelf, batch=3) == 0
    everyone_once(house, events, people)


def test_a_mark_that_is_set_back_tells_nothing_twice(house: House) -> None:
    events, people = told_of_many(house, 3)
    relay(house.database, house.shelf)
    with house.database.writing() as session:
        session.execute(sa.update(RelayMark).values(tx=0, event_id=0))
    assert relay(house.database, house.shelf) == 0
    everyone_once(house, events, people)


def test_two_relays_at_once_tell_each_once(house: House, database_url: str) -> None:
    events, people = told_of_many(house, 60)
    start = Barrier(2)

    def run() -> int:
        database = Database(database_url)
        start.wait(10)
        try:
            return relay(database, house.shelf, batch=5)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        counts = [run.result(60) for run in [pool.submit(run), pool.submit(run)]]
    assert sum(counts) == 120
    everyone_once(house, events, people)


def test_a_relay_killed_at_any_moment_tells_each_once(house: House, database_url: str) -> None:
    events, people = told_of_many(house, 4)
    house.database.close()
    kills = 0
    while killed(partial(relay_until, database_url, house.shelf, kills + 1)):
        kills += 1
        written = len(told(house.database))
        house.database.close()
        assert written % 2 == 0, "an event is told to both of its people or to neither"
        assert kills < 200
    assert kills > 10
    everyone_once(house, events, people)


def relay_until(url: str, shelf: Shelf, last: int) -> None:
    """Run the relay and die at the `last` event of the database that it causes."""
    database = Database(url)
    met = 0

    def hit(*_: Any, **__: Any) -> None:
        nonlocal met
        met += 1
        if met == last:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(database.engine, name, hit, named=True)
    relay(database, shelf, batch=1)


def killed(run: Callable[[], None]) -> bool:
    """Run in a process of its own; whether it was killed. Fails when it ended in any other way."""
    child = os.fork()
    if child == 0:
        try:
            run()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the test run may go on in the child
            os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_older_transaction_that_commits_later_is_told_too(house: House) -> None:
    with house.database.writing() as session:
        enrol(session, ("government", "KEN", None))
        first, second = (stand(session, house.shelf, "set_aside") for _ in range(2))

    def move(session: Any, request: AssistanceRequest) -> int:
        mine = session.get_one(AssistanceRequest, request.id)
        return moved(session, mine, "set_aside", "clarification", "set_aside")

    with house.database.sessions() as early, house.database.sessions() as late:
        early.execute(sa.text("SELECT pg_current_xact_id()"))
        low = move(late, first)
        high = move(early, second)
        assert low < high
        early.commit()
        assert relay(house.database, house.shelf) == 1
        late.commit()
    assert relay(house.database, house.shelf) == 1
    assert {event for _, event, _ in told(house.database)} == {low, high}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_told_past_a_transaction_that_is_still_under_way(house: House) -> None:
    with house.database.writing() as session:
        enrol(session, ("government", "KEN", None))
        first, second = (stand(session, house.shelf, "set_aside") for _ in range(2))
    with house.database.sessions() as open_one:
        mine = open_one.get_one(AssistanceRequest, first.id)
        moved(open_one, mine, "set_aside", "clarification", "set_aside")
        with house.database.writing() as session:
            other = session.get_one(AssistanceRequest, second.id)
            moved(session, other, "set_aside", "clarification", "set_aside")
        assert relay(house.database, house.shelf) == 0
        open_one.commit()
    assert relay(house.database, house.shelf) == 2
