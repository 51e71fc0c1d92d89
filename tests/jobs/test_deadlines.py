"""The sweep: what the system does when a date has come, and what it leaves alone."""

import pytest
import sqlalchemy as sa

from app.jobs import deadlines
from app.jobs.deadlines import forget_answers, sweep
from app.kit import clock
from app.requests.tables import StoredAnswer
from app.wiring.house import House
from tests.jobs.samples import (
    DAY,
    HOUR,
    answered,
    enrol,
    last_event,
    question,
    silent,
    stand,
    state_of,
)


def test_silence_leads_to_set_aside_by_the_system(house: House) -> None:
    with house.database.writing() as session:
        request = silent(session, house.shelf)
    assert sweep(house.database, house.shelf, clock.now()) == 1
    with house.database.reading() as session:
        assert state_of(session, request) == "set_aside"
        event = last_event(session, request)
        assert (event.number, event.kind, event.actor_id) == (2, "moved", None)
        assert event.data["trigger"] == "set_aside"
        assert event.data["cause"] == 1


def test_a_decline_stands_when_the_time_to_appeal_is_over(house: House) -> None:
    with house.database.writing() as session:
        now = clock.now()
        request = stand(session, house.shelf, "declined", now - HOUR, since=now - 30 * DAY - HOUR)
    assert sweep(house.database, house.shelf, clock.now()) == 1
    with house.database.reading() as session:
        assert state_of(session, request) == "refused"
        event = last_event(session, request)
        assert (event.actor_id, event.data["trigger"]) == (None, "let_decline_stand")


def test_what_has_happened_once_does_not_happen_again(house: House) -> None:
    with house.database.writing() as session:
        request = silent(session, house.shelf)
    assert sweep(house.database, house.shelf, clock.now()) == 1
    assert sweep(house.database, house.shelf, clock.now()) == 0
    with house.database.reading() as session:
        assert last_event(session, request).number == 2


def test_the_sweep_leaves_others_alone(house: House) -> None:
    now = clock.now()
    with house.database.writing() as session:
        waiting = stand(session, house.shelf, "clarification", now + DAY, came_from="triage")
        question(session, waiting, waiting.created_by, days=1)
        open_to_appeal = stand(session, house.shelf, "declined", now + DAY, since=now - 29 * DAY)
        late_at_the_desk = stand(session, house.shelf, "triage", now - DAY)
        ended = stand(session, house.shelf, "withdrawn", now - DAY)
    kept = [waiting, open_to_appeal, late_at_the_desk, ended]
    assert sweep(house.database, house.shelf, clock.now()) == 0
    with house.database.reading() as session:
        assert [state_of(session, request) for request in kept] == [r.state for r in kept]
        assert [last_event(session, request).number for request in kept] == [1, 1, 1, 1]


def test_the_longest_silence_comes_first(house: House) -> None:
    with house.database.writing() as session:
        later = silent(session, house.shelf, hours=1)
        earlier = silent(session, house.shelf, hours=9)
    assert sweep(house.database, house.shelf, clock.now(), most=1) == 1
    with house.database.reading() as session:
        assert state_of(session, earlier) == "set_aside"
        assert state_of(session, later) == "clarification"


def test_requests_that_cannot_move_do_not_keep_the_rest_from_their_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PAGE", 2)
    with house.database.writing() as session:
        for _ in range(5):
            stand(session, house.shelf, "triage", clock.now() - 9 * DAY)
        request = silent(session, house.shelf)
    assert sweep(house.database, house.shelf, clock.now(), most=1) == 1
    with house.database.reading() as session:
        assert state_of(session, request) == "set_aside"


def test_a_request_whose_text_is_gone_leaves_the_others_alone(house: House) -> None:
    with house.database.writing() as session:
        lost = silent(session, house.shelf, hours=9)
        lost.workflow_version = 999
        request = silent(session, house.shelf)
    assert sweep(house.database, house.shelf, clock.now()) == 1
    with house.database.reading() as session:
        assert state_of(session, lost) == "clarification"
        assert state_of(session, request) == "set_aside"


def test_answers_older_than_two_days_are_forgotten(house: House) -> None:
    now = clock.now()
    with house.database.writing() as session:
        person = enrol(session)
        for number in range(5):
            answered(session, person, f"old-{number}", now - 49 * HOUR)
        answered(session, person, "young", now - 47 * HOUR)
    assert forget_answers(house.database, now, batch=2) == 5
    with house.database.reading() as session:
        assert session.scalars(sa.select(StoredAnswer.key)).all() == ["young"]
