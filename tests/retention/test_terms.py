"""Terms: what its time ends, what stays until then, and what a report says beforehand."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.kit import clock
from app.requests.tables import AssistanceRequest, StoredAnswer
from app.retention import nightly
from app.retention.nightly import Line, keep_terms, report
from app.retention.tables import Erasure, LegalHold
from app.wiring.house import House
from tests.conftest import settings_for
from tests.jobs.samples import DAY, enrol, stand

SETTINGS = Settings(database_url="sqlite://")


def lines(house: House, settings: Settings = SETTINGS) -> dict[str, Line]:
    found = report(house.database, house.shelf, settings, clock.now())
    return {line.what: line for line in found}


def ended(session: Session, house: House, ago: timedelta) -> AssistanceRequest:
    now = clock.now()
    return stand(session, house.shelf, "refused", None, since=now - ago)


def drafted(session: Session, house: House, ago: timedelta) -> AssistanceRequest:
    request = stand(session, house.shelf, "draft", None, since=clock.now() - ago)
    request.filed_at, request.updated_at = None, clock.now() - ago
    session.flush()
    return request


def title_of(house: House, request: AssistanceRequest) -> str:
    with house.database.reading() as session:
        query = sa.select(AssistanceRequest.title).where(AssistanceRequest.id == request.id)
        return session.scalars(query).one()


def hold(session: Session, request: AssistanceRequest, at: datetime) -> None:
    row = LegalHold(
        request_id=request.id, number=1, reason="x", placed_by=request.created_by, placed_at=at
    )
    session.add(row)
    session.flush()


def test_what_ended_ten_years_ago_and_drafts_of_a_year_ago_are_erased(house: House) -> None:
    with house.database.writing() as session:
        old = ended(session, house, 3654 * DAY)
        recent = ended(session, house, 3650 * DAY)
        idle = drafted(session, house, 366 * DAY)
        fresh = drafted(session, house, 364 * DAY)
        titles = [one.title for one in (recent, fresh)]
    before = lines(house)
    assert before["requests that have ended"].count == 1
    assert before["drafts never filed"].count == 1
    assert title_of(house, old) != ""
    assert keep_terms(house.database, house.shelf, SETTINGS, clock.now()) == 2
    assert [title_of(house, one) for one in (old, idle)] == ["", ""]
    assert [title_of(house, one) for one in (recent, fresh)] == titles
    assert keep_terms(house.database, house.shelf, SETTINGS, clock.now()) == 0
    with house.database.reading() as session:
        rows = session.scalars(sa.select(Erasure)).all()
        assert {row.request_id for row in rows} == {old.id, idle.id}
        assert {row.asked_by for row in rows} == {None}


def test_a_hold_keeps_what_it_holds_and_the_report_says_so(house: House) -> None:
    with house.database.writing() as session:
        old = ended(session, house, 3654 * DAY)
        hold(session, old, clock.now())
    line = lines(house)["requests that have ended"]
    assert (line.count, line.held) == (0, 1)
    assert keep_terms(house.database, house.shelf, SETTINGS, clock.now()) == 0
    assert title_of(house, old) != ""


def test_zero_is_never(house: House) -> None:
    forever = settings_for("sqlite://").model_copy(
        update={"keep_closed_years": 0, "keep_draft_days": 0}
    )
    assert nightly.kept(forever) == (None, None)
    with house.database.writing() as session:
        ended(session, house, 36540 * DAY)
        drafted(session, house, 36540 * DAY)
    assert keep_terms(house.database, house.shelf, forever, clock.now()) == 0


def test_answers_to_repeated_calls_are_dropped_after_two_days(house: House) -> None:
    now = clock.now()
    with house.database.writing() as session:
        person = enrol(session)
        for key, at in (("old", now - timedelta(hours=49)), ("new", now - timedelta(hours=47))):
            told = {"fingerprint": "f", "status": 201, "etag": "", "location": "", "body": "{}"}
            session.add(StoredAnswer(person_id=person, key=key, at=at, **told))
    line = lines(house)["answers to repeated calls"]
    assert (line.count, line.oldest) == (1, now - timedelta(hours=49))
    assert keep_terms(house.database, house.shelf, SETTINGS, clock.now()) == 1
    with house.database.reading() as session:
        assert session.scalars(sa.select(StoredAnswer.key)).all() == ["new"]
